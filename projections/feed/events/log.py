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


class Last(NamedTuple):
    """The last record that was read of a log: it must be there still."""

    position: int
    leaf: bytes  # Its leaf hash.


NONE_YET = Last(0, b"")


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


def last_of(row: EventRow) -> Last:
    """A row as the last one that was read."""
    return Last(row.position, leaf_hash(*row[1:]))


def rows_behind(log: Log, last: Last, limit: int) -> Sequence[EventRow]:
    """At most so many rows behind the last one that was read.

    Raises:
        OtherLedger: If that one is not as it was: the ledger was put back, or changed.
    """
    if last == NONE_YET:
        return log.raw(0, limit)
    found = log.raw(last.position - 1, limit + 1)
    if not found or last_of(found[0]) != last:
        raise put_back(last.position, log.head())
    return found[1:]


def put_back(position: int, head: int) -> OtherLedger:
    """What is said of a log that is not the one that was read."""
    is_short = head < position
    what = f"the ledger ends at {head:,}" if is_short else "it is another one now"
    return OtherLedger(
        f"record {position:,} was read, and {what}: look with premium verify, and put "
        "back the ledger that holds it; if the ledger stays as it is, give another "
        "--prefix to the relay and to what reads from it, for what was sent stays sent"
    )


def events_behind(
    log: Log, last: Last, limit: int, ledger: str, origin: Origin
) -> Batch:
    """What follows the last record that was read, of at most so many records.

    Args:
        ledger: The URI of the ledger.

    Raises:
        OtherLedger: If the log does not hold that record as it was.
    """
    rows = rows_behind(log, last, limit)
    messages = (message(decode(*row), ledger, origin) for row in rows)
    return Batch(rows, [one for one in messages if one is not None])
