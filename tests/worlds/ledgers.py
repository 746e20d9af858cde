"""The two things compared: the library's recorder, and a ledger to be asked."""

import sqlite3
from collections import Counter
from itertools import count, islice
from pathlib import Path
from time import perf_counter_ns
from typing import Any, ClassVar

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from ledger.request import Request
from ledger.service import Ledger
from ledger.store.contract import Store
from ledger.store.sqlite.store import SQLiteStore
from tests.worlds import payable
from tests.worlds.payable import MEASURES, account, ask

BODIES = tuple(f"X{number:02d}" for number in range(32))
EACH_PENCE = 1_000_000_000_00
"""Of each measure: enough that no request of a run is refused."""


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
    return payable.filled(store, *BODIES, pence=EACH_PENCE * len(MEASURES))


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
        """Requests for seven pence each, going round the bodies."""
        numbers = islice(self._numbers, how_many)
        return [ask(f"d{one}", 7, bodies[one % len(bodies)]) for one in numbers]

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
