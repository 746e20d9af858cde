"""Published figures held against every reading; agreement is never forced."""

from datetime import date
from fractions import Fraction

import pytest

from ledger.money import exact_text, round_half_up
from ledger.rules.award import determine
from ledger.rules.percent import Base, Combination
from ledger.rules.readings import READINGS, State, fits, heads_needed, reachable
from ledger.rules.rulebook import slices
from tests.rules.books import BOOK, book, content, outcomes, reading

READING_A = (
    "0 3.125 6.25 9.375 12.5 15.625 18.75 21.875 25 28.125 31.25 37.5 43.75 46.875 "
    "50 56.25 62.5 65.625 75 87.5 100"
)
READING_B = "0 12.5 25 37.5 50 62.5 75 87.5 100"
APRIL_2013 = date(2013, 4, 1)


def percents(base: Base, combination: Combination) -> list[str]:
    return [exact_text(state.percent) for state in reachable(BOOK, base, combination)]


def state_at(percent: str, base: Base, combination: Combination) -> State:
    (state,) = (
        state
        for state in reachable(BOOK, base, combination)
        if state.percent == Fraction(percent)
    )
    return state


def test_reading_a_reaches_what_the_dossier_lists():
    assert percents("earned", "additive") == READING_A.split()


def test_reading_b_reaches_multiples_of_12_5_only():
    assert percents("maximum", "additive") == READING_B.split()


@pytest.mark.parametrize(("base", "combination"), READINGS)
def test_each_state_is_what_its_measures_and_standards_are_awarded(base, combination):
    rulebook = reading(base, combination)
    maximum_pence = 8_192 * 100 * 100
    for state in reachable(rulebook, base, combination):
        award = determine(
            rulebook,
            slices(rulebook, maximum_pence),
            *outcomes(state.met, state.missed),
        )
        assert award.total_pence == maximum_pence * state.percent / 100


@pytest.mark.parametrize(("base", "combination"), READINGS)
def test_w04_87_5_per_cent_has_one_way_one_small_measure_missed(base, combination):
    state = state_at("87.5", base, combination)
    assert state.ways == ((Fraction("87.5"), 0),)
    assert len(state.met) == 6
    assert state.missed == ()


def test_nothing_met_is_simpler_than_everything_taken_off():
    state = state_at("0", "earned", "additive")
    assert (state.met, state.missed) == ((), ())
    assert (Fraction(100), 4) in state.ways


def test_one_measure_met_is_simpler_than_two_and_than_one_with_a_standard_missed():
    state = state_at("25", "maximum", "additive")
    assert (state.met, state.missed) == (("emergency-admissions",), ())


@pytest.mark.parametrize(("base", "combination"), READINGS)
def test_w05_29_per_cent_is_reached_under_no_reading(base, combination):
    assert "29" not in percents(base, combination)


def test_w22_surrey_heath_is_exactly_half_under_every_reading():
    found = fits(BOOK, 220_000_00, None, [("running-cost", APRIL_2013, 88_000)])
    assert [(fit.base, fit.combination) for fit in found] == list(READINGS)
    for fit in found:
        assert fit.maximum_pence == 440_000_00
        assert fit.state.percent == 50
        assert (fit.award_pence, fit.difference_pence) == (220_000_00, 0)
        assert fit.verdict == "exact"


def test_w22_one_head_more_is_no_longer_exact():
    (fit, *_) = fits(BOOK, 220_000_00, None, [("other", APRIL_2013, 88_001)])
    assert fit.state.percent == 50
    assert (fit.award_pence, fit.verdict) == (220_002_50, "no")


def test_w06_46_875_per_cent_would_need_93867_heads():
    heads = heads_needed(BOOK, 220_000_00, Fraction("46.875"))
    assert round_half_up(heads) == 93_867
    assert heads_needed(BOOK, 220_000_00, Fraction(50)) == 88_000


