"""`premium account agreed`: what was agreed, when, by whom, and how it came out."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.files import TERMS
from tests.cli.program import ACCOUNT, ok, premium
from tests.worlds.years import year


def agreed(*asked: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ok("account", "agreed", *asked, "--json").document[
        "agreed"
    ]
    return rows


@pytest.mark.parametrize(("on", "after"), [("2013-04-01", False), ("2013-04-02", True)])
def test_the_first_day_of_the_year_is_in_time_and_the_next_is_not(
    on: str, after: bool, folder: Path
):
    year("year/terms")
    [none] = agreed("ZZ1", "--scheme-year", "2013-14")
    assert (none["title"], none["clause"]) == ("nothing is agreed", None)
    (folder / "terms.toml").write_text(TERMS.replace("2013-06-01", on))
    analyst = ("--as", "analyst:payer-analyst-1")
    ok("account", "terms", ACCOUNT, "terms.toml", *analyst)
    rows = agreed()
    assert {one["after_year_began"] for one in rows} == {after}
    assert {one["agreed_on"] for one in rows} == {on}
    assert {one["agreed_by"] for one in rows} == {"ZZ1, payer"}


@pytest.mark.usefixtures("whole_year")
def test_each_measure_says_what_is_asked_and_how_it_came_out():
    said = ("clause", "change", "comparison", "threshold", "outcome")
    assert [tuple(one[name] for name in said) for one in agreed()] == [
        ("local-1", None, "at-least", "60", "met"),
        ("local-2", "percent-fall", "at-least", "5", "met"),
        ("local-3", None, "at-least", "850", "not met"),
        ("infection.c-difficile", None, None, "14", None),
    ]


@pytest.mark.usefixtures("whole_year")
def test_an_account_or_clock_that_cannot_be_asked_is_said():
    done = premium("account", "agreed", "ZZ9", "--scheme-year", "2013-14")
    assert (done.code, "no account" in done.err) == (2, True)
    done = premium("account", "agreed", "--effective", "2013-06-01")
    assert (done.code, "leave --effective out" in done.err) == (2, True)
