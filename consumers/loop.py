"""The loop of every consumer: a batch, its results and its offsets in one transaction.

What arrives twice is taken once: each key remembers the last position taken. What
cannot be read, or not be kept, is parked with the reason, and its key waits behind
it, for a balance that skips an event is wrong and does not look so. Any other error
ends the process with nothing saved, and the next one gets the whole batch again.
`service.py` takes batch after batch, and goes back where another member was quicker.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
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


class Word(NamedTuple):
    """What a ledger, or its relay, says it has sent: nothing else is true."""

    source: str  # The ledger, by its URI.
    origin: str
    position: int  # Of the last record that was sent.


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages in the order of each partition, and where each goes on behind them."""

    messages: Sequence[Message]
    following: Mapping[Partition, int]
    word: Word | None = None  # None where the messages tell of no ledger.
    marks: Mapping[str, str] = field(default_factory=dict)  # Topic -> what it is.


class UnreadableMessage(ValueError):
    """A message that this program cannot take in; it says why."""


class Overtaken(Exception):
    """Another process went on with a partition meanwhile; nothing was saved."""


class OtherLedger(Exception):
    """The results are of one ledger, and what arrives of another; nothing saved."""


class Item(NamedTuple):
    """A message that was read."""

    what: Any
    position: int | None = None  # Grows within a key; None where twice is harmless.
    source: str | None = None  # The ledger it tells of, where it tells of one.
    origin: str | None = None


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

    def heed(self, word: Word) -> None:
        """Hold what is read against what its ledger says.

        Raises:
            OtherLedger: If the results are of another ledger.
        """
        ...

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
            UnreadableMessage: If it cannot be: it tells of another ledger, or of what
                was never sent; or, one by one, it cannot be kept.
        """
        ...

    def offsets(
        self, following: Mapping[Partition, int], marks: Mapping[str, str]
    ) -> None:
        """Save where each partition goes on, and what each topic is.

        Raises:
            Overtaken: If another process has saved another place meanwhile.
        """
        ...


class Target(Protocol):
    """Where results lie, and the offsets with them."""

    def transaction(
        self, *, one_by_one: bool = False
    ) -> AbstractContextManager[Saving]:
        """All of the block is saved when it ends, or nothing.

        Args:
            one_by_one: Each message is kept as it is applied, or not at all.
        """
        ...

    def is_of_data(self, error: Exception) -> bool:
        """Whether an error is about what was to be kept, and would come again."""
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
    try:
        took = _take(target, batch)
    except Exception as error:
        if not target.is_of_data(error):
            raise
        # One of them cannot be kept, and the others are not to wait for it.
        took = _take(target, batch, one_by_one=True)
    source.saved(batch.following)
    return took


def _take(target: Target, batch: Batch, *, one_by_one: bool = False) -> Took:
    applied = parked = 0
    with target.transaction(one_by_one=one_by_one) as saving:
        if batch.word is not None:
            saving.heed(batch.word)
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
        saving.offsets(batch.following, batch.marks)
    return Took(len(batch.messages), applied, parked)
