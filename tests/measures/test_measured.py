"""A table of groups against a test: boundary twins, order, and what is missing."""

from datetime import date
from fractions import Fraction

import pytest

from ledger.events import BodyCode
from ledger.measures.groups import Group
from ledger.measures.margins import test_for as clause_for
from ledger.measures.measuring import Measures, Missing, measured
from ledger.measures.stated import ABOUT, not_submitted
from ledger.measures.windows import Measured, window
from ledger.rules.clauses import Change
from ledger.rules.rulebook import packaged
from tests.measures.given import GROUPS, level, month, rate, shift

MARCH = window("2015-03")


def rates(*pairs: tuple[str, str], change: Change = "percent-fall") -> Measures:
    """Groups with a rate in 2013 and one in 2014, held against a change of 3.2."""
    before = [rate("2013", b, g.body) for g, (b, _) in zip(GROUPS, pairs, strict=False)]
    now = [rate("2014", n, g.body) for g, (_, n) in zip(GROUPS, pairs, strict=False)]
    return measured(
        "m",
        GROUPS[: len(pairs)],
        now=now,
        days=window("2014"),
        before=before,
        baseline=window("2013"),
        against=shift("3.2", change),
    )


def pathways(*counts: tuple[int, int]) -> Measures:
    now = [
        month("2015-03", *pair, group.body, "percent")
        for group, pair in zip(GROUPS, counts, strict=False)
    ]
    groups = GROUPS[: len(counts)]
    return measured("m", groups, now=now, days=MARCH, against=level("92"))


def test_exactly_the_threshold_is_met_and_one_pathway_less_is_not():
    found = pathways((9_200, 10_000), (9_199, 10_000))
    assert [(one.body, one.met) for one in found.standings] == [
        ("X02", False),
        ("X01", True),
    ]
    assert [one.margin for one in found.standings] == [Fraction(-1, 100), 0]


def test_91_9999_is_not_92():
    [one] = pathways((919_999, 1_000_000)).standings
    assert one.met is False


def test_exactly_a_fall_of_the_threshold_is_met_and_a_tenth_above_is_not():
    found = rates(("1000", "968"), ("1000", "968.1"))
    assert [(one.body, one.met) for one in found.standings] == [
        ("X02", False),
        ("X01", True),
    ]


def test_misses_come_nearest_first_and_then_what_was_met_by_least():
    found = rates(("100", "120"), ("100", "97"), ("100", "50"), ("100", "96"))
    assert [one.body for one in found.standings] == ["X02", "X01", "X04", "X03"]
    assert (found.met(), found.missed()) == (2, 2)


def test_an_absolute_fall_is_told_in_the_unit():
    [one] = rates(("100", "96"), change="fall").standings
    assert (one.change, one.margin, one.met) == (Fraction(-4), Fraction("0.8"), True)


def test_an_outcome_that_cut_off_decimals_could_turn_is_marked():
    """Printed 2481.4 and 2402.0: the fall is 3.1998%, or 3.2% and more."""
    found = rates(("2481.4", "2402.0"), ("1967.5", "1900"))
    assert [(one.met, one.within_rounding) for one in found.standings] == [
        (False, True),
        (True, False),
    ]


def test_only_half_a_unit_of_the_last_decimal_can_have_been_cut_off():
    """Half a tenth each way leaves 3.1996%; a whole tenth would reach 3.2%."""
    [one] = rates(("1000.1", "968.2")).standings
    assert (one.met, one.within_rounding) == (False, False)


def test_exact_counts_are_never_within_rounding():
    assert [one.within_rounding for one in pathways((9_199, 10_000)).standings] == [
        False
    ]


def test_a_baseline_of_nothing_leaves_the_test_open():
    [one] = rates(("0", "5")).standings
    assert (one.met, one.margin, one.change) == (None, None, None)


def test_england_is_the_sum_of_the_counts_and_of_no_rates():
    found = pathways((1, 2), (9, 10))
    assert found.england is not None
    assert found.england.now.value == Fraction(1_000, 12)
    assert rates(("100", "50")).england is None


