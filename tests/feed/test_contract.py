"""The contract for machines is valid, and the files in docs say what holds now."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic_core import to_json

from consumers.inbound.contract import inbound
from consumers.inbound.job import PaidOtherwise
from consumers.inbound.messages import FORMS
from consumers.inbound.messages import read as arrived
from consumers.inbound.replies import Answers
from consumers.loop import Message
from ledger.events import EVENTS
from ledger.request import Malformed, Refused
from ledger.values import Fault
from projections.feed.contract import files as contract
from projections.feed.events.message import PREFIX, TYPES, schema_of
from projections.feed.topics import CONFIRMATIONS, RESULTS, TOPICS
from tests.cli.program import HOUSE, ok, premium
from tests.feed.asyncapi import parsed

DOCS = HOUSE / "docs"
CONTRACT = DOCS / "feed"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Every file of the contract as it is now."""
    return contract.files(inbound())


@pytest.fixture(scope="module")
def schemas(made: dict[str, str]) -> dict[str, Any]:
    """Kind of message -> its JSON Schema."""
    return {
        path.removeprefix("schemas/").removesuffix(".json"): json.loads(text)
        for path, text in made.items()
        if path.startswith("schemas/")
    }


@pytest.fixture(scope="module")
def document(made: dict[str, str]) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(made["asyncapi.json"])
    return whole


# The files in docs --------------------------------------------------------------------


def test_the_files_in_docs_are_those_of_now(made: dict[str, str]):
    kept = {
        path.relative_to(CONTRACT).as_posix(): path.read_text(encoding="utf-8")
        for path in CONTRACT.rglob("*.*")
    }
    changed = {name for name in made | kept if made.get(name) != kept.get(name)}
    assert changed == set(), "run: premium schemas events --to docs/feed"


def test_the_command_writes_those_files(made: dict[str, str], tmp_path: Path):
    done = ok("schemas", "events", "--to", str(tmp_path / "deep"))
    written = {
        path.relative_to(tmp_path / "deep").as_posix(): path.read_text("utf-8")
        for path in (tmp_path / "deep").rglob("*.json")
    }
    assert written == made
    assert f"{len(made) - 1} schemas" in done.out


def test_the_command_prints_the_document_where_no_folder_is_named(
    document: dict[str, Any],
):
    assert ok("schemas", "events").document == document


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = premium("schemas", "events", "--to", str(tmp_path / "file"))
    assert (done.code, "name another" in done.err) == (5, True)


# JSON Schema --------------------------------------------------------------------------


def test_every_public_fact_has_a_type_and_a_schema():
    public = {fact.__name__ for fact in EVENTS if fact.PUBLIC}
    assert {form.__name__ for form in TYPES.values()} == public
    files = {path.name for path in (CONTRACT / "schemas").iterdir()}
    assert {f"{name}.json" for name in (*TYPES, *OTHERS)} == files


OTHERS = (
    "relay-position.v1",
    "balance.v1",
    "award.v1",
    "result-measured.v1",
    "payment-made.v1",
    "reply.v1",
)
"""The messages of the other topics, in the order of the topics."""


