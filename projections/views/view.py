"""What a view is: a plain fold that says what is right, and the same as tables.

Most views are described once: their tables, which rows these keep, and a function
from a record to its rows (`View.of_rows`). A view that reads what it changes states
its two forms itself.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple, Protocol

from ledger.events import AccountId, Fact
from ledger.recorded import Recorded, part

Value = int | str | None
Row = tuple[Any, ...]
"""One row of a table: integers, text, or None, in the order of its columns."""


class Cursor(Protocol):
    """The rows of a statement, in the order that it asks for."""

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
    """Where the tables of views lie: an sqlite3.Connection, or its like.

    Statements are in the SQL that SQLite and PostgreSQL share, with `?` for values.
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


class Plain(ABC):
    """The plain form of a view, in memory: the reference for its tables."""

    def __init__(self) -> None:
        self.position = 0

    def apply(self, recorded: Recorded) -> None:
        """Apply one more record; one applied before changes nothing."""
        if recorded.position > self.position:
            self.position = recorded.position
            self._apply(recorded)

    @abstractmethod
    def _apply(self, recorded: Recorded) -> None: ...

    @abstractmethod
    def rows(self) -> Mapping[str, Iterable[Row]]:
        """Table name -> the rows that its table must hold, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of a view, and what becomes of a row whose key is there already.

    `every`: each row has a key of its own. `first`: the row that is there stays.
    `last`: the new row replaces it. `sum`: the pence are added, at the new position.
    """

    table: Table
    keep: Literal["every", "first", "last", "sum"] = "every"

    def __call__(self, *values: Value) -> "KeptRow":
        """A row of this table: a value for each column."""
        return self.table.name, values

    def put(self, rows: dict[Row, Row], row: Row) -> None:
        """Put a row among those of the plain form, by their keys."""
        key = row[: self.table.keys]
        if self.keep == "first":
            rows.setdefault(key, row)
        elif self.keep == "sum" and key in rows:
            rows[key] = (*key, rows[key][-2] + row[-2], row[-1])
        else:
            rows[key] = row

    def statement(self) -> str:
        """The SQL that puts a row into the table."""
        table = self.table
        match self.keep:
            case "every":
                return table.insert()
            case "first":
                return f"{table.insert()} ON CONFLICT ({table.key()}) DO NOTHING"
            case "last":
                return table.replace()
            case "sum":
                return (
                    f"{table.insert()} ON CONFLICT ({table.key()}) DO UPDATE SET "
                    f"pence = {table.name}.pence + excluded.pence, "
                    "position = excluded.position"
                )


KeptRow = tuple[str, Row]
"""The name of its table, and a row."""
RowsOf = Callable[[Recorded], Iterable[KeptRow]]
"""The rows that a record brings, each with its table; none if it brings nothing."""


class _PlainRows(Plain):
    """The plain form of a view that is described by its rows."""

    def __init__(self, kept: tuple[Kept, ...], rows_of: RowsOf) -> None:
        super().__init__()
        self._kept = {one.table.name: one for one in kept}
        self._rows: dict[str, dict[Row, Row]] = {name: {} for name in self._kept}
        self._rows_of = rows_of

    def _apply(self, recorded: Recorded) -> None:
        for name, row in self._rows_of(recorded):
            self._kept[name].put(self._rows[name], row)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        return {name: rows.values() for name, rows in self._rows.items()}


def _apply_rows(
    tables: tuple[Kept, ...], rows_of: RowsOf, db: Database, batch: Sequence[Recorded]
) -> None:
    brought: dict[str, list[Row]] = {kept.table.name: [] for kept in tables}
    for recorded in batch:
        for name, row in rows_of(recorded):
            brought[name].append(row)
    for kept in tables:
        rows: Iterable[Row] = brought[kept.table.name]
        if kept.keep == "sum":  # One statement a key, not one a leg.
            sums: dict[Row, Row] = {}
            for row in rows:
                kept.put(sums, row)
            rows = sums.values()
        db.executemany(kept.statement(), rows)


ApplyBatch = Callable[[Database, Sequence[Recorded]], None]
"""Applies records that follow the saved position to the tables.

The caller holds the transaction and saves the position in it.
"""


@dataclass(frozen=True, slots=True)
class View:
    """A view in both its forms."""

    name: str
    tables: tuple[Table, ...]
    plain: Callable[[], Plain]
    apply_batch: ApplyBatch
    indexes: tuple[str, ...] = ()  # SQL; no answer depends on them.

    @classmethod
    def of_rows(
        cls,
        name: str,
        tables: tuple[Kept, ...],
        rows_of: RowsOf,
        indexes: tuple[str, ...] = (),
    ) -> "View":
        """Make both forms of a view from its tables and the rows of a record."""
        return cls(
            name,
            tuple(kept.table for kept in tables),
            partial(_PlainRows, tables, rows_of),
            partial(_apply_rows, tables, rows_of),
            indexes,
        )


def of_premium(
    premium: str | None, scheme_year: str | None, column: str = "premium"
) -> tuple[str, list[str]]:
    """What a question of one premium account, or one scheme year, adds to its WHERE.

    Args:
        premium: Of one account alone; None: of any.
        scheme_year: Of one scheme year alone, such as `2013-14`; None: of any.

    Returns:
        SQL that begins with AND, or is empty; and its values.
    """
    conditions, values = "", list[str]()
    if premium is not None:
        conditions += f" AND {column} = ?"
        values.append(premium)
    if scheme_year is not None:
        # The year is the second of the id's three parts, and no part holds a slash.
        conditions += f" AND REPLACE({column}, ?, '') <> {column}"
        values.append(f"/{part(scheme_year)}/")
    return conditions, values


def account_of(fact: Fact) -> AccountId | None:
    """The premium account that a fact is about, or None if it is about none."""
    return getattr(fact, "account", None)
