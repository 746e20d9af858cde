"""Workings: they add up again at every level, and show what is only assumed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given

from ledger.money import pounds
from ledger.rules.assess import judge, measure_test
from ledger.rules.award import award_range, determine
from ledger.rules.lines import exact_pounds, shown
from ledger.rules.rulebook import Rulebook, slices
from ledger.rules.working import (
    Line,
    Opening,
    award_working,
    range_working,
    render_text,
    to_json,
)
from tests.rules.books import BOOK, MEASURES, NEXT_YEAR, STANDARDS, YEAR, outcomes
from tests.rules.test_award import books, maxima, misses, shares

HEADS = "result/population.running-cost.derived/X01/2013-04-01@1"


def opening(maximum_pence: int) -> Opening:
    return Opening(
        heads=maximum_pence // 500,
        basis="population.running-cost.derived",
        as_at=date(2013, 4, 1),
        value_per_head_pence=500,
        fact=HEADS,
    )


def every(line: Line) -> Iterator[Line]:
    yield line
    for inner in line.lines:
        yield from every(inner)


def assert_adds_up(working: Line) -> None:
    for line in every(working):
        below = [inner.pence for inner in line.lines if inner.pence is not None]
        if below:
            assert sum(below) == line.pence
        if line.pence is not None and line is not working:
            assert line.result == pounds(line.pence)


def found(working: Line, clause: str) -> Line:
    return next(line for line in every(working) if line.clause == clause)


@given(books, maxima, shares, misses)
def test_the_working_of_an_award_adds_up_to_it_at_every_level(
    rulebook: Rulebook, maximum_pence, earned, missed
):
    award = determine(rulebook, slices(rulebook, maximum_pence), earned, missed)
    working = award_working(rulebook, opening(maximum_pence), award, {}, {})
    assert working.pence == award.total_pence
    assert working.result == pounds(award.total_pence)
    assert_adds_up(working)
    lines = {line.clause for line in every(working)}
    assert lines >= {*MEASURES, *missed, "value", "population", "rounding"}
    shown_readings = {"reduction-base", "reduction-combination"} <= lines
    assert shown_readings is any(missed[clause] for clause in STANDARDS)


@given(books, maxima, shares, misses)
def test_the_working_of_a_range_adds_up_to_the_maximum(
    rulebook: Rulebook, maximum_pence, earned, missed
):
    parts = slices(rulebook, maximum_pence)
    span = award_range(rulebook, parts, dict(list(earned.items())[:3]), missed)
    working = range_working(rulebook, opening(maximum_pence), span, {}, {})
    assert working.pence == maximum_pence
    assert sum(line.pence or 0 for line in working.lines) == maximum_pence


ADMISSIONS = {
    ("avoidable-emergency-admissions", YEAR): Fraction(900),
    ("avoidable-emergency-admissions", NEXT_YEAR): Fraction(901),
}


def judged_admissions() -> Line:
    test = measure_test(BOOK, "emergency-admissions", None)
    assert test is not None
    return judge(test, ADMISSIONS, None).working


def exempted() -> Line:
    """88,001 heads; admissions met by the assumed exemption alone; A&E missed."""
    maximum_pence = 88_001 * 500
    award = determine(
        BOOK,
        slices(BOOK, maximum_pence),
        *outcomes(("emergency-admissions", "pyll"), ("constitution.a-and-e",)),
    )
    return award_working(
        BOOK,
        opening(maximum_pence),
        award,
        {"emergency-admissions": judged_admissions()},
        {"emergency-admissions": ("result/a@1", "result/b@2")},
    )


def test_a_measure_shows_its_judgement_and_the_records_it_used():
    line = found(exempted(), "emergency-admissions")
    assert line.facts == ("result/a@1", "result/b@2")
    assert line.lines == (judged_admissions(),)
    assert found(exempted(), "population").facts == (HEADS,)


def test_what_is_assumed_stands_in_capitals_wherever_it_decides_money():
    text = render_text(exempted())
    for mark in (
        "[ASSUMED]",
        "[emergency-admissions.low-rate: ASSUMED]",
        "[emergency-admissions.no-rise: reported-from-draft]",
        "[reduction-base: ASSUMED]",
        "[reduction-combination: inferred]",
        "[rounding: ASSUMED]",
        "[value: confirmed]",
    ):
        assert mark in text


def test_the_text_of_a_working_is_what_people_read():
    lines = render_text(exempted()).splitlines()
    assert max(len(line) for line in lines) <= 88
    assert lines[:12] == [
        "Award under Quality premium 2013/14, version 1                               "
        "£123,751.41",
        "  The maximum                                                                "
        "£440,005.00",
        "      88,001 heads x £5.00 is £440,005.00  [value: confirmed]",
        "    Heads: population.running-cost.derived as at 2013-04-01                  "
        "     88,001",
        "        [population: inferred]",
        f"        from {HEADS}",
        "  Earned before reductions                                                   "
        "£165,001.88",
        "      37.5% of £440,005.00 is £165,001.875",
        "    Potential years of life lost from causes amenable to healthcare          "
        " £55,000.63",
        "        12.5% of £440,005.00 is £55,000.625; share earned: 1; in whole pence "
        "£55,000.63",
        "        stands here  [pyll: reported-from-draft]",
        "    Avoidable emergency admissions                                           "
        "£110,001.25",
    ]
    assert lines[-2:] == [
        "      28.125% of £440,005.00 is £123,751.40625, rounded once, half up",
        "      [rounding: ASSUMED]",
    ]


@pytest.mark.parametrize(
    ("basis", "note"),
    [
        ("population.running-cost.derived", None),
        (
            "population.registered.gp-list",
            "the rules prefer population.running-cost.derived",
        ),
        (
            "population.resident.ons-mid-year",
            "no basis of the rules, which ask for population.running-cost.derived",
        ),
    ],
)
def test_heads_on_another_basis_than_the_rules_prefer_are_marked(basis, note):
    award = determine(BOOK, slices(BOOK, 1_000_00), *outcomes(MEASURES))
    other = replace(opening(1_000_00), basis=basis)
    working = award_working(BOOK, other, award, {}, {})
    assert found(working, "population").arithmetic == note


def test_a_failed_gate_shows_what_it_took_and_the_figure_before_it():
    award = determine(
        BOOK, slices(BOOK, 1_000_00), *outcomes(MEASURES, ("gate.financial",))
    )
    working = award_working(BOOK, opening(1_000_00), award, {}, {})
    assert found(working, "gate.financial").pence == -1_000_00
    assert found(working, "gate.quality").pence == 0
    assert "£1,000.00 before gates" in render_text(working)
    assert "0% of £1,000.00 is £0.00" in render_text(working)


def test_a_range_says_what_is_open_and_what_is_known():
    span = award_range(
        BOOK, slices(BOOK, 1_000_00), {"emergency-admissions": Fraction(1)}, {}
    )
    working = range_working(
        BOOK,
        opening(1_000_00),
        span,
        {"emergency-admissions": judged_admissions()},
        {},
    )
    assert working.result == "£0.00 to £1,000.00"
    assert found(working, "emergency-admissions").result == "met"
    assert found(working, "pyll").result == "open"


def test_a_working_for_machines_leaves_out_what_is_absent():
    inner = Line(says="a", result="£0.05", clause="a", status="assumed", pence=5)
    line = Line(says="all", result="£0.05", pence=5, facts=("x@1",), lines=(inner,))
    assert to_json(line) == {
        "says": "all",
        "result": "£0.05",
        "pence": 5,
        "facts": ["x@1"],
        "lines": [
            {
                "says": "a",
                "result": "£0.05",
                "clause": "a",
                "status": "assumed",
                "pence": 5,
            }
        ],
    }


def test_a_number_is_cut_off_and_marked_never_rounded_up():
    assert shown(Fraction("74.83")) == "74.83"
    assert shown(Fraction(224_999_999, 3_000_000)) == "74.9999... (224999999/3000000)"
    assert shown(Fraction(1, 300)) == "0.0033... (1/300)"
    assert shown(Fraction(-2, 3)) == "-0.6666... (-2/3)"


def test_pounds_show_parts_of_a_penny_in_full():
    assert exact_pounds(Fraction(5_500_062)) == "£55,000.62"
    assert exact_pounds(Fraction("5500062.5")) == "£55,000.625"
    assert exact_pounds(Fraction("-5500062.5")) == "-£55,000.625"
    assert exact_pounds(Fraction(100, 3)) == "£0.3333... (1/3)"


def test_a_maximum_that_is_capped_says_so():
    award = determine(BOOK, slices(BOOK, 1_000_00), *outcomes(MEASURES))
    capped = award_working(BOOK, opening(1_500_00), award, {}, {})
    assert found(capped, "value").arithmetic == (
        "300 heads x £5.00 is £1,500.00; the rules pay no more than £1,000.00"
    )
    whole = award_working(BOOK, opening(1_000_00), award, {}, {})
    assert found(whole, "value").arithmetic == "200 heads x £5.00 is £1,000.00"


def test_what_was_judged_without_a_kept_reason_still_names_its_records():
    award = determine(BOOK, slices(BOOK, 1_000_00), *outcomes(MEASURES))
    evidence = {"pyll": ("result/a@1",)}
    working = award_working(BOOK, opening(1_000_00), award, {}, evidence)
    assert found(working, "pyll").facts == ("result/a@1",)
    assert found(working, "infection").facts == ()


def test_parts_of_a_penny_below_a_penny_have_their_sign():
    assert exact_pounds(Fraction(1, 2)) == "£0.005"
    assert exact_pounds(Fraction(-1, 2)) == "-£0.005"
