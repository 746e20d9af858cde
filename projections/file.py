"""The file that holds the views, and the log that they follow."""

import hashlib
import inspect
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import ledger.events
import ledger.money
import ledger.postings
import ledger.recorded
from ledger.store.rows import CommandRow, EventRow
from projections import awards, balances, journal, measures, tables, trail
from projections.tables import Table, View

BATCH = 2_000
"""Records a transaction: about 0.1 s of work, so others wait no longer than that."""

Progress = Callable[[int, int], None]
"""Told the position reached and the head, after each batch."""

LEAVES = Table(
    "leaves", {"position": "INTEGER NOT NULL", "leaf_hash": "BLOB NOT NULL"}, keys=1
)
"""Each record's leaf hash as it was when the views first took it in."""

VIEWS: tuple[View, ...] = (
    *(journal.VIEW, balances.VIEW, awards.VIEW, trail.VIEW),
    measures.VIEW,
)
"""Every view, in the order in which a batch is taken into them."""

_CODE = (
    *(ledger.events, ledger.money, ledger.postings, ledger.recorded),
    *(tables, journal, balances, awards, trail, measures),
)


class Log(Protocol):
    """What a follower needs of the ledger. All calls read; none waits for a writer."""

    def head(self) -> int:
        """The last position; 0 when nothing is recorded."""
        ...

    def raw(self, after: int, limit: int) -> Sequence[EventRow]:
        """At most `limit` records after a position, in order; empty at the head."""
        ...

    def command_rows(self, after: int, limit: int) -> Sequence[CommandRow]:
        """At most `limit` rows of commands after a number, in order."""
        ...


class LogDiffers(Exception):
    """The log is not the one that the views were made from. Nothing was changed."""

    def __init__(self, where: Path, what: str) -> None:
        super().__init__(
            f"{what}: run `premium verify` to see what differs; if the ledger was "
            f"replaced on purpose, delete {where} and its views are made anew"
        )
        self.what = what


class ViewsUnreadable(Exception):
    """The views' file cannot be read. The ledger itself is not concerned."""

    def __init__(self, path: Path, reason: Exception) -> None:
        super().__init__(
            f"{path} cannot be read as views ({reason}): try again if another program "
            "holds it; otherwise delete it, and the views are made anew from the log"
        )


def code_hash() -> str:
    """SHA-256 of the source that decides what stands in the views, in hexadecimal."""
    source = "\0".join(inspect.getsource(module) for module in _CODE)
    return hashlib.sha256(source.encode()).hexdigest()


def opened(path: Path, code: str) -> sqlite3.Connection:
    """Open a views' file, with its tables if it is new.

    Raises:
        ViewsUnreadable: If something else lies there, or it is damaged.
    """
    db = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # A power cut may take the last batches, never a part of one.
        db.execute("PRAGMA synchronous = NORMAL")
        if _is_empty(db):
            db.execute("BEGIN IMMEDIATE")
            if _is_empty(db):  # Another may have made them meanwhile.
                _make(db, code)
            db.execute("COMMIT")
        position(db)
    except sqlite3.DatabaseError as reason:
        db.close()
        raise ViewsUnreadable(path, reason) from reason
    return db


def _is_empty(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _make(db: sqlite3.Connection, code: str) -> None:
    db.execute(
        "CREATE TABLE following (one INTEGER PRIMARY KEY CHECK (one = 1), "
        "position INTEGER NOT NULL, code TEXT NOT NULL) STRICT"
    )
    db.execute("INSERT INTO following VALUES (1, 0, ?)", (code,))
    db.execute(LEAVES.definition())
    for view in VIEWS:
        for table in view.tables:
            db.execute(table.definition())
        for index in view.indexes:
            db.execute(index)


def position(db: sqlite3.Connection) -> int:
    """The last record that the views have taken in; 0 for none."""
    position = db.execute("SELECT position FROM following").fetchone()[0]
    assert isinstance(position, int)
    return position


def code(db: sqlite3.Connection) -> str:
    """The hash of the code that made the views."""
    return str(db.execute("SELECT code FROM following").fetchone()[0])


def delete(path: Path) -> None:
    """Delete an SQLite file with all that may lie beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
