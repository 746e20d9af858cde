"""Measure deciding again, and a whole scheme year at once; write a page for docs.

`make bench` runs it after the writer; alone it is `python -m benchmarks.decisions`.
"""

import contextlib
import io
import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter_ns
from typing import NamedTuple

from rich.console import Console

from benchmarks.years import bodies, ledger_of
from interfaces.cli.main import call
from ledger.service import Ledger
from projections.replay import replay_all

PAGE = Path("docs/benchmarks-decisions.md")
GROUPS = 211
DECISIONS = 10_000
A_SECOND = 2_000
MOST_MS = 2_000
YEAR = ("--scheme-year", "2013-14")
ON = ("--effective-on", "2015-10-20", "--decided-on", "2015-10-20")


class Row(NamedTuple):
    """One measure and its bar."""

    measure: str
    measured: str
    bar: str
    met: bool


def replaying(folder: Path) -> Iterator[Row]:
    """Every decision of a ledger with at least 10,000 of them, decided again."""
    ledger = ledger_of(folder / "replay.db", bodies(360))
    began = perf_counter_ns()
    replay = replay_all(ledger)
    took = perf_counter_ns() - began
    ledger.close()
    decisions = sum(replay.decisions.values())
    assert decisions >= DECISIONS, f"only {decisions} decisions to replay"
    assert not replay.differences, replay.differences[0]
    a_second = decisions * 1_000_000_000 // took
    yield Row(
        f"replay --all: {decisions:,} decisions, of {ledger_size(folder):,} records",
        f"{a_second:,} decisions a second",
        f"at least {A_SECOND:,}",
        a_second >= A_SECOND,
    )


def ledger_size(folder: Path) -> int:
    """Records of the ledger that was replayed."""
    with Ledger.open(folder / "replay.db") as ledger:
        return ledger.head()


def a_year_at_once(folder: Path) -> Iterator[Row]:
    """Assess, propose and confirm every group of a scheme year, command by command."""
    path = folder / "year.db"
    ledger_of(path, bodies(GROUPS), until="year/assess/pyll").close()
    _premium(path, "balances", "--json")  # Views up to here are not what is measured.
    steps = (
        ("assess --all", ("assess", "--all"), "analyst:a1"),
        ("award propose --all", ("award", "propose", "--all"), "analyst:a1"),
        (
            "award confirm --round 1",
            ("award", "confirm", "--round", "1"),
            "approver:p1",
        ),
    )
    for name, tokens, acting in steps:
        began = perf_counter_ns()
        _premium(path, *tokens, *YEAR, *ON, "--as", acting)
        took_ms = (perf_counter_ns() - began) // 1_000_000
        yield Row(
            f"{name}: {GROUPS} groups",
            f"{took_ms:,} ms",
            f"under {MOST_MS:,} ms",
            took_ms < MOST_MS,
        )


def _premium(path: Path, *tokens: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        code = call([*tokens, "--db", str(path)])
    assert code == 0, f"premium {tokens[0]} ended with {code}"


PAGE_TEXT = """\
# What deciding costs

Written by `make bench`; do not edit. {cpus} processors ({machine}), Python {python}.
One process, one run each; numbers of one machine and one hour.

The groups are invented and each has the year of `interfaces/demo_year.ndjson`, worked
command by command. Replaying reads the log from its first record, decodes it, and
decides each decision on an account twice: from what it cites, and from all that was
known. The commands of a scheme year are timed whole, as a user calls them: reading
which accounts there are, deciding, recording, answering.

{table}
"""


def page(rows: Sequence[Row]) -> str:
    """The page for docs."""
    lines = ["| measure | measured | bar | met |", "| --- | ---: | --- | --- |"]
    lines += [
        f"| {one.measure} | {one.measured} | {one.bar} | {'yes' if one.met else 'no'} |"
        for one in rows
    ]
    return PAGE_TEXT.format(
        cpus=os.cpu_count(),
        machine=platform.machine(),
        python=platform.python_version(),
        table="\n".join(lines),
    )


def main() -> None:
    """Measure, print, write the page."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as name:
        text = page([*replaying(Path(name)), *a_year_at_once(Path(name))])
    PAGE.write_text(text, encoding="utf-8")
    console.print(text, markup=False, highlight=False, soft_wrap=True)
    console.print(f"Written to {PAGE}.")


if __name__ == "__main__":
    main()
