"""Two clocks and provenance: what a question about any past day costs."""

import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks import journals
from benchmarks.asking import Took, took
from benchmarks.harness import Effort, Found, Row, Subject, at_rank, times
from benchmarks.tracing import traces
from ledger.events import AccountId
from ledger.recorded import Recorded
from projections.following.sqlite import SqliteViews
from projections.views import balances, clock_totals, clocks
from projections.views.clocks import Clocks
from projections.views.view import Database
from tests.worlds.generated import DAYS, EACH, FIRST, records

BODY_NS, ALL_NS, NATION_NS, TRACE_NS = 1_000_000, 20_000_000, 20_000_000, 5_000_000
RATIO_BAR = 130
"""Hundredths: at most so much longer in the larger ledger."""


def filled(path: Path, how_many: int) -> SqliteViews:
    """Balances and clocks of so many records, without the log and the other views."""
    place = SqliteViews(path, indexed=False)
    batch: list[Recorded] = []

    def take() -> None:
        with place.writing() as db:
            for view in (balances.VIEW, balances.STANDING_VIEW, clocks.VIEW):
                view.apply_batch(db, batch)
        batch.clear()

    for one in records(how_many):
        batch.append(one)
        if len(batch) == 2_000:
            take()
    if batch:
        take()
    with place.writing() as db:
        db.execute(clocks.VIEW.indexes[0])
    return place


def asked(db: Database, how_many: int, effort: Effort) -> dict[str, Took]:
    """What each question takes of a ledger of a size, at random clocks."""
    random = Random(how_many)
    premiums = [
        str(row[0])
        for row in db.execute("SELECT DISTINCT premium FROM balances").fetchall()
    ]
    years = [row[:2] for row in clock_totals.totals(db, how_many, clocks.EVER)]

    def at() -> Clocks:
        day = FIRST + timedelta(days=random.randrange(-200, DAYS + 200))
        return Clocks(random.randrange(how_many + 1), day)

    def nation() -> object:
        then = at()
        year = random.choice(years)[1]
        return clock_totals.totals(db, then.known, then.day, year)

    return {
        "body": took(
            effort.lone * 4,
            lambda: clocks.balances(db, at(), random.choice(premiums)),
        ),
        "all": took(effort.rounds, lambda: balances.standing(db)),
        "nation": took(effort.lone, nation),
    }


def run(folder: Path, effort: Effort) -> Found:
    """Measure all of it."""
    sizes = [effort.lone * 800]
    if os.environ.get("BENCH_MILLION"):
        sizes.append(sizes[0] * 10)
    rows: list[Row] = []
    middles: list[int] = []
    for size in sizes:
        path = folder / f"{size}.db"
        with closing(filled(path, size)) as place:
            found = asked(place.db, size, effort)
            bodies = len(balances.standing(place.db))
        path.unlink()
        middles.append(at_rank(found["body"].worked, 95))
        # All of ten times as many bodies is another question, without a bar.
        all_ns = ALL_NS if size == sizes[0] else 0
        for name, says, bar in (
            ("body", "balance of one body at two random clocks", BODY_NS),
            ("all", f"all balances now, of {bodies:,} bodies", all_ns),
            ("nation", "totals of a scheme year at two random clocks", NATION_NS),
        ):
            rows += found[name].rows(f"{size:,} records: {says}", bar)
    if len(middles) > 1:
        ratio = middles[1] * 100 // middles[0]
        says = "one body, the larger ledger beside the smaller, processor time"
        most = f"at most {times(RATIO_BAR)}"
        rows.append(Row(says, times(ratio), bar=most, met=ratio <= RATIO_BAR))
    for way, spent in zip(
        ("back from a spending", "forwards from a measure"),
        traces(folder / "traced.db", effort),
        strict=True,
    ):
        rows += spent.rows(f"trace {way}, {EACH} records, warm", TRACE_NS)
    exported = list(records(effort.lone * 200))
    account: AccountId = exported[0].fact.account  # type: ignore[union-attr]
    rows += journals.rows(folder, exported, account, min(effort.rounds, 3))
    return Found(rows, LIMITS, beside=journals.beside())


LIMITS = """\
- **One body** is a scan of its rows, up to the position: it grows with the records of
  the account, not with those of the ledger. The larger ledger has more accounts.
- **Totals** read one cell a line from each block for each scheme that has the year (ten
  have it in the larger ledger), and add up a rest of fewer than 4,096 records.
- **All balances** are one row a body, its accounts in it as JSON; of 633 bodies that
  paid 18 payees each there are 15,000. The answer grows with the bodies.
- **A trace** reads the records that it names, found by the view of names. Forwards it
  adds up every leg of the measure: half of its time is making the lines of the answer.
- **ledger and hledger** read the whole journal at each question, as they are made to;
  ours is nearly all of it starting Python and importing the program, and grows with the
  answer alone. Ratios are of times: above one, ours is sooner. They have one clock: the
  question of one body asks for a day, at the last position.
- Where p95 lies far above its processor time, other programs had the processors
  meanwhile.
- `BENCH_MILLION=1` measures a ledger of ten times as many records too.
"""

SUBJECT = Subject(
    name="clocks",
    title="Two clocks and provenance",
    about="""\
Balances and clocks are filled with generated records of 211 groups a scheme year, of
seven slices each, one in ten effective up to a year before or after the others of its
time; the log and the other views are left out. Then questions are asked at random known
positions and effective days. Traces read a ledger in SQLite and its views. The peers
are ledger and hledger: whole commands over the journal that `premium export` writes of
a ledger of such records, in turn with our own whole command.""",
    run=run,
)
