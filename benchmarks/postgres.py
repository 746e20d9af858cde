"""One durable command on PostgreSQL, beside the library's own recorder there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING

import psycopg
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from benchmarks.harness import Effort, Found, Row, Subject
from benchmarks.ledgers import Work, filled
from benchmarks.writer import MANY, ONE, SAME, measure, rows
from ledger.store.postgres import PostgresStore

if TYPE_CHECKING:
    from tests.servers import Server


NOT_STARTED = (ImportError, OSError, RuntimeError, SubprocessError, psycopg.Error)


def run(folder: Path, effort: Effort) -> Found:
    """Measure commands in a new database of a server that is started for it.

    Where none can be started, the one row says why and nothing counts as measured.
    """
    try:
        from tests.servers import server_over_tcp

        started = server_over_tcp()
    except NOT_STARTED as reason:
        says = " ".join(f"{type(reason).__name__}: {reason}".split())
        row = Row(f"no PostgreSQL server could be started: {says}", "", met=False)
        return Found([row], whole=False)
    store = PostgresStore(started.migrated().app)
    with filled(store) as ours, library(started) as recorder:
        found = measure(ours, recorder.insert_events, Work(), effort)
    [(version,)] = started.empty().execute("SHOW server_version")
    bars = {ONE: 150, SAME: 800, MANY: 800}
    return Found(rows(found, bars, effort), LIMITS, f"PostgreSQL {version}")


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
What limits it:

- **A lone command** takes two round trips: one begins, takes the lock and looks the
  id up, one writes all rows and commits. Deciding lies between them, with the lock
  held. Both sides wait for the disk once, so the ratio is the disk's: in an hour when
  the peer's append took 1.8 ms it was 1.67x, in one when it took 4.3 ms, 1.06x. What
  else remains is some 0.2 ms of Python, and two tables with two indexes each where the
  peer has one table.
- **32 threads** share those round trips and that wait, so that one core of Python
  deciding is the limit, as on SQLite.
"""

SUBJECT = Subject(
    name="postgres", title="One durable command, on PostgreSQL", about=ABOUT, run=run
)
