"""Makes the topics of the feed on a broker, and checks those that are there."""

from contextlib import suppress
from typing import NamedTuple

from kafka import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError, TopicAlreadyExistsError

from ledger.store.contract import Unavailable
from projections.feed.topics import TOPICS, Broker, Topic


class BrokerAway(Unavailable):
    """The broker cannot be reached, or its topics are not as they must be."""


class MadeTopic(NamedTuple):
    """One topic, and whether it was made now."""

    topic: str
    made: bool
    about: Topic


def make(broker: Broker, replicas: int = 1) -> tuple[MadeTopic, ...]:
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
        return tuple(
            MadeTopic(broker.topic(one), one in missing, one) for one in TOPICS
        )
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
