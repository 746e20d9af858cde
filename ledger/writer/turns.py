"""One caller at a time does the work of all that wait: flat combining.

A caller puts its ticket in the queue. If nobody leads, it leads, in its own
thread: it takes what waits, works it off as one batch, wakes the others, and hands
the lead to the next that came meanwhile. No other thread runs in between.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from time import sleep
from typing import Generic, TypeVar

JOINING_US = 50
"""How long the lead waits to see whether more callers join, microseconds."""

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Ticket(Generic[Asked, Answer]):
    """What one caller asks; in the end its answer, or the reason for none."""

    __slots__ = ("_wake", "answer", "asked", "failure", "leads", "size")

    def __init__(self, asked: Asked, size: int):
        self.asked = asked
        self.size = size
        self.answer: Answer | None = None
        self.failure: BaseException | None = None
        self.leads = False  # Written under the mutex of its turns.
        self._wake = Lock()
        self._wake.acquire()

    @property
    def settled(self) -> bool:
        """Whether it was answered, or failed."""
        return self.answer is not None or self.failure is not None

    def wait(self) -> None:
        """Until woken: because it is settled, or because it is to lead."""
        self._wake.acquire()

    def wake(self) -> None:
        """Wake the caller that waits."""
        self._wake.release()


class BatchInterrupted(Exception):
    """The caller that led was interrupted; the other callers' outcome is unknown."""


class Turns(Generic[Asked, Answer]):
    """A queue of tickets that their own callers work off, one batch at a time.

    Args:
        work: Settles every ticket of a batch; one it leaves out, as when it is
            interrupted, fails with `BatchInterrupted`.
        most: The size of a batch; a ticket that is larger goes alone.
    """

    def __init__(
        self, work: Callable[[Sequence[Ticket[Asked, Answer]]], None], most: int
    ):
        self._work = work
        self._most = most
        self._queue: deque[Ticket[Asked, Answer]] = deque()
        self._led = False  # While False, the queue is empty.
        self._last = 0  # Tickets in the batch before.
        self._mutex = Lock()  # Over the queue and the lead; never held during work.

    def take(self, ticket: Ticket[Asked, Answer]) -> Answer:
        """Return the ticket's answer, or raise its failure.

        A caller that is interrupted takes its ticket back if nobody began on it;
        what was begun is done all the same and its answer lost. The lead is
        handed on in every case.
        """
        try:
            with self._mutex:
                self._queue.append(ticket)
                if not self._led:
                    ticket.leads = True
                    self._led = True
            if not ticket.leads:
                ticket.wait()
            if ticket.leads:
                self._lead(ticket)
        except BaseException:
            self._leave(ticket)
            raise
        if ticket.failure is not None:
            raise ticket.failure
        assert ticket.answer is not None
        return ticket.answer

    def _let_others_join(self) -> None:
        """Wait a moment while the callers just answered ask again.

        The quickest of them leads next; if it went alone, it would wait for the
        disk alone, and the others for it.
        """
        waiting = 0
        while waiting < len(self._queue) < self._last:
            waiting = len(self._queue)
            sleep(JOINING_US / 1_000_000)

    def _lead(self, leader: Ticket[Asked, Answer]) -> None:
        batch: list[Ticket[Asked, Answer]] = []
        try:
            if self._last > 1:
                self._let_others_join()
            with self._mutex:
                self._fill(batch)
            self._last = len(batch)
            self._work(batch)
        finally:
            for ticket in batch:
                if not ticket.settled:
                    ticket.failure = BatchInterrupted(
                        "the writer was interrupted: ask again under the same id, "
                        "which adds nothing if it was recorded"
                    )
                if ticket is not leader:
                    ticket.wake()
            self._hand_on(leader)

    def _fill(self, batch: list[Ticket[Asked, Answer]]) -> None:
        """Take from the queue in order; the leader's own ticket is its first."""
        size = 0
        while self._queue and (not batch or size + self._queue[0].size <= self._most):
            size += self._queue[0].size
            batch.append(self._queue.popleft())

    def _hand_on(self, leader: Ticket[Asked, Answer]) -> None:
        with self._mutex:
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].wake()
            else:
                self._led = False
            leader.leads = False

    def _leave(self, ticket: Ticket[Asked, Answer]) -> None:
        with self._mutex:
            if ticket in self._queue:
                self._queue.remove(ticket)
        if ticket.leads:
            self._hand_on(ticket)
