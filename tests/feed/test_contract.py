"""The contract for machines is valid, and the files in docs say what holds now."""

import json
import re
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
from ledger.intake.requests import Malformed
from ledger.request import Refused
from ledger.values import Fault
from projections.feed.contract import files as contract
from projections.feed.events.message import PREFIX, TYPES, event_form, schema_of
from projections.feed.topics import CONFIRMATIONS, RESULTS, TOPICS
from tests.cli.program import HOUSE, ok, premium
from tests.feed.asyncapi import parsed

DOCS = HOUSE / "docs"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Every file of the contract as it is now."""
    return contract.files(inbound())


@pytest.fixture(scope="module")
def schemas(made: dict[str, str]) -> dict[str, Any]:
    """Type -> its JSON Schema."""
    return {name: json.loads(made[f"schemas/{name}.json"]) for name in TYPES}


@pytest.fixture(scope="module")
def document(made: dict[str, str]) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(made["asyncapi.json"])
    return whole


# The files in docs --------------------------------------------------------------------


def test_the_files_in_docs_are_those_of_now(made: dict[str, str]):
    kept = {
        path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
        for path in (*DOCS.glob("schemas/*"), DOCS / "asyncapi.json")
    }
    changed = {name for name in made | kept if made.get(name) != kept.get(name)}
    assert changed == set(), "run: premium schemas events --to docs"


def test_the_command_writes_those_files(made: dict[str, str], tmp_path: Path):
    done = ok("schemas", "events", "--to", str(tmp_path / "deep"))
    written = {
        path.relative_to(tmp_path / "deep").as_posix(): path.read_text("utf-8")
        for path in (tmp_path / "deep").rglob("*.json")
    }
    assert written == made
    assert f"{len(TYPES)} schemas" in done.out


def test_the_command_prints_the_document_where_no_folder_is_named(
    document: dict[str, Any],
):
    assert ok("schemas", "events").document == document


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = premium("schemas", "events", "--to", str(tmp_path / "file"))
    assert (done.code, "name another" in done.err) == (2, True)


# JSON Schema --------------------------------------------------------------------------


def test_every_public_fact_has_a_type_and_a_schema():
    public = {fact.__name__ for fact in EVENTS if fact.PUBLIC}
    assert {form.__name__ for form in TYPES.values()} == public
    files = {path.name for path in (DOCS / "schemas").iterdir()}
    assert files == {f"{name}.json" for name in TYPES}


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


def test_the_comment_beside_a_field_is_its_description(schemas: dict[str, Any]):
    schema = schemas["disbursement-paid.v1"]
    fields = schema["$defs"]["DisbursementPaid"]["properties"]
    assert fields["value_date"]["description"] == (
        "The day the money counts at the receiver."
    )
    envelope = schema["properties"]
    assert envelope["id"]["description"] == "`stream@version`: one event for ever."


def test_a_comment_speaks_of_null_where_the_program_says_none(schemas: dict[str, Any]):
    schema = schemas["body-registered.v1"]
    name = schema["$defs"]["BodyRegistered"]["properties"]["name"]
    assert name["description"] == "null for a practice."


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
    [said] = parsed(DOCS / "asyncapi.json")
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
    assert said["messages"] == len(TYPES) + 6


BROKEN: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a channel without its topic": (
        lambda whole: whole["channels"].pop("replies"),
        "invalid-ref",
    ),
    "a word that is none of AsyncAPI's": (
        lambda whole: whole["operations"]["sendEvents"].update(action="publish"),
        "asyncapi-document-resolved",
    ),
    "a message whose schema is missing": (
        lambda whole: whole["components"]["schemas"].pop("LapsedEvent"),
        "invalid-ref",
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
    left_out = {event_form(name).__name__ for name in TYPES} - {"LapsedEvent"}
    for name in left_out:
        del whole["components"]["messages"][name]
        del whole["channels"]["events"]["messages"][name]
    sending = whole["operations"]["sendEvents"]
    sending["messages"] = [{"$ref": "#/channels/events/messages/LapsedEvent"}]
    return whole


def test_the_official_parser_finds_what_is_broken(
    document: dict[str, Any], tmp_path: Path
):
    unbroken = tmp_path / "unbroken.json"
    unbroken.write_text(json.dumps(with_one_event(document)), encoding="utf-8")
    for number, (break_it, _) in enumerate(BROKEN.values()):
        whole = with_one_event(document)
        break_it(whole)
        (tmp_path / f"{number}.json").write_text(json.dumps(whole), encoding="utf-8")
    *said, control = parsed(*sorted(tmp_path.iterdir()))
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
            name: ",".join(value) if isinstance(value, list) else json.dumps(value)
            for name, value in kafka["topicConfiguration"].items()
        }
        assert config == topic.config


def test_the_document_holds_the_same_schemas_as_the_files(
    document: dict[str, Any], schemas: dict[str, Any]
):
    def of_the_document(schema: Any) -> Any:
        text = json.dumps(schema).replace("#/$defs/", "#/components/schemas/")
        return json.loads(text)

    whole = document["components"]["schemas"]
    for name in TYPES:
        alone = of_the_document(schemas[name])
        parts = alone.pop("$defs")
        assert whole[event_form(name).__name__] == {
            key: value for key, value in alone.items() if key not in ("$id", "$schema")
        }
        assert {part: whole[part] for part in parts} == parts


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
    [name] = document["channels"][channel]["messages"]
    return Draft202012Validator(
        {**document["components"]["messages"][name]["payload"], **document}
    )


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
