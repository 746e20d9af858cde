"""The relay sends every public record, each once and in order, whatever happens."""

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource
from kafka.errors import KafkaError

from interfaces.kafka import Broker as Own
from ledger.service import Ledger
from ledger.store.rows import EventRow
from projections.feed.admin import BrokerAway, check, make
from projections.feed.events.log import OtherLedger, source
from projections.feed.events.message import message, read
from projections.feed.reached import reached
from projections.feed.relay.relay import Relay
from projections.feed.relay.watchdog import ENDED, Watchdog
from projections.feed.topics import EVENTS, POSITIONS, Broker
from tests.feed.reading import all_of
from tests.worlds.simulated import begun, public, worked

pytestmark = pytest.mark.xdist_group("kafka")

KILLS = min(3, int(os.environ.get("PREMIUM_ROUNDS", "1")))
"""How often a broker is killed right after a commit; three times in `make torture`."""


def positions(broker: Broker) -> list[int]:
    """The positions of all events that were committed, in the order of the ledger."""
    return sorted(read(one.value).data.position for one in all_of(broker, EVENTS))


def relayed(ledger: Ledger, broker: Broker) -> int:
    """Send all there is; returns the position reached."""
    with closing(Relay(ledger, broker)) as sender:
        return sender.catch_up()


def test_each_public_record_is_there_once_byte_for_byte_and_in_order_of_its_key(
    broker: Broker, tmp_path: Path
):
    with Ledger.open(worked(tmp_path)) as ledger:
        with closing(Relay(ledger, broker, batch=500)) as sender:
            sender.catch_up()
        name, opened = source(ledger)
        records = ledger.read(0, ledger.head())
        made = [message(one, name, opened.origin) for one in records]
        told = [one for one in made if one is not None]
        assert 0 < len(told) == len(public(ledger)) < len(made)
    sent = all_of(broker, EVENTS)
    by_id = {read(one.value).id: one for one in sent}
    assert len(sent) == len(by_id) == len(told)
    for one in told:
        there = by_id[read(one.value).id]
        assert (there.key, there.value, list(there.headers)) == (
            *(one.key.encode(), one.value),
            one.headers,
        )
    last: dict[bytes, int] = {}
    for one in sent:
        position = read(one.value).data.position
        assert position > last.get(one.key, 0)
        last[one.key] = position


def test_the_next_relay_goes_on_where_the_last_one_was(broker: Broker, tmp_path: Path):
    with Ledger.open(worked(tmp_path)) as ledger:
        with closing(Relay(ledger, broker, batch=100)) as first:
            first.step()
            first.step()
            assert first.position == 200
        with closing(Relay(ledger, broker)) as second:
            assert second.position == 200
            second.catch_up()
        assert positions(broker) == public(ledger)
        assert [one.position for one in reached(broker)] == [ledger.head()]


def test_what_a_killed_relay_left_open_is_never_seen(broker: Broker, tmp_path: Path):
    with Ledger.open(worked(tmp_path)) as ledger:
        dead = Relay(ledger, broker)
        dead._producer.begin_transaction()
        made = [message(one, dead.source, "simulated") for one in ledger.read(0, 50)]
        left = [one for one in made if one is not None]
        for told in left:
            dead._producer.send(broker.topic(EVENTS), told.value, told.key.encode())
        dead._producer.flush()
        with closing(Relay(ledger, broker)) as sender:
            assert sender.position == 0
            sender.catch_up()
        assert positions(broker) == public(ledger)
        # The others are there all the same, for readers that do not ask for committed.
        seen = all_of(broker, EVENTS, isolation="read_uncommitted")
        assert len(seen) == len(public(ledger)) + len(left)
        dead.close()


def test_a_relay_that_was_replaced_can_send_no_more(broker: Broker, tmp_path: Path):
    with Ledger.open(worked(tmp_path)) as ledger:
        old = Relay(ledger, broker, batch=10)
        old.step()
        with closing(Relay(ledger, broker)) as new:
            new.catch_up()
            with pytest.raises(KafkaError):
                old.step()
        assert positions(broker) == public(ledger)
        old.close()


def test_what_the_broker_does_not_take_ends_the_relay_and_is_sent_by_the_next(
    broker: Broker, tmp_path: Path
):
    """Its client calls a transaction committed of which messages were given up."""
    with Ledger.open(worked(tmp_path)) as ledger:
        with closing(Relay(ledger, broker, batch=10)) as sender:
            sender.step()
            largest(broker, "1000")
            with pytest.raises(KafkaError):
                sender.catch_up()
        largest(broker, "8388608")
        relayed(ledger, broker)
        assert positions(broker) == public(ledger)


def largest(broker: Broker, size: str) -> None:
    """Let the topic of events take messages of so many bytes."""
    client = KafkaAdminClient(**broker.client())
    topic = ConfigResource("topic", broker.topic(EVENTS), {"max.message.bytes": size})
    try:
        client.alter_configs([topic])
    finally:
        client.close()


