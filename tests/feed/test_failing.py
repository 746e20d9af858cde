"""Each failure of docs/operations-feed.md: brought about, and seen as it says."""

import re
import shlex
from contextlib import closing
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit
from shutil import copyfile
from subprocess import Popen
from threading import Event

import pytest
from kafka import KafkaProducer
from kafka.errors import KafkaError

from interfaces.cli.exits import Exit
from interfaces.simulation.years import simulated
from ledger.intake.requests import read
from ledger.service import Ledger
from projections.feed.admin import admin
from projections.feed.relay.relay import Relay
from projections.feed.relay.watchdog import ENDED, Watchdog
from projections.feed.topics import BALANCES, EVENTS, POSITIONS, TOPICS, Broker, Topic
from tests.cli.program import HOUSE, Done, premium, spawn
from tests.feed.reading import all_of
from tests.worlds.servers import OwnServer
from tests.worlds.simulated import begun, worked

pytestmark = pytest.mark.xdist_group("kafka")

PAGE = " ".join((HOUSE / "docs/operations-feed.md").read_text("utf-8").split())
EXAMPLES = re.findall(
    r"^    premium (.+)$",
    (HOUSE / "docs/operations-feed.md").read_text("utf-8"),
    re.MULTILINE,
)


@pytest.fixture(autouse=True)
def here(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of one's own, and the broker as the environment names it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap)
    monkeypatch.setenv("PREMIUM_TOPICS", broker.prefix)


def on_the_page(says: str, seen: str) -> bool:
    """Whether the page quotes it, and it was seen."""
    return f"`{says}" in PAGE and says in seen


CONSUME = ("consume", "reporting", "--to", "reporting.db", "--once")


def took(done: Done) -> tuple[int, int]:
    """Messages that counted, of all that came."""
    assert (done.code, done.err) == (Exit.OK, "")
    found = re.search(r"Took ([\d,]+) of ([\d,]+)", done.out)
    assert found is not None
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


def test_every_command_of_the_page_runs_where_a_message_was_parked(
    broker: Broker, tmp_path: Path
):
    worked(tmp_path).rename("sim.db")
    assert premium("relay", "--once", "--db", "sim.db").code == Exit.OK
    with closing(KafkaProducer(**broker.client())) as producer:
        producer.send(broker.topic(EVENTS), b"nobody's", b"ZZ1").get(10)
    assert on_the_page("Parked 1: see premium parked list", premium(*CONSUME).out)
    answers = {one: premium(*shlex.split(one)) for one in EXAMPLES}
    assert [(one.code, one.err) for one in answers.values()] == [
        (Exit.OK, ""),
        (Exit.OK, ""),
        (Exit.FOUND, ""),  # It still cannot be read.
    ]
    assert "1 of 1 key" in answers[EXAMPLES[0]].out
    late = premium(*shlex.split(EXAMPLES[0]), "--within", "300")
    assert late.code == Exit.FOUND


@pytest.mark.parametrize(
    "words",
    [
        ("topics",),
        ("consume", "reporting", "--to", "reporting.db", "--once"),
        ("status", "--part", "reporting"),
    ],
    ids=lambda words: words[0],
)
def test_a_broker_that_is_away(words: tuple[str, ...], impatient: None):
    done = premium(*words, "--broker", "127.0.0.1:1")
    assert done.err.count("\n") == 1
    assert done.code == Exit.UNAVAILABLE
    assert on_the_page("does not answer: look whether it runs", done.err)


def test_a_batch_that_the_broker_does_not_take(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    ended, codes = Event(), list[int]()

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    monkeypatch.setattr("os._exit", end)
    dog = Watchdog(0.01)
    with dog.watching():
        assert ended.wait(10)
    dog.close()
    assert codes[0] == ENDED == 75
    seen = capfd.readouterr().err
    assert on_the_page("did not take a batch in", seen)
    assert on_the_page("ends, to be started again", seen)


def test_a_relay_that_another_one_fences(tmp_path: Path, broker: Broker):
    where = worked(tmp_path)
    with Ledger.open(where) as ledger, closing(Relay(ledger, broker)) as first:
        with closing(Relay(ledger, broker)) as second:
            second.catch_up()
        with pytest.raises(KafkaError) as fenced:
            first.step()
    assert on_the_page("ProducerFencedError", repr(fenced.value))


LOOK = "look whether the server runs and can be reached"


def test_a_ledger_whose_server_is_away():
    done = premium("relay", "--once", "--db", "postgresql://nobody@127.0.0.1:1/premium")
    assert done.code == Exit.UNAVAILABLE
    assert on_the_page(LOOK, done.err)


def ended(consumer: Popen[bytes]) -> str:
    """What a consumer said when it ended by itself, in one sentence."""
    _, err = consumer.communicate(timeout=60)
    assert consumer.returncode == Exit.UNAVAILABLE
    said = [line for line in err.decode().splitlines() if line.startswith("premium:")]
    assert len(said) == 1
    assert b"Traceback" not in err
    return said[0]


def test_results_whose_server_goes_away(tmp_path: Path):
    where = str(worked(tmp_path))
    server = OwnServer()
    consumer = spawn("consume", "reporting", "--to", server.address)
    assert consumer.stdout is not None
    assert consumer.stdout.readline().startswith(b"Consumes")
    server.stop("immediate")
    assert premium("relay", "--once", "--db", where).code == Exit.OK
    assert on_the_page("nothing of this batch is saved", ended(consumer))
    server.start()
    again = premium("consume", "reporting", "--to", server.address, "--once")
    server.stop("immediate")
    assert (again.code, "Took 0 " in again.out) == (Exit.OK, False)


def test_results_on_a_disk_without_room(tmp_path: Path):
    """A limit on the size of files stands for the disk."""
    where = str(worked(tmp_path))
    assert premium("relay", "--once", "--db", where).code == Exit.OK
    full = spawn(*CONSUME, preexec_fn=lambda: setrlimit(RLIMIT_FSIZE, (200_000,) * 2))
    assert on_the_page("nothing of this batch is saved", ended(full))
    events, came = took(premium(*CONSUME))
    assert events == came > 0


def test_a_ledger_that_was_restored_to_before_what_was_sent(tmp_path: Path):
    now, early = tmp_path / "now.db", tmp_path / "early.db"
    begun(now, "Feed tests").close()
    copyfile(now, early)
    with Ledger.open(now) as ledger:
        ledger.give_each([read(line) for line in simulated(7, 2, 1)])
    assert premium("relay", "--once", "--db", str(now)).code == Exit.OK
    done = premium("relay", "--once", "--db", str(early))
    assert done.code == Exit.FOUND
    assert on_the_page("was read, and the ledger ends at", done.err)


def deleted(broker: Broker, topic: Topic) -> None:
    """Delete a topic, and wait until it is gone."""
    client = admin(broker)
    client.delete_topics([broker.topic(topic)])
    while broker.topic(topic) in client.list_topics():
        pass
    client.close()


def test_a_topic_that_was_deleted(tmp_path: Path, broker: Broker):
    where = worked(tmp_path)
    deleted(broker, EVENTS)
    done = premium("relay", "--once", "--db", str(where))
    assert done.code == Exit.UNAVAILABLE
    assert on_the_page("is not there: run premium topics", done.err)


def test_a_position_that_was_lost_sends_all_again_and_counts_once(
    tmp_path: Path, broker: Broker
):
    relay = ("relay", "--once", "--db", str(worked(tmp_path)))
    assert premium(*relay).code == Exit.OK
    events, came = took(premium(*CONSUME))
    assert events == came > 0
    deleted(broker, POSITIONS)
    assert premium("topics").code == Exit.OK
    assert premium(*relay).code == Exit.OK
    assert took(premium(*CONSUME)) == (0, events)


def test_results_are_kept_where_all_is_sent_again_under_another_prefix(
    tmp_path: Path, broker: Broker
):
    where = worked(tmp_path)
    relay = ("relay", "--once", "--db", str(where))
    assert premium(*relay).code == Exit.OK
    events, _ = took(premium(*CONSUME))
    other = ("--prefix", f"{broker.prefix}-again")
    assert premium("topics", *other).code == Exit.OK
    assert premium(*relay, *other).code == Exit.OK
    assert took(premium(*CONSUME, *other)) == (0, events)


def test_state_topics_that_were_deleted_are_filled_again_from_an_empty_place(
    tmp_path: Path, broker: Broker
):
    assert premium("relay", "--once", "--db", str(worked(tmp_path))).code == Exit.OK
    states = ("consume", "states", "--to", "states.db", "--once")
    events, _ = took(premium(*states))
    before = {one.key: one.value for one in all_of(broker, BALANCES)}
    deleted(broker, BALANCES)
    assert premium("topics").code == Exit.OK
    assert took(premium(*states)) == (0, 0)
    assert all_of(broker, BALANCES) == []
    for path in tmp_path.glob("states.db*"):
        path.unlink()
    assert took(premium(*states)) == (events, events)
    assert {one.key: one.value for one in all_of(broker, BALANCES)} == before != {}


def test_a_topic_with_another_number_of_partitions(broker: Broker):
    other = broker._replace(prefix=f"{broker.prefix}-other")
    client = admin(broker)
    client.create_topics(
        {
            other.topic(one): {"num_partitions": 6, "replication_factor": 1}
            for one in TOPICS
        }
    )
    client.close()
    done = premium("topics", "--prefix", other.prefix)
    assert done.code == Exit.UNAVAILABLE
    assert on_the_page("partitions, and 12 are needed", done.err)
