"""Programs of others read the feed: standard libraries, Kafka's own, thirty lines."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event
from jsonschema import Draft202012Validator, FormatChecker
from kafka import KafkaProducer

from interfaces.kafka import tool
from ledger.events import InterestDeclared, ParticipationRecorded
from ledger.service import Ledger
from projections.feed.admin import make
from projections.feed.contract import asyncapi, schemas
from projections.feed.events.message import PREFIX, TYPES, read
from projections.feed.relay.relay import Relay
from projections.feed.topics import EVENTS, POSITIONS, Broker
from projections.views.balances import VIEW
from tests.cli.program import HOUSE
from tests.feed.reading import all_of
from tests.worlds.simulated import public, worked

pytestmark = pytest.mark.xdist_group("kafka")

SCRIPT = HOUSE / "docs" / "balances_from_the_feed.py"
GROUPS, YEARS = 12, 3  # A group of each fate, so that all that can happen happens.


class Fed(NamedTuple):
    """A worked ledger, and the topics that tell of it."""

    broker: Broker
    ledger: Ledger
    committed: Sequence[Any]  # Records as a client gets them, in order of partitions.


def relayed(broker: Broker, ledger: Ledger) -> None:
    relay = Relay(ledger, broker)
    try:
        relay.catch_up()
    finally:
        relay.close()


def sent_again(broker: Broker, records: Sequence[Any], *, commit: bool) -> None:
    """Send records once more, in a transaction that is committed or undone."""
    producer = KafkaProducer(
        **broker.client(), transactional_id=f"{broker.prefix}-again", retry_backoff_ms=5
    )
    try:
        producer.init_transactions()
        producer.begin_transaction()
        for one in records:
            producer.send(
                *(one.topic, one.value, one.key, list(one.headers)),
                partition=one.partition,
            )
        producer.flush()
        if commit:
            producer.commit_transaction()
        else:
            producer.abort_transaction()
    finally:
        producer.close()


@pytest.fixture(scope="module")
def fed(bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fed]:
    """The simulated years, sent; and some of them sent again, and undone."""
    broker = Broker(bootstrap, f"readers-{os.getpid()}")
    make(broker)
    path = worked(tmp_path_factory.mktemp("readers"), GROUPS, YEARS)
    with Ledger.open(path) as ledger:
        relayed(broker, ledger)
        committed = all_of(broker, EVENTS)
        sent_again(broker, committed[::100], commit=False)
        yield Fed(broker, ledger, committed)


def balances(ledger: Ledger) -> dict[tuple[str, str], int]:
    """Premium and account -> pence, by the ledger's own arithmetic."""
    view, found = VIEW.plain(), Counter[tuple[str, str]]()
    for record in ledger.read(0, ledger.head()):
        view.apply(record)
    for premium, account, _, pence, _ in view.rows()["balances"]:
        found[premium, account] += pence
    return dict(found)


# Each message of the simulated years --------------------------------------------------


def test_the_simulated_years_are_there_once_and_of_many_types(fed: Fed):
    events = [read(one.value) for one in fed.committed]
    positions = sorted(event.data.position for event in events)
    assert positions == public(fed.ledger)
    assert len({event.type for event in events}) > 35


def test_our_own_reader_reads_every_message(fed: Fed):
    for one in fed.committed:
        said = dict(one.headers)
        event = read(one.value, said["ce_type"].decode())
        assert event.partitionkey == one.key.decode()
        assert event.origin == "simulated"


def test_json_schema_accepts_every_message(fed: Fed):
    validators = {
        PREFIX + name: Draft202012Validator(
            schemas.schema(name), format_checker=FormatChecker()
        )
        for name in TYPES
    }
    for one in fed.committed:
        event = json.loads(one.value)
        errors = validators[event["type"]].iter_errors(event)
        assert [error.message for error in errors] == [], event


def test_the_sdk_of_cloudevents_accepts_every_message(fed: Fed):
    for one in fed.committed:
        headers = dict(one.headers)
        event = from_structured_event(KafkaMessage(headers, one.key, one.value))
        said = read(one.value)
        assert event.get_specversion() == "1.0"
        assert event.get_id() == headers["ce_id"].decode() == said.id
        assert event.get_type() == headers["ce_type"].decode() == said.type
        assert event.get_source() == said.source
        assert event.get_subject() == said.subject
        assert event.get_dataschema() == said.dataschema
        assert event.get_datacontenttype() == "application/json"
        assert event.get_time() == said.time.astimezone(UTC)
        assert event.get_extension("sequence") == headers["ce_sequence"].decode()
        assert event.get_extension("partitionkey") == one.key.decode()
        assert event.get_extension("origin") == "simulated"
        data: Any = event.get_data()
        assert data["position"] == int(said.sequence)


