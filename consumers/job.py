"""What a consumer does with what it reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consumers.loop import Item, Message, UnreadableMessage
from ledger.excerpts import printable
from projections.feed.events.message import AnyEvent, NotOurs
from projections.feed.events.message import read as read_event
from projections.feed.topics import EVENTS, Topic
from projections.views.view import Database, Table

Take = Callable[[Database, Sequence[Any]], None]
"""Takes what was read into the tables; the caller holds the transaction."""


def event(message: Message) -> Item:
    """An event of the feed.

    Raises:
        UnreadableMessage: If it is not one, or does not agree with itself.
    """
    kind = message.headers.get("ce_type")
    try:
        found = read_event(message.value, None if kind is None else kind.decode())
    except (NotOurs, UnicodeDecodeError) as reason:
        raise UnreadableMessage(str(reason)) from None
    if fault := _fault(found, message):
        raise UnreadableMessage(fault)
    return Item(found, found.data.position, found.source, found.origin)


def _fault(event: AnyEvent, message: Message) -> str | None:
    """Where an event of the right form contradicts itself; None if it does not."""
    data = event.data
    if event.partitionkey != message.waits_for:
        key = printable(message.waits_for)
        return f"its key is {key!r}, and it says {event.partitionkey!r}"
    sequence = f"{data.position:020d}"
    if event.sequence != sequence or _header(message, "ce_sequence", sequence):
        return f"its sequence is not its position, {data.position:,}"
    stream, _, version = event.id.rpartition("@")
    if stream != event.subject or not version.isdecimal():
        return f"its id is {event.id!r}, and its subject {event.subject!r}"
    if _header(message, "ce_id", event.id):
        return f"its header ce_id is not its id, {event.id!r}"
    premium = data.premium
    if premium is not None and premium.account != (
        f"{premium.scheme}/{premium.scheme_year}/{premium.body}"
    ):
        return f"its premium is {premium.account}, and its parts say otherwise"
    sums: dict[str, int] = {}
    for leg in data.legs:
        sums[leg.measure] = sums.get(leg.measure, 0) + leg.pence
    for measure, pence in sums.items():
        if pence:
            return f"its legs of {measure or 'no measure'} add up to {pence:,} pence"
    return None


def _header(message: Message, name: str, expected: str) -> bool:
    """Whether a header says something else; it may be missing."""
    return message.headers.get(name, expected.encode()) != expected.encode()


@dataclass(frozen=True, slots=True)
class Job:
    """One job of the far end: what it reads, and the tables that hold its results.

    What it takes in is in order within each key, each once.
    """

    name: str  # Also of its consumer group, behind the prefix of the topics.
    about: str
    version: int  # Of its tables: another number, and they are to be made again.
    tables: tuple[Table, ...]
    take: Take
    views: tuple[str, ...] = ()  # SQL that makes what analysts ask.
    indexes: tuple[str, ...] = ()  # SQL; no answer depends on them.
    topics: tuple[Topic, ...] = (EVENTS,)
    read: Callable[[Message], Item] = event
    # Writes the files that are behind the tables, and returns them; called between
    # batches, and again after a kill.
    publish: Callable[[Database, Path], Sequence[Path]] | None = None
