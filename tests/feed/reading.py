"""Reads topics to their end, as any other program would."""

from typing import Any

from kafka import KafkaConsumer, TopicPartition

from projections.feed.topics import Broker, Topic


def all_of(
    broker: Broker, topic: Topic, isolation: str = "read_committed"
) -> list[Any]:
    """Every record of a topic that is there now, partition by partition, in order."""
    consumer = KafkaConsumer(
        **broker.client(),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=isolation,
    )
    name = broker.topic(topic)
    try:
        parts = [TopicPartition(name, one) for one in range(topic.partitions)]
        consumer.assign(parts)
        ends = consumer.end_offsets(parts)
        found: list[Any] = []
        while any(consumer.position(one) < ends[one] for one in parts):
            for records in consumer.poll(timeout_ms=200).values():
                found += records
        return sorted(found, key=lambda one: (one.partition, one.offset))
    finally:
        consumer.close()
