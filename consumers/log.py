"""Events from the ledger's own log, for who has the ledger and no broker."""

from collections.abc import Callable, Collection, Mapping

from consumers.loop import Batch, Message, OtherLedger, Partition
from projections.feed.events.log import Log, events_after, source

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
        moved: Called with each position that was saved.

    Attributes:
        position: The last record that was read.

    Raises:
        OtherLedger: If the target is ahead of the log.
    """

    def __init__(
        self,
        log: Log,
        begins: Callable[[Collection[Partition]], Mapping[Partition, int]],
        *,
        moved: Callable[[int], None] = lambda position: None,
        most: int = MOST,
    ) -> None:
        self._log = log
        self._begins = begins
        self._moved = moved
        self._most = most
        self.source, opened = source(log)
        self._origin = opened.origin
        self.go_back()
        if self.position > log.head():
            raise OtherLedger(
                f"the results hold record {self.position:,}, and the ledger ends at "
                f"{log.head():,}: it was restored to before; delete the results, and "
                "they are made again"
            )

    def go_back(self) -> None:
        """Go back to what is saved."""
        self.position = self._begins([LOG]).get(LOG, 0)

    def poll(self, timeout_ms: int) -> Batch:
        """The next messages, without waiting."""
        rows, messages = events_after(
            self._log, self.position, self._most, self.source, self._origin
        )
        if not rows:
            return Batch((), {})
        self.position = rows[-1].position
        return Batch(
            [
                Message(*LOG, int(headers["ce_sequence"]), key.encode(), value, headers)
                for key, value, pairs in messages
                for headers in [dict(pairs)]
            ],
            {LOG: self.position},
        )

    def saved(self, following: Mapping[Partition, int]) -> None:
        """Say how far it is."""
        self._moved(following[LOG])

    def is_at_end(self) -> bool:
        """Whether all of the log was polled."""
        return self.position >= self._log.head()