@pytest.mark.parametrize(
    ("percent", "heads"),
    [
        ("25", 773_600),
        ("28.125", 687_644),
        ("29", 666_897),
        ("31.25", 618_880),
        ("37.5", 515_733),
    ],
)
def test_w24_the_heads_that_each_percentage_would_need(percent, heads):
    assert round_half_up(heads_needed(BOOK, 967_000_00, Fraction(percent))) == heads


def test_w24_between_its_neighbours_reading_a_fits_and_reading_b_does_not():
    found = fits(BOOK, 967_000_00, 1_000_00, [("scaled", APRIL_2013, 687_644)])
    fit = {(one.base, one.combination): one for one in found}
    a = fit["earned", "additive"]
    assert exact_text(a.state.percent) == "28.125"
    assert a.verdict == "when rounded"
    assert fit["earned", "multiplicative"].state.ways == (
        (Fraction("37.5"), 1),
        (Fraction(50), 2),
    )
    b = fit["maximum", "additive"]
    assert b.state.percent == 25
    assert b.verdict == "no"
    assert b.difference_pence == -107_445_00


def test_w24_on_the_list_of_april_2013_no_reading_fits():
    found = fits(BOOK, 967_000_00, 1_000_00, [("gp-list", APRIL_2013, 737_174)])
    assert {fit.verdict for fit in found} == {"no"}


@pytest.mark.parametrize(
    ("published_pence", "rounded_to_pence", "verdict"),
    [
        (220_002_50, None, "exact"),
        (220_000_00, 1_000_00, "when rounded"),
        (220_000_00, None, "no"),
        (220_003_00, 1_00, "when rounded"),  # Half a pound goes up.
        (220_002_00, 1_00, "no"),
    ],
)
def test_a_figure_fits_exactly_when_rounded_or_not(
    published_pence, rounded_to_pence, verdict
):
    populations = [("other", APRIL_2013, 88_001)]
    (fit, *_) = fits(BOOK, published_pence, rounded_to_pence, populations)
    assert fit.verdict == verdict


def test_every_population_is_held_against_every_reading_in_order():
    populations = [("first", APRIL_2013, 88_000), ("second", APRIL_2013, 94_000)]
    found = fits(BOOK, 220_000_00, None, populations)
    assert [fit.basis for fit in found] == ["first"] * 4 + ["second"] * 4


def test_a_value_that_is_not_set_fits_nothing():
    value = {k: v for k, v in content()["value"].items() if k != "pence_per_head"}
    unset = book(value=value)
    with pytest.raises(ValueError, match="no value per head"):
        fits(unset, 1, None, [("any", APRIL_2013, 1)])
    with pytest.raises(ValueError, match="no heads follow"):
        heads_needed(unset, 1, Fraction(50))


def test_a_fit_says_which_population_it_was_held_against():
    (fit, *_) = fits(BOOK, 220_000_00, None, [("gp-list", APRIL_2013, 88_000)])
    assert (fit.basis, fit.as_at, fit.heads) == ("gp-list", APRIL_2013, 88_000)


def test_less_than_one_per_cent_still_needs_heads_and_nothing_needs_none():
    assert heads_needed(BOOK, 1_00, Fraction(1)) == 20
    assert heads_needed(BOOK, 1_00, Fraction(1, 2)) == 40
    for percent in (Fraction(0), Fraction(-1)):
        with pytest.raises(
            ValueError, match=r"^nothing a head gives no figure: no heads"
        ):
            heads_needed(BOOK, 1_00, percent)


def test_the_picks_of_a_body_count_in_what_can_be_reached():
    from tests.rules.test_worked_cases import Y2015, terms

    (fit, *_) = fits(Y2015, 100_00, None, [("any", APRIL_2013, 20)], terms("2015-16"))
    assert (fit.state.percent, fit.verdict) == (Fraction(100), "exact")


def test_the_simplest_way_is_by_the_order_of_the_rulebook_where_others_are_as_simple():
    state = state_at("12.5", "earned", "additive")
    assert (state.met, state.missed) == (("pyll",), ())
