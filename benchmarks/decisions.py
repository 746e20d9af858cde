"""Measure deciding again, and a whole scheme year at once; print a table.

Run as `python -m benchmarks.decisions`. It ends with exit code 1 if a bar is missed.
"""

import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter_ns
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.years import bodies, ledger_of
from interfaces.cli.main import call
from ledger.service import Ledger
from projections.replay import replay_all

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


def main() -> int:
    """Measure and print; 1 if a bar is missed."""
    table = Table("measure", "measured", "bar", "met")
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        rows = [*replaying(folder), *a_year_at_once(folder)]
    for row in rows:
        table.add_row(row.measure, row.measured, row.bar, "yes" if row.met else "no")
    Console(width=110).print(table)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
