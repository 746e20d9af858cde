"""How far the views have followed, and the log that they follow."""

from collections.abc import Callable, Sequence
from typing import Protocol

from ledger.proof import row_digest
from ledger.store.rows import CommandRow, EventRow, PartyRow, TextRow
from ledger.wording import counted
from projections.views.every import VIEWS, code_hash
from projections.views.view import Database, Table

BATCH = 2_000
"""Records a transaction: about 0.1 s of work, so others wait no longer than that."""

FAR_BEHIND = 20_000
"""From so many records empty views are made beside, which is quicker."""

Progress = Callable[[int, int], None]
"""Called with the position reached and the head, after each batch."""

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
            f"replaced on purpose, {remedy} and its views are rebuilt"
        )
        self.what = what


class ViewsUnreadable(Exception):
    """The views cannot be read. The ledger itself is not affected."""

    def __init__(self, name: str, remedy: str, reason: Exception) -> None:
        super().__init__(
            f"{name} cannot be read as views ({reason}): try again if another program "
            f"holds it; otherwise {remedy}, and the views are rebuilt from the log"
        )


TABLES: tuple[Table, ...] = (
    *(FOLLOWING, LEAVES),
    *(table for view in VIEWS for table in view.tables),
)
"""The tables of a place of views."""


def indexes() -> tuple[str, ...]:
    """The statements that make the indexes of the views, `CREATE INDEX name ...`."""
    return tuple(statement for view in VIEWS for statement in view.indexes)


def beginning() -> dict[str, tuple[int, str, str]]:
    """Table -> its first row, in a place of views that is new."""
    return {FOLLOWING.name: following(0, code_hash())}


def following(position: int, code: str) -> tuple[int, str, str]:
    """The row that says how far the views are, and what made them."""
    return (position, code, row_digest((position, code)))


def save_position(db: Database, before: int, position: int, code: str) -> bool:
    """Save the position reached, unless another follower or other code moved it."""
    done = db.execute(
        "UPDATE following SET position = ?, digest = ? WHERE position = ? AND code = ?",
        (position, following(position, code)[-1], before, code),
    )
    return done.rowcount == 1


def following_wrong(db: Database) -> str | None:
    """What is wrong with the row that says how far the views are, or None.

    A table with other columns is not a fault: another version made it, and the
    next follow rebuilds the views.
    """
    rows = db.execute("SELECT * FROM following").fetchall()
    if rows and len(rows[0]) != len(FOLLOWING.columns):
        return None
    if len(rows) != 1:
        return f"the table holds {counted(len(rows), 'row')}, and must hold one"
    position, code, digest = rows[0]
    if digest != row_digest((position, code)):
        return f"the row ({position}, {code}) is not what its digest was made of"
    return None


def position_of(db: Database) -> int:
    """The last record that was applied to the views; 0 for none."""
    position = db.execute("SELECT position FROM following").fetchone()[0]
    assert isinstance(position, int)
    return position


def code_of(db: Database) -> str:
    """The hash of the code that made the views."""
    return str(db.execute("SELECT code FROM following").fetchone()[0])
