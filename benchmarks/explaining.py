"""Why an award is what it is, asked of a ledger that is open and warm."""

from itertools import cycle
from pathlib import Path

from benchmarks.asking import took
from benchmarks.harness import Effort, Found, Row, Subject, at_rank, milliseconds
from interfaces.cli import account_state
from interfaces.cli.session import Session
from interfaces.settings import Settings
from ledger.recorded import account_id
from tests.worlds.years import bodies, ledger_of

MOST_NS = 5_000_000


def run(folder: Path, effort: Effort) -> Found:
    """Explain every account in turn; as many times before are not counted."""
    groups = bodies(effort.explained)
    path = folder / "explained.db"
    ledger_of(path, groups).close()
    session = Session(Settings(db=str(path), acting=None))
    accounts = cycle(account_id("quality-premium", "2013-14", body) for body in groups)

    def explain() -> object:
        state = account_state.account(session, next(accounts))
        return account_state.working(session, state)

    found = took(effort.rounds * len(groups), explain)
    session.close()
    p50 = milliseconds(at_rank(found.elapsed, 50))
    rows = [Row("explain, warm, p50", p50), *found.rows("explain, warm", MOST_NS)]
    return Found(rows, LIMITS)


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
