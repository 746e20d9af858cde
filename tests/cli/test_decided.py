"""What had been decided by a day, of history that was recorded later."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.postings import legs
from ledger.recorded import Recorded, decided_day
from ledger.service import Ledger
from projections.views.decided import EARLY, VIEW
from tests.cli.program import ok, premium
from tests.worlds.simulated import worked

DAYS = (
    "2013-03-31",
    "2014-03-31",
    "2015-10-01",
    "2015-11-10",
    "2016-03-31",
    "2026-01-01",
)


@pytest.fixture
def records(folder: Path) -> list[Recorded]:
    """The records of simulated years, which were all recorded today; in sim.db."""
    worked(folder, 6).rename(folder / "sim.db")
    with Ledger.open(folder / "sim.db") as ledger:
        return ledger.read(0, ledger.head())


def stood(
    records: list[Recorded], day: date, effective: date = date.max
) -> dict[tuple[str, str], int]:
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for one in records:
        if decided_day(one) <= day:
            for leg in legs(one.fact, one.meta.effective_on):
                if leg.effective_on <= effective:
                    sums[leg.premium, leg.account] += leg.pence
    return {which: pence for which, pence in sums.items() if pence}


def shown(*asked: str) -> dict[tuple[str, str], int]:
    rows = ok("balances", "--json", *asked).document["balances"]
    return {
        (one["account"], one["ledger_account"]): one["balance_pence"] for one in rows
    }


@pytest.mark.parametrize("day", DAYS)
def test_balances_are_what_had_been_decided(records: list[Recorded], day: str):
    on = date.fromisoformat(day)
    assert shown("--as-decided", day) == stood(records, on)
    middle = ("--as-decided", day, "--effective", "2015-11-01")
    assert shown(*middle) == stood(records, on, date(2015, 11, 1))


@pytest.mark.parametrize("day", DAYS)
def test_totals_are_the_same_without_bodies(records: list[Recorded], day: str):
    found = ok("totals", "--as-decided", day, "--json").document
    for one in found["totals"]:
        of_year = f"{one['scheme']}/{one['scheme_year']}/"
        sums = stood(records, date.fromisoformat(day))
        maximum = sum(
            -pence
            for (of, account), pence in sums.items()
            if of.startswith(of_year) and account == "board:funding"
        )
        assert one["waterfall"]["maximum"] == maximum
        assert one["waterfall"]["difference"] == 0


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("day", DAYS)
def test_every_account_can_be_read_as_it_had_been_decided(day: str):
    year = ("--scheme-year", "2013-14", "--as-decided", day)
    for body in ("ZZ0001", "ZZ0003", "ZZ0006"):
        for words in (("award", "show"), ("explain",), ("trail",)):
            done = premium(*words, body, *year, "--json")
            assert done.code in (0, 2, 3), done  # Not open by then is said so.


@pytest.mark.usefixtures("records")
def test_what_was_decided_later_is_not_in_the_story():
    year = ("--scheme-year", "2013-14")
    before, after = (
        ok("trail", "ZZ0001", *year, "--as-decided", day).out
        for day in ("2015-10-01", "2026-01-01")
    )
    assert "was paid" not in before
    assert "was paid" in after
    assert ok("trail", "ZZ0001", *year).out in after


@pytest.mark.parametrize("day", DAYS)
def test_lists_are_of_what_had_been_decided(records: list[Recorded], day: str):
    on = date.fromisoformat(day)
    topics = [one.fact.TOPIC for one in records if decided_day(one) <= on]
    for what, *begun in (
        ("accounts", "account-opened.v1"),
        ("awards", "award-proposed.v1"),
        ("payments", "disbursement-requested.v1"),
        ("withholdings", "withholding-proposed.v1"),
        ("spendings", "spending-recorded.v1", "passed-on.v1"),
        ("documents", "document-recorded.v1"),
    ):
        found = ok("list", what, "--as-decided", day, "--json").document
        assert len(found[what]) == sum(map(topics.count, begun)), what
        assert found["by_the_recorders_word"]["records"] == len(topics)
    agreed = ok("account", "agreed", "--as-decided", day, "--json").document["agreed"]
    of = {one["account"] for one in agreed}
    assert len(of) == topics.count("account-opened.v1")


@pytest.mark.usefixtures("records")
def test_what_waited_then_waits_no_longer():
    day = "2015-10-27"
    waited = ok("waiting", "--as-decided", day, "--json").document["waiting"]
    listed = ok("disburse", "list", "--as-decided", day, "--json").document["payments"]
    asked = [one["opens"] for one in listed if one["state"] == "requested"]
    assert asked
    assert set(asked) <= {one["opens"] for one in waited}
    assert ok("waiting", "--json").document["waiting"] == []


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("words", [("list", "awards"), ("waiting",)])
def test_a_list_of_an_earlier_past_says_why_it_is_empty(words: tuple[str, ...]):
    done = ok(*words, "--as-decided", "1999-01-01")
    assert "nothing such had been decided by 1999-01-01" in done.out
    assert "without --as-decided" in done.out


@pytest.mark.usefixtures("records")
def test_commands_have_no_day_on_which_they_were_decided():
    done = premium("list", "commands", "--as-decided", "2015-11-10")
    assert (done.code, "--where recorded_at" in done.err) == (2, True)


@pytest.mark.usefixtures("records")
def test_an_answer_says_whose_word_it_is(records: list[Recorded]):
    asked = ("balances", "--as-decided", "2015-11-10")
    said = ok(*asked, "--json").document["by_the_recorders_word"]
    count = sum(decided_day(one) <= date(2015, 11, 10) for one in records)
    assert (said["records"], said["late"]) == (count, count)
    assert f"by the word of who recorded it: {count:,} records count" in ok(*asked).out


@pytest.mark.usefixtures("records")
def test_an_empty_past_says_why_and_which_clock_would_answer():
    done = ok("balances", "--known", "2015-03-31")
    assert "nothing had been recorded by 2015-03-31" in done.out
    assert "--as-decided" in done.out


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    "asked",
    [
        ("--known", "3", "--as-decided", "2015-03-31"),
        ("--slices", *("--as-decided", "2015-03-31")),
    ],
)
def test_what_cannot_be_asked_together_is_said(asked: tuple[str, ...]):
    assert premium("balances", *asked).code == 2


def test_what_was_decided_before_what_it_rests_on_is_named(records: list[Recorded]):
    assert early(records) == []
    number, one = next(
        (number, one)
        for number, one in enumerate(records)
        if one.fact.TOPIC == "account-opened.v1"
    )
    later = [*records]
    later[number] = moved(one, decided_on=date(2026, 1, 1))
    named = early(later)
    assert {row[1] for row in named} == {one.id}
    assert {row[4] for row in named} == {"2026-01-01"}


def moved(recorded: Recorded, **changes: Any) -> Recorded:
    def changed(value: Any, **to: Any) -> Any:
        fields = {name: getattr(value, name) for name in type(value).__annotations__}
        return type(value)(**{**fields, **to})

    return changed(recorded, meta=changed(recorded.meta, **changes))  # type: ignore[no-any-return]


def early(records: list[Recorded]) -> list[tuple[Any, ...]]:
    view = VIEW.plain()
    for record in records:
        view.apply(record)
    return list(view.rows()[EARLY.name])