@pytest.mark.parametrize("name", TYPES)
def test_a_schema_is_one_and_bears_the_name_that_messages_give(
    name: str, schemas: dict[str, Any]
):
    schema = schemas[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == schema_of(name)
    assert schema["properties"]["type"]["const"] == PREFIX + name


@pytest.mark.parametrize("name", TYPES)
def test_a_schema_says_what_its_event_is(name: str, schemas: dict[str, Any]):
    schema, fact = schemas[name], TYPES[name]
    assert fact.__doc__
    assert schema["description"] == schema["$defs"][fact.__name__]["description"]
    assert schema["description"].startswith(fact.__doc__.splitlines()[0])


def test_what_is_written_below_a_field_is_its_description(schemas: dict[str, Any]):
    schema = schemas["disbursement-paid.v1"]
    fields = schema["$defs"]["DisbursementPaid"]["properties"]
    assert fields["value_date"]["description"] == (
        "The day the money counts at the receiver; never before the payment."
    )
    assert fields["receipt"]["description"].startswith("The money received, by its id")


@pytest.mark.parametrize("name", [*TYPES, *OTHERS])
def test_every_field_has_a_description_in_words_of_json(
    name: str, schemas: dict[str, Any]
):
    schema = schemas[name]
    described = {
        (part, field): said.get("description")
        for part, form in {"": schema, **schema.get("$defs", {})}.items()
        for field, said in form.get("properties", {}).items()
    }
    assert [where for where, said in described.items() if not said] == []
    assert [where for where, said in described.items() if "None" in str(said)] == []


@pytest.mark.parametrize("name", TYPES)
def test_money_is_whole_and_no_number_has_a_point(name: str, schemas: dict[str, Any]):
    schema = schemas[name]
    assert '"number"' not in json.dumps(schema)
    other = [
        field
        for form in schema["$defs"].values()
        for field, said in form["properties"].items()
        if field.endswith("pence") and "integer" not in json.dumps(said)
    ]
    assert other == []


# AsyncAPI -----------------------------------------------------------------------------


def test_the_official_parser_finds_the_document_valid():
    [said] = parsed(CONTRACT / "asyncapi.json")
    assert (said["valid"], said["diagnostics"]) == (True, [])
    assert said["version"] == "3.1.0"
    assert said["channels"] == [
        "events",
        "positions",
        "balances",
        "awards",
        "results",
        "confirmations",
        "replies",
    ]
    assert said["messages"] == len(TYPES) + len(OTHERS)


def lapsed(whole: Any) -> Any:
    return whole["channels"]["events"]["messages"]["LapsedEvent"]


BROKEN: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a channel without its topic": (
        lambda whole: whole["channels"].pop("replies"),
        "invalid-ref",
    ),
    "a word that is not AsyncAPI's": (
        lambda whole: whole["operations"]["sendEvents"].update(action="publish"),
        "asyncapi-document-resolved",
    ),
    "a message whose schema is missing": (
        lambda whole: lapsed(whole).update(payload={"$ref": "schemas/lapse.v1.json"}),
        "invalid-ref",
    ),
    "a message whose schema is not one": (
        lambda whole: lapsed(whole).update(payload={"$ref": "schemas/broken.json"}),
        "asyncapi-document-resolved",
    ),
    "partitions as text": (
        lambda whole: whole["channels"]["events"]["bindings"]["kafka"].update(
            partitions="12"
        ),
        "asyncapi-document-resolved",
    ),
}


def with_one_event(document: dict[str, Any]) -> Any:
    """A copy of the document that is read faster."""
    whole = json.loads(json.dumps(document))
    whole["channels"]["events"]["messages"] = {"LapsedEvent": lapsed(whole)}
    return whole


def test_the_official_parser_finds_what_is_broken(
    document: dict[str, Any], tmp_path: Path
):
    shutil.copytree(CONTRACT / "schemas", tmp_path / "schemas")
    (tmp_path / "schemas" / "broken.json").write_text('{"type": "whole"}', "utf-8")
    unbroken = tmp_path / "unbroken.json"
    unbroken.write_text(json.dumps(with_one_event(document)), encoding="utf-8")
    for number, (break_it, _) in enumerate(BROKEN.values()):
        whole = with_one_event(document)
        break_it(whole)
        (tmp_path / f"{number}.json").write_text(json.dumps(whole), encoding="utf-8")
    *said, control = parsed(*sorted(tmp_path.glob("*.json")))
    assert (control["valid"], control["diagnostics"]) == (True, [])
    found = {
        breach: {one["code"] for one in answer["diagnostics"] if not answer["valid"]}
        for breach, answer in zip(BROKEN, said, strict=True)
    }
    missed = [
        breach for breach, (_, code) in BROKEN.items() if code not in found[breach]
    ]
    assert missed == []


