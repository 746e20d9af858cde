"""What every benchmark shares: rows, rounds in turn, and the page they are put on."""

import os
import platform
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier, Thread
from time import perf_counter_ns
from typing import Any, NamedTuple


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much is done; the defaults are what the page is measured with."""

    rounds: int = 15
    warm_up: int = 1_500  # A file that still grows waits longer for the disk.
    lone: int = 250  # Commands, or events, one after the other, in each round.
    threads: int = 32
    each: int = 25  # Of each thread, in each round.
    batch: int = 2_048
    decided: int = 360  # Groups whose year is replayed.
    groups: int = 211  # Groups of a scheme year that is decided at once.
    explained: int = 40  # Accounts.
    viewed: int = 30_000  # Records that views are rebuilt from.
    runner: int = 5_000  # Events that the library's runner takes in.
    visible: int = 300  # Commands until each is seen in a view.
    fed: int = 28_000  # Records that go through the broker.
    small_ledger: int = 10_000  # Records, as the next.
    large_ledger: int = 100_000


class Row(NamedTuple):
    """One workload: what we took, what the peer took, and the bar."""

    workload: str
    ours: str
    peer: str = ""  # Empty where there is none.
    ratio: str = ""
    bar: str = ""
    met: bool | None = None  # None where there is no bar.

    def cells(self) -> tuple[str, ...]:
        """As printed."""
        met = "" if self.met is None else ("yes" if self.met else "no")
        return (self.workload, self.ours, self.peer, self.ratio, self.bar, met)


class Found(NamedTuple):
    """What a subject came to."""

    rows: Sequence[Row]
    limits: str = ""  # Markdown: where the time goes, and what limits a missed bar.
    beside: str = ""  # Further programs that took part, with their versions.
    whole: bool = True  # Whether everything could be measured.


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One thing that is measured.

    Args:
        about: Markdown: what is measured, and against which peer.
        run: Measures it in a folder that it may fill.
    """

    name: str
    title: str
    about: str
    run: Callable[[Path, Effort], Found]


# Measuring ----------------------------------------------------------------------------

Rates = list[int]
"""Of one side: how many a second, one a round."""


def per_second(how_many: int, run: Callable[[], object]) -> int:
    """How many a second, where one run does so many."""
    began = perf_counter_ns()
    run()
    return how_many * 1_000_000_000 // (perf_counter_ns() - began)


def one_by_one(give: Callable[[Any], object], asked: Sequence[Any]) -> int:
    """How many a second of a lone caller who waits for each answer."""

    def run() -> None:
        for one in asked:
            give(one)

    return per_second(len(asked), run)


def in_threads(give: Callable[[Any], object], asked: Sequence[Any], many: int) -> int:
    """How many a second of threads that start together and share the work."""
    begin = Barrier(many + 1)

    def run(part: Sequence[Any]) -> None:
        begin.wait()
        for one in part:
            give(one)

    threads = [Thread(target=run, args=(asked[i::many],)) for i in range(many)]
    for thread in threads:
        thread.start()
    begin.wait()

    def wait() -> None:
        for thread in threads:
            thread.join()

    return per_second(len(asked), wait)


def in_turn(rounds: int, sides: Mapping[str, Callable[[], int]]) -> dict[str, Rates]:
    """Every side once a round, A-B-A-B, so that a slow minute meets all of them."""
    found: dict[str, Rates] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            found[name].append(measure())
    return found


def times(hundredths: int) -> str:
    """A ratio, as printed."""
    return f"{hundredths // 100}.{hundredths % 100:02d}x"


def rate(rates: Rates) -> str:
    """Their median, as printed."""
    return f"{int(median(rates)):,}/s"


def compared(workload: str, ours: Rates, peers: Rates, bar: int = 0) -> Row:
    """A row of rates, set beside the peer's of the same rounds.

    The ratio is the median of each round's own, so that what slows the machine for a
    while slows both sides of it; in brackets, the middle half of the rounds.

    Args:
        bar: At least how many hundredths of the peer; 0 for none.
    """
    ratios = [
        our * 100 // peer if peer else 0 for our, peer in zip(ours, peers, strict=True)
    ]
    middle = int(median(ratios))
    low, _, high = quantiles(ratios, n=4, method="inclusive")
    return Row(
        workload,
        rate(ours),
        rate(peers),
        f"{times(middle)} ({times(int(low))} to {times(int(high))})",
        f"at least {times(bar)}" if bar else "",
        middle >= bar if bar else None,
    )


def at_rank(values: Sequence[int], percent: int) -> int:
    """The value that so many per cent of the values do not exceed."""
    ranked = sorted(values)
    return ranked[-(-len(ranked) * percent // 100) - 1]


def milliseconds(ns: int) -> str:
    """Nanoseconds, as printed."""
    return f"{ns // 1_000_000}.{ns // 10_000 % 100:02d} ms"


# The page -----------------------------------------------------------------------------

HEADINGS = ("workload", "ours", "peer", "ratio", "bar", "met")
INTRODUCTION = """\
# How fast it is, and against what

Written by `make bench`; do not edit. `python -m benchmarks NAME...` measures some
sections again and leaves the others. Peers run in the same process and the same
minutes, A-B-A-B. Figures are medians over the rounds; behind a ratio, in brackets, is
the middle half of the rounds. They are of one machine and one hour: compare the ratios.
"""


def machine(beside: str) -> str:
    """What was measured on: no name of a host, no path."""
    parts = [
        f"{os.cpu_count()} processors ({platform.machine()})",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
    ]
    return ", ".join([*parts, beside] if beside else parts)


def section(subject: Subject, found: Found) -> str:
    """A subject's part of the page."""
    lines: list[tuple[str, ...]] = [
        HEADINGS,
        ("---", "---:", "---:", "---", "---", "---"),
    ]
    lines += [row.cells() for row in found.rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    parts = [
        f"{_mark(subject.name)}\n## {subject.title}",
        subject.about.strip(),
        f"{machine(found.beside)}.",
        table,
        found.limits.strip(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def page(old: str, order: Sequence[str], sections: Mapping[str, str]) -> str:
    """The page with new sections in place of old ones, in the order of the subjects."""
    kept = {}
    for name in order:
        _, mark, rest = old.partition(_mark(name))
        kept[name] = mark + rest.partition("\n<!-- ")[0] if mark else ""
    parts = [sections.get(name, kept[name]).strip() for name in order]
    return "\n\n".join([INTRODUCTION.strip(), *(part for part in parts if part)]) + "\n"


def _mark(name: str) -> str:
    return f"<!-- {name} -->"
