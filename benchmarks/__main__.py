"""Measure the writer, print what was measured, and write it to docs/benchmarks.md."""

import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from threading import Barrier, Thread
from time import perf_counter_ns
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import track

from benchmarks import decisions
from benchmarks.ledgers import BODIES, Timed, Work, ledger, recorder
from ledger.service import Ledger

PAGE = Path("docs/benchmarks.md")
ROUNDS = 15
LONE = 250
"""Commands, or events, one after the other, in each round."""

THREADS = 32
EACH = 25
"""Of each thread, in each round."""

BATCH = 2_048
WARM_UP = 1_500
"""A file that still grows waits longer for the disk; so the first are left out."""


class Line(NamedTuple):
    """One line of the table."""

    name: str
    per_second: int
    hundredths: int  # Of the append; 100 for itself.
    bar: int  # In hundredths; 0 for none.

    def cells(self) -> tuple[str, ...]:
        """As printed."""
        bar = f"at least {_times(self.bar)}" if self.bar else ""
        met = "" if not self.bar else ("yes" if self.hundredths >= self.bar else "no")
        return (self.name, f"{self.per_second:,}", _times(self.hundredths), bar, met)


Measured = dict[str, list[int]]
"""Per second, by name, one a round."""

APPEND = "library: append one event"
APPENDS = "library: append one event, 32 threads"
ONE = "ledger: one command, lone caller"
SAME = "ledger: one command, 32 threads, one account"
MANY = "ledger: one command, 32 threads, 32 accounts"
BATCHED = "ledger: 2,048 commands at once, each on its own"
GROUPED = "ledger: 2,048 commands, all or nothing"
BARS = {ONE: 70, SAME: 250, MANY: 250}


def _times(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}x"


def _per_second(how_many: int, run: Callable[[], object]) -> int:
    started = perf_counter_ns()
    run()
    return how_many * 1_000_000_000 // (perf_counter_ns() - started)


def _one_by_one(give: Callable[[Any], object], asked: Sequence[Any]) -> int:
    def run() -> None:
        for one in asked:
            give(one)

    return _per_second(len(asked), run)


