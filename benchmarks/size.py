"""What opening, appending, reading and restarting cost as a ledger grows."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import ParamSpec, TypeVar

from benchmarks.harness import Effort, Found, Row, Subject, milliseconds
from ledger.recorded import account_stream
from ledger.request import Appended, Outcome, Request
from ledger.service import Ledger
from tests.worlds.ledgers import BODIES, Work, ledger
from tests.worlds.payable import account

FEW, MANY = BODIES[0], BODIES[1]
"""A group with as many records at any size, and one whose records grow with it."""

PARTS = 100
"""Of a ledger; the one group asks once in each, so that its records lie far apart."""

APPENDS = 300
MILLION = "BENCH_MILLION"

P = ParamSpec("P")
T = TypeVar("T")


def made(path: Path, records: int, work: Work) -> None:
    """Make a ledger of a size, in which one group has few records and 31 the rest."""
    with ledger(path) as new:
        for _ in range(PARTS):
            new.give_each(work.requests(records // PARTS - 1, BODIES[1:]))
            new.give_each(work.requests(1, (FEW,)))
    os.sync()  # Else what comes next waits for the disk to take all of it.


def took(run: Callable[P, T], *given: P.args, **named: P.kwargs) -> tuple[int, T]:
    """How many nanoseconds a call took, and what it gave."""
    began = perf_counter_ns()
    result = run(*given, **named)
    return perf_counter_ns() - began, result


def restarted(path: Path, asked: Request) -> tuple[Ledger, Outcome]:
    """Open a ledger and give it one command."""
    again = Ledger.open(path)
    return again, again.give(asked)


def sized(folder: Path, records: int) -> Iterator[Row]:
    """Opening, appending, reading and restarting in a ledger of a size."""
    path = folder / f"{records}.db"
    name = f"{records:,} records"
    work = Work()
    made(path, records, work)
    opening, opened = took(Ledger.open, path)
    yield Row(f"{name}: open", milliseconds(opening))
    with opened:
        appended = [
            took(opened.give, one)[0] for one in work.requests(APPENDS, BODIES[1:])
        ]
        yield Row(f"{name}: append one, median", milliseconds(int(median(appended))))
        for body in (FEW, MANY):
            reading, found = took(opened.stream, account_stream(account(body)))
            what = f"read an account of {len(found):,} records"
            yield Row(f"{name}: {what}", milliseconds(reading))
    for body in (FEW, MANY):
        [asked] = work.requests(1, (body,))
        restart, (again, outcome) = took(restarted, path, asked)
        again.close()
        assert isinstance(outcome, Appended)
        what = f"restart, first append to an account of {outcome.records[0].version:,}"
        yield Row(f"{name}: {what}", milliseconds(restart))


def run(folder: Path, effort: Effort) -> Found:
    """Measure a small ledger and a large one."""
    large = 1_000_000 if os.environ.get(MILLION) else effort.large_ledger
    rows = [row for size in (effort.small_ledger, large) for row in sized(folder, size)]
    return Found(rows, LIMITS)


ABOUT = """\
Ledgers in SQLite of requests for money, of seven slices each. One group asks a hundred
times, spread over the whole ledger, whatever its size: about what a year of a real
group comes to. 31 others share all other records, so that theirs grow with the ledger.
Restarting is opening the file and giving one command, in a process that runs already.
`BENCH_MILLION=1 python -m benchmarks size` measures a million records in place of
100,000.
"""

LIMITS = """\
- **Opening and appending** cost the same at any size, but for the depth of the trees.
- **An account** costs what its own records cost: to be read, some 20 µs each to decode
  and check and up to as much to find its page; as much again to be folded, where it is
  the first that a command asks for after a restart. Accounts of a real ledger do not
  grow with it: there, more records are more accounts.
"""

SUBJECT = Subject(name="size", title="A ledger that grows", about=ABOUT, run=run)
