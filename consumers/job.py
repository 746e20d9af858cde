"""What a consumer does with what it reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consumers.loop import Item, Message, UnreadableMessage
from projections.feed.events.message import NotOurs
from projections.feed.events.message import read as read_event
from projections.feed.topics import EVENTS, Topic
from projections.views.view import Database, Table

Take = Callable[[Database, Sequence[Any]], None]
"""Takes what was read into the tables; the caller holds the transaction."""


def event(message: Message) -> Item:
    """An event of the feed.

    Raises:
        UnreadableMessage: If it is not one, or its key is not the one it names itself.
    """
    kind = message.headers.get("ce_type")
    try:
        found = read_event(message.value, None if kind is None else kind.decode())
    except (NotOurs, UnicodeDecodeError) as reason:
        raise UnreadableMessage(str(reason)) from None
    if found.partitionkey != message.waits_for:
        raise UnreadableMessage(
            f"its key is {message.waits_for!r}, and it says {found.partitionkey!r}"
        )
    return Item(found, found.data.position, found.source)


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