def _in_threads(give: Callable[[Any], object], asked: Sequence[Any]) -> int:
    """Share the work over threads that start together."""
    begin = Barrier(THREADS + 1)

    def run(part: Sequence[Any]) -> None:
        begin.wait()
        for one in part:
            give(one)

    threads = [Thread(target=run, args=(asked[i::THREADS],)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    begin.wait()

    def wait() -> None:
        for thread in threads:
            thread.join()

    return _per_second(len(asked), wait)


def measure(folder: Path, work: Work) -> Measured:
    """Every measure once a round, in turn, so that a slow minute meets all of them."""
    ours, library = ledger(folder / "ledger.db"), recorder(folder / "library.db")
    one_body = BODIES[:1]
    _one_by_one(ours.give, work.requests(WARM_UP, BODIES))
    work.use_state_of(ours)

    def append(event: Any) -> object:
        return library.insert_events([event])

    _one_by_one(append, work.events(WARM_UP, BODIES))
    threads = THREADS * EACH
    found: Measured = {}
    for _ in track(range(ROUNDS), "Measuring"):
        turn = {
            APPEND: _one_by_one(append, work.events(LONE, BODIES)),
            ONE: _one_by_one(ours.give, work.requests(LONE, BODIES)),
            SAME: _in_threads(ours.give, work.requests(threads, one_body)),
            MANY: _in_threads(ours.give, work.requests(threads, BODIES)),
            APPENDS: _in_threads(append, work.events(threads, BODIES)),
            BATCHED: _batch(ours, work.requests(BATCH, BODIES)),
            GROUPED: _group(ours, work.requests(BATCH, BODIES)),
        }
        for name, per_second in turn.items():
            found.setdefault(name, []).append(per_second)
    ours.close()
    return found


def _batch(ours: Ledger, requests: Sequence[Any]) -> int:
    return _per_second(len(requests), lambda: ours.give_each(requests))


def _group(ours: Ledger, requests: Sequence[Any]) -> int:
    return _per_second(len(requests), lambda: ours.give_all(requests))


def where_time_goes(folder: Path, work: Work) -> dict[str, int]:
    """Microseconds of one lone command: the commit, other statements, and Python."""
    timed = ledger(folder / "timed.db", Timed)
    _one_by_one(timed.give, work.requests(WARM_UP, BODIES))
    runs: dict[str, list[int]] = {"commit": [], "statements": [], "rest": []}
    for _ in range(ROUNDS):
        Timed.spent.clear()
        per_second = _one_by_one(timed.give, work.requests(LONE, BODIES))
        runs["commit"].append(Timed.spent["commit"] // LONE)
        runs["statements"].append(Timed.spent["statements"] // LONE)
        whole = 1_000_000_000 // per_second
        runs["rest"].append(whole - sum(Timed.spent.values()) // LONE)
    timed.close()
    return {part: int(median(found)) // 1_000 for part, found in runs.items()}


def lines(found: Measured) -> list[Line]:
    """The table, in the order measured: medians over the rounds.

    A ratio is the median of each round's own, so that what slows the machine for a
    while slows both sides of it.
    """
    table = []
    for name, rounds in found.items():
        ratios = [
            per_second * 100 // base
            for per_second, base in zip(rounds, found[APPEND], strict=True)
        ]
        table.append(
            Line(
                name=name,
                per_second=int(median(rounds)),
                hundredths=int(median(ratios)),
                bar=BARS.get(name, 0),
            )
        )
    return table


HEADINGS = ("measure", "a second", "of the append", "bar", "met")


def page(table: Sequence[Line], spent: dict[str, int]) -> str:
    """The page for docs."""
    per_second = {line.name: line.per_second for line in table}
    more = 1_000_000 // per_second[ONE] - 1_000_000 // per_second[APPEND]
    rows: list[tuple[str, ...]] = [HEADINGS, ("---", "---:", "---", "---", "---")]
    rows += [line.cells() for line in table]
    return PAGE_TEXT.format(
        cpus=os.cpu_count(),
        machine=platform.machine(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        rounds=ROUNDS,
        warm_up=f"{WARM_UP:,}",
        table="\n".join(f"| {' | '.join(cells)} |" for cells in rows),
        more=more,
        slow_disk=_times(100_000 // (1_000 + more)),
        **spent,
    )


PAGE_TEXT = """\
# What the writer costs

Written by `make bench`; do not edit. {cpus} processors ({machine}), Python {python},
SQLite {sqlite}. Medians of {rounds} rounds, every measure once a round, in turn. The
first {warm_up} commits of each file are left out: a file that still grows waits longer
for the disk. Numbers of one machine and one hour: compare the ratios.

A command is `request-disbursement` on an account of seven measures: it is looked up
by its id, decided, recorded as one fact of seven slices, and its answer is kept; it is
answered when all is on disk. The library's append is its own SQLite recorder writing
one event of the same size and stream, without a command, decision or answer; it waits
for the disk as well.

{table}

## Where the time of one lone command goes

| part | microseconds |
| --- | ---: |
| the commit: {commit} µs, most of it waiting for the disk | {commit} |
| other statements: lock, look-up, two inserts | {statements} |
| Python: hash, decide, encode, evolve, hand over | {rest} |

## What limits it

- **A lone command** writes five pages where the append writes two: the record, its
  place in its stream, the answer and its id are four trees, and each further page
  costs a commit about 10 µs. Most of the rest is Python: right after a wait for the
  disk it runs two to three times slower than in a loop of its own, because the caches
  are cold. A command takes {more} µs more than an append, and that is almost the
  same on any disk: with a commit of 1 ms the ratio would be about {slow_disk}.
- **32 threads** share one wait for the disk among about 30 commands, so the disk no
  longer counts: what is left is one core of Python deciding, and the hand-over between
  threads, which Python's global lock makes one by one. `give_each` does the same work
  without the hand-over.
- On one account or on many nothing conflicts and nothing is tried again, for all wait
  under the one lock. Many accounts are a little slower, as their states do not stay in
  the processor's cache.
"""


def main() -> None:
    """Measure, print, write the page."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        work = Work()
        found = measure(Path(folder), work)
        spent = where_time_goes(Path(folder), work)
    table = lines(found)
    text = page(table, spent)
    PAGE.write_text(text, encoding="utf-8")
    console.print(text, markup=False, highlight=False, soft_wrap=True)
    console.print(f"Written to {PAGE}.")
    decisions.main()


if __name__ == "__main__":
    main()
