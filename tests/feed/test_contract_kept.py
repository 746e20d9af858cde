"""What was released of the feed stays: old messages are read, and nothing is broken."""

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ledger.recorded import Recorded, stream_of
from projections.feed.contract import schemas
from projections.feed.events.message import PREFIX, TYPES, message, read
from tests.feed.additive import breaks
from tests.feed.kept import (
    BARE,
    SAMPLES,
    SCHEMAS,
    SOURCE,
    kept_schema,
    messages,
    of_type,
    promised,
    type_of,
)
from tests.test_golden_facts import EXAMPLES, META, SALTED

KEPT = sorted(SCHEMAS.iterdir())
SENT = dict(messages())


def sample(path: Path) -> bytes:
    return path.read_bytes().removesuffix(b"\n")


@cache
def now(name: str) -> Any:
    return schemas.schema(name)


def accepts(schema: Any, value: bytes) -> list[str]:
    """What a validator has against a message; empty where it accepts it."""
    errors = Draft202012Validator(schema).iter_errors(json.loads(value))
    return [one.message for one in errors]


# Kept ---------------------------------------------------------------------------------


def test_every_type_that_was_ever_released_is_there_with_a_sample_of_each_release():
    assert {type_of(path) for path in KEPT} == set(TYPES)
    assert {path.name for path in KEPT} == {path.name for path in SAMPLES.iterdir()}


@pytest.mark.parametrize("name", TYPES)
def test_what_was_added_is_kept_from_then_on(name: str):
    newest = kept_schema(of_type(SCHEMAS, name)[-1])
    assert promised(newest) == promised(now(name)), "run: python -m tests.feed.kept"


@pytest.mark.parametrize("name", TYPES)
def test_the_newest_sample_is_what_is_sent_now_to_the_byte(name: str):
    assert SENT[name].value == sample(of_type(SAMPLES, name)[-1])


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_released_schema_is_only_added_to(path: Path):
    assert breaks(kept_schema(path), now(type_of(path))) == []


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_released_schema_accepts_the_messages_of_every_release(path: Path):
    for other in of_type(SAMPLES, type_of(path)):
        assert accepts(kept_schema(path), sample(other)) == []


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_released_message_is_read_whole(path: Path):
    value = sample(SAMPLES / path.name)
    event = read(value, PREFIX + type_of(path))
    assert lost(json.loads(value), json.loads(event.model_dump_json())) == []
    assert read(value) == event


def lost(sent: Any, found: Any, at: str = "") -> list[str]:
    """What of a message is not in what was read of it."""
    if isinstance(sent, dict) and isinstance(found, dict):
        return [
            one
            for key in sent
            for one in lost(sent[key], found.get(key), f"{at}.{key}")
        ]
    if isinstance(sent, list) and isinstance(found, list) and len(sent) == len(found):
        pairs = enumerate(zip(sent, found, strict=True))
        return [one for n, pair in pairs for one in lost(*pair, f"{at}[{n}]")]
    return [] if sent == found else [f"{at}: {sent!r}, read as {found!r}"]


# A reader's own ways ------------------------------------------------------------------


@pytest.mark.parametrize("name", TYPES)
def test_fields_of_a_later_release_are_let_go_by(name: str):
    later = json.loads(SENT[name].value)
    for room in (later, later["data"], later["data"]["fact"]):
        room["from_a_later_release"] = {"any": ["thing"]}
    value = json.dumps(later).encode()
    assert accepts(now(name), value) == []
    assert read(value) == read(SENT[name].value)


@pytest.mark.parametrize(
    "fact", [one for one in EXAMPLES if one.PUBLIC], ids=lambda fact: fact.TOPIC
)
def test_a_message_without_what_may_be_missing_is_accepted(fact: Any):
    record = Recorded(
        position=1, stream=stream_of(fact), version=1, meta=BARE, fact=fact
    )
    told = message(record, SOURCE, "real")
    assert told is not None
    event = json.loads(told.value)
    assert event["data"]["decided_on"] is event["data"]["on_behalf_of"] is None
    assert accepts(now(event["type"].removeprefix(PREFIX)), told.value) == []


@pytest.mark.parametrize("name", TYPES)
def test_who_acted_and_every_commitment_stay_within(name: str):
    text = SENT[name].value.decode()
    within = (META.actor, META.correlation_id, META.causation_id, SALTED)
    assert [one for one in within if one is None or one in text] == []
    assert "request_hash" not in text


# Every kind of break ------------------------------------------------------------------


