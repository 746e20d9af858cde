"""Makes the topics of the feed on a broker, and checks those that are there.

A feed that has lost its beginning looks like a whole one, and its readers' balances are
wrong. So relay and consumers look first whether the topic keeps all, and kept all.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec
from kafka.errors import KafkaError, KafkaTimeoutError, TopicAlreadyExistsError

from ledger.store.contract import Unavailable
from ledger.wording import counted
from projections.feed.reached import reached
from projections.feed.topics import EVENTS, POSITIONS, TOPICS, Broker, Topic


class BrokerAway(Unavailable):
    """The broker cannot be reached, or its topics are not as they must be."""


class MadeTopic(NamedTuple):
    """One topic as the broker has it."""

    topic: str
    made: bool  # Whether it was made now.
    about: Topic
    id: str  # The broker's: a topic of the same name that is made again has another.
    partitions: int
    config: Mapping[str, str]  # The real values of what is stated.

    @property
    def differs(self) -> Mapping[str, str]:
        """What is not as stated: name -> the value that it must have."""
        stated = self.about.config
        return {
            name: stated[name] for name in stated if self.config[name] != stated[name]
        }


AGAIN = (
    "choose another prefix, run premium topics and premium relay with it, and all is "
    "sent there"
)
"""What is done where events are gone; what was sent cannot be sent there again."""


def make(broker: Broker, replicas: int = 1, *, alter: bool = False) -> list[MadeTopic]:
    """Make the topics that are missing; those that are there must be as stated.

    Args:
        alter: Put the configuration right where it is another one.

    Returns:
        Every topic; `differs` says what of its configuration is not as stated.

    Raises:
        BrokerAway: If the broker cannot be reached; if a topic has another number of
            partitions: its keys would not be where readers look; or if the events that
            were sent are gone.
    """
    with _answering(broker), administering(broker) as client:
        there = set(client.list_topics())
        missing = [one for one in TOPICS if broker.topic(one) not in there]
        if EVENTS in missing and POSITIONS not in missing and reached(broker):
            raise BrokerAway(
                f"the topic {broker.topic(EVENTS)} was deleted, and what was sent with "
                f"it: {AGAIN}"
            )
        for about in missing:
            _create(client, broker.topic(about), about, replicas)
        client.wait_for_topics([broker.topic(one) for one in TOPICS])
        found = standing(client, broker)
        if alter and any(one.differs for one in found):
            _alter(client, found)
            found = standing(client, broker)
        return [one._replace(made=one.about in missing) for one in found]


def _create(client: KafkaAdminClient, name: str, about: Topic, replicas: int) -> None:
    topic = {
        "num_partitions": about.partitions,
        "replication_factor": replicas,
        "configs": dict(about.config),
    }
    with suppress(TopicAlreadyExistsError):  # Another may make it meanwhile.
        client.create_topics({name: topic})


def _alter(client: KafkaAdminClient, found: Sequence[MadeTopic]) -> None:
    client.alter_configs(
        [_resource(one.topic, dict(one.differs)) for one in found if one.differs]
    )


def _resource(topic: str, config: dict[str, str] | None = None) -> ConfigResource:
    return ConfigResource(ConfigResourceType.TOPIC, topic, config)


@contextmanager
def administering(broker: Broker) -> Iterator[KafkaAdminClient]:
    """A client that manages the broker, for a block.

    Raises:
        BrokerAway: If the broker cannot be reached.
    """
    client = admin(broker)
    try:
        yield client
    finally:
        client.close()


def admin(broker: Broker) -> KafkaAdminClient:
    """A client that manages the broker.

    Raises:
        BrokerAway: If the broker cannot be reached.
    """
    with _answering(broker):
        return KafkaAdminClient(**broker.client())


@contextmanager
def _answering(broker: Broker) -> Iterator[None]:
    """Say what an error of the broker means."""
    try:
        yield
    except KafkaError as reason:
        away = isinstance(reason, KafkaTimeoutError)
        raise BrokerAway(
            f"the broker at {broker.bootstrap} "
            f"{'does not answer' if away else repr(reason)}: look whether it runs, or "
            "name another one with --broker or KAFKA_BOOTSTRAP_SERVERS"
        ) from reason


def standing(
    client: KafkaAdminClient, broker: Broker, topics: Sequence[Topic] = TOPICS
) -> list[MadeTopic]:
    """Topics as the broker has them.

    Raises:
        BrokerAway: If one is not there, or has another number of partitions.
        KafkaError: If the broker does not answer.
    """
    names = [broker.topic(one) for one in topics]
    there: Any = {one["name"]: one for one in client.describe_topics()}
    configs = {
        name: {key: one["value"] for key, one in config.items()}
        for name, config in client.describe_configs(
            [_resource(name) for name in names if name in there], config_filter="all"
        )
        .get("topic", {})
        .items()
    }
    found = []
    for about, name in zip(topics, names, strict=True):
        if name not in there:
            remedy = "run premium topics"
            raise BrokerAway(f"the topic {name} is not there: {remedy}")
        partitions = len(there[name]["partitions"])
        if partitions != about.partitions:
            raise BrokerAway(
                f"the topic {name} has {counted(partitions, 'partition')}, and "
                f"{about.partitions} are needed: choose another prefix"
            )
        config = {key: str(configs[name][key]) for key in about.config}
        id = str(there[name]["topic_id"])
        found.append(MadeTopic(name, False, about, id, partitions, config))
    return found


def check(broker: Broker, topics: Sequence[Topic] = TOPICS) -> Sequence[MadeTopic]:
    """See that topics are there and kept as stated.

    Raises:
        BrokerAway: If they are not, or the broker cannot be reached.
    """
    with _answering(broker), administering(broker) as client:
        return kept(client, broker, topics)


def kept(
    client: KafkaAdminClient, broker: Broker, topics: Sequence[Topic] = TOPICS
) -> Sequence[MadeTopic]:
    """See by a client that topics are there and kept as stated.

    Raises:
        BrokerAway: If they are not.
        KafkaError: If the broker does not answer.
    """
    found = standing(client, broker, topics)
    for one in found:
        for name, value in one.differs.items():
            raise BrokerAway(
                f"the topic {one.topic} has {name}={one.config[name]}, and {value} is "
                "needed, or events go from it: run premium topics --alter, and look "
                "whether any are gone already"
            )
    return found


class Held(NamedTuple):
    """Where the messages of a partition begin and end, by offsets."""

    first: int
    end: int


def held(client: KafkaAdminClient, broker: Broker, topic: Topic) -> Mapping[int, Held]:
    """What each partition of a topic holds.

    Raises:
        KafkaError: If the broker does not answer.
    """
    parts = [TopicPartition(broker.topic(topic), n) for n in range(topic.partitions)]
    first = client.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.EARLIEST))
    end = client.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.LATEST))
    return {one.partition: Held(first[one].offset, end[one].offset) for one in parts}


def see_all(broker: Broker, events: int, id: str) -> None:
    """See that the topic of events holds all that a relay says it sent.

    Raises:
        BrokerAway: As `see_whole`, and if the broker cannot be reached.
    """
    with _answering(broker), administering(broker) as client:
        see_whole(client, broker, events, id)


def see_whole(client: KafkaAdminClient, broker: Broker, events: int, id: str) -> None:
    """See that the topic of events holds all that a relay says it sent.

    Args:
        events: How many it has sent; 0: nothing need be there.
        id: The topic's id, as the relay saw it when it sent them.

    Raises:
        BrokerAway: If the topic was made again, lacks its beginning, or holds less.
        KafkaError: If the broker does not answer.
    """
    [topic] = kept(client, broker, (EVENTS,))
    there = held(client, broker, EVENTS)
    lost = {part: one.first for part, one in there.items() if one.first > 0}
    if lost:
        raise BrokerAway(
            f"the topic {topic.topic} has lost its beginning (partition "
            + ", ".join(f"{part} up to offset {n:,}" for part, n in lost.items())
            + f"): {AGAIN}"
        )
    if events and (topic.id != id or sum(one.end for one in there.values()) < events):
        raise BrokerAway(
            f"the topic {topic.topic} does not hold the "
            f"{counted(events, 'event')} that were sent to it: it was made again, or "
            f"cut short; {AGAIN}"
        )
