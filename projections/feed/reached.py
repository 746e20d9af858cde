"""How far each ledger's relay is, and what it has sent, by the topic of positions."""

import json
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError
from pydantic import TypeAdapter, ValidationError

from projections.feed.events.fields import Origin
from projections.feed.topics import POSITIONS, Broker


class Reached(NamedTuple):
    """How far a relay is, as it says itself with each batch."""

    source: str  # The ledger, by its URI.
    origin: Origin
    position: int
    leaf: str  # Leaf hash of the record at that position, in hexadecimal.
    root: str  # Of the tree of all records up to it (RFC 9162), in hexadecimal.
    events: int  # How many events it has sent.
    topic: str  # The broker's id of the topic that holds them.
    at: str  # When it got there, UTC.

    def value(self) -> bytes:
        """The message's value; the source is its key."""
        said = self._asdict()
        del said["source"]
        return json.dumps(said).encode()


_READ = TypeAdapter(Reached)
WAIT_S = 30
"""How long the end of the topic may take to be read, seconds."""


class Unknown(Exception):
    """A message of the topic of positions that no relay of this version wrote."""


def reached(broker: Broker) -> tuple[Reached, ...]:
    """How far each ledger's relay is.

    Raises:
        Unknown: If a message of the topic is not a relay's.
    """
    with closing(Positions(broker)) as positions:
        return tuple(positions.latest().values())


def now() -> str:
    """When it is, as positions say it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Positions:
    """The topic of positions, read from its end as it grows."""

    def __init__(self, broker: Broker) -> None:
        self._part = TopicPartition(broker.topic(POSITIONS), 0)
        self._found: dict[str, Reached] = {}
        self._consumer = KafkaConsumer(
            **broker.client(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            retry_backoff_ms=5,
        )
        try:
            self._consumer.assign([self._part])
            first = self._consumer.beginning_offsets([self._part])[self._part]
            end = self._end()
            # It grows with each batch and is compacted: most of it is of no interest.
            for back in (100, 10_000, end):
                self._consumer.seek(self._part, max(first, end - back))
                if self.latest() or end - back <= first:
                    break
        except BaseException:
            self.close()
            raise

    def _end(self) -> int:
        return int(self._consumer.end_offsets([self._part])[self._part])

    def latest(self) -> dict[str, Reached]:
        """How far each ledger's relay is now, by its source.

        Raises:
            Unknown: If a message of the topic is not a relay's.
            KafkaTimeoutError: If the broker no longer gives what it said is there: one
                that was killed may have lost it; end the process and start another.
        """
        end, until = self._end(), time.monotonic() + WAIT_S
        # Marks of transactions have offsets of their own, and are not records.
        while self._consumer.position(self._part) < end:
            if time.monotonic() > until:
                raise KafkaTimeoutError(f"{self._part.topic} was not read to its end")
            for records in self._consumer.poll(timeout_ms=500).values():
                for record in records:
                    one = self._read(record.key, record.value, record.offset)
                    self._found[one.source] = one
        return self._found

    def _read(self, key: bytes | None, value: bytes | None, offset: int) -> Reached:
        try:
            source = (key or b"").decode()
            return _READ.validate_python({"source": source, **json.loads(value or b"")})
        except (ValueError, ValidationError, TypeError):
            raise Unknown(
                f"message {offset} of {self._part.topic} was not written by a relay of "
                "this version: give another --prefix, and all is sent there"
            ) from None

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()