def fact_of(schema: Any) -> Any:
    return schema["$defs"]["WithholdingProposed"]


BREAKS: dict[str, Callable[[Any], Any]] = {
    "a field of the fact is gone": lambda s: fact_of(s)["properties"].pop("ground"),
    "a field of every event is gone": lambda s: s["properties"].pop("sequence"),
    "a field of a part is gone": lambda s: s["$defs"]["Leg"]["properties"].pop("pence"),
    "an integer is text now": lambda s: s["$defs"]["Leg"]["properties"]["pence"].update(
        type="string"
    ),
    "an integer may be text": lambda s: s["$defs"]["Leg"]["properties"]["pence"].update(
        type=["string", "integer"]
    ),
    "a field may be null": lambda s: fact_of(s)["properties"].update(
        ground={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "a field is never null": lambda s: fact_of(s)["properties"].update(
        amount_pence={"type": "integer"}
    ),
    "one of two forms is another": lambda s: fact_of(s)["properties"]["share"][
        "anyOf"
    ].__setitem__(0, {"type": "number"}),
    "a third form": lambda s: fact_of(s)["properties"]["share"]["anyOf"].append(
        {"type": "object"}
    ),
    "a field is needed that was not there": lambda s: (
        fact_of(s)["properties"].update(limb={"type": "string"}),
        fact_of(s)["required"].append("limb"),
    ),
    "a field may be left out": lambda s: fact_of(s)["required"].remove("ground"),
    "a list of words is narrower": lambda s: s["properties"]["origin"].update(
        enum=["real"]
    ),
    "a closed list of words is wider": lambda s: s["properties"]["origin"].update(
        enum=["real", "simulated", "rehearsed"]
    ),
    "open words are closed": lambda s: fact_of(s)["properties"]["ground"].update(
        enum=["quality-indicators"]
    ),
    "a form is narrower": lambda s: s["properties"]["id"].update(pattern="^account/"),
    "a form is gone": lambda s: s["properties"]["sequence"].pop("pattern"),
    "a bound is another": lambda s: s["$defs"]["Data_WithholdingProposed_"][
        "properties"
    ]["position"].update(minimum=0),
    "a day is an instant": lambda s: s["$defs"]["Leg"]["properties"][
        "effective_on"
    ].update(format="date-time"),
    "unknown fields are refused": lambda s: s.update(additionalProperties=False),
    "unknown fields of the fact are refused": lambda s: fact_of(s).update(
        additionalProperties=False
    ),
    "a list holds other things": lambda s: s["$defs"]["Data_WithholdingProposed_"][
        "properties"
    ]["legs"].update(items={"$ref": "#/$defs/Premium"}),
    "a list is one thing": lambda s: s["$defs"]["Data_WithholdingProposed_"][
        "properties"
    ].update(legs={"$ref": "#/$defs/Leg"}),
    "the type has another name": lambda s: s["properties"]["type"].update(
        const="premium-ledger.withholding-put-forward.v1"
    ),
    "the schema has another name": lambda s: s.update({"$id": "urn:another"}),
}

ADDITIONS: dict[str, Callable[[Any], Any]] = {
    "a field that may be left out": lambda s: fact_of(s)["properties"].update(
        limb={"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}
    ),
    "a field of every event that may be left out": lambda s: s["properties"].update(
        traceparent={"type": "string"}
    ),
    "a part that was not there": lambda s: s["$defs"].update(Limb={"type": "object"}),
    "other words for people": lambda s: s["properties"]["id"].update(
        description="Which event.", title="Id"
    ),
    "another order of what is needed": lambda s: fact_of(s)["required"].reverse(),
    "a part by another name": lambda s: (
        s["$defs"].update(Entry=s["$defs"]["Leg"]),
        s["$defs"]["Data_WithholdingProposed_"]["properties"]["legs"].update(
            items={"$ref": "#/$defs/Entry"}
        ),
    ),
}


def changed(change: Callable[[Any], Any]) -> tuple[Any, Any]:
    before = now("withholding-proposed.v1")
    after = copy.deepcopy(before)
    change(after)
    assert after != before
    return before, after


@pytest.mark.parametrize("kind", BREAKS)
def test_every_kind_of_break_is_found(kind: str):
    assert breaks(*changed(BREAKS[kind])) != []


@pytest.mark.parametrize("kind", ADDITIONS)
def test_an_addition_is_no_break(kind: str):
    assert breaks(*changed(ADDITIONS[kind])) == []
