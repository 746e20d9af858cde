"""What opens a period is what closed the last one, or differs by its marks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.events import PeriodClosed
from ledger.periods import closes as closes_of
from ledger.periods import prior_period
from ledger.postings import legs
from ledger.recorded import LEDGER_STREAM, Recorded
from ledger.service import Ledger
from projections.following.views import Views
from projections.questions.opening import opening
from projections.views import periods
from projections.views.clocks import EVER
from tests.decisions.test_properties import commands
from tests.projections.histories import MemoryLog, carried_out, followed
from tests.worlds.simulated import worked

MARCHES = tuple(date(year, 3, 31) for year in (2014, 2015, 2016))


def closed(records: Sequence[Recorded], at: dict[int, date]) -> tuple[Recorded, ...]:
    """The records, with the books closed before those at some places."""
    told: list[Recorded] = []
    versions = sum(one.stream == LEDGER_STREAM for one in records)
    for place, one in enumerate(records):
        if place in at:
            versions += 1
            close = replace(
                one,
                position=len(told) + 1,
                stream=LEDGER_STREAM,
                version=versions,
                meta=replace(one.meta, command_id=f"close/{versions}"),
                fact=PeriodClosed(through=at[place]),
            )
            told.append(close)
        told.append(replace(one, position=len(told) + 1))
    return tuple(told)


def sums(records: Iterable[Recorded], through: date) -> Counter[tuple[str, str]]:
    """What stands in each account at the end of a day, leg by leg."""
    found: Counter[tuple[str, str]] = Counter()
    for one in records:
        for leg in legs(one.fact, one.meta.effective_on):
            if leg.effective_on <= through:
                found[leg.premium, leg.account] += leg.pence
    return found


def check(views: Views, records: Sequence[Recorded]) -> int:
    """Each close of a history; how many adjustments there are."""
    db, head = views.db, records[-1].position
    plain = periods.VIEW.plain()
    for one in records:
        plain.apply(one)
    for name, rows in plain.rows().items():
        assert sorted(rows) == sorted(db.execute(f"SELECT * FROM {name}").fetchall())
    marked = 0
    every = closes_of([one for one in records if one.stream == LEDGER_STREAM])
    assert periods.closes(db) == every
    for close in every:
        found = opening(db, head, close.through)
        assert found is not None
        assert found.close == close
        then = sums(records[: close.position], close.through)
        now = sums(records, close.through)
        for row in found.accounts:
            key = (row.premium, row.account)
            assert row.difference_pence == 0
            assert (row.closed_pence, row.opening_pence) == (then[key], now[key])
        of_records = {one.position for one in found.adjustments}
        marks = {
            one.position: prior_period(one, every) for one in records[close.position :]
        }
        assert of_records <= {at for at, mark in marks.items() if mark is not None}
        marked += len(found.adjustments)
    assert periods.marks(db, 0, head) == {
        one.position: mark
        for one in records
        for mark in (prior_period(one, every),)
        if mark is not None
    }
    return marked


@given(st.lists(commands(), max_size=15), st.data())
def test_opening_is_the_last_close_and_its_marks_in_any_history(
    asked: list[tuple[Any, date]], data: st.DataObject
):
    records = carried_out(asked)
    days = sorted({one.meta.effective_on for one in records})
    places = data.draw(st.lists(st.integers(0, len(records) - 1), max_size=3))
    through = data.draw(
        st.lists(st.sampled_from(days), min_size=3, max_size=3, unique=True)
        if len(days) >= 3
        else st.just(days)
    )
    at = dict(zip(sorted(set(places)), sorted(through), strict=False))
    told = closed(records, at)
    with TemporaryDirectory() as folder:
        views = Views(MemoryLog(told), Path(folder) / "v.db", batch=7)
        views.follow()
        check(views, told)
        views.close()


def test_opening_is_the_last_close_and_its_marks_in_every_simulated_account(
    tmp_path: Path,
):
    with Ledger.open(worked(tmp_path)) as ledger:
        records = ledger.read(0, ledger.head())
    at: dict[int, date] = {}
    for march in MARCHES:
        late = (n for n, one in enumerate(records) if one.meta.effective_on > march)
        first = next(late, None)
        if first is not None and first not in at:
            at[first] = march
    told = closed(records, at)
    with followed(MemoryLog(told), tmp_path) as views:
        assert check(views, told) > 0
        adjusted = periods.sums(views.db, told[-1].position, EVER)
        assert len({premium for premium, _ in adjusted}) > 1
