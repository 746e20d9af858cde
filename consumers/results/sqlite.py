"""Where a consumer's results lie, and how they lie in an SQLite file."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from ledger.service import Unavailable
from projections.views.view import Database, Table


class Unfit(Unavailable):
    """The place of the results cannot be used; the message says what to do."""


class Place(Protocol):
    """An open database that is this consumer's alone, or one shared by its members."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def db(self) -> Database:
        """The connection that reads are given."""
        ...

    def writing(self, *, alone: bool = False) -> AbstractContextManager[Database]:
        """A transaction; `alone`, while no other member writes."""
        ...

    def make(self, tables: Sequence[Table], statements: Sequence[str]) -> None:
        """Make what is missing; another may be doing so as well."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class FilePlace:
    """An SQLite file."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        try:
            self.db: sqlite3.Connection = sqlite3.connect(
                path, isolation_level=None, timeout=30
            )
            self.db.execute("PRAGMA journal_mode = WAL")
            # A power cut may take the last batches; Kafka has them still.
            self.db.execute("PRAGMA synchronous = NORMAL")
            self.db.execute("PRAGMA cache_size = -65536")  # Kibibytes.
        except sqlite3.Error as reason:
            raise Unfit(
                f"{path} cannot be used ({reason}): name another file"
            ) from None

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Database]:
        """A transaction; in a file each is alone."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def make(self, tables: Sequence[Table], statements: Sequence[str]) -> None:
        """Make what is missing."""
        with self.writing() as db:
            known = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
            for table in tables:
                if table.name not in known:
                    db.execute(table.definition())
            for statement in statements:
                if statement.split()[2] not in known:
                    db.execute(statement)

    def close(self) -> None:
        """Close the file."""
        self.db.close()
