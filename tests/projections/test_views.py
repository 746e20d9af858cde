"""The views: the same in tables as in memory, whatever was recorded."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.events import AccountOpened, BodyCode
from ledger.postings import legs
from ledger.recorded import Recorded
from projections.following.views import Views
from projections.views import awards, balances, journal
from projections.views.awards import Award
from projections.views.every import VIEWS
from projections.views.view import Row, View
from tests.decisions.given import ACCOUNT
from tests.decisions.test_properties import commands
from tests.projections.histories import (
    MemoryLog,
    carried_out,
    followed,
    moved_to,
    year,
    year_and_claim,
)

pytestmark = pytest.mark.usefixtures("small_blocks")

OTHER = "quality-premium/2014-15/X02"


def folded(view: View, records: Iterable[Recorded]) -> dict[str, list[Row]]:
    """What the plain form of a view says must stand in each table, sorted by key."""
    plain = view.plain()
    for recorded in records:
        plain.apply(recorded)
    return {name: sorted(rows) for name, rows in plain.rows().items()}


def stored(view: View, views: Views) -> dict[str, list[Row]]:
    return {
        table.name: views.db.execute(
            f"SELECT * FROM {table.name} ORDER BY {table.key()}"
        ).fetchall()
        for table in view.tables
    }


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_the_tables_of_a_whole_year_are_the_plain_fold(view: View, tmp_path: Path):
    with followed(MemoryLog(year_and_claim()), tmp_path) as views:
        assert stored(view, views) == folded(view, year_and_claim())
        assert all(stored(view, views).values())


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_cut_off_after_any_record_and_fed_again_comes_to_the_same(view: View):
    whole = folded(view, year())
    for n in range(len(year()) + 1):
        assert folded(view, (*year()[:n], *year())) == whole


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_record_that_comes_twice_counts_once(view: View):
    twice = [one for one in year() for _ in range(2)]
    assert folded(view, twice) == folded(view, year())


def test_tables_cut_off_after_any_record_go_on_from_there(tmp_path: Path):
    """Each batch is one record, and each follower dies after it."""
    log = MemoryLog()
    for recorded in year():
        log.append((recorded,))
        with followed(log, tmp_path) as views:
            assert views.position == recorded.position
    with followed(log, tmp_path) as views:
        for view in VIEWS:
            assert stored(view, views) == folded(view, year())


@given(st.lists(commands(), max_size=20), st.integers(1, 60))
def test_tables_are_the_plain_fold_of_any_history_in_batches_of_any_size(
    asked: list[tuple[Any, date]], batch: int
):
    records = carried_out(asked)
    with TemporaryDirectory() as folder:
        views = Views(MemoryLog(records), Path(folder) / "v.db", batch=batch)
        views.follow()
        for view in VIEWS:
            assert stored(view, views) == folded(view, records)
        views.close()


# What is read -------------------------------------------------------------------------


def test_entries_are_the_records_that_move_money_with_their_legs(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        entries = list(journal.entries(views.db))
    assert [
        (one.position, one.record_id, one.topic, one.recorded_at, one.effective_on)
        for one in entries
    ] == [
        (
            one.position,
            one.id,
            one.fact.TOPIC,
            one.meta.recorded_at,
            one.meta.effective_on,
        )
        for one in year()
        if legs(one.fact, one.meta.effective_on)
    ]
    assert [one.legs for one in entries] == [
        posted for one in year() if (posted := legs(one.fact, one.meta.effective_on))
    ]


def test_one_accounts_entries_and_balances_stand_apart_from_anothers(tmp_path: Path):
    both = (*year(), *moved_to(OTHER, year()))
    with followed(MemoryLog(both), tmp_path) as views:
        db = views.db
        ours = list(journal.entries(db, ACCOUNT))
        theirs = list(journal.entries(db, OTHER))
        assert [*ours, *theirs] == list(journal.entries(db))
        assert {leg.premium for one in theirs for leg in one.legs} == {OTHER}
        assert balances.balances(db, premium=OTHER) == balances.balances(
            db, scheme_year="2014-15"
        )
        assert (
            *balances.balances(db, premium=ACCOUNT),
            *balances.balances(db, premium=OTHER),
        ) == balances.balances(db)
        assert balances.balances(db, premium=ACCOUNT, scheme_year="2014-15") == ()
        assert [one.account for one in awards.awards(db)] == [ACCOUNT, OTHER]
        assert [one.account for one in awards.awards(db, scheme_year="2014-15")] == [
            OTHER
        ]


def test_what_stands_of_each_premium_is_the_sum_of_its_legs_whatever_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(balances, "_AT_ONCE", 1)
    both = (*year(), *moved_to(OTHER, year()))
    sums: dict[str, dict[str, int]] = {}
    for one in both:
        for leg in legs(one.fact, one.meta.effective_on):
            accounts = sums.setdefault(leg.premium, {})
            accounts[leg.account] = accounts.get(leg.account, 0) + leg.pence
    for batch in (1, 7, 1_000):
        views = Views(MemoryLog(both), tmp_path / f"{batch}.db", batch=batch)
        views.follow()
        found = balances.standing(views.db)
        views.close()
        assert found == sums
        assert list(found) == sorted(sums)
        assert all(list(one) == sorted(one) for one in found.values())


def test_the_trial_balance_adds_up_to_zero_and_to_the_balances(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        trial = journal.trial_balance(views.db)
        assert sum(pence for _, pence in trial) == 0
        assert trial == tuple(
            (one.account, one.pence) for one in balances.balances(views.db)
        )
        assert journal.trial_balance(views.db, premium=OTHER) == ()


def test_slices_add_up_to_their_accounts_and_to_the_maximum_at_opening(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        sums: dict[str, int] = defaultdict(int)
        funding = {}
        for one in balances.slices(views.db, ACCOUNT):
            sums[one.account] += one.pence
            if one.account == "board:funding":
                funding[one.slice] = -one.pence
        assert sums == {one.account: one.pence for one in balances.balances(views.db)}
    [opened] = [one.fact for one in year() if isinstance(one.fact, AccountOpened)]
    assert funding == {one.measure: one.pence for one in opened.slices}


def states(records: Iterable[Recorded], folder: Path) -> list[Award]:
    """The award after each record that changed it, but for its position."""
    log = MemoryLog()
    seen: list[Award] = []
    for recorded in records:
        log.append((recorded,))
        with followed(log, folder) as views:
            for one in awards.awards(views.db, account=ACCOUNT):
                still = one._replace(position=0)
                if not seen or seen[-1] != still:
                    seen.append(still)
    return seen


def test_an_award_goes_from_open_over_proposed_to_confirmed_paid_and_spent(
    tmp_path: Path,
):
    seen = states(year(), tmp_path)
    first, last = seen[0], seen[-1]
    assert first == Award(
        account=ACCOUNT,
        scheme="quality-premium",
        scheme_year="2013-14",
        body=BodyCode("X01"),
        body_name="Example Group",
        maximum_pence=440_000_00,
        state="open",
        determination=None,
        earned_pence=None,
        before_gates_pence=None,
        total_pence=None,
        paid_pence=0,
        spent_pence=0,
        unspent_pence=0,
        assessed=0,
        met=0,
        gates_assessed=0,
        gates_passed=0,
        position=0,
    )
    assert list(dict.fromkeys(one.state for one in seen)) == [
        "open",
        "proposed",
        "confirmed",
    ]
    assert [(one.paid_pence, one.spent_pence, one.unspent_pence) for one in seen][
        -5:
    ] == [
        (0, 0, 0),
        (123_456_78, 0, 123_456_78),
        (288_750_00, 0, 288_750_00),
        (288_750_00, 123_456_79, 165_293_21),
        (288_750_00, 288_750_00, 0),
    ]
    assert last == first._replace(
        state="confirmed",
        determination=1,
        earned_pence=385_000_00,
        before_gates_pence=288_750_00,
        total_pence=288_750_00,
        paid_pence=288_750_00,
        spent_pence=288_750_00,
        assessed=7,
        met=6,
        gates_assessed=6,
        gates_passed=5,
    )
