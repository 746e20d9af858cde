"""A consumer's results in a schema of a PostgreSQL database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psycopg

from consumers.results.sqlite import Unfit
from ledger.store.postgres.connection import connect, remedy, said, shown
from projections.following.postgres import Speaking, definition
from projections.views.view import Database, Table

_LOCK = 8101812486475932030
"""Shared by members that write; alone held by whoever makes tables or replays."""


class PostgresPlace:
    """A schema that is made where it is missing.

    Args:
        tables: By name, those that rows are inserted into.
    """

    def __init__(self, address: str, schema: str, tables: Mapping[str, Table]) -> None:
        self.name = f"{shown(address)}, schema {schema}"
        self._schema = schema
        try:
            self._connection = connect(address, {"search_path": schema})
        except psycopg.Error as reason:
            raise Unfit(f"{self.name}: {said(reason)}; {remedy(reason)}") from reason
        self.db: Database = Speaking(self._connection, tables)

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Database]:
        """A transaction; `alone`, while no other member writes."""
        lock = "pg_advisory_xact_lock" + ("" if alone else "_shared")
        with self._connection.transaction():
            self.db.execute(f"SELECT {lock}({_LOCK} # hashtext(current_schema()))")
            yield self.db

    def make(self, tables: Sequence[Table], statements: Sequence[str]) -> None:
        """Make what is missing; another may be doing so as well."""
        with self._connection.transaction():
            self.db.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
            self.db.execute(f"CREATE SCHEMA IF NOT EXISTS {self._schema}")
            known = {
                name
                for (name,) in self._connection.execute(
                    "SELECT relname FROM pg_class JOIN pg_namespace AS room "
                    "ON room.oid = relnamespace WHERE nspname = %s",
                    (self._schema,),
                )
            }
            for table in tables:
                if table.name not in known:
                    self.db.execute(definition(table))
            for statement in statements:
                if statement.split()[2] not in known:
                    self.db.execute(statement)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
