"""Many facts at once: one large command, and a file of small ones, on each store."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent

from benchmarks.harness import (
    Effort,
    Found,
    Rates,
    Row,
    Subject,
    compared,
    in_turn,
    per_second,
)
from benchmarks.postgres import NOT_STARTED, library
from benchmarks.steps import measured, told
from ledger.decisions.bodies import RegisterBody, RegisterPractice, Sighting
from ledger.events import BodyCode, PartyId
from ledger.request import Appended, By, Request
from ledger.service import Ledger
from ledger.store.postgres.store import PostgresStore
from ledger.store.rows import EventRow
from tests.worlds.ledgers import BODIES, Work, filled, ledger

FACTS = 1_000
"""Of the large command, and small commands of the file."""

ONE = "one command of 1,000 facts: facts"
FILE = "a file of 1,000 commands: commands"
SAME_ROWS = "the rows of the one command"
THEIR_ROWS = "the rows of the commands"
ANALYST = By(role="analyst", party=PartyId("ana"))
GROUP = BodyCode("G01")
_NUMBERS = count(1)


def large_command() -> Request:
    """A practice and 999 changes of its group, a day each: a fact for each of them."""
    number = next(_NUMBERS)
    first = date(2013, 4, 1)
    seen = tuple(
        Sighting(
            observed_on=first + timedelta(days=day), group=None if day % 2 else GROUP
        )
        for day in range(FACTS - 1)
    )
    command = RegisterPractice(
        practice=BodyCode(f"P{number}"), name="A practice", sightings=seen
    )
    return Request(id=f"large-{number}", by=ANALYST, command=command)


def register_group(ours: Ledger) -> None:
    """Register the group that the practices of large commands belong to."""
    command = RegisterBody(body=GROUP, kind="group", name="A group")
    ours.give(Request(id="group", by=ANALYST, command=command))


Write = Callable[[Sequence[EventRow]], object]
"""The peer: writes rows, and returns when they are on disk."""


def measure(ours: Ledger, peer: Write, effort: Effort) -> dict[str, Rates]:
    """Facts, commands and rows a second, in turn."""
    work = Work()
    register_group(ours)
    for _ in range(2):  # The first ones meet empty caches, and files that grow.
        outcome = ours.give(large_command())
        assert isinstance(outcome, Appended)
        assert len(outcome.records) == FACTS
        ours.give_each(work.requests(FACTS, BODIES))
    head = ours.head()
    small, large = ours.raw(head - FACTS, FACTS), ours.raw(head - 2 * FACTS, FACTS)
    positions, streams = count(1), count(1)

    def rows(like: Sequence[EventRow]) -> list[EventRow]:
        """The same again, in new streams."""
        mark = next(streams)
        return [
            row._replace(position=next(positions), stream=f"{row.stream}/{mark}")
            for row in like
        ]

    def written(like: Sequence[EventRow]) -> int:
        given = rows(like)
        return per_second(FACTS, lambda: peer(given))

    def large_given() -> int:
        request = large_command()
        return per_second(FACTS, lambda: ours.give(request))

    def small_given() -> int:
        requests = work.requests(FACTS, BODIES)
        return per_second(FACTS, lambda: ours.give_each(requests))

    return in_turn(
        effort.rounds,
        {
            SAME_ROWS: lambda: written(large),
            ONE: large_given,
            THEIR_ROWS: lambda: written(small),
            FILE: small_given,
        },
    )


def _raw(path: Path) -> Write:
    """Rows by executemany into a table like ours, in one transaction."""
    db = sqlite3.connect(path, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL,"
        " version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL,"
        " UNIQUE (stream, version))",
    ):
        db.execute(statement)

    def write(given: Sequence[EventRow]) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO events VALUES (?,?,?,?,?)", given)
        db.execute("COMMIT")

    return write


def _inserting(insert: Callable[[Sequence[Any]], object]) -> Write:
    """Rows through the library's recorder."""

    def write(given: Sequence[EventRow]) -> None:
        insert(
            [
                StoredEvent(row.stream, row.version, row.topic, row.state)
                for row in given
            ]
        )

    return write


def _rows(store: str, found: dict[str, Rates], one: int, file: int) -> list[Row]:
    return [
        compared(f"{store}: {ONE}", found[ONE], found[SAME_ROWS], one),
        compared(f"{store}: {FILE}", found[FILE], found[THEIR_ROWS], file),
    ]


def run(folder: Path, effort: Effort) -> Found:
    """Measure both stores, each beside its own peer."""
    with ledger(folder / "ledger.db") as ours:
        found = measure(ours, _raw(folder / "raw.db"), effort)
    table = _rows("SQLite", found, 45, 15)
    steps = told(measured(folder, Work(), effort))
    try:
        from tests.worlds.servers import server_over_tcp

        started = server_over_tcp()
    except NOT_STARTED as reason:
        says = " ".join(f"{type(reason).__name__}: {reason}".split())
        missing = Row(f"no PostgreSQL server could be started: {says}", "", met=False)
        return Found([*table, missing], steps, whole=False)
    with (
        filled(PostgresStore(started.migrated().app)) as ours,
        library(started) as recorder,
    ):
        found = measure(ours, _inserting(recorder.insert_events), effort)
    table += _rows("PostgreSQL", found, 250, 0)
    return Found(table, f"{steps}\n\n{LIMITS}", "PostgreSQL")


ABOUT = """\
One command that records 1,000 facts (a practice and 999 sightings), and a
file of 1,000 commands of one fact each, given by `give_each`: up to 512 share a
transaction. On SQLite the peer is what no ledger can beat: `executemany` of the very
same rows into a table like ours, in one transaction, nothing decided or encoded. On
PostgreSQL it is the library's own recorder, given the same rows at once, over TCP: over
a Unix socket it hangs on so many.
"""

LIMITS = """\
What limits it:

- **A command of 1,000 facts** on SQLite takes about 15 µs of processor time a fact,
  where writing the bare row takes 5: a third is the row itself and the check that it
  follows, a third placing and encoding it (2 µs in the encoder, which also refuses a
  field of another type), an eighth deciding. Both sides then wait for the disk once, so
  a slow disk brings the ratio nearer to one, and a busy processor further away: it was
  0.2x to 0.5x, by the round and the hour. Checking the places of rows in Python and not
  in the statement would save 1 µs, encoding without the check of types 1.5 µs; neither
  is worth what it gives up.
- **PostgreSQL** takes a third for the rows and their two indexes, and 2 ms to check
  their versions.
- **A small command** costs what it costs alone but for the waits. The peer writes rows
  that somebody else has decided; to meet the bar, a third of the above would have to
  go. Only the look-up and the wait for the disk are shared. Python's collector takes a
  tenth or more, for each command leaves objects behind that live on in the states.
"""

SUBJECT = Subject(name="batches", title="Many facts at once", about=ABOUT, run=run)
