"""How far a consumer group is behind, as a monitor sees it."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from projections.feed.topics import Broker

COUNTED = 10_000
"""Messages that are counted one by one; what is more is estimated by offsets."""


def groups(broker: Broker) -> tuple[str, ...]:
    """The consumer groups that the broker knows, in order."""
    with closing(KafkaAdminClient(**broker.client())) as client:
        return tuple(sorted(str(one["group_id"]) for one in client.list_groups()))


class Lag(NamedTuple):
    """How far behind a group is."""

    messages: int
    exact: bool
    since: datetime | None  # Of the first unread message; None if none is.


def lag(
    broker: Broker, group: str, topics: Sequence[str], *, begun: bool = False
) -> Lag | None:
    """How far a group is behind; None where it has read nothing yet.

    It reads what the group has not: offsets count marks of transactions as well.

    Args:
        begun: That it should have read something: if not, it is behind by all there is.
    """
    consumer = KafkaConsumer(
        **broker.client(),
        group_id=group,  # It joins nothing: it only asks what the group has saved.
        enable_auto_commit=False,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        max_poll_records=COUNTED,
    )
    try:
        parts = [
            TopicPartition(topic, part)
            for topic in topics
            for part in consumer.partitions_for_topic(topic) or ()
        ]
        saved = {one: consumer.committed(one, timeout_ms=10_000) for one in parts}
        if not begun and not any(saved.values()):
            return None
        return _read(consumer, parts, saved)
    finally:
        consumer.close()


def _read(
    consumer: KafkaConsumer,
    parts: Sequence[TopicPartition],
    saved: dict[TopicPartition, int | None],
) -> Lag:
    ends = consumer.end_offsets(list(parts))
    consumer.assign(list(parts))
    for one in parts:
        consumer.seek(one, saved[one] or 0)
    count, first = 0, None
    while count < COUNTED and any(consumer.position(one) < ends[one] for one in parts):
        polled: dict[TopicPartition, list[Any]] = consumer.poll(timeout_ms=500)
        for records in polled.values():
            count += len(records)
            sent = records[0].timestamp
            first = sent if first is None else min(first, sent)
    left = sum(max(0, ends[one] - consumer.position(one)) for one in parts)
    return Lag(
        count + left,
        left == 0,
        None if first is None else datetime.fromtimestamp(first / 1_000, UTC),
    )
