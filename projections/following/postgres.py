"""Views in the schema `views` of a PostgreSQL ledger's own database."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.adapt import Loader

from ledger.service import Unavailable
from ledger.store.postgres.connection import connect, remedy, said, shown
from ledger.store.postgres.schema import APP
from projections.following import position
from projections.following.position import FOLLOWING, LEAVES, ViewsUnreadable
from projections.following.sqlite import Place
from projections.views import every
from projections.views.every import VIEWS
from projections.views.view import Cursor, Database, Table

LIVE, FRESH = "views", "views_rebuild"
"""The schemas of the views that are read, and of those that are made anew."""

_LOCK = 8101812486475932015
"""Shared by whoever reads or follows; alone held by a swap. One above migrations'."""

_MAKING = _LOCK + 1
"""Held by whoever makes the tables."""

SWAP_WAITS_MS = 200
"""How long a swap makes new readers wait before it lets them by and tries again."""

_TABLES: dict[str, Table] = {
    table.name: table
    for table in (FOLLOWING, LEAVES, *(one for view in VIEWS for one in view.tables))
}
_KINDS = {"TEXT": "text", "INTEGER": "bigint", "BLOB": "bytea"}
_INSERT = re.compile(r"INSERT INTO (\w+) VALUES \([?, ]+\)(.*)", re.DOTALL)


