"""Commands and reads beside UmaDB, an event store that is a server of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from importlib.metadata import version
from itertools import count
from pathlib import Path

from umadb import AppendCondition, Client, Event, Query, QueryItem, TransportError

from benchmarks.batches import FACTS, large_command, register_group
from benchmarks.harness import (
    Effort,
    Found,
    Row,
    Subject,
    compared,
    in_threads,
    in_turn,
    one_by_one,
    per_second,
)
from benchmarks.postgres import NOT_STARTED
from ledger.request import Appended
from ledger.service import Ledger
from ledger.store.postgres.store import PostgresStore
from tests.worlds.ledgers import BODIES, Work, filled, ledger

ONE = "one command, lone caller"
SAME = "one command, {threads} threads, one account"
LARGE = "one command of 1,000 facts: facts"
READ = "read one stream of 1,000 records"
UNCHANGED = "(UmaDB itself, only if the stream has not grown)"

START_SECONDS = 20

_SERVE = "from umadb.umadb_server_cli import main; main()"
_WHILE_ASKED = '"$@" & read gone; kill "$!"; wait "$!"'
"""Runs a program until the pipe to it is closed, which the system does at our end."""


@contextmanager
def served(folder: Path) -> Iterator[Client]:
    """A server of a new file on a free port, stopped however this process ends.

    Raises:
        TransportError: If it cannot be reached.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--listen", f"127.0.0.1:{port}", "--db-path", str(folder / "uma.db")]
    running = subprocess.Popen(
        ["/bin/sh", "-c", _WHILE_ASKED, "sh", sys.executable, "-c", _SERVE, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert running.stdin is not None
    url = f"http://127.0.0.1:{port}"
    with running, closing(running.stdin), _reached(url) as client:
        yield client


def _reached(url: str) -> Client:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            client = Client(url)
            client.head()
        except TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return client


class Peer:
    """UmaDB, given what a ledger records: a stream's name is an event's one tag.

    Args:
        small: What the fact of a small command is stored as.
        large: The same of each fact of a large one.
    """

    def __init__(self, client: Client, small: bytes, large: Sequence[bytes]):
        self._client = client
        self._small = small
        self._large = large
        self._last = client.head()

    def append(self, stream: str) -> None:
        """Append one event of the size of a small command's fact."""
        self._client.append([_event(stream, self._small)])

    def append_to_unchanged(self, stream: str) -> None:
        """The same of a lone caller, if its stream has not grown since the last."""
        condition = AppendCondition(_of(stream), after=self._last)
        self._last = self._client.append([_event(stream, self._small)], condition)

    def append_large(self, stream: str) -> None:
        """Append the events of a large command at once."""
        self._client.append([_event(stream, state) for state in self._large])

    def read(self, stream: str) -> list[bytes]:
        """What every event of a stream holds, in order."""
        return [found.event.data for found in self._client.read(_of(stream))]


def _event(stream: str, state: bytes) -> Event:
    return Event(event_type="fact", data=state, tags=[stream])


def _of(stream: str) -> Query:
    return Query([QueryItem(tags=[stream])])


def _give_large(ours: Ledger) -> str:
    """Give one command of 1,000 facts; the name of the stream that they are in."""
    outcome = ours.give(large_command())
    assert isinstance(outcome, Appended)
    assert len(outcome.records) == FACTS
    return outcome.records[0].id.rpartition("@")[0]


def _states(ours: Ledger, stream: str) -> list[bytes]:
    with ours.reading() as reading:
        found = [row.state for row in reading.stream(stream)]
    assert len(found) == FACTS
    return found


Sides = dict[str, Callable[[], int]]
"""By the name of a workload: how many a second, measured once."""


def _of_ledger(store: str, ours: Ledger, work: Work, effort: Effort) -> Sides:
    """A ledger's workloads, by store and name, each begun before it is measured."""
    register_group(ours)
    one_by_one(ours.give, work.requests(effort.warm_up, BODIES))
    stream = _give_large(ours)

    def given(bodies: tuple[str, ...], threads: int, each: int) -> int:
        requests = work.requests(threads * each, bodies)
        return in_threads(ours.give, requests, threads)

    def read() -> int:
        return per_second(FACTS, lambda: _states(ours, stream))

    return {
        store + ONE: lambda: one_by_one(ours.give, work.requests(effort.lone, BODIES)),
        store + SAME: lambda: given(BODIES[:1], effort.threads, effort.each),
        store + LARGE: lambda: per_second(FACTS, lambda: _give_large(ours)),
        store + READ: read,
    }


def _of_umadb(peer: Peer, effort: Effort) -> Sides:
    """The same of UmaDB, which decides nothing and keeps no answer."""
    large = (f"large/{number}" for number in count(1))
    streams = [f"account/{body}" for body in BODIES]
    one_by_one(peer.append, [streams[i % 32] for i in range(effort.warm_up)])
    first = next(large)
    peer.append_large(first)
    lone = [streams[i % 32] for i in range(effort.lone)]
    unchanged = [f"own/{stream}" for stream in lone]
    same = streams[:1] * (effort.threads * effort.each)

    def read() -> int:
        assert len(peer.read(first)) == FACTS
        return per_second(FACTS, lambda: peer.read(first))

    return {
        ONE: lambda: one_by_one(peer.append, lone),
        UNCHANGED: lambda: one_by_one(peer.append_to_unchanged, unchanged),
        SAME: lambda: in_threads(peer.append, same, effort.threads),
        LARGE: lambda: per_second(FACTS, lambda: peer.append_large(next(large))),
        READ: read,
    }


def _table(stores: Sequence[str], sides: Sides, effort: Effort) -> list[Row]:
    """Each workload of each store beside UmaDB's, measured next to one another."""
    names = (ONE, UNCHANGED, SAME, LARGE, READ)
    near = {key: sides[key] for name in names for key in sides if key.endswith(name)}
    found = in_turn(effort.rounds, near)
    rows = [
        compared(
            f"{store}{name}".format(threads=effort.threads),
            found[store + name],
            found[name],
        )
        for name in names
        for store in stores
        if store + name in found
    ]
    return [*rows, compared(UNCHANGED, found[UNCHANGED], found[ONE])]


def run(folder: Path, effort: Effort) -> Found:
    """Measure both stores beside one server of UmaDB, all in turn.

    Where a server cannot be started, a row says why, and not all counts as measured.
    """
    work, missing, beside = Work(), list[Row](), f"UmaDB {version('umadb')}"
    with ExitStack() as ends:
        open_ledgers = {"SQLite: ": ends.enter_context(ledger(folder / "ledger.db"))}
        try:
            from tests.worlds.servers import server_over_tcp

            store = PostgresStore(server_over_tcp().migrated().app)
        except NOT_STARTED as reason:
            missing.append(_not_started("PostgreSQL", reason))
        else:
            open_ledgers["PostgreSQL: "] = ends.enter_context(filled(store))
            beside += ", PostgreSQL"
        try:
            client = ends.enter_context(served(folder))
        except (OSError, TransportError) as reason:
            return Found([*missing, _not_started("UmaDB", reason)], whole=False)
        sides: Sides = {}
        for name, ours in open_ledgers.items():
            sides |= _of_ledger(name, ours, work, effort)
        ours = open_ledgers["SQLite: "]
        [small] = [row.state for row in ours.raw(ours.head() - FACTS - 1, 1)]
        [large] = [row.stream for row in ours.raw(ours.head() - 1, 1)]
        sides |= _of_umadb(Peer(client, small, _states(ours, large)), effort)
        table = _table(list(open_ledgers), sides, effort)
    return Found([*table, *missing], LIMITS, beside, whole=not missing)


def _not_started(what: str, reason: Exception) -> Row:
    says = " ".join(f"{type(reason).__name__}: {reason}".split())
    return Row(f"no {what} server could be started: {says}", "", met=False)


ABOUT = """\
The ledger's commands on each store, beside UmaDB: an event store written in Rust, a
server of its own that is reached over TCP on this machine, on the same disk as the
SQLite file. It is given what a command records, each event with the name of its stream
as its one tag; it decides nothing, looks no id up and keeps no answer. A stream is read
as it is stored, undecoded.
"""

LIMITS = """\
- **A lone caller** waits for the disk: UmaDB calls fdatasync twice an append, on a file
  of 256 MB made beforehand; SQLite once a commit, PostgreSQL once. A command on
  PostgreSQL takes two round trips, an append to UmaDB one. Its own check that a stream
  has not grown, which both ledgers make at every append, costs it next to nothing.
- **32 threads** share the wait for the disk in all three. Then UmaDB's work is Rust in
  another process, beside the callers; ours is one core of Python that also decides,
  hashes, encodes and keeps the answers, and the callers share that core.
- **1,000 facts** are 1,000 decided, encoded and checked here; there, bytes at hand.
- **Reading** a stream from SQLite needs no server. PostgreSQL answers in one message;
  UmaDB in batches of messages, each event an object of its own for Python.
"""

SUBJECT = Subject(name="umadb", title="Beside UmaDB", about=ABOUT, run=run)
