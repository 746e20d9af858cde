"""The composed services one after the other, on a real PostgreSQL and a real Kafka."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from interfaces.kafka import Broker
from tests.deployment.composed import STEPS, ours
from tests.deployment.conftest import Run

pytestmark = pytest.mark.xdist_group("kafka")


@pytest.fixture(scope="module")
def kafka() -> Iterator[str]:
    """A broker of this module's own: the topics are called as the file calls them."""
    with Broker() as broker:
        yield broker.address


@pytest.fixture(autouse=True)
def named(kafka: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the broker that services are told of."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka)


def test_every_service_does_its_work_and_says_that_it_is_healthy(
    run: Run, tmp_path: Path
):
    for name in ("migrate", "opened", "topics"):
        assert run(name).code == Exit.OK, name
    running = sorted(set(ours()) - STEPS)
    for name in sorted(running, key=lambda name: name != "relay"):
        done = run(name, "--once")
        assert (done.code, done.err) == (Exit.OK, ""), name
    for name in running:
        words = tuple(ours()[name]["healthcheck"]["test"][2:])
        done = run(name, "--json", instead=words)
        assert (done.code, done.err) == (Exit.OK, ""), name
        assert [one["behind"] for one in done.document["parts"]] == [0], name
    assert (tmp_path / "open-files").is_dir()


def test_a_broker_without_topics_is_named_by_the_relay(run: Run):
    run("migrate")
    run("opened")
    done = run("relay", "--once", "--prefix", "elsewhere")
    assert done.code == Exit.UNAVAILABLE
    assert "run premium topics" in done.err