class _Whole(Loader):
    """Sums of whole numbers come as `numeric`; they are whole as well."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class Speaking:
    """A connection that is spoken to as one of sqlite3 is.

    Args:
        tables: By name, those that rows may be inserted into.
    """

    def __init__(
        self, connection: psycopg.Connection, tables: Mapping[str, Table]
    ) -> None:
        self.connection = connection
        self._tables = tables
        connection.cursor_factory = psycopg.ClientCursor
        connection.adapters.register_loader("numeric", _Whole)

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Cursor:
        """Run one statement; values are put in by the client."""
        text = statement.replace("%", "%%").replace("?", "%s") if values else statement
        return self.connection.execute(text.encode(), values or None)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> Cursor:
        """Run an insert for many rows: one statement, with an array a column.

        PostgreSQL changes no row twice in one statement, so rows of one key go into
        as many as they need, in order.
        """
        match = _INSERT.fullmatch(statement)
        assert match is not None, "whole rows are inserted"
        table, rest = self._tables[match[1]], match[2]
        cursor = psycopg.Cursor(self.connection)
        for part in _of_different_keys(rows, table.keys):
            columns = [list(column) for column in zip(*part, strict=True)]
            cursor.execute(_unnest(table) + rest.encode(), columns)
        return cursor


def _of_different_keys(
    rows: Iterable[Sequence[Any]], keys: int
) -> Iterator[list[Sequence[Any]]]:
    part: dict[tuple[Any, ...], Sequence[Any]] = {}
    for row in rows:
        key = tuple(row[:keys])
        if key in part:
            yield list(part.values())
            part = {}
        part[key] = row
    if part:
        yield list(part.values())


def _unnest(table: Table) -> bytes:
    kinds = (_KINDS[kind.split()[0]] for kind in table.columns.values())
    arrays = b", ".join(f"%b::{kind}[]".encode() for kind in kinds)
    return f"INSERT INTO {table.name} SELECT * FROM unnest(".encode() + arrays + b")"


def definition(table: Table) -> str:
    """The SQL that makes a table, empty; text sorts as bytes do, as in SQLite."""
    columns = ", ".join(
        f"{name} {_column(kind)}" for name, kind in table.columns.items()
    )
    return f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({table.key()}))"


def _column(kind: str) -> str:
    name, _, rest = kind.partition(" ")
    collate = ' COLLATE "C"' if name == "TEXT" else ""
    return f"{_KINDS[name]}{collate} {rest}".strip()


class PostgresPlace:
    """Views in a schema; a rebuild is made in a second one.

    The tables belong to the role of all services, so that each may follow.

    Args:
        address: Of the ledger's database.
    """

    def __init__(self, address: str, schema: str = LIVE) -> None:
        self._address = address
        self.schema = schema
        self.name = f"{shown(address)}, schema {schema}"
        self.remedy = f"drop the tables of the schema {schema}"
        with self._answering():
            self._connection = connect(address, {"search_path": schema})
        try:
            with self._answering():
                self._connection.execute(f"SET ROLE {APP}".encode())
                self.db = Speaking(self._connection, _TABLES)
                self._make()
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Say what an error means, in the words of the rest of the program."""
        try:
            yield
        except (psycopg.OperationalError, errors.InsufficientPrivilege) as reason:
            raise Unavailable(
                f"{self.name}: {said(reason)}; {remedy(reason)}"
            ) from reason
        except (errors.UndefinedTable, errors.UndefinedColumn) as reason:
            raise ViewsUnreadable(self.name, "drop its tables", reason) from reason

    def _make(self) -> None:
        """Make the tables, if there are none; another may be doing so as well."""
        with self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
            if self._tables():
                return
            for table in _TABLES.values():
                self._connection.execute(definition(table).encode())
            if self.schema == LIVE:
                self._index()
            self.db.execute(
                FOLLOWING.insert(), position.following(0, every.code_hash())
            )

    def _tables(self) -> list[str]:
        rows = self._connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (self.schema,)
        )
        return [str(name) for (name,) in rows]

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Several reads of one and the same state, whoever writes meanwhile.

        No swap comes between: what is read first and last is of the same tables.
        """
        with self._answering():
            self.db.execute(f"SELECT pg_advisory_lock_shared({_LOCK})")
            try:
                self.db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield self.db
            finally:
                with suppress(psycopg.OperationalError):
                    self.db.execute("ROLLBACK")
                    self.db.execute(f"SELECT pg_advisory_unlock_shared({_LOCK})")

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """A transaction; killed in it, nothing of it is found."""
        with self._answering(), self._connection.transaction():
            self.db.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
            yield self.db

    def beside(self) -> "PostgresPlace":
        """The schema of a rebuild."""
        return PostgresPlace(self._address, FRESH)

    def index(self) -> None:
        """Make the indexes that are missing."""
        with self._answering(), self._connection.transaction():
            self._index()

    def _index(self) -> None:
        there = self._indexes()
        for name, statement in position.indexes():
            if name not in there:
                self._connection.execute(statement.encode())

    def _indexes(self) -> set[str]:
        rows = self._connection.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = %s", (self.schema,)
        )
        return {str(name) for (name,) in rows}

    def clear_beside(self) -> None:
        """Drop the tables of a rebuild."""
        with self._answering(), self._connection.transaction():
            self._drop(FRESH)

    def _drop(self, schema: str) -> None:
        rows = self._connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)
        )
        for (table,) in rows.fetchall():
            name = sql.Identifier(schema, table)
            self._connection.execute(sql.SQL("DROP TABLE {}").format(name))

    def first_changed(self, fresh: Place) -> int | None:
        """The first record whose leaf hash is another one in the place of a rebuild."""
        [changed] = self.db.execute(
            f"SELECT MIN(position) FROM {LIVE}.leaves AS old LEFT JOIN {FRESH}.leaves "
            "AS new USING (position) WHERE new.leaf_hash IS DISTINCT FROM old.leaf_hash"
        ).fetchone()
        return None if changed is None else int(changed)

    def swap_in(self, fresh: Place) -> None:
        """Drop these tables and move the rebuilt ones here, in one transaction.

        It waits for whoever reads now; those who come meanwhile wait a moment only,
        for it steps back and tries again.
        """
        while not self._swapped():
            pass

    def _swapped(self) -> bool:
        try:
            with self._answering(), self._connection.transaction():
                self.db.execute(f"SET LOCAL lock_timeout = {SWAP_WAITS_MS}")
                self.db.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
                self._drop(LIVE)
                for table in _TABLES:
                    self.db.execute(f"ALTER TABLE {FRESH}.{table} SET SCHEMA {LIVE}")
        except Unavailable as error:
            if isinstance(error.__cause__, errors.LockNotAvailable):
                return False
            raise
        return True

    def faults(self) -> Sequence[str]:
        """What is wrong with the tables themselves, a sentence each."""
        there = set(self._tables())
        found = [
            f"the table {name} is missing" for name in _TABLES if name not in there
        ]
        found += [
            f"the table {name} was not made by this program"
            for name in sorted(there - set(_TABLES))
        ]
        for name in sorted(there & set(_TABLES)):
            columns = self._connection.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
                (self.schema, name),
            )
            if [one for (one,) in columns] != list(_TABLES[name].columns):
                found.append(f"the table {name} is not as this program made it")
        known = self._indexes()
        return found + [
            f"the index {name} is missing"
            for name, _ in position.indexes()
            if name not in known
        ]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