def test_a_group_without_a_result_is_missing_only_while_it_was_open():
    closed = Group(
        body=BodyCode("X08"), name="Closed", closed_on=MARCH.last.replace(day=30)
    )
    later = Group(body=BodyCode("X09"), name="Later", opened_on=date(2015, 4, 1))
    last_day = Group(body=BodyCode("X10"), name="Last day", closed_on=MARCH.last)
    groups = (*GROUPS[:1], closed, later, last_day)
    found = measured(
        "m", groups, now=[month("2015-03", 1, 2)], days=MARCH, against=None
    )
    assert found.missing == (
        Missing(
            body=BodyCode("X10"),
            name="Last day",
            why="no result in 2015-03-01..2015-03-31",
        ),
    )


def test_a_group_without_a_baseline_says_in_which_window():
    found = measured(
        "m",
        GROUPS[:1],
        now=[rate("2014", "5")],
        days=window("2014"),
        before=[],
        baseline=window("2013"),
    )
    assert found.standings == ()
    assert [one.why for one in found.missing] == ["no result in 2013-01-01..2013-12-31"]


def test_without_a_test_values_stand_alone():
    [one] = measured("m", GROUPS[:1], now=[month("2015", 1, 2)], days=window("2015"))\
        .standings  # fmt: skip
    assert (one.met, one.margin, one.change) == (None, None, None)


# Which test ---------------------------------------------------------------------------

BOOK = packaged("quality-premium-2013-14")
BOOKS = {"2013-14": ("rulebook/quality-premium/2013-14@1", BOOK)}


def test_the_clause_of_the_recorded_rulebook_is_the_test():
    found = clause_for("rtt-incomplete", MARCH, None, BOOKS)
    assert found is not None
    assert (found.test.id, found.test.status) == (
        "constitution.rtt.standard",
        "assumed",
    )
    assert found.rulebook == BOOKS["2013-14"][0]


def test_a_later_rulebook_is_taken_for_a_later_window():
    later = BOOK.model_copy(update={"scheme_year": "2014-15"})
    books = {**BOOKS, "2014-15": ("later@1", later)}
    for when, record in (("2014-03", BOOKS["2013-14"][0]), ("2015-03", "later@1")):
        found = clause_for("rtt-incomplete", window(when), None, books)
        assert found is not None
        assert found.rulebook == record


def test_a_clause_that_asks_for_these_very_windows_is_taken_the_firmest_first():
    """The draft of 2013/14 and an assumed clause of 2014/15 ask for the same years."""
    books = {
        year: (f"{year}@1", packaged(f"quality-premium-{year}"))
        for year in ("2013-14", "2014-15", "2015-16")
    }
    found = clause_for("pyll-amenable", window("2014"), window("2013"), books)
    assert found is not None
    assert (found.scheme_year, found.test.status) == ("2013-14", "reported-from-draft")
    other = clause_for("pyll-amenable", window("2014"), window("2012"), books)
    assert other is not None
    assert other.scheme_year == "2014-15"


def test_no_rulebook_knows_of_a_measure_that_none_asks_for():
    assert clause_for("nothing-of-the-kind", MARCH, None, BOOKS) is None


@pytest.mark.parametrize("measure", ABOUT)
def test_a_stated_test_asks_for_what_the_rulebook_asks_for(measure: str):
    stated = ABOUT[measure].against.test
    book = packaged(f"quality-premium-{ABOUT[measure].against.scheme_year}")
    found = clause_for(measure, MARCH, None, {"": ("@1", book)})
    assert found is not None
    asked = {"kind", "indicator", "comparison", "threshold", "change", "status"}
    assert stated.model_dump(include=asked) == found.test.model_dump(include=asked)


def test_trusts_without_data_are_those_of_the_month():
    assert [one.trust for one in not_submitted("rtt-incomplete", MARCH)] == [
        *("RF4", "R1H", "RPA", "RQW", "RBK", "RDE", "RM2", "RAL"),
    ]
    may = not_submitted("rtt-incomplete", window("2015-05"))
    assert [one.trust for one in may] == [
        *("RF4", "R1H", "RPA", "RQW", "RBK", "RJZ", "RM2", "RLQ"),
    ]
    assert not_submitted("pyll-amenable", MARCH) == ()


def test_results_of_a_body_that_is_no_group_are_not_shown():
    stranger: Measured = month("2015-03", 1, 2, "RXX")
    found = measured(
        "m", GROUPS[:1], now=[month("2015-03", 1, 2), stranger], days=MARCH
    )
    assert [one.body for one in found.standings] == ["X01"]
