"""One part's status, for the health check of the service that is that part."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from ledger.service import Ledger
from projections.feed.relay.relay import Relay
from projections.feed.topics import EVENTS, Broker
from tests.cli.program import premium
from tests.feed.reading import all_of
from tests.worlds.simulated import worked

pytestmark = pytest.mark.xdist_group("kafka")


def test_a_consumer_is_asked_without_a_ledger(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PREMIUM_DB", raising=False)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap)
    monkeypatch.setenv("PREMIUM_TOPICS", broker.prefix)
    with Ledger.open(worked(tmp_path)) as ledger, closing(Relay(ledger, broker)) as one:
        one.catch_up()
        events = len(all_of(broker, EVENTS))
    # One that never ran is behind by everything, and does not pass for healthy.
    never = premium("status", "--part", "reporting", "--json")
    assert never.document["parts"][0]["behind"] == events
    to = str(tmp_path / "reporting.db")
    assert premium("consume", "reporting", "--to", to, "--once").code == Exit.OK
    done = premium("status", "--part", "reporting", "--within", "60", "--json")
    assert (done.code, done.err) == (Exit.OK, "")
    [part] = done.document["parts"]
    assert re.fullmatch(r"consume reporting-[0-9a-f]{12}", part["part"])
    assert part["behind"] == 0
    assert "position" in premium("status", "--part", "reporting").out


def test_the_relay_and_the_views_are_asked_alone(broker: Broker, tmp_path: Path):
    where = str(worked(tmp_path))
    ask = ("--db", where, "--broker", broker.bootstrap, "--prefix", broker.prefix)
    with Ledger.open(Path(where)) as ledger:
        head = ledger.head()
        before = premium("status", "--part", "relay", "--json", *ask).document["parts"]
        with closing(Relay(ledger, broker)) as one:
            one.catch_up()
    after = premium("status", "--part", "relay", "--json", *ask).document["parts"]
    views = premium("status", "--part", "views", "--json", *ask[:2])
    assert [(one["part"], one["behind"]) for one in (*before, *after)] == [
        ("relay", head),
        ("relay", 0),
    ]
    assert [one["part"] for one in views.document["parts"]] == ["views"]


def test_a_part_that_is_none_is_named_with_those_that_are():
    done = premium("status", "--part", "nobody", "--broker", "127.0.0.1:1")
    assert done.code == Exit.USAGE
    assert "'nobody': it is views, relay, reporting" in done.err
