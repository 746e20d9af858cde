"""A consumer's results, its offsets and what it parked: saved together, or not."""

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from consumers.job import Job
from consumers.loop import (
    Item,
    Message,
    OtherLedger,
    Overtaken,
    Partition,
    UnreadableMessage,
    Word,
)
from consumers.results.place import Unfit, data_errors, open_place
from consumers.results.tables import (
    CONSUMER,
    MARKS,
    OFFSETS,
    PARKED,
    TABLES,
    TAKEN,
    parked_row,
)
from ledger.excerpts import printable
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
            drawn = secrets.token_hex(8)
            self.place.make(
                (*TABLES, *job.tables),
                (*job.indexes, *job.views),
                {CONSUMER.name: (job.name, job.version, drawn, None, None, 0)},
            )
            self._drawn, self._word = self._checked()
            self._marks = dict(self.db.execute("SELECT topic, mark FROM marks"))
        except BaseException:
            self.place.close()
            raise

    def _checked(self) -> tuple[str, Word | None]:
        [row] = self.db.execute("SELECT * FROM consumer").fetchall()
        if row[:2] != (self.job.name, self.job.version) or len(row) != len(
            CONSUMER.columns
        ):
            raise Unfit(
                f"{self.place.name} holds what version {row[1]} of {row[0]} made, and "
                f"this is version {self.job.version} of {self.job.name}: delete it, "
                "and it is made again from the topics; or name another place"
            )
        _, _, drawn, source, origin, position = row
        return drawn, None if source is None else Word(source, origin, position)

    def group(self, prefix: str) -> str:
        """The consumer group of this place: those who write to it share the work.

        Another place has another one, a copy of this one too.
        """
        place = f"{self._drawn} {self.place.identity()}".encode()
        return f"{prefix}-{self.job.name}-{sha256(place).hexdigest()[:12]}"

    def see(self, marks: Mapping[str, str]) -> None:
        """See that topics are those whose offsets are saved.

        Args:
            marks: Topic -> its id, as the broker has it.

        Raises:
            Unfit: If one was made again since.
        """
        saved = {
            str(topic) for (topic,) in self.db.execute("SELECT topic FROM offsets")
        }
        for topic, mark in marks.items():
            if topic in saved and self._marks.get(topic, mark) != mark:
                raise Unfit(
                    f"{self.place.name} has read of the topic {topic}, which was made "
                    "again since: what went with it is not in the new one; read from "
                    "another --prefix that holds all, or name another place"
                )

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

    def mark(self, topic: str) -> str | None:
        """What a topic was when its offsets were saved; None where none are."""
        return self._marks.get(topic)

    def is_of_data(self, error: Exception) -> bool:
        """Whether an error is about what was to be kept, and would come again."""
        return isinstance(error, data_errors())

    @contextmanager
    def transaction(
        self, *, alone: bool = False, one_by_one: bool = False
    ) -> Iterator["Taking"]:
        """All of the block is saved when it ends, or nothing.

        Args:
            alone: While no other member takes anything in.
            one_by_one: Each message is kept as it is applied, or not at all.
        """
        try:
            with self.place.writing(alone=alone) as db:
                taking = Taking(self, db, one_by_one=one_by_one)
                yield taking
                taking.finish()
            self._expected |= taking.following
            self._marks |= taking.marks
            self._taken |= taking.positions
            for key in taking.parked:
                # A person may let its messages in meanwhile: ask the table again.
                self._taken.pop(key, None)
            self._word = taking.word
        except BaseException:
            self._taken.clear()
            raise

    def close(self) -> None:
        """Let go of the place."""
        self.place.close()


