"""Follows the log: brings every view up to its head, each record exactly once.

Views lie in one SQLite file beside the ledger's. A batch's rows and the position
they bring the views to are saved in one transaction, and only if the position is
still the one the batch was read from. A follower that is killed leaves the last
whole batch; of two followers at once one saves a batch and the other reads on.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.proof import leaf_hash
from ledger.store.mapper import Unreadable, decode
from ledger.store.rows import EventRow
from projections import file
from projections.file import (
    BATCH,
    LEAVES,
    VIEWS,
    Log,
    LogDiffers,
    Progress,
    ViewsUnreadable,
)
from projections.verify import Difference, verify


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

    def __init__(self, log: Log, path: Path, *, batch: int = BATCH) -> None:
        self._log = log
        self._batch = batch
        self.path = path
        self._code = file.code_hash()
        self.rebuilt_because: str | None = None  # Said by the last follow(), if so.
        self.continued_from = 0  # Where the last rebuild went on; 0: it began anew.
        self.db = file.opened(path, self._code)

    @classmethod
    def beside(cls, log: Log, db: str | Path) -> "Views":
        """Open the views of a ledger's file; makes them, empty, if there are none."""
        return cls(log, views_path(Path(db)))

    def close(self) -> None:
        """Close the views' file."""
        self.db.close()

    @property
    def position(self) -> int:
        """The last record the views have taken in; 0 for none."""
        return file.position(self.db)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Several reads of one and the same position, whoever follows meanwhile."""
        self.db.execute("BEGIN")
        try:
            yield self.db
        finally:
            self.db.execute("ROLLBACK")

    def follow(self, progress: Progress | None = None) -> int:
        """Bring the views up to the head of the log; rebuild them for changed code.

        Returns:
            The position reached: at least the head as it was when called.

        Raises:
            LogDiffers: If the log is not the one that the views were made from.
            Unreadable: If a record cannot be decoded; the batches before it are in.
        """
        self.rebuilt_because = None
        if file.code(self.db) != self._code:
            self._check_leaf()
            self.rebuild(progress)
            self.rebuilt_because = "the views were made by another version of the code"
            return self.position
        self._check_leaf()
        return self._follow(self.db, progress)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the views again from empty, beside the live ones, and swap them in.

        The swap is one transaction on the live file: readers see the old views or
        the new ones. Killed before it, the old ones stand, and the next rebuild goes
        on where this one was.

        Returns:
            The position reached.

        Raises:
            LogDiffers: If a record's leaf hash is not the one the old views kept:
                swapping would lose the only trace of a changed record.
        """
        beside = self.path.with_name(f"{self.path.name}.rebuild")
        try:
            with closing(self._half_made(beside)) as fresh:
                self._follow(fresh, progress)
                self._compare_leaves(fresh)
                fresh.backup(self.db)
        except (LogDiffers, Unreadable):
            file.delete(beside)
            raise
        # Killed here, the next rebuild finds all done, and swaps once more.
        file.delete(beside)
        return self.position

    def _half_made(self, beside: Path) -> sqlite3.Connection:
        """What a rebuild that was killed left, if it can be gone on with; or new."""
        self.continued_from = 0
        if beside.exists():
            try:
                fresh = file.opened(beside, self._code)
            except ViewsUnreadable:
                file.delete(beside)
            else:
                if file.code(fresh) == self._code and self._leaf_wrong(fresh) is None:
                    self.continued_from = file.position(fresh)
                    return fresh
                fresh.close()
                file.delete(beside)
        return file.opened(beside, self._code)

    def _follow(self, db: sqlite3.Connection, progress: Progress | None) -> int:
        head = self._log.head()
        while (position := file.position(db)) < head:
            raws = self._log.raw(position, self._batch)
            wanted = range(position + 1, position + 1 + len(raws))
            if not raws or [raw.position for raw in raws] != list(wanted):
                raise LogDiffers(self.path, f"the log has a gap after {position}")
            self._save(db, position, raws)
            if progress is not None:
                progress(file.position(db), head)
        return position

    def _save(
        self, db: sqlite3.Connection, position: int, raws: Sequence[EventRow]
    ) -> None:
        """Take one batch into every view, unless another follower just did."""
        records = [decode(*raw) for raw in raws]
        leaves = [(raw.position, leaf_hash(*raw[1:])) for raw in raws]
        db.execute("BEGIN IMMEDIATE")
        try:
            moved = file.moved(db, position, records[-1].position, self._code)
            if moved:
                db.executemany(LEAVES.insert(), leaves)
                for view in VIEWS:
                    view.take(db, records)
            # Killed here, nothing of the batch is found; after it, all of it.
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        if not moved and file.code(db) != self._code:
            raise LogDiffers(self.path, "another version of the code made these views")

    def verify(self, progress: Progress | None = None) -> tuple[Difference, ...]:
        """Everything in log and views that is not as it must be; see verify.py."""
        with self.reading() as db:
            return verify(self._log, db, progress)

    def _check_leaf(self) -> None:
        wrong = self._leaf_wrong(self.db)
        if wrong is not None:
            raise LogDiffers(self.path, wrong)

    def _leaf_wrong(self, db: sqlite3.Connection) -> str | None:
        """Why the log is not the one that views were made from; None: it is.

        It costs one look-up, and finds a log that was replaced or cut short.
        """
        wrong = file.following_wrong(db)
        if wrong is not None:
            return f"in the table following, {wrong}"
        kept = db.execute(
            "SELECT position, leaf_hash FROM following "
            "LEFT JOIN leaves USING (position) WHERE position > 0"
        ).fetchone()
        if kept is None:
            return None
        position, leaf = kept
        raws = self._log.raw(position - 1, 1)
        if not raws:
            return (
                f"the log ends at {self._log.head()}, and the views have taken in "
                f"records up to {position}"
            )
        if leaf != leaf_hash(*raws[0][1:]):
            return f"record {position} is not the one the views have taken in"
        return None

    def _compare_leaves(self, fresh: sqlite3.Connection) -> None:
        """Raise LogDiffers unless the new leaves begin with the old ones."""
        fresh.execute("ATTACH ? AS live", (str(self.path),))
        try:
            changed = fresh.execute(
                "SELECT MIN(position) FROM live.leaves AS old LEFT JOIN "
                "main.leaves AS new USING (position) "
                "WHERE new.leaf_hash IS NOT old.leaf_hash"
            ).fetchone()[0]
        finally:
            fresh.execute("DETACH live")
        if changed is not None:
            raise LogDiffers(
                self.path, f"record {changed} is not the one the views have taken in"
            )
