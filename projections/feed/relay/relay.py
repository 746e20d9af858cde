"""The relay: sends every public record to the broker, once and in order.

It is a projection whose state is the broker. A batch of events and the position it
brings the relay to are one Kafka transaction, so a reader of committed events alone
sees each event once, whatever was killed and when. It is crash-only: on any error it
ends, and the next process fences it, finds the position and goes on (facts of Kafka's
clients: a commit has no time limit, and a fenced producer is dead).
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from threading import Event as Flag
from typing import NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError
from kafka.partitioner.default import murmur2

from ledger.proof import Frontier, leaf_hash
from ledger.store.rows import EventRow
from projections.feed.admin import admin, check, see_whole
from projections.feed.events.log import (
    NONE_YET,
    Batch,
    Last,
    Log,
    OtherLedger,
    events_behind,
    last_of,
    put_back,
    rows_behind,
    source,
)
from projections.feed.reached import Reached, Unknown, now, reached
from projections.feed.relay.hanging import settle
from projections.feed.relay.watchdog import Watchdog
from projections.feed.topics import (
    EVENTS,
    LARGEST,
    PARTITIONS,
    POSITIONS,
    TOPICS,
    Broker,
)

BATCH = 5_000
"""Records a transaction, at most; a commit costs some 10 ms, so many share it."""

WAIT_MS = 500
"""How long it waits for a word of the log before it looks whether it is to stop."""


WAIT_S = 30
"""How long the broker may take until it has a message, seconds; then it is given up."""

LOOK_S = 10
"""How often it looks while it sends whether the topic holds all, seconds."""


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
        self._topic = check(broker)[TOPICS.index(EVENTS)].id
        self._admin = admin(broker)
        self._looked = time.monotonic()
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
            if settle(broker, self.source, found.position if found else 0):
                found = self._found()
        self._sent = self._proved(found)
        self._see_whole()

    def _found(self) -> Reached | None:
        """How far the relay of this ledger is, as its topic says."""
        try:
            found = {one.source: one for one in reached(self._broker)}
        except Unknown as reason:
            raise OtherLedger(str(reason)) from None
        others = set(found) - {self.source}
        if others:
            raise OtherLedger(
                f"the topics {self._broker.prefix}.* are fed from {others.pop()}: "
                "give another --prefix"
            )
        return found.get(self.source)

    def _proved(self, found: Reached | None) -> "_Sent":
        """All that was sent, found again in the log: by its root, record by record."""
        sent = _Sent()
        if found is None:
            return sent
        while sent.last.position < found.position:
            left = found.position - sent.last.position
            rows = rows_behind(self._log, sent.last, min(self._batch, left))
            if not rows:
                raise put_back(found.position, self._log.head())
            sent = sent.behind(rows, 0)
        if sent.tree.root().hex() != found.root:
            raise put_back(found.position, self._log.head())
        return sent._replace(events=found.events)

    @property
    def position(self) -> int:
        """The last record that was sent."""
        return self._sent.last.position

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
        """Send one batch; returns its records, 0 at the head of the log.

        Raises:
            OtherLedger: If the log no longer holds what was read of it.
            BrokerAway: If the topic no longer holds what was sent to it.
        """
        batch = self._ahead if self._ahead.rows else self._made(self._sent.last)
        if not batch.rows:
            return 0
        # What was made ahead has lain here while the log may have been put back.
        rows_behind(self._log, last_of(batch.rows[-1]), 0)
        if time.monotonic() - self._looked > LOOK_S:
            self._see_whole()
        with self._watchdog.watching():
            self._ahead = self._send(batch)
        moved(self.position, len(batch.messages))
        return len(batch.rows)

    def _see_whole(self) -> None:
        see_whole(self._admin, self._broker, self._sent.events, self._topic)
        self._looked = time.monotonic()

    def _made(self, last: Last) -> Batch:
        """What follows a record, as messages.

        All of a batch are made before the first is sent: sent as they are made, they
        would go in many small requests.
        """
        return events_behind(self._log, last, self._batch, self.source, self._origin)

    def _send(self, batch: Batch) -> Batch:
        """One transaction: killed before its commit, readers see nothing of it.

        Returns:
            The batch behind it, made while the broker took this one.

        Raises:
            KafkaError: If the broker did not take all of it; nothing is committed.

        A commit of kafka-python succeeds where messages were given up because the
        broker was away for long, so each is asked for before it.
        """
        topic = self._broker.topic(EVENTS)
        after = self._sent.behind(batch.rows, len(batch.messages))
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
                value=self._says(after).value(),
            )
        )
        ahead = self._made(after.last)
        self._producer.flush()
        for one in sent:
            if not one.succeeded():
                one.get(timeout=0)  # Raises what became of it.
        self._producer.commit_transaction()
        self._sent = after
        return ahead

    def _says(self, sent: "_Sent") -> Reached:
        return Reached(
            source=self.source,
            origin=self._origin,
            position=sent.last.position,
            leaf=sent.last.leaf.hex(),
            root=sent.tree.root().hex(),
            events=sent.events,
            topic=self._topic,
            at=now(),
        )

    def close(self) -> None:
        """Let go of the broker; what was sent and not committed is not seen."""
        with suppress(KafkaError):  # It complains again of what was given up.
            self._producer.close(timeout=5)
        self._admin.close()
        self._watchdog.close()


class _Sent(NamedTuple):
    """All that a relay has sent: its last record, their tree, and how many events."""

    last: Last = NONE_YET
    tree: Frontier = Frontier()
    events: int = 0

    def behind(self, rows: Sequence[EventRow], events: int) -> "_Sent":
        """What it is with the rows that follow, and so many events of them."""
        tree, leaf = self.tree.copy(), self.last.leaf
        for row in rows:
            leaf = leaf_hash(*row[1:])
            tree.add(leaf)
        return _Sent(Last(rows[-1].position, leaf), tree, self.events + events)


@lru_cache(maxsize=65_536)
def partition_of(key: str) -> int:
    """The partition of a key: as every Kafka client would choose it, asked once."""
    return int(murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS
