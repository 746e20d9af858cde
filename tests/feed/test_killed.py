"""Relay, consumers and broker are killed under load: each event once, to the penny.

PREMIUM_ROUNDS says how many kills; `make torture` says 200. Every PER_ROUND kills the
writing pauses, all are let to catch up, and everything is compared.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import pytest
from pyarrow import dataset

from consumers.log import LogEvents
from consumers.loop import run_once
from consumers.reporting.job import JOB
from consumers.reporting.tables import POSTINGS
from consumers.results.results import Results
from interfaces.environment import BROKER
from interfaces.kafka import Broker as Own
from interfaces.simulation.years import simulated
from ledger.intake.requests import read
from ledger.service import Ledger
from projections.feed.admin import make
from projections.feed.events.message import read as read_event
from projections.feed.reached import reached
from projections.feed.topics import EVENTS, Broker
from tests.cli.program import HOUSE
from tests.feed.reading import all_of
from tests.worlds.servers import server
from tests.worlds.simulated import begun, public

pytestmark = pytest.mark.xdist_group("kafka")

KILLS = int(os.environ.get("PREMIUM_ROUNDS", "6"))
PER_ROUND = 10
CATCHES_UP_S = 120
"""How long services may take to be where the ledger is, seconds."""


class Service:
    """A process of the program that is started again whenever it ends."""

    def __init__(self, log: Path, address: str, *words: str) -> None:
        self._log = log
        self._address = address
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it runs."""
        if self._process is None or self._process.poll() is not None:
            with self._log.open("ab") as output:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "interfaces.cli.main", *self._words],
                    stdout=output,
                    stderr=output,
                    env={**os.environ, "PYTHONPATH": str(HOUSE), BROKER: self._address},
                )

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()


class Written:
    """Commands of simulated years, given in the background until they run out."""

    def __init__(self, path: Path) -> None:
        self.ledger = begun(path, "Killed")
        self._lines = simulated(11, max(40, 2 * KILLS), 3)  # Enough for all rounds.
        self._pause = Event()
        self._thread: Thread | None = None

    def go_on(self) -> None:
        """Give commands, ten at a time, until `pause`."""
        self._pause.clear()
        self._thread = Thread(target=self._give)
        self._thread.start()

    def _give(self) -> None:
        while not self._pause.wait(0.1):
            lines = list(islice(self._lines, 10))
            assert lines, "there is nothing left to give: there is no load any more"
            self.ledger.give_each([read(line) for line in lines])

    def pause(self) -> None:
        """Stop behind what is being given."""
        self._pause.set()
        assert self._thread is not None
        self._thread.join()


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    written = Written(tmp_path / "killed.db")
    yield written
    written.ledger.close()


def eventually(true: Callable[[], bool], meanwhile: Callable[[], None]) -> None:
    """Wait until something is so; fails when it takes too long."""
    until = time.monotonic() + CATCHES_UP_S
    while not true():
        assert time.monotonic() < until, "it has not caught up in time"
        meanwhile()
        time.sleep(0.1)


def test_kills_of_relay_consumers_and_broker_lose_and_double_nothing(
    written: Written, tmp_path: Path
):
    """Two places of each job side by side: each holds every row of every table."""
    random = Random(20_260)
    databases = [
        *(str(tmp_path / f"reporting-{n}.db") for n in (1, 2)),
        *(server().empty().owner for _ in (1, 2)),
    ]
    folders = [tmp_path / "parquet-1", tmp_path / "parquet-2"]
    with Own() as own:
        broker = Broker(own.address)
        make(broker)

        def service(name: str, *words: str) -> Service:
            return Service(tmp_path / f"{name}.log", own.address, *words)

        consume = ("consume", "reporting", "--to")
        member = (*consume, databases[0], "--member")
        services = [
            service("relay", "relay", "--db", str(tmp_path / "killed.db")),
            service("one", *member, "one"),
            service("two", *member, "two"),
            *(
                service(f"db-{n}", *consume, to, "--member", "only")
                for n, to in enumerate(databases[1:])
            ),
            *(
                service(
                    *(one.name, *PARQUET, f"{one}.db", "--folder", str(one)),
                    *("--member", "only"),
                )
                for one in folders
            ),
        ]
        joins_later = service("three", *member, "three")

        def all_up() -> None:
            for one in services:
                one.start()

        def caught_up() -> bool:
            there = [one.position for one in reached(broker)]
            return (
                there == [written.ledger.head()]
                and all(tables(one) == expected for one in databases)
                and all(postings(one) == posted(expected) for one in folders)
            )

        try:
            for kill in range(1, KILLS + 1):
                if kill % PER_ROUND == 1:
                    written.go_on()
                all_up()
                time.sleep(random.uniform(0, 2))
                if kill == 3:
                    services.append(joins_later)
                if kill % PER_ROUND == 5:
                    own.kill()
                    own.start()
                else:
                    random.choice(services).kill()
                if kill % PER_ROUND == 0 or kill == KILLS:
                    written.pause()
                    expected = from_the_log(written.ledger, tmp_path / "expected.db")
                    eventually(caught_up, all_up)
                    assert_each_event_once(broker, written.ledger)
            assert expected["postings"]
        finally:
            for one in services:
                one.kill()


PARQUET = ("consume", "parquet", "--to")
Rows = list[tuple[Any, ...]]


def from_the_log(ledger: Ledger, path: Path) -> dict[str, Rows]:
    """Every reporting table, as it is made from the ledger without a broker."""
    with closing(Results(str(path), JOB)) as results:
        source = LogEvents(ledger, results.begins, results.mark)
        while not source.is_at_end():
            run_once(source, results)
    return tables(str(path))


def tables(where: str) -> dict[str, Rows]:
    """Every reporting table of a place, in one order."""
    with closing(Results(where, JOB)) as results, results.place.reading() as db:
        return {
            one.name: sorted(
                (tuple(row) for row in db.execute(f"SELECT * FROM {one.name}")),
                key=repr,
            )
            for one in JOB.tables
        }


def postings(folder: Path) -> Rows:
    """Each posting of the Parquet files: where it is in the ledger, and its pence."""
    if not list(folder.rglob("*.parquet")):
        return []
    found = dataset.dataset(folder, partitioning="hive").to_table()
    return sorted(tuple(one.values()) for one in found.select(POSTED).to_pylist())


def posted(found: dict[str, Rows]) -> Rows:
    """The same of a reporting database."""
    places = [list(POSTINGS.columns).index(one) for one in POSTED]
    return sorted(tuple(row[at] for at in places) for row in found["postings"])


POSTED = ["position", "leg", "premium", "account", "measure", "pence"]


def assert_each_event_once(broker: Broker, ledger: Ledger) -> None:
    """A reader of committed messages sees each event once, in order of each key."""
    last: dict[bytes, int] = {}
    seen = []
    for record in all_of(broker, EVENTS):
        position = read_event(record.value).data.position
        assert position > last.get(record.key, 0)
        last[record.key] = position
        seen.append(position)
    assert sorted(seen) == public(ledger)
