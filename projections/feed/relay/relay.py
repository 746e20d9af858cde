"""The relay: sends every public record to the broker, once and in order.

It is a projection whose state is the broker. A batch of events and the position it
brings the relay to are one Kafka transaction, so a reader of committed events alone
sees each event once, whatever was killed and when. It is crash-only: on any error it
ends, and the next process fences it, finds the position and goes on (facts of Kafka's
clients: a commit has no time limit, and a fenced producer is dead).
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from threading import Event as Flag
from typing import Any, NamedTuple

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError
from kafka.partitioner.default import murmur2

from ledger.proof import leaf_hash
from ledger.store.rows import EventRow
from projections.feed.admin import check
from projections.feed.events.log import Batch, Log, OtherLedger, events_after, source
from projections.feed.relay.hanging import settle
from projections.feed.relay.watchdog import Watchdog
from projections.feed.topics import EVENTS, LARGEST, PARTITIONS, POSITIONS, Broker

BATCH = 5_000
"""Records a transaction, at most; a commit costs some 10 ms, so many share it."""

WAIT_MS = 500
"""How long it waits for a word of the log before it looks whether it is to stop."""


WAIT_S = 30
"""How long the broker may take until it has a message, seconds; then it is given up."""


class Reached(NamedTuple):
    """How far a relay is, as its topic says."""

    source: str
    position: int
    leaf: str  # Leaf hash of the record at that position, in hexadecimal.
    at: str  # When it got there, UTC.


class Relay:
    """One relay. Made, it has fenced every other one of its ledger.

    Raises:
        BrokerAway: If the broker cannot be reached, or the topics are not there.
        OtherLedger: If the topics are fed from another ledger.
        KafkaError: Otherwise, here and in `run`: end the process and start another.
    """

    def __init__(
        self, log: Log, broker: Broker, *, batch: int = BATCH, wait_s: int = WAIT_S
    ) -> None:
        self._log = log
        self._broker = broker
        self._batch = batch
        self._ahead = Batch((), ())
        check(broker)
        self.source, opened = source(log)
        self._origin = opened.origin
        self._watchdog = Watchdog()
        with self._watchdog.watching():
            self._producer = KafkaProducer(
                **broker.client(),
                transactional_id=f"{broker.prefix}-relay-{self.source}",
                enable_idempotence=True,
                acks="all",
                compression_type="gzip",
                batch_size=131_072,
                linger_ms=5,
                max_request_size=LARGEST,
                transaction_timeout_ms=30_000,
                request_timeout_ms=min(10, wait_s) * 1_000,
                delivery_timeout_ms=wait_s * 1_000 + 5,  # The request, and its linger.
                max_block_ms=20_000,
                retry_backoff_ms=5,
            )
            # First: it makes the broker end what an older relay left open, so that
            # the position read after it is the last one.
            self._producer.init_transactions()
            found = self._found()
            # After it nothing is open, unless the broker lost its marks.
            self.position = self._found() if settle(broker, found) else found

    def _found(self) -> int:
        found = {one.source: one for one in reached(self._broker)}
        others = set(found) - {self.source}
        if others:
            raise OtherLedger(
                f"the topics {self._broker.prefix}.* are fed from {others.pop()}: "
                "give another --prefix"
            )
        if self.source not in found:
            return 0
        last = found[self.source]
        rows = self._log.raw(last.position - 1, 1)
        if not rows or leaf_hash(*rows[0][1:]).hex() != last.leaf:
            raise OtherLedger(
                f"record {last.position} is not the one that was sent: look with "
                "premium verify; if the ledger was restored to before that record, "
                "give another --prefix, for what was sent stays sent"
            )
        return last.position

    def run(
        self, stopping: Flag, moved: Callable[[int, int], None] = lambda at, n: None
    ) -> int:
        """Send until `stopping` is set; then end after the batch that is under way.

        Args:
            moved: Called with each position reached, and the number of events sent.

        Returns:
            The position reached.
        """
        while not stopping.is_set():
            if self.step(moved) == 0:
                self._log.wait(self.position, WAIT_MS)
        return self.position

    def catch_up(self, moved: Callable[[int, int], None] = lambda at, n: None) -> int:
        """Send what there is, and return the position reached."""
        while self.step(moved):
            pass
        return self.position

    def step(self, moved: Callable[[int, int], None] = lambda at, n: None) -> int:
        """Send one batch; returns its records, 0 at the head of the log."""
        batch = self._ahead if self._ahead.rows else self._made(self.position)
        if not batch.rows:
            return 0
        with self._watchdog.watching():
            self._ahead = self._send(batch)
        self.position = batch.rows[-1].position
        moved(self.position, len(batch.messages))
        return len(batch.rows)

    def _made(self, after: int) -> Batch:
        """What follows a position, as messages.

        All of a batch are made before the first is sent: sent as they are made, they
        would go in many small requests.
        """
        return events_after(self._log, after, self._batch, self.source, self._origin)

    def _send(self, batch: Batch) -> Batch:
        """One transaction: killed before its commit, readers see nothing of it.

        Returns:
            The batch behind it, made while the broker took this one.

        Raises:
            KafkaError: If the broker did not take all of it; nothing is committed.

        A commit of kafka-python succeeds where messages were given up because the
        broker was away for long, so each is asked for before it.
        """
        topic, last = self._broker.topic(EVENTS), batch.rows[-1]
        self._producer.begin_transaction()
        sent = [
            self._producer.send(
                topic,
                key=one.key.encode(),
                value=one.value,
                headers=one.headers,
                partition=partition_of(one.key),
            )
            for one in batch.messages
        ]
        sent.append(
            self._producer.send(
                self._broker.topic(POSITIONS),
                key=self.source.encode(),
                value=_position(last),
            )
        )
        ahead = self._made(last.position)
        self._producer.flush()
        for one in sent:
            if not one.succeeded():
                one.get(timeout=0)  # Raises what became of it.
        self._producer.commit_transaction()
        return ahead

    def close(self) -> None:
        """Let go of the broker; what was sent and not committed is not seen."""
        with suppress(KafkaError):  # It complains again of what was given up.
            self._producer.close(timeout=5)
        self._watchdog.close()


@lru_cache(maxsize=65_536)
def partition_of(key: str) -> int:
    """The partition of a key: as every Kafka client would choose it, asked once."""
    return int(murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS


def _position(last: EventRow) -> bytes:
    position = {
        "position": last.position,
        "leaf": leaf_hash(*last[1:]).hex(),
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }
    return json.dumps(position).encode()


def reached(broker: Broker) -> tuple[Reached, ...]:
    """How far each ledger's relay is, by the topic of positions.

    It reads the end of the topic, and all of it where the end holds none.
    """
    partition = TopicPartition(broker.topic(POSITIONS), 0)
    consumer = KafkaConsumer(
        **broker.client(),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        retry_backoff_ms=5,
    )
    try:
        consumer.assign([partition])
        first = consumer.beginning_offsets([partition])[partition]
        end = consumer.end_offsets([partition])[partition]
        for back in (100, 10_000, end):
            found = _from(consumer, partition, max(first, end - back), end)
            if found or end - back <= first:
                break
        return tuple(found.values())
    finally:
        consumer.close()


def _from(
    consumer: KafkaConsumer, partition: TopicPartition, start: int, end: int
) -> dict[str, Reached]:
    found: dict[str, Reached] = {}
    consumer.seek(partition, start)
    # Marks of transactions have offsets of their own, and are not records.
    while consumer.position(partition) < end:
        polled: dict[Any, list[Any]] = consumer.poll(timeout_ms=500)
        for record in polled.get(partition, ()):
            name = record.key.decode()
            found[name] = Reached(source=name, **json.loads(record.value))
    return found
