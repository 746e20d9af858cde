"""Two clocks: what was known by a position, and counted by a day."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.postings import legs
from ledger.recorded import Recorded
from projections.following.views import Views
from projections.views import balances, clock_totals, clocks
from projections.views.clocks import EVER, Clocks
from projections.views.every import VIEWS
from projections.views.view import Database
from tests.decisions.given import ACCOUNT
from tests.decisions.test_properties import START, commands
from tests.projections.histories import (
    MemoryLog,
    carried_out,
    followed,
    moved_to,
    year,
)

OTHER = "quality-premium/2014-15/X02"

Key = tuple[str, ...]


@pytest.fixture(autouse=True)
def blocks_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest block holds four positions, so that short histories fill some."""
    monkeypatch.setattr(clock_totals, "BLOCK", 4)


def added_up(
    records: Iterable[Recorded], at: Clocks, key: Callable[[Any], Key]
) -> dict[Key, int]:
    """The brute-force sum: every leg of every record, one by one."""
    sums: Counter[Key] = Counter()
    for one in records:
        if one.position <= at.known:
            for leg in legs(one.fact, one.meta.effective_on):
                if at.effective is None or leg.effective_on <= at.effective:
                    sums[key(leg)] += leg.pence
    return dict(sums)


def national(leg: Any) -> Key:
    pieces = leg.account.split(":")
    named = {"group:spent": 3, "group:passed-on": 2}
    kept = named.get(":".join(pieces[:2]), 9)
    return (*leg.premium.split("/")[:2], ":".join(pieces[:kept]))


def check(db: Database, records: tuple[Recorded, ...], at: Clocks) -> None:
    """Every read at two clocks, against the brute-force sum."""
    by_account = added_up(records, at, lambda leg: (leg.premium, leg.account))
    assert {row[:2]: row[2] for row in clocks.balances(db, at)} == by_account
    for premium in (ACCOUNT, OTHER):
        assert {row[:2]: row[2] for row in clocks.balances(db, at, premium)} == {
            key: pence for key, pence in by_account.items() if key[0] == premium
        }
    by_slice = added_up(records, at, lambda leg: (leg.premium, leg.account, leg.slice))
    assert {row[:3]: row[3] for row in clocks.slices(db, at, ACCOUNT)} == {
        key: pence for key, pence in by_slice.items() if key[0] == ACCOUNT
    }
    found = clock_totals.totals(db, at.known, at.day)
    assert {row[:3]: row[3] for row in found} == added_up(records, at, national)
    assert found == tuple(sorted(found))


@given(st.lists(commands(), max_size=15), st.data())
def test_every_read_is_the_brute_force_sum_at_any_two_clocks(
    asked: list[tuple[Any, date]], data: st.DataObject
):
    records = carried_out(asked)
    records += moved_to(OTHER, records)
    head = records[-1].position
    with TemporaryDirectory() as folder:
        views = Views(MemoryLog(records), Path(folder) / "v.db", batch=7)
        views.follow()
        for _ in range(6):
            known = data.draw(st.integers(0, head), label="known")
            days = st.none() | st.integers(-400, 15).map(
                lambda more: START + timedelta(days=more)
            )
            check(views.db, records, Clocks(known, data.draw(days, label="effective")))
        views.close()


def cells(records: Iterable[Recorded]) -> list[Any]:
    plain = clocks.VIEW.plain()
    for one in records:
        plain.apply(one)
    return sorted(plain.rows()["cells"])


def test_tables_hold_the_cells_of_the_plain_form_whatever_the_batch(tmp_path: Path):
    records = (*year(), *moved_to(OTHER, year()))
    wanted = cells(records)
    assert {row[0] for row in wanted} == {4, 8, 16, 32, 64}
    for batch in (1, 3, 4, 1_000):
        path = tmp_path / f"{batch}.db"
        views = Views(MemoryLog(records), path, batch=batch)
        views.follow()
        found = views.db.execute("SELECT * FROM cells").fetchall()
        assert sorted(found) == wanted
        views.close()


@pytest.mark.parametrize("known", [0, 1, 3, 4, 5, 31, 32, 33, 1_000_003])
def test_blocks_and_the_rest_cover_each_position_once(known: int):
    end, sizes = 0, []
    for size, last in clock_totals.blocks(known):
        assert last == end + size
        assert last % size == 0
        end = last
        sizes.append(size)
    assert known - end < clock_totals.BLOCK
    assert sizes == sorted(set(sizes), reverse=True)


def test_without_clocks_it_is_what_stands_now(tmp_path: Path):
    records = (*year(), *moved_to(OTHER, year()))
    with followed(MemoryLog(records), tmp_path) as views:
        now = Clocks(views.position)
        assert clocks.balances(views.db, now) == balances.balances(views.db)
        assert clocks.slices(views.db, now, ACCOUNT) == balances.slices(
            views.db, ACCOUNT
        )
        for one in ("2013-14", "2014-15", "2015-16"):
            assert clocks.balances(views.db, now, scheme_year=one) == balances.balances(
                views.db, scheme_year=one
            )


def test_a_payment_counts_from_its_day_and_not_the_day_before(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:

        def held(on: date) -> int:
            at = Clocks(views.position, on)
            sums = {one.account: one.pence for one in clocks.balances(views.db, at)}
            return sums.get("group:held", 0)

        assert held(date(2014, 11, 2)) == 0
        assert held(date(2014, 11, 3)) == 288_750_00


def test_what_changed_between_two_known_points_is_their_difference(tmp_path: Path):
    records = (*year(), *moved_to(OTHER, year()))
    with followed(MemoryLog(records), tmp_path) as views:
        for before, after, day in pairs(len(records)):
            then, now = Clocks(before, day), Clocks(after, day)
            sums = Counter(
                {one[:2]: one.pence for one in clocks.balances(views.db, now)}
            )
            sums.subtract(
                {one[:2]: one.pence for one in clocks.balances(views.db, then)}
            )
            found = clocks.changes(views.db, then, now)
            assert {one[:2]: one.pence for one in found} == {
                key: pence for key, pence in sums.items() if pence
            }
            assert clocks.changes(views.db, then, now, OTHER) == tuple(
                one for one in found if one.premium == OTHER
            )


def pairs(head: int) -> Iterator[tuple[int, int, date | None]]:
    for before in range(0, head, 9):
        yield before, head, None
        yield before, min(before + 20, head), date(2014, 10, 6)


def test_the_last_day_is_behind_every_date():
    assert Clocks(1).day == EVER
    assert date.max.isoformat() == EVER
    assert Clocks(1, date(2014, 1, 2)).day == "2014-01-02"


def test_the_view_is_one_of_all_views():
    assert clocks.VIEW in VIEWS
