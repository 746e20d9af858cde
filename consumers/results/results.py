"""A consumer's results, its offsets and what it parked: saved together, or not."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from consumers.job import Job
from consumers.loop import Item, Message, OtherLedger, Overtaken, Partition
from consumers.results.place import Unfit, open_place
from consumers.results.tables import (
    CONSUMER,
    OFFSETS,
    PARKED,
    TABLES,
    TAKEN,
    parked_row,
)
from projections.views.view import Database


class Results:
    """The target of a consumer: its job's tables, its offsets, and what is parked.

    Args:
        where: A file, made where it is missing; or a PostgreSQL address, in which a
            schema of the job's name is made.

    Raises:
        Unfit: If it holds results of another job, or of another version of this one.
    """

    def __init__(
        self,
        where: str,
        job: Job,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.job = job
        self.place = open_place(where, job)
        self._now = now
        self._expected: dict[Partition, int | None] = {}
        self._taken: dict[str, int] = {}
        try:
            self.place.make(
                (*TABLES, *job.tables),
                (*job.indexes, *job.views),
                {CONSUMER.name: (job.name, job.version, None)},
            )
            self._source = self._checked()
        except BaseException:
            self.place.close()
            raise

    def _checked(self) -> str | None:
        rows = self.db.execute("SELECT job, version, source FROM consumer").fetchall()
        [(job, version, source)] = rows
        if (job, version) != (self.job.name, self.job.version):
            raise Unfit(
                f"{self.place.name} holds what version {version} of {job} made, and "
                f"this is version {self.job.version} of {self.job.name}: delete it, "
                "and it is made again from the topics; or name another place"
            )
        return None if source is None else str(source)

    @property
    def db(self) -> Database:
        """The connection that reads are given."""
        return self.place.db

    def begins(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """Where each of some partitions goes on; those never saved are left out."""
        self._taken.clear()  # Others may have taken in more of their keys meanwhile.
        saved = {
            Partition(topic, part): int(following)
            for topic, part, following in self.db.execute("SELECT * FROM offsets")
        }
        self._expected |= {one: saved.get(one) for one in partitions}
        return {one: saved[one] for one in partitions if one in saved}

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator["Taking"]:
        """All of the block is saved when it ends, or nothing.

        Args:
            alone: While no other member takes anything in.
        """
        try:
            with self.place.writing(alone=alone) as db:
                taking = Taking(self, db)
                yield taking
                taking.finish()
            self._expected |= taking.following
            self._taken |= taking.positions
            for key in taking.parked:
                # A person may let its messages in meanwhile: ask the table again.
                self._taken.pop(key, None)
            self._source = taking.source
        except BaseException:
            self._taken.clear()
            raise

    def close(self) -> None:
        """Let go of the place."""
        self.place.close()


class Taking:
    """One transaction on the results of a consumer."""

    def __init__(self, results: Results, db: Database) -> None:
        self._results = results
        self._db = db
        self._items: list[Any] = []
        self.parked = {
            str(key) for (key,) in db.execute("SELECT DISTINCT key FROM parked")
        }
        self.positions: dict[str, int] = {}
        self.following: Mapping[Partition, int] = {}
        self.source = results._source

    def is_parked(self, key: str) -> bool:
        """Whether messages of a key wait."""
        return key in self.parked

    def park(self, message: Message, why: str) -> None:
        """Set a message aside for people; once, however often it comes."""
        self.parked.add(message.waits_for)
        self._db.execute(
            f"{PARKED.insert()} ON CONFLICT (topic, part, place) DO NOTHING",
            parked_row(message, why, self._results._now()),
        )

    def read(self, message: Message) -> Item:
        """What a message says to the job."""
        return self._results.job.read(message)

    def apply(self, key: str, item: Item) -> bool:
        """Take it in, unless it was before; returns whether it was taken in now."""
        if item.source is not None and item.source != self.source:
            self._begin_with(item.source)
        if item.position is not None:
            if item.position <= self._position(key):
                return False
            self.positions[key] = item.position
        self._items.append(item.what)
        return True

    def _begin_with(self, source: str) -> None:
        if self.source is not None:
            raise OtherLedger(
                f"{self._results.place.name} holds results of {self.source}, and a "
                f"message tells of {source}: name another place, or look at --prefix"
            )
        self.source = source
        # Several members may begin at once: the first one decides.
        self._db.execute(
            "UPDATE consumer SET source = ? WHERE source IS NULL", (source,)
        )
        [(kept,)] = self._db.execute("SELECT source FROM consumer").fetchall()
        if kept != source:
            raise OtherLedger(f"another member reads of {kept}, this one of {source}")

    def _position(self, key: str) -> int:
        found = self.positions.get(key, self._results._taken.get(key))
        if found is None:
            row = self._db.execute(
                "SELECT position FROM taken WHERE key = ?", (key,)
            ).fetchone()
            found = 0 if row is None else int(row[0])
            self._results._taken[key] = found
        return found

    def offsets(self, following: Mapping[Partition, int]) -> None:
        """Save where each partition goes on."""
        for one, offset in following.items():
            before = self._results._expected.get(one)
            if before is None:
                done = self._db.execute(
                    f"{OFFSETS.insert()} ON CONFLICT (topic, part) DO NOTHING "
                    "RETURNING following",
                    (*one, offset),
                )
            else:
                done = self._db.execute(
                    "UPDATE offsets SET following = ? WHERE topic = ? AND part = ? "
                    "AND following = ? RETURNING following",
                    (offset, *one, before),
                )
            if done.fetchone() is None:
                raise Overtaken(f"another process reads partition {one.partition} now")
        self.following = following

    def finish(self) -> None:
        """Give the job what was taken in, and remember how far each key is."""
        if self._items:
            self._results.job.take(self._db, self._items)
        if self.positions:
            self._db.executemany(TAKEN.replace(), list(self.positions.items()))
