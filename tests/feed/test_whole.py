"""A feed that is not whole, or not the ledger's, is noticed, on a real broker."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from interfaces.cli.exits import Exit
from interfaces.simulation.years import simulated
from ledger.intake.requests import read
from ledger.service import Ledger
from projections.feed.admin import admin, make
from projections.feed.events.log import OtherLedger
from projections.feed.reached import reached
from projections.feed.relay.relay import Relay
from projections.feed.topics import EVENTS, POSITIONS, RESULTS, Broker, Topic
from tests.cli.program import Done, ok, premium, spawn
from tests.feed.reading import all_of
from tests.worlds.servers import OwnServer, Server
from tests.worlds.simulated import begun, worked

pytestmark = pytest.mark.xdist_group("kafka")

BY = ("--as", "operator:operator-1")
CONSUME = ("consume", "reporting", "--to", "reporting.db", "--once")


@pytest.fixture(autouse=True)
def here(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of one's own, and the broker as the environment names it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap)
    monkeypatch.setenv("PREMIUM_TOPICS", broker.prefix)


@pytest.fixture
def relay(tmp_path: Path) -> tuple[str, ...]:
    """How a worked ledger is relayed; it was, once."""
    words = ("relay", "--once", "--db", str(worked(tmp_path)))
    ok(*words)
    return words


def refused(done: Done, says: str, code: Exit = Exit.UNAVAILABLE) -> None:
    assert (done.code, done.out) == (code, ""), done
    assert says in done.err


def lost(broker: Broker, before: int) -> None:
    """The first messages of a partition that holds some are deleted."""
    client = admin(broker)
    part = max(all_of(broker, EVENTS), key=lambda one: one.offset).partition
    client.delete_records({TopicPartition(broker.topic(EVENTS), part): before})
    client.close()


def made_again(broker: Broker, topic: Topic) -> None:
    client = admin(broker)
    client.delete_topics([broker.topic(topic)])
    while broker.topic(topic) in client.list_topics():
        pass
    client.create_topics(
        {
            broker.topic(topic): {
                "num_partitions": topic.partitions,
                "replication_factor": 1,
                "configs": dict(topic.config),
            }
        }
    )
    client.wait_for_topics([broker.topic(topic)])
    client.close()


def kept_as(broker: Broker, **config: str) -> None:
    client = admin(broker)
    changed = {name.replace("_", "."): value for name, value in config.items()}
    kind = ConfigResourceType.TOPIC
    client.alter_configs([ConfigResource(kind, broker.topic(EVENTS), changed)])
    client.close()


# The topic ----------------------------------------------------------------------------


def test_a_topic_without_its_beginning_is_refused_by_relay_and_consumers(
    broker: Broker, relay: tuple[str, ...]
):
    lost(broker, 3)
    refused(premium(*CONSUME), "has lost its beginning")
    refused(premium(*relay), "has lost its beginning")
    status = premium("status", "--part", "relay", *relay[2:], "--json")
    assert status.code == Exit.FOUND
    assert "has lost its beginning" in status.document["parts"][0]["wrong"]
    assert "has lost its beginning" in premium("status", *relay[2:]).out


def test_a_consumer_notices_that_what_it_would_read_next_is_gone(
    broker: Broker, tmp_path: Path, relay: tuple[str, ...]
):
    """Its group alone would begin again behind what is gone, and say nothing."""
    ok(*CONSUME)
    with closing(sqlite3.connect("reporting.db")) as db, db:
        [(part,)] = db.execute(
            "SELECT part FROM offsets ORDER BY following DESC LIMIT 1"
        ).fetchall()
        db.execute("UPDATE offsets SET following = 1000000 WHERE part = ?", (part,))
    done = premium(*CONSUME)
    assert done.code == Exit.UNAVAILABLE
    assert "is next to be read: what was between is gone" in done.err


def test_an_empty_topic_behind_a_position_is_refused(
    broker: Broker, relay: tuple[str, ...]
):
    events = len(all_of(broker, EVENTS))
    ok(*CONSUME)
    made_again(broker, EVENTS)
    ok("topics")  # All is configured as stated.
    says = f"does not hold the {events:,} events that were sent to it"
    refused(premium(*relay), says)
    refused(premium(*CONSUME), "was made again since")
    refused(premium(*CONSUME[:3], "fresh.db", "--once"), says)


def test_topics_makes_no_empty_topic_behind_a_position(
    broker: Broker, relay: tuple[str, ...]
):
    client = admin(broker)
    client.delete_topics([broker.topic(EVENTS)])
    while broker.topic(EVENTS) in client.list_topics():
        pass
    client.close()
    refused(premium("topics"), "was deleted, and what was sent with it: choose another")


@pytest.mark.parametrize(
    "config",
    [{"retention_ms": "1000"}, {"retention_bytes": "9"}, {"cleanup_policy": "compact"}],
    ids=str,
)
def test_a_topic_that_does_not_keep_all_is_named_and_put_right(
    broker: Broker, relay: tuple[str, ...], config: dict[str, str]
):
    [(name, value)] = [(one.replace("_", "."), to) for one, to in config.items()]
    kept_as(broker, **config)
    found = premium("topics", "--json")
    assert found.code == Exit.FOUND
    [wrong] = [one for one in found.document["topics"] if one["differs"]]
    assert (wrong["config"][name], wrong["topic"]) == (value, broker.topic(EVENTS))
    assert wrong["differs"] == {name: EVENTS.config[name]}
    assert f"has {name}={value}, and {EVENTS.config[name]} is" in premium("topics").out
    for words in (relay, CONSUME):
        refused(premium(*words), f"has {name}={value}")
    ok("topics", "--alter")
    ok("topics")
    ok(*relay)


def test_a_running_relay_notices_that_its_topic_was_made_again(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("projections.feed.relay.relay.LOOK_S", 0)
    with (
        Ledger.open(worked(tmp_path)) as ledger,
        closing(Relay(ledger, broker, batch=100)) as one,
    ):
        one.step()
        made_again(broker, EVENTS)
        with pytest.raises(Exception, match="does not hold the"):
            one.step()


# The ledger ---------------------------------------------------------------------------


def lines() -> list[Any]:
    return [read(line) for line in simulated(7, 2, 1)]


def test_a_file_put_back_beneath_a_running_relay_ends_it(
    broker: Broker, tmp_path: Path
):
    now, early = tmp_path / "now.db", tmp_path / "early.db"
    begun(now, "Feed tests").close()
    with Ledger.open(now) as ledger:
        ledger.give_each(lines()[:40])
    ok("backup", str(early), "--db", str(now))
    with Ledger.open(now) as ledger, closing(Relay(ledger, broker)) as one:
        ledger.give_each(lines()[40:60])
        sent = one.catch_up()
        with (
            closing(sqlite3.connect(early)) as old,
            closing(sqlite3.connect(now)) as new,
        ):
            old.backup(new)
        with pytest.raises(
            OtherLedger, match=rf"record {sent:,} was read, and the led"
        ):
            one.step()
    with Ledger.open(now) as ledger:  # Recorded on, otherwise, and beyond.
        ledger.give_each(lines()[45:])
        assert ledger.head() > sent
        with pytest.raises(OtherLedger, match="another one now"):
            Relay(ledger, broker)
        status = premium("status", "--db", str(now), "--json")
        assert status.code == Exit.FOUND
        assert "another one now" in status.document["parts"][1]["wrong"]
    assert [one.position for one in reached(broker)] == [sent]


def test_what_was_made_ahead_is_not_sent_once_the_log_was_put_back(
    broker: Broker, tmp_path: Path
):
    now, early = tmp_path / "now.db", tmp_path / "early.db"
    begun(now, "Feed tests").close()
    with Ledger.open(now) as ledger:
        ledger.give_each(lines()[:20])
        ok("backup", str(early), "--db", str(now))
        half = ledger.head() // 2 + 3
        ledger.give_each(lines()[20:60])
        with closing(Relay(ledger, broker, batch=half)) as one:
            one.step()
            with (
                closing(sqlite3.connect(early)) as old,
                closing(sqlite3.connect(now)) as new,
            ):
                old.backup(new)
            with pytest.raises(OtherLedger):
                one.step()
            assert one.position == half
    assert [one.position for one in reached(broker)] == [half]


def test_a_record_that_was_changed_far_back_is_found_by_the_next_start(
    broker: Broker, tmp_path: Path, relay: tuple[str, ...]
):
    """The last record is as it was; the root of all is not."""
    where = relay[-1]
    with closing(sqlite3.connect(where)) as db, db:
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET topic = 'account-opened.v1' WHERE position = 5")
    refused(premium(*relay), "and it is another one now", Exit.FOUND)


def written(first: int, end: int) -> bytes:
    return b"\n".join(list(simulated(7, 2, 1))[first:end])


def test_postgresql_put_back_beneath_a_relay_ends_it(broker: Broker, tmp_path: Path):
    server = OwnServer()
    where = Server(server.address).migrated().app
    relay = ("relay", "--once", "--db", where)
    ok("init", "--name", "Feed", "--origin", "simulated", *BY, "--db", where)
    (tmp_path / "some.ndjson").write_bytes(written(0, 60))
    ok("run", "some.ndjson", "--db", where)
    server.keep(tmp_path / "kept")
    running = spawn("relay", "--db", where)
    assert running.stdout is not None
    assert b"Relays from position 0" in running.stdout.readline()
    (tmp_path / "more.ndjson").write_bytes(written(0, 90))
    ok("run", "more.ndjson", "--db", where)
    head = ok("status", "--part", "views", "--db", where, "--json").document["head"]
    while not [one for one in reached(broker) if one.position == head]:
        assert running.poll() is None
    server.put_back(tmp_path / "kept")
    _, err = running.communicate(timeout=90)
    assert running.returncode != 0, err
    refused(premium(*relay), f"record {head:,} was read", Exit.FOUND)
    (tmp_path / "other.ndjson").write_bytes(written(70, 200))
    premium("run", "other.ndjson", "--db", where)  # Recorded on, and otherwise.
    refused(premium(*relay), f"record {head:,} was read", Exit.FOUND)
    assert [one.position for one in reached(broker)] == [head]
    server.stop("immediate")


# The places ---------------------------------------------------------------------------


def test_two_places_side_by_side_each_hold_everything(
    broker: Broker, relay: tuple[str, ...]
):
    events = len(all_of(broker, EVENTS))
    names = ("one.db", "two.db")
    both = [spawn(*CONSUME[:3], to, "--once") for to in names]
    for one in both:
        out, err = one.communicate(timeout=90)
        assert (one.returncode, err) == (Exit.OK, b"")
        assert f"Took {events:,} of {events:,} messages" in out.decode()
    copyfile("one.db", "copy.db")
    parts = premium("status", "--part", "reporting", "--json").document["parts"]
    assert len({one["part"] for one in parts}) == 2
    assert [one["behind"] for one in parts] == [0, 0]
    [mine] = premium(
        *("status", "--part", "reporting", "--results", "reporting=copy.db", "--json")
    ).document["parts"]
    assert mine["part"] not in {one["part"] for one in parts}
    assert mine["behind"] == events


def test_a_group_of_an_earlier_version_is_named(broker: Broker, relay: tuple[str, ...]):
    from kafka import KafkaConsumer

    old = KafkaConsumer(
        broker.topic(EVENTS),
        **broker.client(),
        group_id=f"{broker.prefix}-reporting",
        auto_offset_reset="earliest",
    )
    old.poll(5_000)
    old.commit()
    old.close()
    said = ok("status", "--part", "reporting").out
    assert f"{broker.prefix}-reporting is an earlier version's group" in said


def test_a_place_does_not_go_on_with_the_feed_of_another_ledger(
    broker: Broker, tmp_path: Path, relay: tuple[str, ...]
):
    ok(*CONSUME)
    other = broker._replace(prefix=f"{broker.prefix}-other")
    make(other)
    with (
        begun(tmp_path / "other.db", "Another") as ledger,
        closing(Relay(ledger, other)) as one,
    ):
        one.catch_up()
    done = premium(*CONSUME, "--prefix", other.prefix)
    assert done.code == Exit.FOUND
    assert "name another place" in done.err


# Single messages ----------------------------------------------------------------------


def sent_by_hand(broker: Broker, topic: Topic, key: bytes, value: bytes) -> None:
    producer = KafkaProducer(**broker.client(), max_request_size=10**8)
    producer.send(broker.topic(topic), value, key, partition=0).get(30)
    producer.close()


@pytest.mark.parametrize("what", ["id", "key"])
def test_a_message_of_seven_megabytes_is_answered_briefly_and_stops_nobody(
    broker: Broker, tmp_path: Path, what: str
):
    db = ("--db", str(worked(tmp_path)), "--as", "analyst:inbound")
    huge = "x" * 7_000_000
    value = json.dumps({"specversion": "1.0", "id": huge if what == "id" else "1"})
    key = huge if what == "key" else "k"
    sent_by_hand(broker, RESULTS, key.encode(), value.encode())
    sent_by_hand(broker, RESULTS, b"other", b"{}")
    done = ok("consume", "inbound", "--to", "in.db", "--once", *db)
    assert "Parked 2: see premium parked list" in done.out
    from projections.feed.topics import REPLIES

    answers = all_of(broker, REPLIES)
    assert len(answers) == 2
    assert max(len(one.value) + len(one.key or b"") for one in answers) < 5_000


def test_a_forged_position_holds_up_its_own_key_alone(
    broker: Broker, relay: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    """Taken, it would make each later event of the key look known."""
    monkeypatch.setattr("consumers.kafka.sent.WAIT_S", 0.1)
    sample = all_of(broker, EVENTS)[-1]
    event = json.loads(sample.value)
    event["data"]["position"], event["sequence"] = 10**9, f"{10**9:020d}"
    headers = [
        (name, b"%020d" % 10**9 if name == "ce_sequence" else one)
        for name, one in sample.headers
    ]
    producer = KafkaProducer(**broker.client())
    producer.send(
        broker.topic(EVENTS),
        json.dumps(event).encode(),
        sample.key,
        headers,
        sample.partition,
    ).get(30)
    producer.close()
    events = len(all_of(broker, EVENTS)) - 1
    done = ok(*CONSUME)
    assert f"Took {events:,} of {events + 1:,} messages" in done.out
    listed = ok("parked", "list", "--of", "reporting", "--to", "reporting.db", "--json")
    [parked] = listed.document["parked"]
    assert re.search("the ledger's relay has sent up to", parked["why"])


def test_events_that_no_relay_says_it_sent_are_not_taken_in(
    broker: Broker, relay: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("consumers.kafka.sent.WAIT_S", 0.1)
    made_again(broker, POSITIONS)
    done = premium(*CONSUME)
    assert done.code == Exit.UNAVAILABLE
    assert "does not say who sent them" in done.err
