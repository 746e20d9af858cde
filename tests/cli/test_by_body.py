"""What became of each body's premium, a row each, at any clocks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.postings import Leg, legs
from ledger.service import Ledger
from tests.cli.program import ok, premium
from tests.worlds.simulated import worked

STARTS = {
    "not_yet_decided": ["premium:potential"],
    "not_earned": ["premium:not-earned"],
    "reduced": ["premium:reduced:"],
    "withheld": ["premium:withheld:"],
    "payable": ["premium:payable"],
    "committed": ["premium:committed"],
    "paid_out": ["board:in-", "group:", "board:returned", "board:recovered"],
    "set_off": ["board:set-off"],
    "debt_outstanding": ["premium:overpaid"],
    "held": ["group:held"],
    "spent": ["group:spent:"],
    "passed_on": ["group:passed-on:"],
}
"""A field -> how the accounts begin that it adds up."""


@pytest.fixture
def years(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Simulated years of a few groups, as the ledger meant."""
    found = worked(folder)
    monkeypatch.setenv("PREMIUM_DB", str(found))
    return found


def folded(ledger: Ledger, counts: Callable[[int, Leg], bool]) -> Iterator[Leg]:
    """Every leg that counts, straight from the log."""
    for one in ledger.read(0, ledger.head()):
        for leg in legs(one.fact, one.meta.effective_on):
            if counts(one.position, leg):
                yield leg


def sums(found: Iterable[Leg], by: Callable[[Leg], Any]) -> dict[Any, Counter[str]]:
    """Pence by field, of each key."""
    rows: dict[Any, Counter[str]] = {}
    for leg in found:
        row = rows.setdefault(by(leg), Counter())
        for field, starts in STARTS.items():
            row[field] += leg.pence * leg.account.startswith(tuple(starts))
        row["maximum"] -= leg.pence * (leg.account == "board:funding")
    return rows


def same(rows: list[dict[str, Any]], own: dict[Any, Counter[str]], *key: str) -> None:
    """Rows are those of an own derivation, and each adds up."""
    keys = [tuple(row[one] for one in key) for row in rows]
    assert sorted(keys) == sorted(own)
    for row, of in zip(rows, keys, strict=True):
        assert {one: row[f"{one}_pence"] for one in own[of]} == own[of]
        steps = list(row)[list(row).index("not_yet_decided_pence") :]
        fall = steps[: steps.index("difference_pence")]
        assert sum(row[one] for one in fall) == row["maximum_pence"]
        assert row["difference_pence"] == 0


@pytest.mark.parametrize(
    ("clocks", "known", "day"),
    [
        ((), 10**9, date.max),
        (("--known", "450"), 450, date.max),
        (("--effective", "2015-11-02"), 10**9, date(2015, 11, 2)),
        (("--known", "450", "--effective", "2015-10-01"), 450, date(2015, 10, 1)),
        (("--known", "1"), 1, date.max),
    ],
)
@pytest.mark.parametrize("slices", [False, True])
def test_a_row_a_body_is_what_its_legs_add_up_to(
    years: Path, clocks: tuple[str, ...], known: int, day: date, slices: bool
):
    with closing(Ledger.open(years)) as ledger:
        counted = list(
            folded(ledger, lambda at, leg: at <= known and leg.effective_on <= day)
        )
    more = ("--slices",) if slices else ()
    rows = ok("totals", "--by", "body", *more, *clocks, "--json").document["bodies"]
    if slices:
        own = sums(counted, lambda leg: (leg.premium, leg.slice))
        same(rows, own, "account", "slice")
    else:
        same(rows, sums(counted, lambda leg: (leg.premium,)), "account")
    whole = ok("totals", *clocks, "--json").document["totals"]
    for one in whole:
        of_year = [
            row["not_earned_pence"]
            for row in rows
            if (row["scheme"], row["scheme_year"])
            == (one["scheme"], one["scheme_year"])
        ]
        assert sum(of_year) == one["not_earned_pence"]


@pytest.mark.usefixtures("years")
def test_bodies_of_a_year_are_a_list_like_any():
    asked = ("totals", "--by", "body", "--scheme-year", "2013-14")
    top = ok(*asked, "--sort=-not_earned", "--top", "2", "--json").document
    lost = [one["not_earned_pence"] for one in ok(*asked, "--json").document["bodies"]]
    assert [one["not_earned_pence"] for one in top["bodies"]] == sorted(lost)[:-3:-1]
    assert top["totals"]["not_earned_pence"] == sum(lost)
    table = ok(*asked, "--as-decided", "2015-10-31").out
    assert "by the word of who recorded it" in table
    assert "SIMULATED" in table


@pytest.mark.usefixtures("whole_year")
def test_people_are_shown_the_lines_that_say_something_and_they_add_up():
    out = ok("totals", "--by", "body").out
    assert "£ not earned" in out
    assert "£ withheld" not in out


@pytest.mark.usefixtures("whole_year")
def test_slices_are_of_one_body_and_of_what_was_recorded():
    done = premium("totals", "--slices")
    assert (done.code, "give --by body too" in done.err) == (2, True)
    done = premium("totals", "--by=body", "--slices", "--as-decided", "2016-01-01")
    assert (done.code, "not kept by --as-decided" in done.err) == (2, True)
