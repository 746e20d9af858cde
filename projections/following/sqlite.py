"""Tables in an SQLite file: those of the views, and those of a consumer's results."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from ledger.store.files import delete, make_private
from ledger.store.sqlite import soundness
from projections.following import position
from projections.following.place import ViewsPlace
from projections.following.position import ViewsUnreadable
from projections.views.view import Database, Table


class SqliteDatabase:
    """An open SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.db = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            self.db.execute("PRAGMA journal_mode = WAL")
            # A power cut may take the last batches, never a part of one; log and
            # topics have them still.
            self.db.execute("PRAGMA synchronous = NORMAL")
            self.db.execute("PRAGMA cache_size = -65536")  # Kibibytes.
        except sqlite3.Error:
            self.db.close()
            raise

    def identity(self) -> str:
        """Which file it is, whatever it is called."""
        return str(self.path.stat().st_ino)

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Several reads of one and the same state, while others write."""
        self.db.execute("BEGIN")
        try:
            yield self.db
        finally:
            self.db.execute("ROLLBACK")

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Database]:
        """A transaction, in a file always alone; a crash in it leaves nothing of it."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def make(
        self,
        tables: Sequence[Table],
        statements: Sequence[str],
        first: Mapping[str, Sequence[Any]],
    ) -> None:
        """Make what is missing, in one transaction."""
        with self.writing() as db:
            known = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
            for table in tables:
                if table.name not in known:
                    db.execute(table.definition())
            for statement in statements:
                if statement.split()[2] not in known:
                    db.execute(statement)
            for table in tables:
                if table.name in first and is_empty(db, table):
                    db.execute(table.insert(), first[table.name])

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def is_empty(db: Database, table: Table) -> bool:
    """Whether a table has no row."""
    return db.execute(f"SELECT 1 FROM {table.name} LIMIT 1").fetchone() is None


class SqliteViews(SqliteDatabase):
    """Views in an SQLite file; a rebuild is made in a file beside it.

    Raises:
        ViewsUnreadable: If something else lies there, or it is damaged.
    """

    def __init__(self, path: Path, *, indexed: bool = True) -> None:
        self.remedy = f"delete {path}"
        self._beside = path.with_name(f"{path.name}.rebuild")
        try:
            make_private(path)
            super().__init__(path)
            try:
                if self.db.execute("SELECT 1 FROM sqlite_schema").fetchone() is None:
                    statements = position.indexes() if indexed else ()
                    self.make(position.TABLES, statements, position.beginning())
                position.position_of(self.db)
            except BaseException:
                self.close()
                raise
        except (sqlite3.DatabaseError, OSError) as reason:
            raise ViewsUnreadable(self.name, "delete it", reason) from reason

    def beside(self) -> "SqliteViews":
        """The file of a rebuild, without indexes."""
        return SqliteViews(self._beside, indexed=False)

    def index(self) -> None:
        """Make the indexes that are missing."""
        self.make((), position.indexes(), {})

    def clear_beside(self) -> None:
        """Delete the file of a rebuild."""
        delete(self._beside)

    def first_changed(self, fresh: ViewsPlace) -> int | None:
        """The first record whose leaf hash differs in the place of a rebuild."""
        self.db.execute("ATTACH ? AS fresh", (fresh.name,))
        try:
            [changed] = self.db.execute(
                "SELECT MIN(position) FROM main.leaves AS old LEFT JOIN "
                "fresh.leaves AS new USING (position) "
                "WHERE new.leaf_hash IS NOT old.leaf_hash"
            ).fetchone()
        finally:
            self.db.execute("DETACH fresh")
        return None if changed is None else int(changed)

    def swap_in(self, fresh: ViewsPlace) -> None:
        """Copy the rebuilt file over this one, in one transaction of this one."""
        assert isinstance(fresh, SqliteViews)
        fresh.db.backup(self.db)

    def faults(self) -> Sequence[str]:
        """What is wrong with the file and its tables, a sentence each."""
        tables = (one.definition() for one in position.TABLES)
        return soundness.faults(self.db, (*tables, *position.indexes()))
