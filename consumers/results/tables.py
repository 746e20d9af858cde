"""The tables that every consumer keeps beside its results."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consumers.loop import Message
from projections.views.view import Table

CONSUMER = Table(
    "consumer",
    {
        "job": "TEXT NOT NULL",
        "version": "INTEGER NOT NULL",
        "place": "TEXT NOT NULL",  # Drawn when it was made: two places are two.
        "source": "TEXT",  # The ledger the results are of; None before the first.
        "origin": "TEXT",
        "reached": "INTEGER NOT NULL",  # Up to where it says that it has sent.
    },
    keys=1,
)
MARKS = Table("marks", {"topic": "TEXT NOT NULL", "mark": "TEXT NOT NULL"}, keys=1)
"""What each topic was when its offsets were saved: made again, it has another id."""

OFFSETS = Table(
    "offsets",
    {
        "topic": "TEXT NOT NULL",
        "part": "INTEGER NOT NULL",
        "following": "INTEGER NOT NULL",  # The offset to go on with.
    },
    keys=2,
)
TAKEN = Table("taken", {"key": "TEXT NOT NULL", "position": "INTEGER NOT NULL"}, keys=1)
"""The last position taken of each key: what comes again is known."""

PARKED = Table(
    "parked",
    {
        "topic": "TEXT NOT NULL",
        "part": "INTEGER NOT NULL",
        "place": "INTEGER NOT NULL",  # Its offset.
        "key": "TEXT NOT NULL",  # What waits behind it.
        "raw_key": "BLOB",
        "value": "BLOB",
        "headers": "TEXT NOT NULL",  # JSON; bytes as Latin-1.
        "why": "TEXT NOT NULL",
        "at": "TEXT NOT NULL",  # When it was parked, UTC.
    },
    keys=3,
)
DISCARDED = Table(
    "discarded",
    {
        **PARKED.columns,
        "discarded_why": "TEXT NOT NULL",
        "discarded_by": "TEXT NOT NULL",
        "discarded_at": "TEXT NOT NULL",
    },
    keys=3,
)
TABLES = (CONSUMER, MARKS, OFFSETS, TAKEN, PARKED, DISCARDED)
"""The tables of every consumer."""


def parked_row(message: Message, why: str, at: datetime) -> tuple[Any, ...]:
    """A parked message as its table holds it."""
    headers = {name: value.decode("latin-1") for name, value in message.headers.items()}
    return (
        *(message.topic, message.partition, message.offset, message.waits_for),
        *(message.key, message.value, json.dumps(headers), why),
        at.isoformat(timespec="milliseconds"),
    )


def message_of(row: Sequence[Any]) -> Message:
    """A parked message from its row."""
    topic, part, place, _, raw_key, value, headers, *_ = row
    read = {name: text.encode("latin-1") for name, text in json.loads(headers).items()}
    return Message(topic, part, place, raw_key, value, read)
