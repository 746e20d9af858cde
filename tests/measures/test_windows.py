"""A result over a window: what is summed, what is taken as it is, and what lacks."""

from datetime import date
from fractions import Fraction

import pytest

from ledger.measures.windows import Lacking, Measured, Over, Window, over, window
from tests.measures.given import month, rate


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015-03-31", date(2015, 3, 31), date(2015, 3, 31)),
        ("2016-12..2017-11", date(2016, 12, 1), date(2017, 11, 30)),
        ("2013-04-01..2014-03-31", date(2013, 4, 1), date(2014, 3, 31)),
        ("2009-10", date(2009, 10, 1), date(2009, 10, 31)),
    ],
)
def test_a_window_is_all_the_days_it_names(text: str, first: date, last: date):
    assert window(text) == Window(first=first, last=last)


@pytest.mark.parametrize("text", ["", "2013-14", "March", "2015-02-30", "2014.."])
def test_what_names_no_days_is_no_window(text: str):
    with pytest.raises(ValueError, match=r"is not a period: write 2014, 2015-03"):
        window(text)


def test_a_window_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="turn it round"):
        window("2015-03..2014-12")


def test_months_are_summed_and_never_averaged():
    parts = [month("2015-01", 1, 2), month("2015-02", 3, 100)]
    assert over(parts, window("2015-01..2015-02")) == Over(
        value=Fraction(4, 102),
        numerator=Fraction(4),
        denominator=Fraction(102),
        records=tuple(one.record for one in parts),
    )


def test_a_result_recorded_for_the_window_is_taken_before_its_months():
    year = month("2015", 1, 3)
    months = [month(f"2015-{n:02}", 1, 2) for n in range(1, 13)]
    found = over([*months, year], window("2015"))
    assert isinstance(found, Over)
    assert (found.value, found.records) == (Fraction(1, 3), (year.record,))


def test_a_month_that_is_missing_is_named():
    parts = [month("2015-01", 1, 2), month("2015-03", 1, 2)]
    found = over(parts, window("2015-01..2015-03"))
    assert found == Lacking(why="no result that begins on 2015-02-01")


def test_a_last_month_that_is_missing_is_named():
    found = over([month("2015-01", 1, 2)], window("2015-01..2015-02"))
    assert found == Lacking(why="no result that begins on 2015-02-01")


def test_no_result_at_all_is_said():
    assert over([], window("2015")) == Lacking(why="no result")


@pytest.mark.parametrize(
    "parts",
    [
        [rate("2013", "2481.4"), rate("2014", "2402")],
        [month("2013", 1, 2), month("2014", 1, 2, unit="percent")],
        [month("2013", 1, 2, unit="items"), month("2014", 1, 2, unit="items")],
    ],
    ids=["rates", "two units", "no known ratio"],
)
def test_what_has_no_two_numbers_of_one_kind_is_not_summed(parts: list[Measured]):
    found = over(parts, window("2013..2014"))
    assert found == Lacking(why="recorded without two numbers that can be summed")


def test_per_cent_are_summed_as_per_cent():
    parts = [
        month("2015-01", 1, 2, unit="percent"),
        month("2015-02", 1, 1, unit="percent"),
    ]
    found = over(parts, window("2015-01..2015-02"))
    assert isinstance(found, Over)
    assert found.value == Fraction(200, 3)
