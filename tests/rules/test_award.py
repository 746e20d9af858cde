"""Awards: the published figures, both readings, and what must always hold."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.events import AwardReduction, Move, Slice
from ledger.money import exact_text, round_half_up
from ledger.postings import NOT_EARNED, PAYABLE, POTENTIAL, reduced
from ledger.rules.award import AwardRange, award_range, determine
from ledger.rules.percent import award_percent, earned_percent
from ledger.rules.rulebook import slices
from tests.rules.books import (
    BOOK,
    GATES,
    MEASURES,
    STANDARDS,
    all_but,
    book,
    content,
    outcomes,
    reading,
)

LOCAL = ("local-1", "local-2", "local-3")
BOOKS = {
    (base, combination): reading(base, combination)
    for base in ("earned", "maximum")
    for combination in ("additive", "multiplicative")
}


def test_w01_the_local_measures_of_6000_patients_are_11250_pounds():
    parts = slices(BOOK, 6_000 * 500)
    assert sum(part.pence for part in parts) == 30_000_00
    award = determine(BOOK, parts, *outcomes(met=LOCAL))
    assert award.total_pence == 11_250_00
    assert [line.payable_pence for line in award.lines] == [0, 0, 0, 0] + [3_750_00] * 3


def test_w02_the_local_measures_of_the_average_group_are_423750_pounds():
    award = determine(BOOK, slices(BOOK, 226_000 * 500), *outcomes(met=LOCAL))
    assert award.total_pence == 423_750_00


@pytest.mark.parametrize("rulebook", BOOKS.values(), ids=str)
def test_w04_one_small_measure_missed_and_no_standard_is_87_5_per_cent(rulebook):
    award = determine(
        rulebook, slices(rulebook, 1_000_00), *outcomes(met=all_but("pyll"))
    )
    assert award.total_pence == 875_00


@pytest.mark.parametrize(
    ("base", "combination", "total_pence"),
    [
        ("earned", "additive", 353_125_00),
        ("earned", "multiplicative", 397_265_63),  # 397,265.625, half up.
        ("maximum", "additive", 141_250_00),
        ("maximum", "multiplicative", 211_875_00),
    ],
)
def test_the_illustration_of_the_dossier_under_each_reading(
    base, combination, total_pence
):
    rulebook = BOOKS[base, combination]
    met = ("pyll", "emergency-admissions", "friends-and-family", "infection")
    award = determine(
        rulebook, slices(rulebook, 226_000 * 500), *outcomes(met, STANDARDS[:2])
    )
    assert award.earned_pence == 706_250_00
    assert award.before_gates_pence == award.total_pence == total_pence


@pytest.mark.parametrize(
    ("base", "combination", "earned", "percents", "left"),
    [
        ("earned", "additive", "100", ("25", "25", "25"), "25"),
        ("earned", "additive", "100", ("25", "25", "25", "25"), "0"),
        ("earned", "additive", "100", ("60", "60"), "0"),
        ("earned", "multiplicative", "100", ("25", "25"), "56.25"),
        ("earned", "multiplicative", "50", ("25", "25"), "28.125"),
        ("maximum", "additive", "62.5", ("25", "25"), "12.5"),
        ("maximum", "additive", "25", ("25",), "0"),
        ("maximum", "additive", "12.5", ("25",), "0"),
        ("maximum", "multiplicative", "62.5", ("25", "25"), "18.75"),
        ("maximum", "multiplicative", "12.5", ("25",), "0"),
    ],
)
def test_what_reductions_leave_is_never_below_nothing(
    base, combination, earned, percents, left
):
    exact = award_percent(
        base, combination, Fraction(earned), (Fraction(one) for one in percents)
    )
    assert exact_text(exact) == left


def test_a_failed_gate_takes_all_that_is_left_and_the_figure_before_it_is_kept():
    award = determine(
        BOOK,
        slices(BOOK, 1_000_00),
        *outcomes(MEASURES, ("constitution.rtt", "gate.financial", "gate.quality")),
    )
    assert (award.earned_pence, award.before_gates_pence, award.total_pence) == (
        1_000_00,
        750_00,
        0,
    )
    assert award.reductions == (
        AwardReduction(clause="constitution.rtt", percent=Fraction(25), pence=250_00),
        AwardReduction(clause="gate.financial", percent=Fraction(100), pence=750_00),
        AwardReduction(clause="gate.quality", percent=Fraction(100), pence=0),
    )
    assert [move.target for move in award.moves] == [
        reduced("constitution.rtt"),
        reduced("gate.financial"),
    ]


def test_an_award_with_a_miss_of_each_kind_states_its_moves_in_order():
    award = determine(
        BOOK, slices(BOOK, 80_00), *outcomes(("pyll", "infection"), STANDARDS[1:2])
    )
    lost = (
        Slice(measure="emergency-admissions", pence=20_00),
        *(
            Slice(measure=measure, pence=10_00)
            for measure in ("friends-and-family", *LOCAL)
        ),
    )
    taken = (Slice(measure="pyll", pence=2_50), Slice(measure="infection", pence=2_50))
    left = (Slice(measure="pyll", pence=7_50), Slice(measure="infection", pence=7_50))
    assert award.moves == (
        Move(source=POTENTIAL, target=NOT_EARNED, slices=lost),
        Move(source=POTENTIAL, target=reduced("constitution.a-and-e"), slices=taken),
        Move(source=POTENTIAL, target=PAYABLE, slices=left),
    )


def test_the_total_is_rounded_once_and_not_from_rounded_totals():
    # 75% of one penny is 0.75, rounded to 1; half of that 1 would round to 1 again.
    award = determine(
        BOOK,
        slices(BOOK, 1),
        *outcomes(all_but("emergency-admissions"), STANDARDS[:2]),
    )
    assert award.earned_pence == 1
    assert award.total_pence == 0  # 75% of 50% of a penny is 0.375.


def test_half_a_penny_goes_up():
    # 50% of a penny.
    met = ("emergency-admissions", "pyll", "infection")
    assert determine(BOOK, slices(BOOK, 1), *outcomes(met)).total_pence == 1


def test_weights_above_100_never_award_more_than_the_maximum():
    measures = content()["measures"]
    measures[0]["weight_percent"] = "80"
    heavy = book(measures=measures)
    award = determine(heavy, slices(heavy, 1_000_00), *outcomes(MEASURES))
    assert award.total_pence == 1_000_00


def test_weights_below_100_leave_the_rest_unearned():
    measures = content()["measures"]
    measures[0]["weight_percent"] = "0"
    light = book(measures=measures)
    award = determine(light, slices(light, 1_000_00), *outcomes(MEASURES))
    assert award.total_pence == 875_00


books = st.sampled_from(list(BOOKS.values()))
maxima = st.one_of(st.integers(0, 40), st.integers(0, 5_000_000_00))
shares = st.fixed_dictionaries(
    {
        measure: st.one_of(
            st.sampled_from([Fraction(0), Fraction(1)]),
            st.fractions(0, 1, max_denominator=12),
        )
        for measure in MEASURES
    }
)
misses = st.fixed_dictionaries({clause: st.booleans() for clause in STANDARDS + GATES})


@given(books, maxima, shares, misses)
def test_every_slice_is_not_earned_reduced_or_payable_and_none_is_lost(
    rulebook, maximum_pence, earned, missed
):
    parts = slices(rulebook, maximum_pence)
    award = determine(rulebook, parts, earned, missed)
    moved: dict[str, int] = {}
    for move in award.moves:
        assert move.source == POTENTIAL
        assert move.slices
        for piece in move.slices:
            assert piece.pence > 0
            moved[piece.measure] = moved.get(piece.measure, 0) + piece.pence
    assert moved == {part.measure: part.pence for part in parts}
    for line in award.lines:
        assert 0 <= line.payable_pence <= line.earned_pence <= line.maximum_pence


@given(books, maxima, shares, misses)
def test_an_award_is_the_exact_formula_rounded_once(
    rulebook, maximum_pence, earned, missed
):
    award = determine(rulebook, slices(rulebook, maximum_pence), earned, missed)
    percent = earned_percent(rulebook, earned)
    percents = [one.percent for one in rulebook.reductions if missed[one.id]]
    exact = award_percent(
        rulebook.reduction_base.reading,
        rulebook.reduction_combination.reading,
        percent,
        percents,
    )
    assert award.before_gates_pence == round_half_up(maximum_pence * exact / 100)
    failed = any(missed[gate] for gate in GATES)
    assert award.total_pence == (0 if failed else award.before_gates_pence)
    assert award.total_pence <= award.earned_pence <= award.maximum_pence


@given(books, maxima, shares, misses)
def test_the_parts_of_an_award_add_up_to_it(rulebook, maximum_pence, earned, missed):
    award = determine(rulebook, slices(rulebook, maximum_pence), earned, missed)
    taken = sum(one.pence for one in award.reductions)
    assert award.earned_pence - taken == award.total_pence
    assert sum(line.earned_pence for line in award.lines) == award.earned_pence
    assert sum(line.payable_pence for line in award.lines) == award.total_pence
    assert [one.clause for one in award.reductions] == [
        clause for clause in STANDARDS + GATES if missed[clause]
    ]


def test_with_everything_open_all_is_open():
    assert award_range(BOOK, slices(BOOK, 1_000_00), {}, {}) == AwardRange(
        certain_pence=0, open_pence=1_000_00, lost_pence=0
    )


def test_a_failed_gate_loses_all_whatever_is_open():
    span = award_range(BOOK, slices(BOOK, 1_000_00), {}, {"gate.financial": True})
    assert span == AwardRange(certain_pence=0, open_pence=0, lost_pence=1_000_00)


def test_with_one_standard_open_a_quarter_of_what_was_earned_is_open():
    earned, missed = outcomes(met=("pyll", "emergency-admissions", "infection"))
    span = award_range(
        BOOK, slices(BOOK, 1_000_00), earned, {**missed, "constitution.red-1": None}
    )
    assert span == AwardRange(
        certain_pence=375_00, open_pence=125_00, lost_pence=500_00
    )


@given(
    books,
    maxima,
    shares,
    misses,
    st.tuples(*[st.sets(st.sampled_from(MEASURES + STANDARDS + GATES))] * 2),
)
def test_more_results_never_widen_a_range_and_the_award_lies_within(
    rulebook, maximum_pence, earned, missed, unknowns
):
    first, second = unknowns
    parts = slices(rulebook, maximum_pence)

    def span(unknown: set[str]) -> AwardRange:
        return award_range(
            rulebook,
            parts,
            {k: None if k in unknown else v for k, v in earned.items()},
            {k: None if k in unknown else v for k, v in missed.items()},
        )

    wide, narrow = span(first | second), span(first)
    total = determine(rulebook, parts, earned, missed).total_pence
    for one in (wide, narrow):
        assert one.certain_pence + one.open_pence + one.lost_pence == maximum_pence
        assert min(one.certain_pence, one.open_pence, one.lost_pence) >= 0
        assert one.certain_pence <= total <= one.certain_pence + one.open_pence
    assert wide.certain_pence <= narrow.certain_pence
    assert wide.lost_pence <= narrow.lost_pence
    assert span(set()).open_pence == 0
