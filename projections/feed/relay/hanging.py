"""Ends transactions of a relay that a broker acknowledged and then forgot.

A broker that is killed within milliseconds of a commit may come back, call the
transaction complete, and never have written its marks into the partitions (seen with
Kafka 4.3.1, one broker). What was sent in it stays open there: invisible to readers of
committed messages, the relay's position included, until the next mark of the same
producer makes all of it visible. A relay that begins from the visible position
would send all of it a second time. So a relay that begins looks, and ends what is open
according to what is visible.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from typing import Any, NamedTuple

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import AbortTransactionSpec

from projections.feed.topics import EVENTS, POSITIONS, Broker

BACK = 500
"""Offsets from the end of a partition in which its last visible event lies."""


class Hanging(NamedTuple):
    """What is open in one partition."""

    partition: TopicPartition
    producer: int
    epoch: int
    coordinator: int
    offset: int  # Where it begins.


class _Ending(KafkaAdminClient):  # type: ignore[misc]
    """A client that can also write the mark of a commit; the library has the other."""

    commits = False

    def _abort_transaction_request(self, spec: AbortTransactionSpec) -> Any:
        request = KafkaAdminClient._abort_transaction_request(spec)
        request.markers[0].transaction_result = self.commits
        return request

    def end(self, one: Hanging, *, commit: bool) -> None:
        """Write the mark that is missing."""
        self.commits = commit
        self.abort_transaction(
            AbortTransactionSpec(
                one.partition, one.producer, one.epoch, one.coordinator
            )
        )


def settle(broker: Broker, ledger: str, known: int) -> Sequence[tuple[Hanging, bool]]:
    """End what a ledger's relay left open in its topics; it has nothing open itself.

    What others have open there, such as the relay of another ledger, is left as it is.

    Args:
        ledger: Its URI.
        known: The position that readers of committed messages see.

    Returns:
        What was ended, and whether as committed. That is so where part of it is
        visible, or where the position is beyond it: it was committed then. Otherwise
        nobody has seen any of it, and it is sent again.

    Raises:
        KafkaError: If the broker does not let this user end transactions, or is away.
    """
    topic, positions = broker.topic(EVENTS), broker.topic(POSITIONS)
    parts = [TopicPartition(topic, one) for one in range(EVENTS.partitions)]
    with closing(_Ending(**broker.client())) as client:
        found = client.describe_producers([*parts, TopicPartition(positions, 0)])
        hanging = [(one, _first(broker, one)) for one in _open(found)]
        ours = [(one, at.position) for one, at in hanging if at and at.source == ledger]
        if not ours:
            return ()
        visible = max(
            (
                one.position
                for one in _sent(broker, parts, "read_committed")
                if one.source == ledger
            ),
            default=0,
        )
        ended = []
        for one, begins in ours:
            # An open position is beyond the one that is known.
            first = begins if one.partition.topic == topic else known + 1
            commit = visible > known or first <= known
            client.end(one, commit=commit)
            ended.append((one, commit))
        return ended


def _open(found: Mapping[TopicPartition, Any]) -> Iterator[Hanging]:
    for partition, state in found.items():
        for one in state.active_producers:
            if one.current_transaction_start_offset >= 0:
                yield Hanging(
                    partition,
                    one.producer_id,
                    one.producer_epoch,
                    one.coordinator_epoch,
                    one.current_transaction_start_offset,
                )


class _Sent(NamedTuple):
    """What a message of the two topics says of itself."""

    source: str
    position: int


def _first(broker: Broker, one: Hanging) -> _Sent | None:
    """What is first of what is open in a partition; None if it is nobody's we know."""
    begins = {one.partition: one.offset}
    found = _sent(broker, [one.partition], "read_uncommitted", begins)
    return next(iter(found), None)


def _sent(
    broker: Broker,
    parts: Sequence[TopicPartition],
    isolation: str,
    begins: Mapping[TopicPartition, int] | None = None,
) -> Iterator[_Sent]:
    """What the last messages of partitions say, or those behind an offset."""
    consumer = KafkaConsumer(
        **broker.client(),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=isolation,
        retry_backoff_ms=5,
    )
    with closing(consumer):
        consumer.assign(list(parts))
        first = consumer.beginning_offsets(list(parts))
        ends = consumer.end_offsets(list(parts))
        for one in parts:
            start = (begins or {}).get(one, ends[one] - BACK)
            consumer.seek(one, max(first[one], start))
        while any(consumer.position(one) < ends[one] for one in parts):
            for records in consumer.poll(timeout_ms=500).values():
                for record in records:
                    said = _said(record)
                    if said is not None:
                        yield said


def _said(record: Any) -> _Sent | None:
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        value = json.loads(record.value)
        if "data" in value:
            return _Sent(value["source"], value["data"]["position"])
        return _Sent(record.key.decode(), value["position"])
    return None
