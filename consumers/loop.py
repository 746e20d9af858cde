"""The loop of every consumer: a batch, its results and its offsets in one transaction.

What arrives twice is taken once: each key remembers the last position taken. What
cannot be read is parked with the reason, and its key waits behind it, for a balance
that skips an event is wrong and does not look so. Any other error ends the process
with nothing saved, and the next one gets the whole batch again. `service.py` takes
batch after batch, and goes back where another member was quicker.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


class Message(NamedTuple):
    """One message as the broker gave it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]

    @property
    def waits_for(self) -> str:
        """The key whose messages keep their order; text, whatever the bytes are."""
        text = (self.key or b"").decode(errors="backslashreplace")
        return text.replace("\0", "\\x00")  # PostgreSQL holds no such character.


class Partition(NamedTuple):
    """One partition of a topic."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages in the order of each partition, and where each goes on behind them."""

    messages: Sequence[Message]
    following: Mapping[Partition, int]


class UnreadableMessage(ValueError):
    """A message that this program cannot take in; it says why."""


class Overtaken(Exception):
    """Another process went on with a partition meanwhile; nothing was saved."""


class OtherLedger(Exception):
    """The results are of one ledger, and a message tells of another; nothing saved."""


class Item(NamedTuple):
    """A message that was read."""

    what: Any
    position: int | None = None  # Grows within a key; None where twice is harmless.
    source: str | None = None  # The ledger it tells of, where it tells of one.


class Source(Protocol):
    """Where messages come from."""

    def poll(self, timeout_ms: int) -> Batch:
        """The next messages; none when the time is over.

        It begins where the target's saved offsets say, whatever was polled before.
        """
        ...

    def saved(self, following: Mapping[Partition, int]) -> None:
        """Called with what the target has saved; for monitoring alone."""
        ...


class Saving(Protocol):
    """One transaction on a target."""

    def is_parked(self, key: str) -> bool:
        """Whether messages of a key wait."""
        ...

    def park(self, message: Message, why: str) -> None:
        """Set a message aside for people."""
        ...

    def read(self, message: Message) -> Item:
        """What a message says to this consumer's job.

        Raises:
            UnreadableMessage: If nothing can be made of it.
        """
        ...

    def apply(self, key: str, item: Item) -> bool:
        """Take it in, unless it was before; returns whether it was taken in now.

        Raises:
            OtherLedger: If it tells of another ledger than those before it.
        """
        ...

    def offsets(self, following: Mapping[Partition, int]) -> None:
        """Save where each partition goes on.

        Raises:
            Overtaken: If another process has saved another place meanwhile.
        """
        ...


class Target(Protocol):
    """Where results lie, and the offsets with them."""

    def transaction(self) -> AbstractContextManager[Saving]:
        """All of the block is saved when it ends, or nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Took:
    """What became of one batch."""

    messages: int = 0
    applied: int = 0
    parked: int = 0


WAITS = "it waits behind an earlier one of its key"


def run_once(source: Source, target: Target, timeout_ms: int = 1_000) -> Took:
    """Take in one batch: results, parked messages and offsets in one transaction.

    Killed before its end, nothing of the batch is found, and it comes again; after
    it, all of it is, and what comes again is known.

    Raises:
        Overtaken: If another process has these partitions now; poll again.
    """
    batch = source.poll(timeout_ms)
    if not batch.messages:
        return Took()
    applied = parked = 0
    with target.transaction() as saving:
        for message in batch.messages:
            key = message.waits_for
            if saving.is_parked(key):
                saving.park(message, WAITS)
                parked += 1
                continue
            try:
                applied += saving.apply(key, saving.read(message))
            except UnreadableMessage as reason:
                saving.park(message, str(reason))
                parked += 1
        saving.offsets(batch.following)
    source.saved(batch.following)
    return Took(len(batch.messages), applied, parked)
