"""Ledger: the one writer, and the only way in.

A command is answered after everything it recorded is on disk. Asking again under
the same id adds nothing and gives the first answer, so that a caller who got no answer
simply asks again.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ledger.recorded import Recorded
from ledger.request import Checked, Outcome, Request
from ledger.store.archive import read, write
from ledger.store.contract import Reading, Store, Unavailable
from ledger.store.mapper import Unreadable, decode
from ledger.store.place import store_at
from ledger.store.reader import LedgerReader, records_of
from ledger.store.rows import Head, instant
from ledger.writer.commitments import SALT_BYTES, SaltSource
from ledger.writer.states import KeptStates, StateBroken
from ledger.writer.turns import BatchInterrupted, Ticket, Turns

if TYPE_CHECKING:
    from ledger.writer.batch import Batch

__all__ = ["BatchInterrupted", "Ledger", "Unavailable", "Unreadable", "WriterFailed"]

MOST_A_BATCH = 512
"""Requests that share a transaction, unless one group is larger."""

MOST_TO_CATCH_UP = 2_000
"""Records of other processes taken in one by one; more, and states are read again."""

Clock = Callable[[], datetime]
"""The present instant, in UTC."""


class WriterFailed(Exception):
    """A bug of ours spoiled a whole batch; nothing of it was recorded."""


class _Ask:
    """What one caller asks at once."""

    __slots__ = ("requests", "together")

    def __init__(self, requests: Sequence[Request], *, together: bool):
        self.requests = requests
        self.together = together  # All or nothing.


_Answers = list[Outcome | Exception]


class Ledger(LedgerReader):
    """One ledger, open. Any number of threads may use it at once.

    Args:
        clock: Gives `recorded_at`; where it steps back, the last one is used again.
        salt: Gives the salts of commitments.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        salt: SaltSource = lambda: secrets.token_bytes(SALT_BYTES),
    ):
        super().__init__(store)
        self._clock = clock
        self._salt = salt
        self._now: Reading | None = None  # The log while a batch is decided.
        self._position = 0  # Up to which the states are brought.
        self._states = KeptStates(self._load)
        self._turns: Turns[_Ask, _Answers] = Turns(self._work, MOST_A_BATCH)

    @classmethod
    def open(cls, db: str | Path, *, create: bool = False) -> Self:
        """Open a ledger file, or with `create` also make one; or a database.

        Args:
            db: A file, or an address that begins with `postgresql://`; nothing is
                made in a database, which `premium migrate` prepares.

        Raises:
            Unavailable: If it is not there, not a ledger, of another schema, or
                held for long by another process. The text says what to do.
        """
        return cls(store_at(db, create=create))

    def close(self) -> None:
        """Let go of the file; what was answered is on disk already."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Asking ---------------------------------------------------------------------------

    def give(self, request: Request) -> Outcome:
        """Answer one request.

        Raises:
            Unavailable: If it could not be recorded, or it is not known whether it
                was: ask again under the same id.
            BatchInterrupted, WriterFailed: As Unavailable, by fault of a neighbour.
        """
        return self._ask((request,), together=False)[0]

    def give_each(self, requests: Sequence[Request]) -> tuple[Outcome, ...]:
        """Answer requests each on its own, in order; later ones see earlier ones.

        Raises:
            Unavailable: And others as `give`; what came before may be recorded, so
                asking for all again under the same ids is safe.
        """
        outcomes: list[Outcome] = []
        for start in range(0, len(requests), MOST_A_BATCH):
            batch = requests[start : start + MOST_A_BATCH]
            outcomes += self._ask(batch, together=False)
        return tuple(outcomes)

    def give_all(self, requests: Sequence[Request]) -> tuple[Outcome, ...]:
        """Answer requests of which all are recorded, or none; see `Batch.group`.

        Raises:
            Unavailable: And others as `give`; all of it is recorded, or nothing.
        """
        return tuple(self._ask(requests, together=True)) if requests else ()

    def rehearse(
        self, requests: Sequence[Request], *, together: bool = False
    ) -> tuple[Outcome, ...]:
        """What `give_each` or, together, `give_all` would answer now.

        It decides on one unchanging view of the log with states of its own, holds
        up no writer, and records nothing, refusals included.
        """
        requests = _checked(requests)
        with self._store.reading() as reading:
            states = KeptStates(lambda stream: records_of(reading.stream(stream)))
            batch, _ = self._batch(reading, states, requests)
            if together:
                return batch.group(requests) if requests else ()
            return tuple(batch.each(request) for request in requests)

    def fill(
        self, lines: Iterable[bytes], progress: write.Progress | None = None
    ) -> write.Header:
        """Take all of an archive into this ledger, which must be empty; or nothing.

        Raises:
            Damaged: At the first line that is not what was written, or is missing.
            NotEmpty: If anything stands in the ledger.
            Unavailable: If it could not be written.
        """
        try:
            with self._store.writing() as writing:
                return read.read(writing, lines, progress)
        except Exception as error:
            unavailable = self._store.unavailable(error)
            if unavailable is None:
                raise
            raise unavailable from error

    def _ask(self, requests: Sequence[Request], *, together: bool) -> list[Outcome]:
        requests = _checked(requests)  # Before others share its transaction.
        ticket: Ticket[_Ask, _Answers] = Ticket(
            _Ask(requests, together=together), len(requests)
        )
        outcomes = []
        for answer in self._turns.take(ticket):
            if isinstance(answer, Exception):
                raise answer
            outcomes.append(answer)
        return outcomes

    # The writer: one thread at a time -------------------------------------------------

    def _work(self, tickets: Sequence[Ticket[_Ask, _Answers]]) -> None:
        """Decide a batch and write it: one transaction, one wait for the disk.

        Stopped before the commit, nothing of the batch is found; after it, all of
        it is, and who asks again is answered `Repeated`.
        """
        requests = [one for ticket in tickets for one in ticket.asked.requests]
        try:
            with self._store.writing() as writing:
                self._now = writing
                batch, head = self._batch(writing, self._states, requests)
                self._catch_up(writing, head)
                answers = [_answer(batch, ticket.asked) for ticket in tickets]
                writing.append(batch.events, batch.commands, batch.texts, batch.parties)
            self._position = head.position + len(batch.events)
            self._states.trim()
        except BaseException as error:
            # What was decided is not on disk, or not known to be.
            self._states.clear()
            self._position = 0
            if not isinstance(error, Exception):
                raise
            for ticket in tickets:
                ticket.failure = self._failure(error)
        else:
            for ticket, answer in zip(tickets, answers, strict=True):
                ticket.answer = answer
        finally:
            self._now = None

    def _batch(
        self, reading: Reading, states: KeptStates, requests: Sequence[Request]
    ) -> tuple["Batch", Head]:
        head, answered = reading.look_up([request.id for request in requests])
        recorded_at = self._clock()
        text = instant(recorded_at)
        if text < head.recorded_at:
            text = head.recorded_at
            recorded_at = datetime.fromisoformat(text)
        # Here, because who only reads needs no decider, and they are most of a start.
        from ledger.writer.batch import Batch  # noqa: PLC0415

        batch = Batch(
            reading=reading,
            head=head,
            states=states,
            answered=answered,
            recorded_at=recorded_at,
            instant=text,
            salt=self._salt,
        )
        return batch, head

    def _catch_up(self, reading: Reading, head: Head) -> None:
        """Take in what other processes recorded since the last batch."""
        new = head.position - self._position
        if 0 < new <= MOST_TO_CATCH_UP:
            for row in reading.events(self._position, new):
                if self._states.keeps(row.stream):
                    self._states.apply(decode(*row))
        elif new != 0:
            self._states.clear()
        self._position = head.position

    def _load(self, stream: str) -> list[Recorded]:
        assert self._now is not None, "states are read while a batch is decided"
        return records_of(self._now.stream(stream))

    def _failure(self, error: Exception) -> Exception:
        failure: Exception | None = self._store.unavailable(error)
        if failure is None and isinstance(error, Unavailable):
            failure = Unavailable(str(error))
        if failure is None:
            failure = WriterFailed(f"nothing was recorded: {error!r}")
        failure.__cause__ = error
        return failure


def _checked(requests: Sequence[Request]) -> Sequence[Request]:
    """The requests, each of which has the form of its command.

    Raises:
        Malformed: At the first that has not; nothing of any is asked.
    """
    if all(isinstance(one, Checked) for one in requests):
        return requests
    # Here, because a reader of lines has checked its requests already.
    from ledger.intake.requests import checked  # noqa: PLC0415

    return [one if isinstance(one, Checked) else checked(one) for one in requests]


def _answer(batch: "Batch", asked: _Ask) -> _Answers:
    """One outcome a request; where a decider broke, its exception alone.

    Other callers' requests in the batch are not concerned: deciding changes
    nothing, and a group is put back.
    """
    answers: _Answers = []
    try:
        if asked.together:
            answers += batch.group(asked.requests)
        else:
            for request in asked.requests:
                answers.append(batch.each(request))
    except StateBroken:
        raise
    except Exception as failure:  # noqa: BLE001 (it is raised to who asked)
        answers.append(failure)
    return answers
