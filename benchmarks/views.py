"""What views cost: a rebuild, beside the library's runner, and a record's way in."""

import time
from contextlib import closing
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter_ns
from typing import Any

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder

from benchmarks.harness import (
    Effort,
    Found,
    Row,
    Subject,
    at_rank,
    compared,
    milliseconds,
    per_second,
)
from ledger.service import Ledger
from ledger.store.mapper import decode
from projections.following.position import BATCH
from projections.following.service import keep_following
from projections.following.views import Views
from projections.views.every import VIEWS
from tests.worlds.ledgers import BODIES, Work, ledger

LEGS_BAR, EVENTS_BAR, RUNNER_BAR, VISIBLE_BAR_MS = 150_000, 50_000, 3_000, 5


def filled(path: Path, records: int, work: Work) -> Ledger:
    """A ledger with so many requests for money, of seven slices each."""
    made = ledger(path)
    left = records
    while left > 0:
        made.give_each(work.requests(min(left, 20_000), BODIES))
        left -= 20_000
    return made


# A rebuild ----------------------------------------------------------------------------


def rebuilt(source: Ledger, db: Path) -> tuple[int, dict[str, int], int]:
    """Records a second of a whole rebuild; nanoseconds of each view; legs written."""
    with closing(Views.beside(source, db)) as views:
        all_views = per_second(source.head(), views.rebuild)
        legs = views.db.execute("SELECT COUNT(*) FROM legs").fetchone()[0]
        spent: dict[str, int] = {"decode": 0, **{view.name: 0 for view in VIEWS}}
        fresh = views.place.beside()
        position = 0
        while raws := source.raw(position, BATCH):
            began = perf_counter_ns()
            records = [decode(*raw) for raw in raws]
            spent["decode"] += perf_counter_ns() - began
            with fresh.writing() as tables:
                for view in VIEWS:
                    began = perf_counter_ns()
                    view.apply_batch(tables, records)
                    spent[view.name] += perf_counter_ns() - began
            position = raws[-1].position
        fresh.close()
        views.place.clear_beside()
    return all_views, spent, legs


class Asked(Aggregate):
    """The library's form of the same: money that is asked for."""

    @event("Opened")
    def __init__(self) -> None:
        self.pence = 0

    @event("Requested")
    def request(self, pence: int) -> None:
        """Ask for money."""
        self.pence += pence


class Sums(SQLiteTrackingRecorder):
    """A view of one number, in a file: the cheapest that the runner can keep there."""

    def __init__(self, datastore: SQLiteDatastore, **given: Any) -> None:
        super().__init__(datastore, **given)
        self.create_table_statements.append("CREATE TABLE sums (pence INTEGER)")
        self.create_table_statements.append("INSERT INTO sums VALUES (0)")

    def add(self, pence: int, tracking: Tracking) -> None:
        """Add to the sum and save the position with it, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute("UPDATE sums SET pence = pence + ?", (pence,))


class Summing(Projection[Sums]):
    """Takes in one event at a time, as the library has it."""

    name = "sums"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Take in one event."""
        self.view.add(getattr(domain_event, "pence", 0), tracking)


def runner_per_second(path: Path, events: int) -> int:
    """Events a second of the library's ProjectionRunner, from memory into a file."""
    with ProjectionRunner(
        application_class=Application,
        projection_class=Summing,
        view_class=Sums,
        env={
            "SUMS_PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SUMS_SQLITE_DBNAME": str(path),
        },
    ) as runner:
        asked = Asked()
        for _ in range(events):
            asked.request(7)
        began = perf_counter_ns()
        recordings = runner.app.save(asked)
        # Its wait looks every 100 ms, so there are enough events for that not to count.
        runner.wait(recordings[-1].notification.id, timeout=120)
        return events * 1_000_000_000 // (perf_counter_ns() - began)


# A record's way in --------------------------------------------------------------------


def visible_ns(source: Ledger, db: Path, work: Work, how_many: int) -> list[int]:
    """From asking for a command until a view holds it, with a follower at work."""
    stopping = Event()

    def serve() -> None:
        with closing(Views.beside(source, db)) as views:
            keep_following(source, views, stopping)

    follower = Thread(target=serve)
    follower.start()
    found = []
    with closing(Views.beside(source, db)) as views:
        while views.position < source.head():
            time.sleep(0)
        for request in work.requests(how_many, BODIES):
            began = perf_counter_ns()
            source.give(request)
            head = source.head()
            while views.position < head:
                time.sleep(0)
            found.append(perf_counter_ns() - began)
    stopping.set()
    follower.join()
    return found


def run(folder: Path, effort: Effort) -> Found:
    """Measure all of it."""
    path = folder / "ledger.db"
    work = Work()
    source = filled(path, effort.viewed, work)
    rounds = [
        (
            rebuilt(source, path),
            runner_per_second(folder / f"runner-{number}.db", effort.runner),
        )
        for number in range(3)
    ]
    runners = [peer for _, peer in rounds]
    alls = [ours for (ours, _, _), _ in rounds]
    sums = [
        source.head() * 1_000_000_000 // (spent["decode"] + spent["balances"])
        for (_, spent, _), _ in rounds
    ]
    rows = [
        compared("rebuild of all views, records", alls, runners),
        compared("of balances alone, decoding included", sums, runners, RUNNER_BAR),
    ]
    legs = rounds[0][0][2]
    for view in ("decode", *(view.name for view in VIEWS)):
        spent = int(median(one[0][1][view] for one in rounds))
        count, bar, what = source.head(), EVENTS_BAR, "records"
        if view == "journal":
            count, bar, what = legs, LEGS_BAR, "legs"
        rate = count * 1_000_000_000 // max(spent, 1)
        has_bar = view != "decode"
        rows.append(
            Row(
                f"of which {view}, {what}",
                f"{rate:,}/s",
                bar=f"at least {bar:,}/s" if has_bar else "",
                met=rate >= bar if has_bar else None,
            )
        )
    seen = visible_ns(source, path, work, effort.visible)
    middle = at_rank(seen, 50)
    rows.append(
        Row(
            "append to visible in a view, p50",
            milliseconds(middle),
            bar=f"under {VISIBLE_BAR_MS} ms",
            met=middle < VISIBLE_BAR_MS * 1_000_000,
        )
    )
    rows.append(
        Row("append to visible in a view, p99", milliseconds(at_rank(seen, 99)))
    )
    source.close()
    return Found(rows, LIMITS)


LIMITS = """\
- **The journal** writes 14 legs a record here: a fifth of its time is Python, the rest
  SQLite putting rows into a tree. Its index is made at the end of a rebuild; kept row
  by row it cost a third more.
- **Records are decoded once** for all views. That and the journal are nearly all of a
  rebuild: a view alone cannot be faster than its records are decoded, and a record of
  seven slices takes 35 to 50 µs to decode and check.
- **The library's runner** takes in one event a transaction and waits for the disk each
  time; its view adds up one number in a file. So the ratio follows the disk: where a
  commit takes 0.3 ms instead of the 1 to 2 ms of this run, the runner comes to about
  3,600/s, and balances alone to 8x of it. Its events bear one number where ours bear
  seven slices, and decoding those is then the limit.
"""

SUBJECT = Subject(
    name="views",
    title="Views: rebuilding and following",
    about="""\
A ledger of 30,000 requests for money, of seven slices each, is read from SQLite and all
views are made again beside the live ones and swapped in. Each view's own time is taken
apart. The peer is the library's ProjectionRunner. Then a follower runs as a service
while commands are given one by one, until another reader sees each in the views.""",
    run=run,
)
