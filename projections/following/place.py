"""Where tables lie that follow from a log or from topics, and can be made again."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from projections.views.view import Database, Table


class Place(Protocol):
    """An open database of such tables. One thread uses it.

    Errors of the database that are not expected are raised as they are.
    """

    @property
    def name(self) -> str:
        """A name for messages, such as the path of its file."""
        ...

    @property
    def db(self) -> Database:
        """The connection for reads."""
        ...

    def identity(self) -> str:
        """Which place it is: a copy of it is another one."""
        ...

    def reading(self) -> AbstractContextManager[Database]:
        """Several reads of one and the same state, while others write."""
        ...

    def writing(self, *, alone: bool = False) -> AbstractContextManager[Database]:
        """A transaction: all of the block is saved at its end, or nothing.

        Args:
            alone: While no other process writes.
        """
        ...

    def make(
        self,
        tables: Sequence[Table],
        statements: Sequence[str],
        first: Mapping[str, Sequence[Any]],
    ) -> None:
        """Make what is missing, in one transaction; another may be doing so as well.

        Args:
            statements: They make indexes and views, `CREATE INDEX name ...`.
            first: Table -> the row that it is given if it is empty.
        """
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class ViewsPlace(Place, Protocol):
    """The tables of the views of one ledger, and a place beside it for a rebuild."""

    @property
    def remedy(self) -> str:
        """How to be rid of these views, so that they are made again."""
        ...

    def beside(self) -> "ViewsPlace":
        """The place of a rebuild: what an earlier one left there, or empty tables.

        It has no indexes until `index` is called.

        Raises:
            ViewsUnreadable: If what lies there cannot be read; `clear_beside` takes it
                away.
        """
        ...

    def index(self) -> None:
        """Make the indexes that are missing: quicker once, behind all rows."""
        ...

    def clear_beside(self) -> None:
        """Take away what lies in the place of a rebuild."""
        ...

    def first_changed(self, fresh: "ViewsPlace") -> int | None:
        """The first record whose leaf hash differs in the place of a rebuild."""
        ...

    def swap_in(self, fresh: "ViewsPlace") -> None:
        """Put the rebuilt views in the place of these, in one transaction.

        Readers see the old ones or the new ones, and none fails.
        """
        ...

    def faults(self) -> Sequence[str]:
        """What is wrong with the tables themselves, a sentence each."""
        ...
