"""Deciding again what was decided, and a whole scheme year at once."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter_ns

from benchmarks.harness import Effort, Found, Row, Subject
from interfaces.cli.main import call
from projections.questions.replay import replay_all
from tests.worlds.years import bodies, ledger_of

A_SECOND = 2_000
MOST_MS = 2_000
YEAR = ("--scheme-year", "2013-14")
ON = ("--effective-on", "2015-10-20", "--decided-on", "2015-10-20")


def run(folder: Path, effort: Effort) -> Found:
    """Both, one run each."""
    return Found(
        [
            *replaying(folder / "replay.db", effort.decided),
            *a_year_at_once(folder / "year.db", effort.groups),
        ]
    )


def replaying(path: Path, groups: int) -> Iterator[Row]:
    """Every decision of a ledger, decided again; each group brings about 28."""
    with ledger_of(path, bodies(groups)) as ledger:
        records = ledger.head()
        began = perf_counter_ns()
        replay = replay_all(ledger)
        took = perf_counter_ns() - began
    decisions = sum(replay.decisions.values())
    assert not replay.differences, replay.differences[0]
    a_second = decisions * 1_000_000_000 // took
    yield Row(
        f"replay --all: {decisions:,} decisions, of {records:,} records",
        f"{a_second:,}/s",
        bar=f"at least {A_SECOND:,}/s",
        met=a_second >= A_SECOND,
    )


def a_year_at_once(path: Path, groups: int) -> Iterator[Row]:
    """Assess, propose and confirm every group of a scheme year, command by command."""
    ledger_of(path, bodies(groups), until="year/assess/pyll").close()
    _premium(path, "balances", "--json")  # Views up to here are not what is measured.
    steps = (
        (("assess", "--all"), "analyst:a1"),
        (("award", "propose", "--all"), "analyst:a1"),
        (("award", "confirm", "--round", "1"), "approver:p1"),
    )
    for tokens, acting in steps:
        began = perf_counter_ns()
        _premium(path, *tokens, *YEAR, *ON, "--as", acting)
        took_ms = (perf_counter_ns() - began) // 1_000_000
        yield Row(
            f"{' '.join(tokens)}: {groups} groups",
            f"{took_ms:,} ms",
            bar=f"under {MOST_MS:,} ms",
            met=took_ms < MOST_MS,
        )


def _premium(path: Path, *tokens: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        code = call([*tokens, "--db", str(path)])
    assert code == 0, f"premium {tokens[0]} ended with {code}"


ABOUT = """\
The groups are invented and each has the year of `interfaces/demo/year.ndjson`, worked
command by command. Replaying reads the log from its first record, decodes it, and
decides each decision on an account twice: from what it cites, and from all that was
known. The commands of a scheme year are timed whole, as a user calls them: reading
which accounts there are, deciding, recording, answering. One run each, without a peer:
no other program decides these rules.
"""

SUBJECT = Subject(name="decisions", title="What deciding costs", about=ABOUT, run=run)