def test_the_relays_position_is_as_its_schema_says(fed: Fed):
    validator = Draft202012Validator(
        schemas.schema_of_form("relay-position.v1", asyncapi.RelayPosition)
    )
    records = all_of(fed.broker, POSITIONS)
    assert records
    for one in records:
        assert [
            error.message for error in validator.iter_errors(json.loads(one.value))
        ] == []


def test_the_headers_are_as_their_schema_says(fed: Fed):
    validator = Draft202012Validator(asyncapi.HEADERS)
    for one in fed.committed:
        headers = {name: value.decode() for name, value in one.headers}
        assert [error.message for error in validator.iter_errors(headers)] == []


# What must not be there ---------------------------------------------------------------


def test_no_prose_no_name_and_nobody_who_acted_is_in_any_message(fed: Fed):
    records = fed.ledger.read(0, fed.ledger.head())
    kept = {row.text for row in fed.ledger.texts(0, 100_000)}
    kept |= {row.name for row in fed.ledger.parties(0, 100_000)}
    kept |= {record.meta.actor for record in records}
    persons = {
        record.fact.person
        for record in records
        if isinstance(record.fact, InterestDeclared | ParticipationRecorded)
    }
    assert persons
    kept |= persons
    assert len(kept) > 50
    sent = b"\n".join(one.value for one in fed.committed)
    assert [
        text
        for text in kept
        if json.dumps(text, ensure_ascii=False)[1:-1].encode() in sent
    ] == []


# Kafka's own reader -------------------------------------------------------------------


def console(fed: Fed, isolation: str) -> list[bytes]:
    """What Kafka's console consumer prints of the topic, line by line."""
    words = (
        *("--bootstrap-server", fed.broker.bootstrap),
        *("--topic", fed.broker.topic(EVENTS)),
        *("--isolation-level", isolation, "--from-beginning", "--timeout-ms", "5000"),
    )
    command = tool("org.apache.kafka.tools.consumer.ConsoleConsumer", *words)
    # That the time is over is an error to it, and is logged among the values.
    silent = {**os.environ, "LOG4J_LEVEL": "OFF"}
    done = subprocess.run(command, capture_output=True, env=silent, check=False)
    return done.stdout.removesuffix(b"\n").split(b"\n")


def test_kafkas_own_consumer_reads_the_same_to_the_byte(fed: Fed):
    printed = console(fed, "read_committed")
    assert len(printed) == len(fed.committed)
    assert sorted(printed) == sorted(one.value for one in fed.committed)


def test_whoever_reads_what_is_not_committed_counts_twice(fed: Fed):
    assert len(all_of(fed.broker, EVENTS, "read_uncommitted")) > len(fed.committed)
    assert len(all_of(fed.broker, EVENTS)) == len(fed.committed)


# Thirty lines -------------------------------------------------------------------------


def rebuilt(broker: Broker) -> dict[tuple[str, str], int]:
    """What the script of docs prints, run as a process of its own, elsewhere."""
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, broker.bootstrap, broker.topic(EVENTS)],
        cwd=Path(sys.executable).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = csv.reader(done.stdout.splitlines())
    return {(premium, account): int(pence) for premium, account, pence in rows}


def test_thirty_lines_rebuild_the_balances_to_the_penny(fed: Fed):
    assert rebuilt(fed.broker) == balances(fed.ledger)


def test_they_count_once_what_is_sent_twice(broker: Broker, tmp_path: Path):
    with Ledger.open(worked(tmp_path, 2, 1)) as ledger:
        relayed(broker, ledger)
        once = all_of(broker, EVENTS)
        sent_again(broker, once, commit=True)
        assert len(all_of(broker, EVENTS)) == 2 * len(once)
        found, expected = rebuilt(broker), balances(ledger)
        assert any(expected.values())
        assert found == expected


def test_they_are_at_most_thirty_and_import_nothing_of_ours():
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 30
    imported = {
        line.split()[1].split(".")[0]
        for line in lines
        if line.startswith(("import ", "from "))
    }
    assert imported - {*sys.stdlib_module_names} == {"kafka"}
