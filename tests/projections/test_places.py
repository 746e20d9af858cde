"""Views in a file and in PostgreSQL: the same rows, answers and promises."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from operator import itemgetter
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from ledger.recorded import Recorded
from ledger.service import Ledger
from projections.following.position import LogDiffers
from projections.following.views import Views
from projections.questions.uses import forwards
from projections.story.story import story
from projections.verify.verify import verify
from projections.views import (
    awards,
    balances,
    claims,
    clock_totals,
    clocks,
    journal,
    mentions,
    results,
)
from projections.views.clocks import Clocks
from projections.views.every import VIEWS
from projections.views.names import NamesFromTables
from tests.decisions.given import ACCOUNT
from tests.projections.histories import MemoryLog, year
from tests.projections.real import ledger_with_a_year, requests
from tests.projections.test_any_column import claim, close, credit, practice
from tests.worlds.servers import server

HOUSE = Path(__file__).parents[2]
NOON = datetime(2015, 1, 1, 12, tzinfo=UTC)
TABLES = [table for view in VIEWS for table in view.tables]


@pytest.fixture(params=["sqlite", "postgres"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What names a ledger in each kind of store, with the invented year in it."""
    if request.param == "sqlite":
        path = tmp_path / "l.db"
        with ledger_with_a_year(path) as ledger:
            ledger.give_each((practice(), claim(), close(), credit()))
        return str(path)
    app = server().migrated().app
    with Ledger.open(app) as ledger:
        ledger.give_each((*requests(), practice(), claim(), close(), credit()))
    return app


@pytest.fixture
def ledger(db: str) -> Iterator[Ledger]:
    with Ledger.open(db) as ledger:
        yield ledger


@pytest.fixture
def views(ledger: Ledger, db: str) -> Iterator[Views]:
    with closing(Views.beside(ledger, db)) as views:
        yield views


def contents(views: Views) -> dict[str, list[Any]]:
    """Every row of every table, in the order of keys."""
    return {
        table.name: [
            tuple(row)
            for row in views.db.execute(
                f"SELECT * FROM {table.name} ORDER BY {table.key()}"
            ).fetchall()
        ]
        for table in TABLES
    }


def folded(records: list[Recorded]) -> dict[str, list[Any]]:
    """What the plain forms say that must stand there."""
    rows: dict[str, list[Any]] = {}
    for view in VIEWS:
        plain = view.plain()
        for recorded in records:
            plain.apply(recorded)
        for table in view.tables:
            rows[table.name] = sorted(
                plain.rows()[table.name], key=itemgetter(slice(table.keys))
            )
    return rows


