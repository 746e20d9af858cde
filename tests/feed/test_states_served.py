"""Compacted topics of a real broker hold what stands, whatever was killed."""

import json
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from kafka.errors import KafkaError

from consumers.compacted.job import Rows, job
from consumers.loop import Partition, run_once
from consumers.results.results import Results
from interfaces.cli.exits import Exit
from interfaces.kafka import Broker as Own
from ledger.service import Ledger
from projections.feed.admin import make
from projections.feed.contract.schemas import schema_of_form
from projections.feed.events.rows import Award, Balance
from projections.feed.relay.relay import Relay, partition_of
from projections.feed.topics import AWARDS, BALANCES, PARTITIONS, Broker, Topic
from tests.cli.program import premium
from tests.consumers.given import TOPIC, Played, years
from tests.consumers.standing import right, said
from tests.feed.dying import killed_at_each_step
from tests.feed.reading import all_of
from tests.worlds.simulated import worked

pytestmark = pytest.mark.xdist_group("kafka")

PARTS = [Partition(TOPIC, one) for one in range(PARTITIONS)]

STEPS = ("consumers.compacted.job:Rows:put", "consumers.kafka.source:Topics:saved")


def last(broker: Broker, topic: Topic) -> dict[str, Any]:
    """Key -> the last row of the topic, read from its beginning."""
    return {one.key.decode(): json.loads(one.value) for one in all_of(broker, topic)}


def relayed(ledger: Ledger, broker: Broker) -> None:
    with closing(Relay(ledger, broker)) as relay:
        relay.catch_up()


def test_killed_behind_any_of_its_steps_the_last_rows_are_the_ledgers_to_the_penny(
    broker: Broker, tmp_path: Path
):
    with Ledger.open(worked(tmp_path, 12)) as ledger:
        relayed(ledger, broker)
        expected = right(ledger)
    to = ("--to", str(tmp_path / "s.db"))
    words = ("consume", "states", *to, "--once", "--member", "one")
    ends = killed_at_each_step(words, broker, STEPS, most=400)
    assert ends[:4] == [-signal.SIGKILL] * 4  # In each step of the first batch.
    assert said(last(broker, BALANCES), last(broker, AWARDS)) == expected
    balances, awards = all_of(broker, BALANCES), all_of(broker, AWARDS)
    assert len({one.value for one in balances}) < len(balances)  # Some came again.
    for one in (*balances, *awards):
        assert one.partition == partition_of(json.loads(one.value)["body"])
        assert dict(one.headers) == {"content-type": b"application/json"}
    for form, rows in ((Balance, balances), (Award, awards)):
        validator = Draft202012Validator(schema_of_form("row", form))
        for one in rows:
            assert [*validator.iter_errors(json.loads(one.value))] == []


def test_a_broker_that_dies_keeps_a_batch_from_being_saved_until_it_is_back(
    tmp_path: Path,
):
    messages, to = years().messages, str(tmp_path / "states.db")
    with Own() as own:
        broker = Broker(own.address)
        make(broker)
        with (
            closing(Rows(broker, wait_s=1)) as rows,
            closing(Results(to, job(rows))) as results,
        ):
            source = Played(messages, results.begins, len(messages) // 2)
            run_once(source, results)
            saved = results.begins(PARTS)
            own.kill()
            with pytest.raises(KafkaError):
                run_once(source, results)
        own.start()
        with (
            closing(Rows(broker)) as rows,
            closing(Results(to, job(rows))) as results,
        ):
            assert results.begins(PARTS) == saved
            source = Played(messages, results.begins)
            while run_once(source, results).messages:
                pass
        with Ledger.open(worked(tmp_path)) as ledger:
            expected = right(ledger)
        assert said(last(broker, BALANCES), last(broker, AWARDS)) == expected


def test_topics_that_are_not_there_are_named_before_anything_is_taken(
    bootstrap: str, tmp_path: Path
):
    to = tmp_path / "states.db"
    words = ("consume", "states", "--to", str(to), "--once")
    done = premium(*words, "--broker", bootstrap, "--prefix", "never-made")
    assert done.code == Exit.UNAVAILABLE
    assert "is not there: run premium topics" in done.err
    assert not to.exists()


def test_a_row_that_no_broker_has_is_an_error(broker: Broker):
    row = Balance(
        premium="s/2013-14/X",
        scheme="s",
        scheme_year="2013-14",
        payment_year="2014-15",
        body="X",
        position=1,
        origin="simulated",
        account="group:held",
        pence=1,
    ).row()
    nowhere = broker._replace(prefix=f"{broker.prefix}-nowhere")
    with closing(Rows(nowhere, wait_s=1)) as rows, pytest.raises(KafkaError):
        rows.put([row])
    with closing(Rows(broker)) as rows:
        rows.put([row])
    [one] = all_of(broker, BALANCES)
    assert (one.key, one.value) == (b"s/2013-14/X|group:held", row.value)