class Taking:
    """One transaction on the results of a consumer."""

    def __init__(
        self, results: Results, db: Database, *, one_by_one: bool = False
    ) -> None:
        self._results = results
        self._db = db
        self._one_by_one = one_by_one
        self._items: list[Any] = []
        self.parked = {
            str(key) for (key,) in db.execute("SELECT DISTINCT key FROM parked")
        }
        self.positions: dict[str, int] = {}
        self.following: Mapping[Partition, int] = {}
        self.marks: Mapping[str, str] = {}
        self.word = results._word

    def heed(self, word: Word) -> None:
        """Hold what is read against what its ledger says.

        Raises:
            OtherLedger: If the results are of another ledger.
        """
        if self.word is None:
            self._begin_with(word)
        elif word[:2] != self.word[:2]:
            raise OtherLedger(
                f"{self._results.place.name} holds results of {self.word.source} "
                f"({self.word.origin}), and {word.source} ({word.origin}) is sent: "
                "name another place, or look at --prefix"
            )
        elif word.position > self.word.position:
            self.word = word

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
        """Take it in, unless it was before; returns whether it was taken in now.

        Raises:
            UnreadableMessage: If it tells of another ledger, or of what was never
                sent; or, one by one, if it cannot be kept.
        """
        if item.source is not None:
            self._hold(item)
        if item.position is not None and item.position <= self._position(key):
            return False
        if self._one_by_one:
            self._keep(item.what)
        else:
            self._items.append(item.what)
        if item.position is not None:
            self.positions[key] = item.position
        return True

    def _hold(self, item: Item) -> None:
        """Hold an item against what its ledger says."""
        source, origin, position = item.source, item.origin, item.position or 0
        word = self.word
        if word is None or (source, origin) != word[:2]:
            ours = "no ledger yet" if word is None else f"{word.source} ({word.origin})"
            raise UnreadableMessage(
                f"it tells of {source} ({origin}), and these results are of {ours}"
            )
        if position > word.position:
            raise UnreadableMessage(
                f"its position is {position:,}, and the ledger's relay has sent up to "
                f"{word.position:,}"
            )

    def _keep(self, what: Any) -> None:
        """Give the job one message, and take all of it back where it fails."""
        self._db.execute("SAVEPOINT one")
        try:
            self._results.job.take(self._db, [what])
        except Exception as error:
            if not self._results.is_of_data(error):
                raise
            self._db.execute("ROLLBACK TO SAVEPOINT one")
            said = " ".join(f"{type(error).__name__}: {error}".split())
            raise UnreadableMessage(f"it cannot be kept: {printable(said)}") from None
        self._db.execute("RELEASE SAVEPOINT one")

    def _begin_with(self, word: Word) -> None:
        # Several members may begin at once: the first one decides.
        self._db.execute(
            "UPDATE consumer SET source = ?, origin = ? WHERE source IS NULL", word[:2]
        )
        [kept] = self._db.execute("SELECT source, origin FROM consumer").fetchall()
        if tuple(kept) != word[:2]:
            raise OtherLedger(
                f"another member reads of {kept[0]}, this one of {word.source}"
            )
        self.word = word

    def _position(self, key: str) -> int:
        found = self.positions.get(key, self._results._taken.get(key))
        if found is None:
            row = self._db.execute(
                "SELECT position FROM taken WHERE key = ?", (key,)
            ).fetchone()
            found = 0 if row is None else int(row[0])
            self._results._taken[key] = found
        return found

    def offsets(
        self, following: Mapping[Partition, int], marks: Mapping[str, str]
    ) -> None:
        """Save where each partition goes on, and what each topic is."""
        before_marks = self._results._marks
        self.marks = {
            topic: mark
            for topic, mark in marks.items()
            if before_marks.get(topic) != mark
        }
        if self.marks:
            self._db.executemany(MARKS.replace(), list(self.marks.items()))
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
        before, word = self._results._word, self.word
        # Last, for members wait for each other here.
        if word is not None and (before is None or before.position < word.position):
            self._db.execute(
                "UPDATE consumer SET reached = ? WHERE reached < ?",
                (word.position, word.position),
            )
