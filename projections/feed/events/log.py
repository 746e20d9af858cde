"""The events of a log in its order, for a relay and for who has the log."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ledger.events import LedgerOpened
from ledger.proof import leaf_hash
from ledger.store.mapper import decode
from ledger.store.rows import EventRow
from projections.feed.events.fields import Origin
from projections.feed.events.message import Message, message, source_of


class Log(Protocol):
    """What the relay needs of the ledger."""

    def head(self) -> int:
        """The last position; 0 when nothing is recorded."""
        ...

    def raw(self, after: int, limit: int) -> Sequence[EventRow]:
        """At most `limit` records after a position, in order."""
        ...

    def wait(self, after: int, timeout_ms: int) -> int:
        """Wait until the log goes beyond a position, or the time is over."""
        ...


class OtherLedger(Exception):
    """It is not the ledger that was meant; nothing was sent."""


class Batch(NamedTuple):
    """Rows that follow each other, and the messages that tell of them."""

    rows: Sequence[EventRow]
    messages: Sequence[Message]


def source(log: Log) -> tuple[str, LedgerOpened]:
    """The URI of a ledger, and how it was opened.

    Raises:
        OtherLedger: If it is not opened yet.
    """
    first = log.raw(0, 1)
    if not first:
        raise OtherLedger("the ledger is empty: run premium init first")
    opened = decode(*first[0]).fact
    assert isinstance(opened, LedgerOpened)
    return source_of(opened.name, leaf_hash(*first[0][1:])), opened


def events_after(
    log: Log, after: int, limit: int, ledger: str, origin: Origin
) -> Batch:
    """What follows a position, of at most so many records.

    Args:
        ledger: The URI of the ledger.
    """
    rows = log.raw(after, limit)
    messages = (message(decode(*row), ledger, origin) for row in rows)
    return Batch(rows, [one for one in messages if one is not None])