@pytest.fixture
def blocks_of_16(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest block of totals holds 16 positions, so that a year fills some."""
    monkeypatch.setattr(clock_totals, "BLOCK", 16)


@pytest.mark.usefixtures("blocks_of_16")
def test_every_table_holds_what_the_plain_views_say(ledger: Ledger, views: Views):
    assert views.follow() == ledger.head() == views.position
    assert contents(views) == folded(ledger.read(0, 1_000))
    assert all(contents(views).values())
    assert verify(views) == ()
    assert views.follow() == ledger.head()


def answers(ledger: Ledger, views: Views) -> list[Any]:
    """What every read says, but for the instants of records."""
    with views.reading() as db:
        return [
            awards.awards(db),
            awards.awards(db, account=ACCOUNT, scheme_year="2013-14"),
            awards.awards(db, scheme_year="2012-13"),
            balances.balances(db),
            balances.balances(db, ACCOUNT, "2013-14"),
            balances.balances(db, scheme_year="2012-13"),
            balances.slices(db, ACCOUNT),
            [one._replace(recorded_at=NOON) for one in journal.entries(db, ACCOUNT)],
            journal.trial_balance(db),
            journal.trial_balance(db, ACCOUNT),
            results.known_measures(db),
            results.populations(db),
            results.groups(db),
            mentions.things(db, "d1"),
            [mentions.story_of(db, one) for one in mentions.things(db, "d1")],
            mentions.naming(db, "f1", ("actor", "party"), most=3),
            mentions.naming(db, "X01", ("body",), most=1),
            mentions.names_near(db, "d9", most=10),
            claims.claims(db),
            *named_by(NamesFromTables(db, views.position)),
            [one._replace(recorded_at=NOON) for one in story(ledger, db, ACCOUNT)],
            *(
                read
                for at in (Clocks(50), Clocks(40, date(2014, 10, 6)), Clocks(20))
                for read in (
                    clocks.balances(db, at),
                    clocks.balances(db, at, ACCOUNT, "2013-14"),
                    clocks.slices(db, at, ACCOUNT),
                    clocks.changes(db, Clocks(17, at.effective), at),
                    clock_totals.totals(db, at.known, at.day),
                    clock_totals.totals(db, at.known, at.day, "2013-14"),
                    clock_totals.totals(db, at.known, at.day, "2012-13"),
                    list(NamesFromTables(db, at.known).steps(ACCOUNT, "pyll")),
                )
            ),
        ]


def named_by(names: NamesFromTables) -> list[Any]:
    """What is found by names, and where a measure's pence went."""
    return [
        names.spending(ACCOUNT, "s1"),
        names.payment(ACCOUNT, "d1"),
        names.asked(ACCOUNT, "d1"),
        names.award(ACCOUNT, 10**9),
        forwards(names, ACCOUNT, "pyll", date(2014, 11, 2)),
    ]


@pytest.mark.usefixtures("blocks_of_16")
def test_every_read_gives_the_same_answer_in_both(tmp_path: Path):
    app = server().migrated().app
    with (
        ledger_with_a_year(tmp_path / "l.db") as one,
        Ledger.open(app) as two,
        closing(Views.beside(one, tmp_path / "l.db")) as first,
        closing(Views.beside(two, app)) as second,
    ):
        two.give_each(requests())
        first.follow()
        second.follow()
        assert answers(one, first) == answers(two, second)
        assert len(answers(one, first)[0]) == 1


def test_a_batch_at_a_time_comes_to_the_same(ledger: Ledger, db: str):
    with closing(Views.beside(ledger, db)) as views:
        views._batch = 1
        views.follow()
        assert contents(views) == folded(ledger.read(0, 1_000))


def test_of_many_followers_at_once_each_record_is_taken_in_once(
    ledger: Ledger, db: str
):
    def follow() -> None:
        with closing(Views.beside(ledger, db)) as views:
            views._batch = 2
            views.follow()

    threads = [Thread(target=follow) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with closing(Views.beside(ledger, db)) as views:
        assert views.position == ledger.head()
        assert contents(views) == folded(ledger.read(0, 1_000))
        assert verify(views) == ()


@pytest.mark.usefixtures("blocks_of_16")
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_change_of_any_column_is_found_and_mended_by_a_rebuild(views: Views, table):
    views.follow()
    right = contents(views)
    for name, kind in table.columns.items():
        text = kind.startswith("TEXT")
        value = (
            f"COALESCE({name}, '') || 'x'" if text else f"COALESCE({name}, 0) + 1000"
        )
        views.db.execute(f"UPDATE {table.name} SET {name} = {value}")
        found = {one.table for one in verify(views)}
        assert table.name in found, name
        views.rebuild()
        assert contents(views) == right
    assert verify(views) == ()


REBUILDER = """
import os, sys
from ledger.service import Ledger
from projections.following.views import Views

db, stop = sys.argv[1], int(sys.argv[2])
views = Views.beside(Ledger.open(db), db)
views._batch = 5

def told(position, head):
    if position >= stop:
        os.kill(os.getpid(), 9)

views.rebuild(told)
print("from", views.continued_from, flush=True)
"""


def rebuild(db: str, stop: int) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", REBUILDER, db, str(stop)],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_rebuild_that_is_killed_is_gone_on_with(views: Views, db: str):
    views.follow()
    right = contents(views)
    views.db.execute("UPDATE balances SET pence = 7")
    wrong = contents(views)
    assert rebuild(db, 20) == (-signal.SIGKILL, "")
    assert contents(views) == wrong
    assert rebuild(db, 99) == (0, "from 20\n")
    assert contents(views) == right


def test_reads_during_rebuilds_all_answer_and_none_is_mixed(
    ledger: Ledger, views: Views, db: str
):
    views.follow()
    done, failed = Event(), list[BaseException]()
    seen: set[tuple[int, int]] = set()

    def read() -> None:
        try:
            with closing(Views.beside(ledger, db)) as reader:
                while not done.is_set():
                    with reader.reading() as at:
                        sums = [
                            at.execute(f"SELECT SUM({what})").fetchone()[0]
                            for what in (
                                "pence) FROM legs WHERE (pence > 0",
                                "ABS(pence)) FROM balances WHERE (1 = 1",
                            )
                        ]
                        seen.add((sums[0], sums[1]))
        except BaseException as error:
            failed.append(error)
            raise

    readers = [Thread(target=read) for _ in range(3)]
    for one in readers:
        one.start()
    while not seen:
        assert not failed
    with views.place.writing() as at:
        at.execute("UPDATE legs SET pence = pence * 2")
        at.execute("UPDATE balances SET pence = pence * 2")
    for _ in range(5):
        views.rebuild()
    done.set()
    for one in readers:
        one.join()
    assert failed == []
    assert len(seen) in (1, 2)
    assert len({legs for legs, _ in seen}) == len({held for _, held in seen})


def test_a_log_that_was_replaced_is_not_followed(ledger: Ledger, views: Views):
    views.follow()
    with closing(Views(MemoryLog(year()[:40]), views.place)) as replaced:
        with pytest.raises(LogDiffers, match=r"the log ends at 40"):
            replaced.follow()
        with pytest.raises(LogDiffers, match="record 1 is not the one"):
            replaced.rebuild()


def test_views_that_are_far_behind_are_made_beside_and_have_their_indexes(
    views: Views, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("projections.following.views.FAR_BEHIND", 10)
    told: list[tuple[int, int]] = []
    head = views.follow(lambda position, head: told.append((position, head)))
    assert told == [(head, head)]
    assert verify(views) == ()
    assert list(views.place.faults()) == []
    views.db.execute("DROP INDEX legs_by_slice")
    [fault] = views.place.faults()
    assert fault == "the index legs_by_slice is missing"
