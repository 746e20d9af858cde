"""Messages from Kafka, as one member of a consumer group."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from consumers.kafka.sent import Sent
from consumers.loop import Batch, Message, Partition
from projections.feed.admin import AGAIN, BrokerAway
from projections.feed.topics import Broker

MOST = 2_000
"""Messages a batch."""


class Topics:
    """Topics of a broker, read from where a target says.

    The members of a group share the partitions; one that joins or dies moves some of
    them, and the one that gets them begins where the target's saved offset says.

    Args:
        group: Members with the same name share the work.
        begins: Where each of some partitions goes on; those it leaves out, at the
            beginning. Asked whenever partitions are given to this member.
        marks: Topic -> its id, as the broker has it.
        sent: What the relay says it has sent, where the topics hold its events.
        member: A name within the group. A process that is started again under the
            name of a dead one gets its partitions at once; without one, only after
            the group has missed the dead one for `session_ms`.
    """

    def __init__(
        self,
        broker: Broker,
        topics: Sequence[str],
        group: str,
        begins: Callable[[Collection[Partition]], Mapping[Partition, int]],
        *,
        marks: Mapping[str, str],
        sent: Sent | None = None,
        member: str | None = None,
        most: int = MOST,
        session_ms: int = 10_000,
    ) -> None:
        self._begins = begins
        self._most = most
        self._marks = marks
        self._sent = sent
        self._next: dict[TopicPartition, int] = {}
        self._consumer = KafkaConsumer(
            **broker.client(),
            group_id=group,
            group_instance_id=member,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_records=most,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=session_ms // 3,
            retry_backoff_ms=20,
        )
        self._given = _Given()
        self._consumer.subscribe(list(topics), listener=self._given)

    def _begin(self, partitions: Collection[TopicPartition]) -> None:
        begins = self._begins([Partition(*one) for one in partitions])
        for one in partitions:
            self._next[one] = begins.get(Partition(*one), 0)
            self._consumer.seek(one, self._next[one])
        self._see_first(partitions)

    def _see_first(self, partitions: Collection[TopicPartition]) -> None:
        """See that no message is gone between what was read and what is there.

        Raises:
            BrokerAway: If any is, or if there is less than was read.
        """
        if not partitions:
            return
        first = self._consumer.beginning_offsets(list(partitions))
        end = self._consumer.end_offsets(list(partitions))
        for one in partitions:
            if not first[one] <= self._next[one] <= end[one]:
                raise BrokerAway(
                    f"partition {one.partition} of {one.topic} holds offsets "
                    f"{first[one]:,} to {end[one]:,}, and {self._next[one]:,} is next "
                    f"to be read: what was between is gone; {AGAIN}"
                )

    def poll(self, timeout_ms: int) -> Batch:
        """The next messages; none when the time is over.

        Raises:
            BrokerAway: If messages are gone that were not read yet.
            Silent: If no relay says that it sent them.
        """
        polled: dict[TopicPartition, list[Any]] = self._consumer.poll(timeout_ms)
        given = self._given.take()
        if given:
            # What was polled of them began where Kafka's own offsets say.
            polled = {one: polled[one] for one in polled if one not in given}
            self._begin(given)
        # Marks of transactions have offsets too, so a gap by itself is not a loss.
        self._see_first(
            [one for one in polled if polled[one][0].offset > self._next[one]]
        )
        messages: list[Message] = []
        following: dict[Partition, int] = {}
        for partition, records in polled.items():
            messages += [
                Message(
                    record.topic,
                    record.partition,
                    record.offset,
                    record.key,
                    record.value,
                    dict(record.headers),
                )
                for record in records
            ]
            self._next[partition] = records[-1].offset + 1
            following[Partition(*partition)] = self._next[partition]
        if not messages or self._sent is None:
            return Batch(messages, following, marks=self._marks)
        word = self._sent.word(max(map(_claimed, messages)))
        return Batch(messages, following, word, self._marks)

    def saved(self, following: Mapping[Partition, int]) -> None:
        """Tell Kafka how far this group is, for `premium status` and other monitors."""
        self._consumer.commit_async(
            {
                TopicPartition(*one): OffsetAndMetadata(offset, "", -1)
                for one, offset in following.items()
            }
        )

    def go_back(self) -> None:
        """Go back to what is saved, after a batch that was not."""
        self._begin(self._consumer.assignment())

    def is_at_end(self) -> bool:
        """Whether everything committed so far in this member's partitions was polled.

        False as long as no partition was given to it.
        """
        mine = self._consumer.assignment()
        if not mine:
            return False
        ends = self._consumer.end_offsets(list(mine))
        return all(self._consumer.position(one) >= ends[one] for one in mine)

    def close(self) -> None:
        """Leave the group, so that others get its partitions at once."""
        self._consumer.close()


def _claimed(message: Message) -> int:
    """The position that a message says it has in the ledger; 0 where it says none."""
    said = message.headers.get("ce_sequence", b"")
    return int(said) if len(said) == 20 and said.isdigit() else 0


class _Given(ConsumerRebalanceListener):  # type: ignore[misc]
    """Partitions given to this member, until it has begun with them.

    Kafka's client calls it in a thread of its own, during a poll.
    """

    def __init__(self) -> None:
        self._partitions: set[TopicPartition] = set()

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Nothing is left to do with them: what was saved is saved."""
        self._partitions -= set(revoked)

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Remember them for the thread that polls."""
        self._partitions |= set(assigned)

    def take(self) -> Collection[TopicPartition]:
        """Those not yet begun with."""
        given, self._partitions = self._partitions, set()
        return given
