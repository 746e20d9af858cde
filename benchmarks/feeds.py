"""The feed: relay and consumers beside plain loops of the same client."""

import gc
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from time import perf_counter_ns
from typing import NamedTuple

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from benchmarks.harness import (
    Effort,
    Found,
    Rates,
    Row,
    Subject,
    at_rank,
    compared,
    in_turn,
    milliseconds,
    per_second,
)
from consumers.kafka.sent import Sent
from consumers.kafka.source import Topics
from consumers.loop import run_once
from consumers.reporting.job import JOB
from consumers.results.results import Results
from interfaces.environment import BROKER
from interfaces.kafka import VERSION
from interfaces.kafka import Broker as Own
from interfaces.simulation.years import simulated
from ledger.intake.requests import read, request
from ledger.service import Ledger
from projections.feed.admin import check, make
from projections.feed.events.log import source
from projections.feed.events.message import Message, message
from projections.feed.relay.relay import BATCH, Relay, partition_of
from projections.feed.topics import EVENTS, Broker
from tests.worlds.servers import server_over_tcp
from tests.worlds.simulated import begun

A_SECOND = 10_000
MOST_MS = 50

RELAY = "relay: log to topic: events"
PLAIN_SEND = "the same messages from memory"
SQLITE = "consume reporting: topic to SQLite: events"
POSTGRES = "consume reporting: topic to PostgreSQL: events"
PLAIN_POLL = "the same messages, JSON read, dropped"
_NUMBERS = count(1)


class Given(NamedTuple):
    """What is measured on."""

    ledger: Ledger
    messages: tuple[Message, ...]
    address: str


