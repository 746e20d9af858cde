"""The topics of the feed, how each is kept, and how they come to be."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from kafka import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError, TopicAlreadyExistsError

from ledger.service import Unavailable

PARTITIONS = 12
"""Of a topic keyed by body. Chosen once: other numbers would move keys."""

LARGEST = 8 * 1024 * 1024
"""Bytes of a message: a rulebook whole, or a payment run of many thousand payments."""

FOR_EVER = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "max.message.bytes": str(LARGEST),
}
LATEST_OF_EACH_KEY = {
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
    "what stands in each account; key: premium, a bar, account",
)
AWARDS = Topic(
    "awards.v1", PARTITIONS, LATEST_OF_EACH_KEY, "how each award stands; key: premium"
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


class BrokerAway(Unavailable):
    """The broker cannot be reached, or its topics are not as they must be."""


class Made(NamedTuple):
    """One topic, and whether it was made now."""

    topic: str
    made: bool
    about: Topic


def make(broker: Broker, replicas: int = 1) -> tuple[Made, ...]:
    """Make the topics that are missing; those that are there must be as stated.

    Raises:
        BrokerAway: If the broker cannot be reached, or a topic has another number of
            partitions: its keys would not be where readers look.
    """
    client = admin(broker)
    try:
        there = set(client.list_topics())
        missing = [one for one in TOPICS if broker.topic(one) not in there]
        for about in missing:
            _create(client, broker.topic(about), about, replicas)
        client.wait_for_topics([broker.topic(one) for one in TOPICS])
        _check(client, broker)
        return tuple(Made(broker.topic(one), one in missing, one) for one in TOPICS)
    except KafkaError as reason:
        raise BrokerAway(_away(broker, reason)) from reason
    finally:
        client.close()


def _create(client: KafkaAdminClient, name: str, about: Topic, replicas: int) -> None:
    topic = {
        "num_partitions": about.partitions,
        "replication_factor": replicas,
        "configs": dict(about.config),
    }
    with suppress(TopicAlreadyExistsError):  # Another may make it meanwhile.
        client.create_topics({name: topic})


def admin(broker: Broker) -> KafkaAdminClient:
    """A client that manages the broker.

    Raises:
        BrokerAway: If the broker cannot be reached.
    """
    try:
        return KafkaAdminClient(**broker.client())
    except KafkaError as reason:
        raise BrokerAway(_away(broker, reason)) from reason


def _away(broker: Broker, reason: KafkaError) -> str:
    what = "does not answer" if isinstance(reason, KafkaTimeoutError) else repr(reason)
    return (
        f"the broker at {broker.bootstrap} {what}: look whether it runs, or name "
        "another one with --broker or KAFKA_BOOTSTRAP_SERVERS"
    )


def _check(client: KafkaAdminClient, broker: Broker) -> None:
    found = {one["name"]: one for one in client.describe_topics()}
    for about in TOPICS:
        name = broker.topic(about)
        if name not in found:
            raise BrokerAway(f"the topic {name} is not there: run premium topics")
        there = len(found[name]["partitions"])
        if there != about.partitions:
            raise BrokerAway(
                f"the topic {name} has {there} partitions, and {about.partitions} are "
                "needed: choose another prefix, or delete it and run premium topics"
            )


def check(broker: Broker) -> None:
    """See that the topics are there, as stated.

    Raises:
        BrokerAway: If they are not, or the broker cannot be reached.
    """
    client = admin(broker)
    try:
        _check(client, broker)
    except KafkaError as reason:
        raise BrokerAway(_away(broker, reason)) from reason
    finally:
        client.close()
