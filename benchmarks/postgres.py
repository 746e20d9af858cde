"""One durable command on PostgreSQL, beside the library's own recorder there."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from subprocess import SubprocessError
from time import perf_counter_ns
from typing import TYPE_CHECKING, ClassVar

import psycopg
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq.abc import PGresult

from benchmarks.harness import Effort, Found, Row, Subject, one_by_one
from benchmarks.writer import MANY, ONE, SAME, measure, rows
from ledger.store.postgres.connection import connect
from ledger.store.postgres.store import PostgresStore
from ledger.store.postgres.wire import BEGIN, COMMIT, Call, Wire
from tests.worlds.ledgers import BODIES, Work, filled

if TYPE_CHECKING:
    from tests.worlds.servers import Server


NOT_STARTED = (ImportError, OSError, RuntimeError, SubprocessError, psycopg.Error)


def run(folder: Path, effort: Effort) -> Found:
    """Measure commands in a new database of a server that is started for it.

    Where none can be started, the one row says why and nothing counts as measured.
    """
    try:
        from tests.worlds.servers import server_over_tcp

        started = server_over_tcp()
    except NOT_STARTED as reason:
        says = " ".join(f"{type(reason).__name__}: {reason}".split())
        row = Row(f"no PostgreSQL server could be started: {says}", "", met=False)
        return Found([row], whole=False)
    store = PostgresStore(started.migrated().app)
    with filled(store) as ours, library(started) as recorder:
        found = measure(ours, recorder.insert_events, Work(), effort)
    spent = where_time_goes(started, Work(), effort)
    [(version,)] = started.empty().execute("SHOW server_version")
    bars = {ONE: 150, SAME: 800, MANY: 800}
    limits = LIMITS.format(**spent)
    return Found(rows(found, bars, effort), limits, f"PostgreSQL {version}")


class TimedWire(Wire):
    """A connection that knows how long its calls took, in nanoseconds."""

    spent: ClassVar[Counter[str]] = Counter()

    def call(self, *calls: Call) -> PGresult:
        """Run calls; those that begin a transaction are counted apart."""
        began = perf_counter_ns()
        try:
            return super().call(*calls)
        finally:
            trip = "begin" if calls[0] == BEGIN else "write"
            self.spent[trip] += perf_counter_ns() - began


class TimedStore(PostgresStore):
    """A store whose writer knows how long its calls took."""

    def _wire(self) -> Wire:
        return TimedWire(super()._wire().connection)


def where_time_goes(started: "Server", work: Work, effort: Effort) -> dict[str, int]:
    """Microseconds of one lone command: its two round trips, and Python.

    Beside them `least`: one row in a table without an index, and its commit, in one
    round trip; no durable command can take less.
    """
    runs: dict[str, list[int]] = {"begin": [], "write": [], "rest": [], "least": []}
    with (
        filled(TimedStore(started.migrated().app)) as ours,
        closing(connect(started.empty().owner, {})) as connection,
    ):
        one_by_one(ours.give, work.requests(effort.warm_up, BODIES))
        connection.execute("CREATE TABLE least (number bigint)")
        wire = Wire(connection)

        def insert(number: int) -> None:
            put = b"INSERT INTO least VALUES (%d)" % number
            wire.call(BEGIN, Call(put), COMMIT)

        for _ in range(effort.rounds):
            least = one_by_one(insert, range(effort.lone))
            runs["least"].append(1_000_000_000 // least)
            TimedWire.spent.clear()
            whole = one_by_one(ours.give, work.requests(effort.lone, BODIES))
            trips = {trip: ns // effort.lone for trip, ns in TimedWire.spent.items()}
            runs["begin"].append(trips["begin"])
            runs["write"].append(trips["write"])
            runs["rest"].append(1_000_000_000 // whole - sum(trips.values()))
    return {part: int(median(found)) // 1_000 for part, found in runs.items()}


@contextmanager
def library(started: "Server") -> Iterator[PostgresApplicationRecorder]:
    """The library's own, as it comes, in a database of its own."""
    given = conninfo_to_dict(started.empty().owner)
    with PostgresDatastore(
        dbname=str(given["dbname"]),
        host=str(given.get("host", "")),
        port=str(given.get("port", "")),
        user=str(given.get("user", "")),
        password=str(given.get("password", "")),
        pool_size=4,
        max_overflow=28,
        originator_id_type="text",
    ) as datastore:
        made = PostgresApplicationRecorder(datastore)
        made.create_table()
        yield made


ABOUT = """\
The same commands in a database of a real server on this machine, reached over TCP as
a shared one is, with fsync on. The peer is the eventsourcing library's own PostgreSQL
recorder, appending one event of the same size and stream from one caller: it takes an
exclusive lock on its table, inserts, notifies and commits, each waited for. Nothing
waits here for a network; over one the fewer round trips of a command would count for
more. Over a Unix socket, where a round trip costs least, a lone command was 1.2x.
"""

LIMITS = """\
Where the time of one lone command goes:

| part | microseconds |
| --- | ---: |
| first round trip: begin, lock, look-up | {begin} |
| second round trip: all rows, their checks and indexes, the commit | {write} |
| Python: hash, decide, encode, evolve, hand over | {rest} |
| (one row without an index and its commit, in one round trip) | {least} |

What limits it:

- **A lone command** waits for the disk once, as the peer does, so the ratio is the
  disk's: in an hour when the peer's append took 1.8 ms it was 1.67x, in one when it
  took 4.3 ms, 1.06x. The peer's append is four round trips of little work. Ours are
  two, and the second holds what the peer has not: an answer that is kept, with an index
  of its own, and the checks of what follows what. Deciding lies between them, with the
  lock held, so they cannot be one.
- **32 threads** share those round trips and that wait, so that one core of Python
  deciding is the limit, as on SQLite; where other programs have the processors
  meanwhile, the ratio falls with it.
"""

SUBJECT = Subject(
    name="postgres", title="One durable command, on PostgreSQL", about=ABOUT, run=run
)