def run(folder: Path, effort: Effort) -> Found:
    """All rows, on one broker."""
    with Own() as own, years(folder / "feed.db", effort.fed) as ledger:
        name, opened = source(ledger)
        told = (
            message(record, name, opened.origin)
            for record in ledger.read(0, ledger.head())
        )
        given = Given(ledger, tuple(one for one in told if one), own.address)
        gc.collect()
        gc.freeze()  # What is kept here for the peers is not ours to walk through.
        rows = list(_rates(given, folder, effort))
    with Own() as own:
        rows.append(_visible(folder, own.address, effort.visible // 3))
    return Found(rows, LIMITS, f"Kafka {VERSION} on the same machine")


@contextmanager
def years(path: Path, records: int) -> Iterator[Ledger]:
    """A ledger of simulated years, of about so many records."""
    with begun(path, "Feed") as ledger:
        lines = simulated(5, max(1, records // 135), 3)
        ledger.give_each([read(line) for line in lines])
        yield ledger


def _rates(given: Given, folder: Path, effort: Effort) -> Iterator[Row]:
    found = in_turn(
        max(2, effort.rounds // 3),
        {
            RELAY: lambda: _relayed(given),
            PLAIN_SEND: lambda: _sent(given),
            SQLITE: lambda: _consumed(given, str(folder / f"r{next(_NUMBERS)}.db")),
            POSTGRES: lambda: _consumed(given, server_over_tcp().empty().owner),
            PLAIN_POLL: lambda: _polled(given),
        },
    )
    yield with_bar(RELAY, found[RELAY], found[PLAIN_SEND])
    yield with_bar(SQLITE, found[SQLITE], found[PLAIN_POLL])
    yield with_bar(POSTGRES, found[POSTGRES], found[PLAIN_POLL])


def with_bar(workload: str, ours: Rates, peers: Rates) -> Row:
    """A row whose bar is a rate, not a ratio."""
    row = compared(workload, ours, peers)
    met = at_rank(ours, 50) >= A_SECOND
    return row._replace(bar=f"at least {A_SECOND:,}/s", met=met)


def _fresh(given: Given) -> Broker:
    broker = Broker(given.address, f"bench-{next(_NUMBERS)}")
    make(broker)
    return broker


def _relayed(given: Given) -> int:
    with closing(Relay(given.ledger, _fresh(given))) as relay:
        return per_second(len(given.messages), relay.catch_up)


def _sent(given: Given) -> int:
    broker = _fresh(given)
    producer = KafkaProducer(
        **broker.client(),
        transactional_id=broker.prefix,
        acks="all",
        compression_type="gzip",
        batch_size=131_072,
        linger_ms=5,
        retry_backoff_ms=5,
    )
    producer.init_transactions()

    def send() -> None:
        for start in range(0, len(given.messages), BATCH):
            producer.begin_transaction()
            for key, value, headers in given.messages[start : start + BATCH]:
                producer.send(
                    broker.topic(EVENTS),
                    key=key.encode(),
                    value=value,
                    headers=headers,
                    partition=partition_of(key),
                )
            producer.commit_transaction()

    with closing(producer):
        return per_second(len(given.messages), send)


def _filled(given: Given) -> Broker:
    """Topics that hold all events already."""
    broker = _fresh(given)
    with closing(Relay(given.ledger, broker)) as relay:
        relay.catch_up()
    return broker


def _consumed(given: Given, where: str) -> int:
    broker = _filled(given)
    with closing(Results(where, JOB)) as results:
        topics = [broker.topic(EVENTS)]
        marks = {one.topic: one.id for one in check(broker, (EVENTS,))}
        with (
            closing(Sent(broker)) as sent,
            closing(
                Topics(
                    broker,
                    topics,
                    results.group(broker.prefix),
                    results.begins,
                    marks=marks,
                    sent=sent,
                )
            ) as source,
        ):
            taken = 0
            while not taken:  # Joining the group is not what is measured.
                taken = run_once(source, results).messages

            def take() -> None:
                left = len(given.messages) - taken
                while left > 0:
                    left -= run_once(source, results).messages

            return per_second(len(given.messages) - taken, take)


def _polled(given: Given) -> int:
    broker = _filled(given)
    consumer = KafkaConsumer(
        **broker.client(),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_poll_records=2_000,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    consumer.assign([TopicPartition(broker.topic(EVENTS), n) for n in range(12)])

    def poll() -> None:
        left = len(given.messages)
        while left:
            for records in consumer.poll(timeout_ms=1_000).values():
                left -= len(records)
                for record in records:
                    json.loads(record.value)

    with closing(consumer):
        return per_second(len(given.messages), poll)


# From a command to the reporting database ---------------------------------------------


def _visible(folder: Path, address: str, how_many: int) -> Row:
    """Relay and consumer as processes of their own; each command waits for its row."""
    broker = Broker(address)
    make(broker)
    where = folder / "visible.db"
    with (
        begun(folder / "live.db", "Feed") as ledger,
        _service(address, "relay", "--db", str(folder / "live.db")),
        _service(address, "consume", "reporting", "--to", str(where)),
    ):
        waits = [_seen(ledger, where, number) for number in range(how_many)]
    waited = waits[how_many // 4 :]  # Behind the start of both.
    middle, last = at_rank(waited, 50), at_rank(waited, 95)
    return Row(
        f"a lone command until its row is in the reporting database: "
        f"{len(waited)} times",
        f"p50 {milliseconds(middle)}, p95 {milliseconds(last)}",
        bar=f"p50 under {MOST_MS} ms",
        met=middle < MOST_MS * 1_000_000,
    )


def _seen(ledger: Ledger, where: Path, number: int) -> int:
    body = f"G{number:05d}"
    register = request(
        {
            "id": f"seen/{number}",
            "command": "register-body",
            "by": {"role": "analyst", "party": "analyst-1"},
            "data": {"body": body, "kind": "group", "name": "Invented"},
        }
    )
    began = perf_counter_ns()
    ledger.give(register)
    while True:
        with closing(sqlite3.connect(where)) as db, suppress(sqlite3.OperationalError):
            if db.execute("SELECT 1 FROM bodies WHERE body = ?", (body,)).fetchone():
                return perf_counter_ns() - began


@contextmanager
def _service(address: str, *words: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "interfaces.cli.main", *words],
        stdout=subprocess.DEVNULL,
        env={**os.environ, BROKER: address},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


ABOUT = """\
Simulated years of invented groups go through one broker on the same machine. The peer
of the relay is kafka-python that sends the same messages, made before, in transactions
of the same size; the peer of the consumers is kafka-python that polls the same topic,
reads each message as JSON, and keeps nothing. The time of a lone command is from giving
it to reading its row in the reporting database, with relay and consumer as processes of
their own.
"""
LIMITS = """\
Where the time goes, an event of 1.2 kB: the client's own work to send it is some 50 µs
of processor time, a fifth of it for four headers; reading the record, making the event
and asking whether it was taken are another 40. A batch of fewer records pays more for
its commit. A consumer spends some 20 µs in the client, 15 in reading the event against
its model, and the rest in the tables; PostgreSQL has the statements of single rows to
answer, one after the other.
"""
SUBJECT = Subject(
    name="feeds", title="Feeds: log to topic, topic to database", about=ABOUT, run=run
)
