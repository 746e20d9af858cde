"""What is open in the relay's topics where nothing may be is ended as it was meant."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer, TopicPartition

from ledger.recorded import Recorded
from ledger.service import Ledger
from projections.feed.events.log import source
from projections.feed.events.message import message, read
from projections.feed.relay.hanging import Hanging, settle
from projections.feed.relay.relay import Relay, partition_of
from projections.feed.topics import EVENTS, POSITIONS, Broker
from tests.feed.reading import all_of
from tests.worlds.simulated import public, worked

pytestmark = pytest.mark.xdist_group("kafka")


def open_still(
    broker: Broker, ledger: str, records: Sequence[Recorded]
) -> KafkaProducer:
    """Events, and a position behind them, in a transaction that nobody ends."""
    producer = KafkaProducer(**broker.client(), transactional_id="nobody")
    producer.init_transactions()
    producer.begin_transaction()
    for one in records:
        told = message(one, ledger, "simulated")
        assert told is not None
        part = partition_of(told.key)
        key = told.key.encode()
        name = broker.topic(EVENTS)
        producer.send(name, told.value, key, told.headers, partition=part)
    said = json.dumps({"position": records[-1].position}).encode()
    producer.send(broker.topic(POSITIONS), said, ledger.encode())
    producer.flush()
    return producer


def name(ledger: Ledger) -> str:
    """Its URI."""
    return source(ledger)[0]


def seen(broker: Broker) -> list[int]:
    return sorted(read(one.value).data.position for one in all_of(broker, EVENTS))


def public_until(ledger: Ledger, position: int) -> list[int]:
    """Who acts for the first time is recorded too, and is not published."""
    return [one for one in public(ledger) if one <= position]


def ended(found: Sequence[tuple[Hanging, bool]]) -> dict[TopicPartition, bool]:
    return {one.partition: commit for one, commit in found}


@pytest.fixture
def ledger(tmp_path: Path, broker: Broker):
    """What is published of its first hundred records is on the topic."""
    with Ledger.open(worked(tmp_path)) as ledger:
        with closing(Relay(ledger, broker, batch=100)) as relay:
            relay.step()
        Relay(ledger, broker).close()  # Made, the marks of the first are written.
        yield ledger


def test_nothing_open_is_left_alone(broker: Broker, ledger: Ledger):
    assert settle(broker, name(ledger), 100) == ()


def test_what_another_ledger_has_open_is_left_as_it_is(broker: Broker, ledger: Ledger):
    """Its own relay may be about to commit it."""
    with closing(open_still(broker, "urn:other", ledger.read(100, 30))) as other:
        assert settle(broker, name(ledger), 100) == ()
        other.commit_transaction()
    assert seen(broker) == public_until(ledger, 130)


def test_what_nobody_has_seen_is_aborted_and_so_is_its_position(
    broker: Broker, ledger: Ledger
):
    with closing(open_still(broker, name(ledger), ledger.read(100, 30))):
        found = ended(settle(broker, name(ledger), 100))
    assert found[TopicPartition(broker.topic(POSITIONS), 0)] is False
    assert set(found.values()) == {False}
    assert seen(broker) == public_until(ledger, 100)


def test_what_the_position_is_beyond_was_committed(broker: Broker, ledger: Ledger):
    with closing(open_still(broker, name(ledger), ledger.read(100, 30))):
        found = ended(settle(broker, name(ledger), 130))
    position = found.pop(TopicPartition(broker.topic(POSITIONS), 0))
    assert (position, set(found.values())) == (False, {True})
    assert seen(broker) == public_until(ledger, 130)


def test_what_is_visible_in_part_was_committed_whole(broker: Broker, ledger: Ledger):
    with closing(open_still(broker, name(ledger), ledger.read(100, 30))):
        found = ended(settle(broker, name(ledger), 90))
    assert set(found.values()) == {True}
    assert seen(broker) == public_until(ledger, 130)