def test_what_was_given_up_while_the_broker_was_away_is_not_passed_over(
    tmp_path: Path,
):
    with Own() as own, Ledger.open(worked(tmp_path)) as ledger:
        broker = Broker(own.address)
        make(broker)
        with closing(Relay(ledger, broker, batch=10, wait_s=1)) as sender:
            sender.step()
            own.kill()
            back = Timer(2, own.start)
            back.start()
            with pytest.raises(KafkaError):
                sender.catch_up()
            back.join()
        relayed(ledger, broker)
        assert positions(broker) == public(ledger)


def test_a_commit_whose_marks_the_broker_lost_is_neither_lost_nor_doubled(
    tmp_path: Path,
):
    """It is killed as soon as it has acknowledged the commit."""
    with Own() as own, Ledger.open(worked(tmp_path)) as ledger:
        broker = Broker(own.address)
        make(broker)
        for _ in range(KILLS):
            with closing(Relay(ledger, broker, batch=100)) as sender:
                sender.step()
                own.kill()
            own.start()
        with closing(Relay(ledger, broker, batch=100)) as last:
            assert last.position in range(0, 100 * KILLS + 1, 100)
            last.catch_up()
        assert positions(broker) == public(ledger)


def test_the_same_commands_relayed_live_arrive_as_they_are_recorded(
    broker: Broker, tmp_path: Path
):
    with begun(tmp_path / "live.db", "Live") as ledger:
        with closing(Relay(ledger, broker)) as sender:
            moved: list[tuple[int, int]] = []
            assert sender.catch_up(lambda at, sent: moved.append((at, sent))) == 2
            assert sender.step() == 0
        # Who opened it is recorded too, and is not published.
        assert (moved, public(ledger)) == ([(2, 1)], [1])


def test_topics_fed_from_another_ledger_are_refused(broker: Broker, tmp_path: Path):
    with begun(tmp_path / "a.db", "First") as first:
        relayed(first, broker)
    with (
        begun(tmp_path / "b.db", "Second") as second,
        pytest.raises(OtherLedger, match="fed from urn:premium-ledger:ledger:first"),
    ):
        Relay(second, broker)


def test_a_ledger_restored_to_before_what_was_sent_is_refused(
    broker: Broker, tmp_path: Path
):
    whole = worked(tmp_path)
    with Ledger.open(whole) as ledger:
        relayed(ledger, broker)
        lines = ledger.raw(0, 10)
    cut = CutShort(lines)
    with pytest.raises(
        OtherLedger, match=r"record 640 was read, and the ledger ends at 10"
    ):
        Relay(cut, broker)


class CutShort:
    """A ledger that has lost its end."""

    def __init__(self, rows: Sequence[EventRow]) -> None:
        self._rows = rows

    def head(self) -> int:
        return len(self._rows)

    def raw(self, after: int, limit: int) -> Sequence[EventRow]:
        return self._rows[after : after + limit]

    def wait(self, after: int, timeout_ms: int) -> int:
        return len(self._rows)


def test_an_empty_ledger_has_nothing_to_relay(broker: Broker):
    with pytest.raises(OtherLedger, match="run premium init first"):
        Relay(CutShort([]), broker)


def test_topics_are_made_once_and_kept_as_stated(broker: Broker):
    assert [one.made for one in make(broker)] == [False] * 7
    client = KafkaAdminClient(**broker.client())
    try:
        name = broker.topic(POSITIONS)
        [there] = client.describe_configs([ConfigResource("topic", name)]).values()
    finally:
        client.close()
    assert there[name]["cleanup.policy"]["value"] == "compact"


def test_a_missing_topic_and_one_of_other_partitions_are_named(bootstrap: str):
    bare = Broker(bootstrap, "premium-nothing")
    with pytest.raises(BrokerAway, match=r"premium-nothing\.events\.v1 is not there"):
        check(bare)
    client = KafkaAdminClient(**bare.client())
    try:
        one = {"num_partitions": 3, "replication_factor": 1}
        client.create_topics({"premium-nothing.events.v1": one})
        client.wait_for_topics(["premium-nothing.events.v1"])
        with pytest.raises(BrokerAway, match="has 3 partitions, and 12 are needed"):
            make(bare)
    finally:
        client.delete_topics(
            [one for one in client.list_topics() if one.startswith(bare.prefix + ".")]
        )
        client.close()


def test_a_broker_that_does_not_answer_is_named_with_a_remedy(impatient: None):
    with pytest.raises(BrokerAway, match=r"127\.0\.0\.1:1 does not answer.*--broker"):
        check(Broker("127.0.0.1:1"))


def test_a_batch_that_hangs_ends_the_process(monkeypatch: pytest.MonkeyPatch):
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)
    watchdog = Watchdog(0.05)
    with watchdog.watching():
        while not ended:
            pass
    watchdog.close()
    assert ended[0] == ENDED
