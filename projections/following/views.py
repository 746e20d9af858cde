"""Follows the log: brings every view up to its head, each record exactly once.

Views lie in one SQLite file beside the ledger's. A batch's rows and the position
they bring the views to are saved in one transaction, and only if the position is
still the one the batch was read from. A follower that is killed leaves the last
whole batch. Of two followers at once, one saves a batch and the other reads on.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

from ledger.proof import leaf_hash
from ledger.store.mapper import Unreadable
from ledger.store.place import ADDRESSES
from ledger.store.rows import EventRow
from projections.following.place import ViewsPlace
from projections.following.position import (
    BATCH,
    FAR_BEHIND,
    LEAVES,
    Log,
    LogDiffers,
    Progress,
    ViewsUnreadable,
    code_of,
    following_wrong,
    position_of,
    save_position,
)
from projections.following.sqlite import SqliteViews
from projections.views import every
from projections.views.view import Database


def views_path(db: Path) -> Path:
    """Where the views of a ledger's file lie: `X.views.db` beside `X.db`."""
    return db.with_name(f"{db.name.removesuffix('.db')}.views.db")


class Views:
    """The views of one ledger, and the follower that keeps them.

    `db` is the connection that reads are given. One thread uses a `Views`; others
    open their own.

    Args:
        batch: Records a transaction.
    """

    def __init__(
        self, log: Log, where: Path | ViewsPlace, *, batch: int = BATCH
    ) -> None:
        self.log = log
        self._batch = batch
        self._code = every.code_hash()
        self.rebuilt_because: str | None = None  # Said by the last follow(), if so.
        self.continued_from = 0  # Where the last rebuild continued, or 0.
        self.place: ViewsPlace = (
            SqliteViews(where) if isinstance(where, Path) else where
        )
        self.db = self.place.db

    @classmethod
    def beside(cls, log: Log, db: str | Path) -> "Views":
        """Open the views of a ledger; makes them, empty, if there are none.

        They lie in a file beside the ledger's, or in its own database.
        """
        if isinstance(db, str) and db.startswith(ADDRESSES):
            from projections.following.postgres import PostgresViews  # noqa: PLC0415 (an extra)

            return cls(log, PostgresViews(db))
        return cls(log, views_path(Path(db)))

    def close(self) -> None:
        """Close the place of the views."""
        self.place.close()

    @property
    def name(self) -> str:
        """A name for messages, such as the path of the views' file."""
        return self.place.name

    @property
    def position(self) -> int:
        """The last record the views have taken in; 0 for none."""
        return position_of(self.db)

    def wrong(self) -> str | None:
        """Why following cannot continue from this position, or None if it can."""
        return self._leaf_wrong(self.db)

    def of_other_code(self) -> bool:
        """Whether another version of the code made them."""
        return code_of(self.db) != self._code

    def reading(self) -> AbstractContextManager[Database]:
        """Several reads of one and the same position, while others follow."""
        return self.place.reading()

    def follow(self, progress: Progress | None = None) -> int:
        """Bring the views up to the head of the log; rebuild them for changed code.

        Returns:
            The position reached: at least the head as it was when called.

        Raises:
            LogDiffers: If the log is not the one that the views were made from.
            Unreadable: If a record cannot be decoded; the batches before it are in.
        """
        self.rebuilt_because = None
        if code_of(self.db) != self._code:
            self._check_leaf()
            self.rebuild(progress)
            self.rebuilt_because = "the views were made by another version of the code"
            return self.position
        self._check_leaf()
        if self.position == 0 and self.log.head() >= FAR_BEHIND:
            return self.rebuild(progress)
        return self._follow(self.place, progress)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the views again from empty, beside the live ones, and swap them in.

        The swap is one transaction on the live file: readers see the old views or
        the new ones. A crash before it leaves the old ones, and the next rebuild
        continues where this one was.

        Returns:
            The position reached.

        Raises:
            LogDiffers: If a record's leaf hash is not the one the old views kept:
                swapping would lose the only trace of a changed record.
        """
        fresh = self._half_made()
        try:
            self._follow(fresh, progress)
            changed = self.place.first_changed(fresh)
            if changed is not None:
                self._differs(
                    f"record {changed} is not the one the views have taken in"
                )
            fresh.index()
            self.place.swap_in(fresh)
        except (LogDiffers, Unreadable):
            self._give_up(fresh)
            raise
        except BaseException:
            fresh.close()
            raise
        # A crash here leaves all done; the next rebuild swaps once more.
        self._give_up(fresh)
        return self.position

    def _half_made(self) -> ViewsPlace:
        """What a killed rebuild left, if it can be continued, or empty views."""
        try:
            fresh = self.place.beside()
        except ViewsUnreadable:
            self.place.clear_beside()
            fresh = self.place.beside()
        if code_of(fresh.db) != self._code or self._leaf_wrong(fresh.db) is not None:
            self._give_up(fresh)
            fresh = self.place.beside()
        self.continued_from = position_of(fresh.db)
        return fresh

    def _give_up(self, fresh: ViewsPlace) -> None:
        fresh.close()
        self.place.clear_beside()

    def _follow(self, place: ViewsPlace, progress: Progress | None) -> int:
        head = self.log.head()
        while (position := position_of(place.db)) < head:
            raws = self.log.raw(position, self._batch)
            wanted = range(position + 1, position + 1 + len(raws))
            if not raws or [raw.position for raw in raws] != list(wanted):
                self._differs(f"the log has a gap after {position}")
            self._save(place, position, raws)
            if progress is not None:
                progress(position_of(place.db), head)
        return position

    def _save(self, place: ViewsPlace, position: int, raws: Sequence[EventRow]) -> None:
        """Apply one batch to every view, unless another follower just did."""
        records = every.decoded(raws)
        leaves = [(raw.position, leaf_hash(*raw[1:])) for raw in raws]
        with place.writing() as db:
            moved = save_position(db, position, records[-1].position, self._code)
            if moved:
                db.executemany(LEAVES.insert(), leaves)
                every.apply_batch(db, records)
            # A crash here leaves nothing of the batch; after it, all of it.
        if not moved and code_of(place.db) != self._code:
            self._differs("another version of the code made these views")

    def _check_leaf(self) -> None:
        wrong = self._leaf_wrong(self.db)
        if wrong is not None:
            self._differs(wrong)

    def _differs(self, what: str) -> NoReturn:
        raise LogDiffers(what, self.place.remedy)

    def _leaf_wrong(self, db: Database) -> str | None:
        """Why the log is not the one that views were made from, or None if it is.

        It costs one look-up, and finds a log that was replaced or cut short.
        """
        wrong = following_wrong(db)
        if wrong is not None:
            return f"in the table following, {wrong}"
        kept = db.execute(
            "SELECT position, leaf_hash FROM following "
            "LEFT JOIN leaves USING (position) WHERE position > 0"
        ).fetchone()
        if kept is None:
            return None
        position, leaf = kept
        raws = self.log.raw(position - 1, 1)
        if not raws:
            return (
                f"the log ends at {self.log.head()}, and the views have taken in "
                f"records up to {position}"
            )
        if leaf != leaf_hash(*raws[0][1:]):
            return f"record {position} is not the one the views have taken in"
        return None
