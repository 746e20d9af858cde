"""Where views lie, and how they are made anew beside those that are read."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, Self

from projections.following import position
from projections.views import every
from projections.views.view import Database


class Place(Protocol):
    """The tables of the views of one ledger, open. One thread uses it.

    Errors of the database that are not expected are raised as they are.
    """

    @property
    def name(self) -> str:
        """What people call it, such as the path of its file."""
        ...

    @property
    def remedy(self) -> str:
        """How to be rid of these views, so that they are made anew."""
        ...

    @property
    def db(self) -> Database:
        """The connection that reads are given."""
        ...

    def reading(self) -> AbstractContextManager[Database]:
        """Several reads of one and the same state, whoever writes meanwhile."""
        ...

    def writing(self) -> AbstractContextManager[Database]:
        """A transaction: all that is done in the block is saved at its end, or none."""
        ...

    def beside(self) -> "Place":
        """The place of a rebuild: what an earlier one left there, or empty tables.

        It has no indexes until `index` is called.

        Raises:
            ViewsUnreadable: If what lies there cannot be read; `clear` takes it away.
        """
        ...

    def index(self) -> None:
        """Make the indexes that are missing: quicker once, behind all rows."""
        ...

    def clear_beside(self) -> None:
        """Take away what lies in the place of a rebuild."""
        ...

    def first_changed(self, fresh: "Place") -> int | None:
        """The first record whose leaf hash is another one in the place of a rebuild."""
        ...

    def swap_in(self, fresh: "Place") -> None:
        """Put the rebuilt views in the place of these, in one transaction.

        Readers see the old ones or the new ones, and none fails.
        """
        ...

    def faults(self) -> Sequence[str]:
        """What is wrong with the tables themselves, a sentence each."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class FilePlace:
    """Views in an SQLite file; a rebuild is made in a file beside it."""

    def __init__(self, path: Path, *, indexed: bool = True) -> None:
        self.path = path
        self._beside = path.with_name(f"{path.name}.rebuild")
        self.db: sqlite3.Connection = position.opened(
            path, every.code_hash(), indexed=indexed
        )

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    @property
    def remedy(self) -> str:
        """Delete the file."""
        return f"delete {self.path}"

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Several reads of one and the same state, whoever writes meanwhile."""
        self.db.execute("BEGIN")
        try:
            yield self.db
        finally:
            self.db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """A transaction; killed in it, nothing of it is found."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def beside(self) -> "FilePlace":
        """The file of a rebuild, without indexes."""
        return FilePlace(self._beside, indexed=False)

    def index(self) -> None:
        """Make the indexes that are missing."""
        known = "SELECT 1 FROM sqlite_schema WHERE name = ?"
        with self.writing() as db:
            for name, statement in position.indexes():
                if db.execute(known, (name,)).fetchone() is None:
                    db.execute(statement)

    def clear_beside(self) -> None:
        """Delete the file of a rebuild."""
        position.delete(self._beside)

    def first_changed(self, fresh: Place) -> int | None:
        """The first record whose leaf hash is another one in the place of a rebuild."""
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

    def swap_in(self, fresh: Place) -> None:
        """Copy the rebuilt file over this one, in one transaction of this one."""
        assert isinstance(fresh, FilePlace)
        fresh.db.backup(self.db)

    def faults(self) -> Sequence[str]:
        """What is wrong with the file and its tables, a sentence each."""
        return position.faults(self.db)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
