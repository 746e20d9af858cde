"""The rows of the tables of every store, and what may be appended."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple


class EventRow(NamedTuple):
    """One record as stored."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


class CommandRow(NamedTuple):
    """One command that was answered: what makes a repetition harmless."""

    number: int  # From 1, without gaps, in the order in which they were answered.
    id: str
    hash: str  # The request's, without texts and names.
    outcome: str  # `appended` or `refused`.
    recorded_at: str  # UTC, always with microseconds, so that text sorts as time.
    first_position: int | None  # None if nothing was recorded.
    count: int  # type: ignore[assignment]  # Of records; they stand side by side.
    refusal: str | None  # JSON: its name and its numbers.
    digest: str  # `proof.row_digest` of the columns before it.


class TextRow(NamedTuple):
    """Prose beside the log; deleting it leaves every proof as it was."""

    commitment: str
    salt: bytes
    text: str


class PartyRow(NamedTuple):
    """A party's name beside the log, once for each commitment made to it."""

    party: str
    commitment: str
    salt: bytes
    name: str


class Head(NamedTuple):
    """How far the log has got."""

    position: int  # 0 for an empty log.
    number: int  # Of the last command, 0 where there is none.
    recorded_at: str  # Of the last command, empty where there is none.


class NotAppendable(ValueError):
    """Rows that would break the log's own rules: a bug here, and nothing is written."""


def instant(at: datetime) -> str:
    """An instant as rows hold it: UTC, always of one length, so that it sorts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


_PIECE = r"[A-Za-z0-9._~+:%-]+"
_STREAM = re.compile(rf"{_PIECE}(?:/{_PIECE})*")
_TOPIC = re.compile(r"[a-z]+(?:-[a-z]+)*\.v[1-9][0-9]*")


@lru_cache(maxsize=4_096)
def _is_stream(name: str) -> bool:
    return _STREAM.fullmatch(name) is not None


@lru_cache(maxsize=1_024)
def _is_topic(name: str) -> bool:
    return _TOPIC.fullmatch(name) is not None


def check(row: EventRow) -> None:
    """Check what can be seen of a row alone; its place is checked as it is written.

    Raises:
        NotAppendable: If its stream or topic is not of the grammar, or its state is
            not a JSON object; its ends are looked at, the mapper wrote what is between.
    """
    if not _is_stream(row.stream):
        raise NotAppendable(f"{row.stream!r} is not the name of a stream")
    if not _is_topic(row.topic):
        raise NotAppendable(f"{row.topic!r} is not a topic: write name.v1")
    if not (row.state.startswith(b"{") and row.state.endswith(b"}")):
        raise NotAppendable(
            f"the state for position {row.position} is not a JSON object"
        )
