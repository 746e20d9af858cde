"""One durable command on SQLite, beside the eventsourcing library's own recorder."""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.harness import (
    Effort,
    Found,
    Rates,
    Row,
    Subject,
    compared,
    in_threads,
    in_turn,
    one_by_one,
    per_second,
    times,
)
from ledger.service import Ledger
from tests.worlds.ledgers import BODIES, Timed, Work, ledger, recorder

APPEND = "library: append one event"
APPENDS = "(the peer itself, {threads} threads)"
ONE = "one command, lone caller"
SAME = "one command, {threads} threads, one account"
MANY = "one command, {threads} threads, 32 accounts"
BATCHED = "{batch:,} commands at once, each on its own"
GROUPED = "{batch:,} commands, all or nothing"


def measure(
    ours: Ledger, insert: Callable[[Sequence[Any]], object], work: Work, effort: Effort
) -> dict[str, Rates]:
    """How many a second, in turn: of the library's appends, and of commands.

    Args:
        insert: The library's; returns when the events are on disk.
    """
    one_by_one(ours.give, work.requests(effort.warm_up, BODIES))
    work.use_state_of(ours)

    def append(event: Any) -> object:
        return insert([event])

    one_by_one(append, work.events(effort.warm_up, BODIES))
    many, all_of_them = effort.threads, effort.threads * effort.each

    def at_once(give: Callable[[Sequence[Any]], object]) -> int:
        requests = work.requests(effort.batch, BODIES)
        return per_second(effort.batch, lambda: give(requests))

    def threaded(bodies: tuple[str, ...]) -> int:
        return in_threads(ours.give, work.requests(all_of_them, bodies), many)

    return in_turn(
        effort.rounds,
        {
            APPEND: lambda: one_by_one(append, work.events(effort.lone, BODIES)),
            ONE: lambda: one_by_one(ours.give, work.requests(effort.lone, BODIES)),
            SAME: lambda: threaded(BODIES[:1]),
            MANY: lambda: threaded(BODIES),
            APPENDS: lambda: in_threads(append, work.events(all_of_them, BODIES), many),
            BATCHED: lambda: at_once(ours.give_each),
            GROUPED: lambda: at_once(ours.give_all),
        },
    )


def rows(found: dict[str, Rates], bars: dict[str, int], effort: Effort) -> list[Row]:
    """Every workload beside the bare append of one event."""
    return [
        compared(
            name.format(threads=effort.threads, batch=effort.batch),
            rates,
            found[APPEND],
            bars.get(name, 0),
        )
        for name, rates in found.items()
        if name != APPEND
    ]


def where_time_goes(folder: Path, work: Work, effort: Effort) -> dict[str, int]:
    """Microseconds of one lone command: the commit, other statements, and Python."""
    timed = ledger(folder / "timed.db", Timed)
    one_by_one(timed.give, work.requests(effort.warm_up, BODIES))
    runs: dict[str, list[int]] = {"commit": [], "statements": [], "rest": []}
    for _ in range(effort.rounds):
        Timed.spent.clear()
        a_second = one_by_one(timed.give, work.requests(effort.lone, BODIES))
        runs["commit"].append(Timed.spent["commit"] // effort.lone)
        runs["statements"].append(Timed.spent["statements"] // effort.lone)
        whole = 1_000_000_000 // a_second
        runs["rest"].append(whole - sum(Timed.spent.values()) // effort.lone)
    timed.close()
    return {part: int(median(found)) // 1_000 for part, found in runs.items()}


def run(folder: Path, effort: Effort) -> Found:
    """Measure commands on a new file, and where the time of one goes."""
    work = Work()
    library = recorder(folder / "library.db")
    with ledger(folder / "ledger.db") as ours:
        found = measure(ours, library.insert_events, work, effort)
    spent = where_time_goes(folder, work, effort)
    own = spent["statements"] + spent["rest"]
    on_disks = [times(100 * append // (append + own)) for append in (300, 1_000)]
    table = rows(found, {ONE: 70, SAME: 250, MANY: 250}, effort)
    return Found(table, LIMITS.format(*on_disks, own=own, **spent))


ABOUT = """\
A command is `request-disbursement` on an account of seven measures: it is looked up
by its id, decided, recorded as one fact of seven slices, and its answer is kept; it is
answered when all is on disk. The peer is the eventsourcing library's own SQLite
recorder, appending one event of the same size and stream from one caller, without a
command, decision or answer; it waits for the disk as well. The first commits of each
file are left out: a file that still grows waits longer for the disk.
"""

LIMITS = """\
Where the time of one lone command goes:

| part | microseconds |
| --- | ---: |
| the commit, most of it waiting for the disk | {commit} |
| other statements: lock, look-up, two inserts | {statements} |
| Python: hash, decide, encode, evolve, hand over | {rest} |

What limits it:

- **A lone command** writes five pages where the append writes two: the record, its
  place in its stream, the answer and its id are four trees, and each further page
  costs a commit about 10 µs. Most of the rest is Python: right after a wait for the
  disk it runs two to three times slower than in a loop of its own, because the caches
  are cold. That work beside the commit, {own} µs, is almost the same on any disk, so
  the ratio is the disk's: about {} where an append takes 0.3 ms, about {} where it
  takes 1 ms, as on a disk that others use.
- **32 threads** share one wait for the disk among about 30 commands, so the disk no
  longer counts: what is left is one core of Python deciding, and the hand-over between
  threads, which Python's global lock makes one by one. `give_each` does the same work
  without the hand-over.
- On one account or on many nothing conflicts and nothing is tried again, for all wait
  under the one lock. Many accounts are a little slower, as their states do not stay in
  the processor's cache.
"""

SUBJECT = Subject(
    name="writer", title="One durable command, on SQLite", about=ABOUT, run=run
)
