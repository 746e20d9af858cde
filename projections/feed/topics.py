"""The topics of the feed, how each is kept, and what they are called on a broker."""

from collections.abc import Mapping
from typing import Any, NamedTuple

PARTITIONS = 12
"""Of a topic keyed by body. Chosen once: other numbers would move keys."""

LARGEST = 8 * 1024 * 1024
"""Bytes of a message: a rulebook whole, or a payment run of many thousand payments."""

FOR_EVER = {
    "compression.type": "gzip",  # What every client reads with no other library.
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "max.message.bytes": str(LARGEST),
}
LATEST_OF_EACH_KEY = {
    "compression.type": "gzip",
    "cleanup.policy": "compact",
    "segment.bytes": str(1024 * 1024),
    "min.cleanable.dirty.ratio": "0.1",
}


class Topic(NamedTuple):
    """One topic, and how the broker keeps it."""

    name: str  # Behind the prefix, such as `events.v1`.
    partitions: int
    config: Mapping[str, str]
    holds: str


EVENTS = Topic(
    "events.v1",
    PARTITIONS,
    FOR_EVER,
    "every public event, a CloudEvent; key: body",
)
POSITIONS = Topic(
    "relay-positions.v1", 1, LATEST_OF_EACH_KEY, "how far the relay is; key: the ledger"
)
BALANCES = Topic(
    "balances.v1",
    PARTITIONS,
    LATEST_OF_EACH_KEY,
    "the balance of each account; key: premium, a bar, account",
)
AWARDS = Topic(
    "awards.v1", PARTITIONS, LATEST_OF_EACH_KEY, "the state of each award; key: premium"
)
RESULTS = Topic(
    "results.v1", PARTITIONS, FOR_EVER, "inbound: measured results; key: the subject"
)
CONFIRMATIONS = Topic(
    "payment-confirmations.v1",
    PARTITIONS,
    FOR_EVER,
    "inbound: payments; key: body",
)
REPLIES = Topic(
    "replies.v1", PARTITIONS, FOR_EVER, "what became of each inbound message; its key"
)
TOPICS = (EVENTS, POSITIONS, BALANCES, AWARDS, RESULTS, CONFIRMATIONS, REPLIES)


ANSWERS_MS = 10_000
"""How long a broker may take to answer a client that starts, milliseconds."""


class Broker(NamedTuple):
    """Which brokers, and what the topics are called there."""

    bootstrap: str  # host:port, or several with commas.
    prefix: str = "premium"
    security: Mapping[str, Any] = {}  # As kafka-python's clients take it.

    def topic(self, topic: Topic) -> str:
        """The whole name of a topic."""
        return f"{self.prefix}.{topic.name}"

    def client(self) -> dict[str, Any]:
        """What every client is given."""
        return {
            "bootstrap_servers": self.bootstrap.split(","),
            "bootstrap_timeout_ms": ANSWERS_MS,
            # An outage of the broker is over when it is over, not half a minute later.
            "reconnect_backoff_max_ms": 1_000,
            **self.security,
        }
