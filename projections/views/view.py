"""What a view is: a plain fold that says what is right, and the same as tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from ledger.recorded import Recorded

Row = tuple[Any, ...]
"""One row of a table: integers, text, or None, in the order of its columns."""


class Cursor(Protocol):
    """What a statement found: rows, in the order it asked for."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""
        ...

    def fetchone(self) -> Any:
        """The next row; None behind the last."""
        ...

    def fetchall(self) -> list[Any]:
        """All that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """Where the tables of views lie: an sqlite3.Connection, or what speaks as it does.

    Statements are in the words that SQLite and PostgreSQL share, with `?` for values.
    """

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Cursor:
        """Run one `INSERT INTO ... VALUES ...` for each row."""
        ...


class Table(NamedTuple):
    """A table of a view, ordered by its key.

    One column is called `position`: the last record that the row rests on.
    """

    name: str
    columns: Mapping[str, str]  # Name -> SQL type; the first ones are the key.
    keys: int  # How many columns are the key.

    def definition(self) -> str:
        """The SQL that makes the table, empty."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        return (
            f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({self.key()})) "
            "STRICT, WITHOUT ROWID"
        )

    def key(self) -> str:
        """The names of the key's columns, with commas."""
        return ", ".join(list(self.columns)[: self.keys])

    def insert(self) -> str:
        """The SQL that adds a whole row."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} VALUES ({marks})"

    def replace(self) -> str:
        """The SQL that adds a whole row, or puts it in the place of one of its key."""
        others = list(self.columns)[self.keys :]
        changes = ", ".join(f"{name} = excluded.{name}" for name in others)
        return f"{self.insert()} ON CONFLICT ({self.key()}) DO UPDATE SET {changes}"

    def position_of(self, row: Row) -> int:
        """The last record that a row rests on."""
        position = row[list(self.columns).index("position")]
        assert isinstance(position, int)
        return position


class Plain(Protocol):
    """The plain form of a view, in memory: the reference for its tables."""

    def apply(self, recorded: Recorded) -> None:
        """Take in one more record; one applied before changes nothing."""
        ...

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """Table name -> the rows that must stand there, in any order."""
        ...


Take = Callable[[Database, Sequence[Recorded]], None]
"""Takes records that follow the saved position into the tables.

The caller holds the transaction and saves the position in it.
"""


@dataclass(frozen=True, slots=True)
class View:
    """A view in both its forms."""

    name: str
    tables: tuple[Table, ...]
    indexes: tuple[str, ...]  # SQL; no answer depends on them.
    plain: Callable[[], Plain]
    take: Take
