"""Why an award is what it is, asked of a ledger that is open and warm."""

from pathlib import Path
from time import perf_counter_ns, thread_time_ns

from benchmarks.harness import Effort, Found, Row, Subject, at_rank, milliseconds
from interfaces.cli import account_state
from interfaces.cli.session import Session
from interfaces.settings import Settings
from ledger.recorded import account_id
from tests.worlds.years import bodies, ledger_of

MOST_NS = 5_000_000


def run(folder: Path, effort: Effort) -> Found:
    """Explain every account in turn; the first round is not counted."""
    groups = bodies(effort.explained)
    path = folder / "explained.db"
    ledger_of(path, groups).close()
    session = Session(Settings(db=str(path), acting=None))
    took: list[int] = []
    worked: list[int] = []
    for number in range(effort.rounds + 1):
        for body in groups:
            account = account_id("quality-premium", "2013-14", body)
            began, rested = perf_counter_ns(), thread_time_ns()
            account_state.working(session, account_state.account(session, account))
            if number:
                took.append(perf_counter_ns() - began)
                worked.append(thread_time_ns() - rested)
    session.close()
    p50, p95 = at_rank(took, 50), at_rank(took, 95)
    return Found(
        [
            Row("explain, warm: p50", milliseconds(p50)),
            Row(
                "explain, warm: p95, processor time alone",
                milliseconds(at_rank(worked, 95)),
            ),
            Row(
                "explain, warm: p95",
                milliseconds(p95),
                bar=f"under {milliseconds(MOST_NS)}",
                met=p95 < MOST_NS,
            ),
        ],
        LIMITS,
    )


ABOUT = """\
What `premium explain` works out for one account whose whole year is recorded: its
records are read and folded, the rules that its award cites and every result that its
assessments cite are read, each test is judged again, and the tree of reasons is built.
The ledger is open and has explained every account once. There is no peer that does
this work. Printing the tree, and starting the program, are left out.
"""

LIMITS = """\
It goes through the log, not a view: about 25 records of the account and 20 of evidence
a question. Reading and checking those records is most of the time. Where p95 lies far
above its processor time, other programs had the processors meanwhile.
"""

SUBJECT = Subject(name="explain", title="Explaining an award", about=ABOUT, run=run)
