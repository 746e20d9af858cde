"""The file that holds the views, and the log that they follow."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from ledger.proof import row_digest
from ledger.store.rows import CommandRow, EventRow, PartyRow, TextRow
from ledger.store.sqlite import soundness
from projections.views.every import VIEWS
from projections.views.view import Database, Table

BATCH = 2_000
"""Records a transaction: about 0.1 s of work, so others wait no longer than that."""

FAR_BEHIND = 20_000
"""Records from which on empty views are made beside, which is quicker."""

Progress = Callable[[int, int], None]
"""Told the position reached and the head, after each batch."""

LEAVES = Table(
    "leaves", {"position": "INTEGER NOT NULL", "leaf_hash": "BLOB NOT NULL"}, keys=1
)
"""Each record's leaf hash as it was when the views first took it in."""

FOLLOWING = Table(
    "following",
    {
        "position": "INTEGER NOT NULL",
        "code": "TEXT NOT NULL",  # SHA-256 of the code that made the views.
        "digest": "TEXT NOT NULL",  # Of the two before it.
    },
    keys=1,
)
"""One row: how far the views have followed, and what made them."""


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

    def texts(self, skip: int, limit: int) -> Sequence[TextRow]:
        """At most `limit` texts behind the first `skip`, in the order kept."""
        ...

    def parties(self, skip: int, limit: int) -> Sequence[PartyRow]:
        """At most `limit` names behind the first `skip`, in the order kept."""
        ...

    def faults(self) -> Sequence[str]:
        """What the store finds wrong with its own tables, a sentence each."""
        ...


class LogDiffers(Exception):
    """The log is not the one that the views were made from. Nothing was changed.

    Args:
        remedy: How to be rid of the views.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(
            f"{what}: run `premium verify` to see what differs; if the ledger was "
            f"replaced on purpose, {remedy} and its views are made anew"
        )
        self.what = what


class ViewsUnreadable(Exception):
    """The views cannot be read. The ledger itself is not concerned."""

    def __init__(self, name: str, remedy: str, reason: Exception) -> None:
        super().__init__(
            f"{name} cannot be read as views ({reason}): try again if another program "
            f"holds it; otherwise {remedy}, and the views are made anew from the log"
        )


def opened(path: Path, code: str, *, indexed: bool = True) -> sqlite3.Connection:
    """Open a views' file, with its tables if it is new, and with indexes if wanted.

    Raises:
        ViewsUnreadable: If something else lies there, or it is damaged.
    """
    db = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # A power cut may take the last batches, never a part of one.
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA cache_size = -65536")  # Kibibytes.
        if _is_empty(db):
            db.execute("BEGIN IMMEDIATE")
            if _is_empty(db):  # Another may have made them meanwhile.
                _make(db, code, indexed)
            db.execute("COMMIT")
        position(db)
    except sqlite3.DatabaseError as reason:
        db.close()
        raise ViewsUnreadable(str(path), "delete it", reason) from reason
    return db


def _is_empty(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _make(db: sqlite3.Connection, code: str, indexed: bool) -> None:
    for statement in definitions():
        db.execute(statement)
    for _, statement in indexes() if indexed else ():
        db.execute(statement)
    db.execute(FOLLOWING.insert(), following(0, code))


def definitions() -> tuple[str, ...]:
    """The statements that make the tables of the views, empty."""
    views = [table for view in VIEWS for table in view.tables]
    return tuple(one.definition() for one in (FOLLOWING, LEAVES, *views))


def indexes() -> tuple[tuple[str, str], ...]:
    """Name and statement of each index of the views."""
    return tuple((one.split()[2], one) for view in VIEWS for one in view.indexes)


def schema() -> tuple[str, ...]:
    """The statements that make tables and indexes, empty."""
    return (*definitions(), *(statement for _, statement in indexes()))


def following(position: int, code: str) -> tuple[int, str, str]:
    """The row that says how far the views are, and what made them."""
    return (position, code, row_digest((position, code)))


def moved(db: Database, before: int, position: int, code: str) -> bool:
    """Save the position reached, if it still is the one before, and the code ours."""
    done = db.execute(
        "UPDATE following SET position = ?, digest = ? WHERE position = ? AND code = ?",
        (position, following(position, code)[-1], before, code),
    )
    return done.rowcount == 1


def following_wrong(db: Database) -> str | None:
    """What is wrong with the row that says how far the views are; None: nothing.

    Nothing is said of a table of other columns: other code made it, and the next
    follow makes all views anew.
    """
    rows = db.execute("SELECT * FROM following").fetchall()
    if rows and len(rows[0]) != len(FOLLOWING.columns):
        return None
    if len(rows) != 1:
        return f"the table holds {len(rows)} rows, and must hold one"
    position, code, digest = rows[0]
    if digest != row_digest((position, code)):
        return f"the row ({position}, {code}) is not what its digest was made of"
    return None


def faults(db: sqlite3.Connection) -> tuple[str, ...]:
    """What is wrong with the file itself, a sentence each; empty where nothing is."""
    return soundness.faults(db, schema())


def position(db: Database) -> int:
    """The last record that the views have taken in; 0 for none."""
    position = db.execute("SELECT position FROM following").fetchone()[0]
    assert isinstance(position, int)
    return position


def code(db: Database) -> str:
    """The hash of the code that made the views."""
    return str(db.execute("SELECT code FROM following").fetchone()[0])


def delete(path: Path) -> None:
    """Delete an SQLite file with all that may lie beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