def test_the_document_names_every_topic_as_it_is_made(document: dict[str, Any]):
    channels = document["channels"].values()
    assert [one["address"] for one in channels] == [
        f"{{prefix}}.{topic.name}" for topic in TOPICS
    ]
    for one, topic in zip(channels, TOPICS, strict=True):
        kafka = one["bindings"]["kafka"]
        assert kafka["partitions"] == topic.partitions
        config = {
            name: ",".join(value) if isinstance(value, list) else str(value)
            for name, value in kafka["topicConfiguration"].items()
        }
        assert config == topic.config


def test_every_message_of_the_document_refers_to_its_file(document: dict[str, Any]):
    referred = [
        (message["title"], message["payload"]["$ref"])
        for channel in document["channels"].values()
        for message in channel["messages"].values()
    ]
    assert referred == [(name, f"schemas/{name}.json") for name in (*TYPES, *OTHERS)]


def test_the_document_says_how_to_read_and_what_may_change(document: dict[str, Any]):
    about = re.sub(r"\s+", " ", document["info"]["description"])
    assert "isolation.level=read_committed" in about
    assert "only added to" in about
    events = document["operations"]["sendEvents"]
    assert events["x-isolation-level"] == "read_committed"


# What may arrive ----------------------------------------------------------------------

ARRIVING = re.findall(
    r"```json\n(.+?)```", (DOCS / "inbound.md").read_text(encoding="utf-8"), re.DOTALL
)


def payload(document: dict[str, Any], channel: str) -> Draft202012Validator:
    """A validator of the one message of a channel."""
    [message] = document["channels"][channel]["messages"].values()
    file = CONTRACT / message["payload"]["$ref"]
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("text", ARRIVING)
def test_a_message_that_the_page_shows_is_one_of_the_document_and_can_be_read(
    text: str, document: dict[str, Any]
):
    message = json.loads(text)
    channel, topic = {
        f"{PREFIX}result-measured.v1": ("results", RESULTS),
        f"{PREFIX}payment-made.v1": ("confirmations", CONFIRMATIONS),
    }[message["type"]]
    assert [*payload(document, channel).iter_errors(message)] == []
    arrived(text.encode(), f"premium.{topic.name}")


@pytest.mark.parametrize("text", ARRIVING)
def test_a_misspelt_field_is_none_of_the_document_and_cannot_be_read(
    text: str, document: dict[str, Any]
):
    message = json.loads(text)
    message["data"]["efective_on"] = "2015-11-02"
    found = [
        [*payload(document, channel).iter_errors(message)]
        for channel in ("results", "confirmations")
    ]
    assert all(found)
    for topic in (RESULTS, CONFIRMATIONS):
        with pytest.raises(Malformed):
            arrived(json.dumps(message).encode(), f"premium.{topic.name}")


def test_both_kinds_that_may_arrive_are_shown():
    assert {json.loads(text)["type"] for text in ARRIVING} == set(FORMS)


@pytest.mark.parametrize("outcome", ["refused", "unreadable"])
def test_a_reply_is_as_the_document_says(outcome: str, document: dict[str, Any]):
    answers = Answers("urn:premium-ledger:ledger:a:0", "simulated")
    where = Message("premium.results.v1", 3, 7, b"ZG000", b"{}", {})
    no = PaidOtherwise(disbursement="d1", paid_pence=2, asked_pence=1)
    replies = {
        "refused": answers.answer(where, ("s", "1"), Refused(id="1", refusal=no)),
        "unreadable": answers.unreadable(
            where, {}, (Fault(field="id", value="", remedy="give one"),)
        ),
    }
    said = json.loads(to_json(replies[outcome]))
    assert said["data"]["outcome"] == outcome
    assert [*payload(document, "replies").iter_errors(said)] == []
