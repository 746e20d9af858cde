"""The two things compared: the library's recorder, and a ledger to be asked."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import count
from pathlib import Path
from time import perf_counter_ns
from typing import Any, ClassVar

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from ledger.decisions.disbursements.requests import RequestDisbursement
from ledger.events import (
    AccountOpened,
    AwardConfirmed,
    AwardLine,
    AwardProposed,
    BodyCode,
    Fact,
    LedgerOpened,
    Move,
    PartyId,
    RecordId,
    Slice,
)
from ledger.postings import PAYABLE, POTENTIAL
from ledger.recorded import Meta, account_id, stream_of
from ledger.request import By, Request
from ledger.service import Ledger
from ledger.store.contract import Store
from ledger.store.mapper import encode, encode_meta
from ledger.store.rows import EventRow
from ledger.store.sqlite.store import SQLiteStore

DAY = date(2014, 10, 1)
BODIES = tuple(f"X{number:02d}" for number in range(32))
MEASURES = ("pyll", "admissions", "fft", "hcai", "local-1", "local-2", "local-3")
EACH_PENCE = 1_000_000_000_00
"""Of each measure: enough that no request of a run is refused."""


def account(body: str) -> str:
    """The account of an invented group."""
    return account_id("quality-premium", "2013-14", body)


def payable(body: str) -> tuple[Fact, ...]:
    """An account opened, and its award proposed and confirmed: all of it payable."""
    own = account_id("quality-premium", "2013-14", body)
    slices = tuple(Slice(measure=one, pence=EACH_PENCE) for one in MEASURES)
    total = EACH_PENCE * len(MEASURES)
    moves = (Move(source=POTENTIAL, target=PAYABLE, slices=slices),)
    rulebook = RecordId("rulebook/quality-premium/2013-14@1")
    return (
        AccountOpened(
            account=own,
            heads=total // 500,
            heads_basis="population.registered.gp-list",
            heads_as_at=date(2013, 4, 1),
            heads_result=RecordId("result/population/X/2013-04-01@1"),
            rulebook=rulebook,
            rulebook_hash="0" * 64,
            value_per_head_pence=500,
            maximum_pence=total,
            slices=slices,
        ),
        AwardProposed(
            account=own,
            determination=1,
            maximum_pence=total,
            earned_pence=total,
            before_gates_pence=total,
            total_pence=total,
            lines=tuple(
                AwardLine(
                    measure=one.measure,
                    earned=Fraction(1),
                    maximum_pence=one.pence,
                    earned_pence=one.pence,
                    payable_pence=one.pence,
                )
                for one in slices
            ),
            reductions=(),
            moves=moves,
            assessments=(),
            clauses=(),
            rulebook=rulebook,
            rulebook_hash="0" * 64,
            engine="invented",
        ),
        AwardConfirmed(
            account=own,
            determination=1,
            proposal=RecordId(f"account/{own}@2"),
            total_pence=total,
            moves=moves,
        ),
    )


def _rows() -> Iterator[EventRow]:
    """An opened ledger and an award a body, all of it payable."""
    meta = Meta(
        recorded_at=datetime(2014, 10, 1, 9, tzinfo=UTC),
        effective_on=DAY,
        actor=PartyId("ana"),
        role="analyst",
        command_id="seed",
        request_hash="0" * 64,
        correlation_id="seed",
    )
    facts: list[Fact] = [LedgerOpened(name="Benchmark", origin="simulated")]
    for body in BODIES:
        facts += payable(body)
    versions: Counter[str] = Counter()
    for position, fact in enumerate(facts, start=1):
        stream = stream_of(fact)
        versions[stream] += 1
        state = encode(fact, encode_meta(meta))
        yield EventRow(position, stream, versions[stream], fact.TOPIC, state)


class Timed(sqlite3.Connection):
    """A connection that knows how long its statements took, in nanoseconds."""

    spent: ClassVar[Counter[str]] = Counter()

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        """Run a statement; commits are counted apart from all others."""
        started = perf_counter_ns()
        try:
            return super().execute(sql, *given)
        finally:
            kind = "commit" if sql == "COMMIT" else "statements"
            self.spent[kind] += perf_counter_ns() - started

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        """Run a statement for each row."""
        started = perf_counter_ns()
        try:
            return super().executemany(sql, rows)
        finally:
            self.spent["statements"] += perf_counter_ns() - started


def ledger(
    path: Path, connection: type[sqlite3.Connection] = sqlite3.Connection
) -> Ledger:
    """A ledger in a new file, in which every body can ask for money."""
    return filled(SQLiteStore(path, create=True, connection=connection))


def filled(store: Store) -> Ledger:
    """The same in an empty log of any store."""
    with store.writing() as writing:
        writing.append(list(_rows()))
    return Ledger(store)


def recorder(path: Path) -> SQLiteApplicationRecorder:
    """The library's own, as it comes: WAL, and a commit waits for the disk."""
    store = SQLiteDatastore(str(path), originator_id_type="text")
    made = SQLiteApplicationRecorder(store)
    made.create_table()
    return made


class Work:
    """New requests, and events as the library's recorder takes them, without end."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._versions: Counter[str] = Counter()
        self._state = b""

    def requests(self, how_many: int, bodies: tuple[str, ...]) -> list[Request]:
        """Requests for a penny to seven pence, going round the bodies."""
        asked = []
        for _ in range(how_many):
            number = next(self._numbers)
            body = bodies[number % len(bodies)]
            by = By(
                role="finance-officer",
                party=PartyId("cleo"),
                on_behalf_of=BodyCode(body),
            )
            command = RequestDisbursement(
                account=account_id("quality-premium", "2013-14", body),
                disbursement=f"d{number}",
                amount_pence=7,
            )
            asked.append(
                Request(id=f"d{number}", by=by, command=command, effective_on=DAY)
            )
        return asked

    def events(self, how_many: int, bodies: tuple[str, ...]) -> list[StoredEvent]:
        """Events of the size and the streams of what those requests record."""
        assert self._state, "give a state first"
        made = []
        for number in range(how_many):
            stream = f"account/{account(bodies[number % len(bodies)])}"
            self._versions[stream] += 1
            version = self._versions[stream]
            made.append(
                StoredEvent(
                    originator_id=stream,
                    originator_version=version,
                    topic="disbursement-requested.v1",
                    state=self._state,
                )
            )
        return made

    def use_state_of(self, given: Ledger) -> None:
        """Take the last state of a ledger for the library's events."""
        self._state = given.raw(given.head() - 1, 1)[0].state
