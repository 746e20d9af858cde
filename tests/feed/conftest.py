"""A real Kafka for tests: the one that is named, otherwise one of our own."""

import os
from collections.abc import Iterator
from itertools import count

import pytest

from interfaces.kafka import Broker as Own
from projections.feed import topics
from projections.feed.admin import make
from projections.feed.topics import Broker

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def bootstrap() -> Iterator[str]:
    """Where a broker answers; all tests that ask run in one process (xdist_group)."""
    given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if given:
        yield given
        return
    with Own() as own:
        yield own.address


@pytest.fixture
def broker(bootstrap: str) -> Broker:
    """A broker with topics that no other test uses, empty."""
    broker = Broker(bootstrap, f"premium-{os.getpid()}-{next(_NUMBERS)}")
    make(broker)
    return broker


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that does not answer at once is away."""
    monkeypatch.setattr(topics, "ANSWERS_MS", 200)
