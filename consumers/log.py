"""Events from the ledger's own log, for who has the ledger and no broker."""

from collections.abc import Callable, Collection, Mapping

from consumers.loop import Batch, Message, OtherLedger, Partition, Word
from projections.feed.events.log import (
    NONE_YET,
    Last,
    Log,
    events_behind,
    last_of,
    source,
)
from projections.feed.events.log import OtherLedger as PutBack

MOST = 2_000
"""Records a batch."""

LOG = Partition("log", 0)
"""Its place among the saved offsets: beside those of topics, and never one of them."""


class LogEvents:
    """The events of a log, read from where a target says.

    They are the messages that a relay would send, so a target that took them from the
    topics before takes none twice.

    Args:
        begins: Where each of some partitions goes on.
        mark: What the log was there: the leaf hash of the last record that was read.
        moved: Called with each position that was saved.

    Raises:
        OtherLedger: Here and in `poll`, if the log does not hold what was read of it.
    """

    def __init__(
        self,
        log: Log,
        begins: Callable[[Collection[Partition]], Mapping[Partition, int]],
        mark: Callable[[str], str | None],
        *,
        moved: Callable[[int], None] = lambda position: None,
        most: int = MOST,
    ) -> None:
        self._log = log
        self._begins = begins
        self._mark = mark
        self._moved = moved
        self._most = most
        self.source, opened = source(log)
        self._origin = opened.origin
        self.go_back()
        self._behind(0)

    def go_back(self) -> None:
        """Go back to what is saved."""
        position = self._begins([LOG]).get(LOG, 0)
        leaf = bytes.fromhex(self._mark(LOG.topic) or "")
        self._last = Last(position, leaf) if position else NONE_YET

    @property
    def position(self) -> int:
        """The last record that was read."""
        return self._last.position

    def _behind(self, most: int) -> tuple[Batch, Last]:
        try:
            rows, messages = events_behind(
                self._log, self._last, most, self.source, self._origin
            )
        except PutBack:
            raise OtherLedger(
                f"the results hold record {self.position:,}, and the ledger, which "
                f"ends at {self._log.head():,}, does not hold it: it is another one, "
                "or it was restored to before; name another place, or delete the "
                "results, and they are made again"
            ) from None
        if not rows:
            return Batch((), {}), self._last
        last = last_of(rows[-1])
        return Batch(
            [
                Message(*LOG, int(headers["ce_sequence"]), key.encode(), value, headers)
                for key, value, pairs in messages
                for headers in [dict(pairs)]
            ],
            {LOG: last.position},
            Word(self.source, self._origin, last.position),
            {LOG.topic: last.leaf.hex()},
        ), last

    def poll(self, timeout_ms: int) -> Batch:
        """The next messages, without waiting."""
        batch, self._last = self._behind(self._most)
        return batch

    def saved(self, following: Mapping[Partition, int]) -> None:
        """Say how far it is."""
        self._moved(following[LOG])

    def is_at_end(self) -> bool:
        """Whether all of the log was polled."""
        return self.position >= self._log.head()
