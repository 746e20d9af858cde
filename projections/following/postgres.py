"""Tables in a schema of a PostgreSQL database: of the views, and of consumers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.adapt import Loader

from ledger.service import Unavailable
from ledger.store.postgres.connection import connect, remedy, said, shown
from ledger.store.postgres.schema import APP
from projections.following import position
from projections.following.place import ViewsPlace
from projections.following.position import ViewsUnreadable
from projections.following.sqlite import is_empty
from projections.views.view import Cursor, Database, Table

LIVE, FRESH = "views", "views_rebuild"
"""The schemas of the views that are read, and of a rebuild."""

SWAP_WAITS_MS = 200
"""How long a swap makes new readers wait before it lets them by and tries again."""

_KINDS = {"TEXT": "text", "INTEGER": "bigint", "BLOB": "bytea"}
_INSERT = re.compile(r"INSERT INTO (\w+) VALUES \([?, ]+\)(.*)", re.DOTALL)


class _Whole(Loader):
    """Sums of whole numbers come as `numeric`; they are whole as well."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class SqliteDialect:
    """A connection that takes the statements that sqlite3 takes.

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


class PostgresDatabase:
    """A schema of a PostgreSQL database.

    Args:
        tables: By name, those that rows are inserted into.

    Raises:
        psycopg.Error: If it cannot be reached.
    """

    _lock = "8101812486475932030 # hashtext(current_schema())"
    """Shared by processes that write; alone held by one that must be alone."""
    _making = 8101812486475932030
    """Held by a process that makes tables."""

    def __init__(self, address: str, schema: str, tables: Sequence[Table]) -> None:
        self.schema = schema
        self.name = f"{shown(address)}, schema {schema}"
        self._connection = connect(address, {"search_path": schema})
        self.db = SqliteDialect(self._connection, {one.name: one for one in tables})

    def identity(self) -> str:
        """Which schema of which database of which server it is."""
        [(server, database)] = self._connection.execute(
            "SELECT system_identifier, oid FROM pg_control_system(), pg_database "
            "WHERE datname = current_database()"
        )
        return f"{server} {database} {self.schema}"

    def _answering(self) -> AbstractContextManager[None]:
        """Says what an error means, where it can."""
        return nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Several reads of one and the same state, while others write.

        No swap comes between: what is read first and last is of the same tables.
        """
        with self._answering():
            self.db.execute(f"SELECT pg_advisory_lock_shared({self._lock})")
            try:
                self.db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield self.db
            finally:
                with suppress(psycopg.OperationalError):
                    self.db.execute("ROLLBACK")
                    self.db.execute(f"SELECT pg_advisory_unlock_shared({self._lock})")

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Database]:
        """A transaction; a crash in it leaves nothing of it."""
        lock = "pg_advisory_xact_lock" + ("" if alone else "_shared")
        with self._answering(), self._connection.transaction():
            self.db.execute(f"SELECT {lock}({self._lock})")
            yield self.db

    def make(
        self,
        tables: Sequence[Table],
        statements: Sequence[str],
        first: Mapping[str, Sequence[Any]],
    ) -> None:
        """Make what is missing, in one transaction; another may be doing so as well."""
        with self._answering(), self._connection.transaction():
            self.db.execute(f"SELECT pg_advisory_xact_lock({self._making})")
            room = "SELECT 1 FROM pg_namespace WHERE nspname = ?"
            if self.db.execute(room, (self.schema,)).fetchone() is None:
                self.db.execute(f"CREATE SCHEMA {self.schema}")
            known = self._relations()
            for table in tables:
                if table.name not in known:
                    self.db.execute(definition(table))
            for statement in statements:
                if statement.split()[2] not in known:
                    self.db.execute(statement)
            for table in tables:
                if table.name in first and is_empty(self.db, table):
                    self.db.execute(table.insert(), first[table.name])

    def _relations(self, kinds: str = "rvi") -> set[str]:
        """The tables (r), views (v) and indexes (i) of the schema, by name."""
        rows = self._connection.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace AS room "
            "ON room.oid = relnamespace WHERE nspname = %s AND relkind = ANY(%s)",
            (self.schema, list(kinds)),
        )
        return {str(name) for (name,) in rows}

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class PostgresViews(PostgresDatabase):
    """Views in a schema of a ledger's database; a rebuild is made in a second one.

    The tables belong to the role of all services, so that each may follow.

    Raises:
        Unavailable: If the database does not answer; also in every call.
        ViewsUnreadable: If the tables are not those of this program.
    """

    _lock = "8101812486475932015"
    """Shared by readers and followers; alone held by a swap. One above migrations'."""
    _making = 8101812486475932016

    def __init__(self, address: str, schema: str = LIVE) -> None:
        self._address = address
        self.remedy = f"drop the tables of the schema {schema}"
        with self._answering():
            super().__init__(address, schema, position.TABLES)
        try:
            with self._answering():
                self._connection.execute(f"SET ROLE {APP}".encode())
                if not self._relations("r"):
                    statements = position.indexes() if schema == LIVE else ()
                    self.make(position.TABLES, statements, position.beginning())
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

    def beside(self) -> "PostgresViews":
        """The schema of a rebuild."""
        return PostgresViews(self._address, FRESH)

    def index(self) -> None:
        """Make the indexes that are missing."""
        self.make((), position.indexes(), {})

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

    def first_changed(self, fresh: ViewsPlace) -> int | None:
        """The first record whose leaf hash is another one in the place of a rebuild."""
        [changed] = self.db.execute(
            f"SELECT MIN(position) FROM {LIVE}.leaves AS old LEFT JOIN {FRESH}.leaves "
            "AS new USING (position) WHERE new.leaf_hash IS DISTINCT FROM old.leaf_hash"
        ).fetchone()
        return None if changed is None else int(changed)

    def swap_in(self, fresh: ViewsPlace) -> None:
        """Drop these tables and move the rebuilt ones here, in one transaction.

        It waits for those who read now. Those who come meanwhile wait a moment only:
        it steps back and tries again.
        """
        while not self._swapped():
            pass

    def _swapped(self) -> bool:
        try:
            with self._answering(), self._connection.transaction():
                self.db.execute(f"SET LOCAL lock_timeout = {SWAP_WAITS_MS}")
                self.db.execute(f"SELECT pg_advisory_xact_lock({self._lock})")
                self._drop(LIVE)
                for table in position.TABLES:
                    self.db.execute(
                        f"ALTER TABLE {FRESH}.{table.name} SET SCHEMA {LIVE}"
                    )
        except Unavailable as error:
            if isinstance(error.__cause__, errors.LockNotAvailable):
                return False
            raise
        return True

    def faults(self) -> Sequence[str]:
        """What is wrong with the tables themselves, a sentence each."""
        there, wanted = self._relations("r"), {one.name: one for one in position.TABLES}
        found = [f"the table {name} is missing" for name in wanted if name not in there]
        found += [
            f"the table {name} was not made by this program"
            for name in sorted(there - set(wanted))
        ]
        for name in sorted(there & set(wanted)):
            columns = self._connection.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
                (self.schema, name),
            )
            if [one for (one,) in columns] != list(wanted[name].columns):
                found.append(f"the table {name} is not as this program made it")
        indexes = [statement.split()[2] for statement in position.indexes()]
        known = self._relations("i")
        return found + [
            f"the index {name} is missing" for name in indexes if name not in known
        ]
