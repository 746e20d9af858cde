"""Points, a share of a contract, outcomes: other schemes as rulebooks."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.events import AccountId, AgreedTarget, MenuPick, PartyId, TermsAgreed
from ledger.money import exact_text
from ledger.rules.assess import judge, measure_test
from ledger.rules.award import award_range, determine
from ledger.rules.clauses import Linear
from ledger.rules.compare import rounded
from ledger.rules.lines import Line
from ledger.rules.rulebook import Rulebook, canonical, clause, parse, read_toml, slices
from ledger.rules.stakes import stakes, unsettled
from ledger.rules.value import factors, maximum, priced
from ledger.rules.working import award_working, render_text
from tests.rules.books import book, content
from tests.rules.test_working import assert_adds_up, opening

BOOKS = Path(__file__).parent / "rulebooks"
YEAR = "2020-04-01..2021-03-31"
LIST = ("population.registered.gp-list", "2020-04-01")
PREVALENCE = ("diabetes-prevalence", YEAR)
AVERAGE = {LIST: Fraction(8000), PREVALENCE: Fraction("6.4")}


def read(name: str) -> Rulebook:
    return read_toml((BOOKS / name).read_text("utf-8"), name)


POINTS = read("points-scheme.toml")
CONTRACT = read("contract-scheme.toml")


def known(values: dict[Any, Fraction]) -> dict[str, Fraction]:
    found = factors(POINTS, values)
    return {name: factor for name, factor in found.items() if factor is not None}


def picks(*parts: str, weight: str = "20") -> TermsAgreed:
    return TermsAgreed(
        account=AccountId("contract-scheme-simulated/2022-23/RX1"),
        agreed_on=date(2022, 4, 1),
        agreed_by=(PartyId("RX1"),),
        picks=tuple(
            MenuPick(menu="choice", measure=one, weight_percent=Fraction(weight))
            for one in parts
        ),
    )


def test_w18_194_points_at_111_pounds_are_21534_pounds_for_an_average_list():
    assert maximum(POINTS, 0, known(AVERAGE)) == 21_534_00


def test_a_longer_list_makes_every_point_worth_more():
    double = {**AVERAGE, LIST: Fraction(16_000)}
    assert maximum(POINTS, 0, known(double)) == 2 * 21_534_00


def test_prevalence_changes_the_points_of_its_measure_alone():
    more = known({**AVERAGE, PREVALENCE: Fraction("9.6")})
    # 150 points as before, 44 at one and a half times their worth.
    assert maximum(POINTS, 0, more) == (150 * 111 + 66 * 111) * 100
    weights = {one.id: one.weight_percent for one in stakes(priced(POINTS, more))}
    assert weights == {
        "flu": Fraction(150 * 100, 216),
        "diabetes.checks": Fraction(66 * 75, 216),
        "diabetes.amputations": Fraction(66 * 25, 216),
    }


def test_the_maximum_is_open_while_a_factor_is():
    assert factors(POINTS, {LIST: Fraction(8000)}) == {
        "value.list-size": 1,
        "value.prevalence": None,
    }
    assert maximum(POINTS, 0, {"value.list-size": Fraction(1)}) is None
    with pytest.raises(ValueError, match="cannot be priced yet"):
        priced(POINTS, {"value.list-size": Fraction(1)})


def test_points_are_no_weights_before_they_are_priced():
    assert unsettled(POINTS) == ("flu", "diabetes")
    with pytest.raises(ValueError, match="not settled: flu, diabetes"):
        slices(POINTS, 21_534_00)


def test_points_are_earned_in_part_and_cut_off_to_whole_pence():
    rulebook = priced(POINTS, known(AVERAGE))
    results = {
        ("flu-vaccinated", "2020-09-01..2021-03-31"): Fraction("72.3"),
        ("diabetes-checked", YEAR): Fraction("59.5"),
        ("amputations", "2019-04-01..2020-03-31"): Fraction(30),
        ("amputations", YEAR): Fraction(27),
    }
    earned = {}
    for stake in stakes(rulebook):
        test = measure_test(rulebook, stake.id, None)
        assert test is not None
        judgement = judge(test, results, None)
        assert judgement.earned is not None
        earned[stake.id] = judgement.earned
    assert earned == {
        "flu": Fraction(23, 70),
        "diabetes.checks": 1,  # 59.5 is 60 to the nearest whole per cent.
        "diabetes.amputations": Fraction(1, 2),
    }
    award = determine(rulebook, slices(rulebook, 21_534_00), earned, {})
    # 150 x 23/70 + 44 x 0.75 + 44 x 0.125 points at £111 are £9,744.2142..., cut off.
    assert award.total_pence == 9_744_21
    working = award_working(rulebook, opening(21_534_00), award, {}, {})
    assert_adds_up(working)
    assert "rounded once, down" in str(working.lines[-1].arithmetic)


@pytest.mark.parametrize(("checked", "met"), [("59.5", True), ("59.4999", False)])
def test_a_result_is_rounded_first_only_where_the_rules_say_so(checked, met):
    test = measure_test(POINTS, "diabetes.checks", None)
    assert test is not None
    judgement = judge(test, {("diabetes-checked", YEAR): Fraction(checked)}, None)
    assert judgement.met is met
    assert "to 0 decimal places" in str(judgement.working.arithmetic)


def test_w20_five_equal_indicators_share_1_25_per_cent_of_a_contract():
    # £80,000,000 at 1.25% are £1,000,000, and 0.25% are £200,000 for each of five.
    assert maximum(CONTRACT, 80_000_000_00) == 1_000_000_00
    parts = slices(CONTRACT, 1_000_000_00, picks("choice.sepsis", "choice.falls"))
    assert [(one.measure, one.pence) for one in parts] == [
        ("core.recovery", 200_000_00),
        ("core.nutrition", 200_000_00),
        ("core.staff", 200_000_00),
        ("choice.falls", 200_000_00),
        ("choice.sepsis", 200_000_00),
    ]


@pytest.mark.parametrize(
    ("contract_pence", "maximum_pence"),
    [
        (160_000_000_00, 2_000_000_00),
        (160_000_000_01, 2_000_000_00),  # A penny more: 0.0125 of it is not a penny.
        (159_999_999_00, 1_999_999_99),
        (999_000_000_00, 2_000_000_00),
    ],
)
def test_no_maximum_is_above_its_cap(contract_pence, maximum_pence):
    assert maximum(CONTRACT, contract_pence) == maximum_pence


def test_a_gate_takes_its_percentage_of_what_is_left():
    terms = picks("choice.sepsis", "choice.falls")
    parts = slices(CONTRACT, 1_000_000_00, terms)
    earned = {
        one.id: Fraction(one.id != "core.staff") for one in stakes(CONTRACT, terms)
    }
    award = determine(CONTRACT, parts, earned, {"gate.data": True}, terms)
    assert award.before_gates_pence == 800_000_00
    assert award.total_pence == 560_000_00
    assert award.reductions[0].percent == 30
    working = award_working(CONTRACT, opening(1_000_000_00), award, {}, {}, terms=terms)
    assert_adds_up(working)
    assert "failed: takes 30% of what is left" in render_text(working)
    assert "Core: Nutrition" in render_text(working)


def test_a_range_counts_what_a_gate_may_still_take():
    terms = picks("choice.sepsis", "choice.falls")
    parts = slices(CONTRACT, 1_000_000_00, terms)
    earned: dict[str, Fraction | None] = {
        one.id: Fraction(1) for one in stakes(CONTRACT, terms)
    }
    span = award_range(CONTRACT, parts, earned, {}, terms)
    assert (span.certain_pence, span.open_pence, span.lost_pence) == (
        700_000_00,
        300_000_00,
        0,
    )


@pytest.mark.parametrize(("sites", "met"), [("50", True), ("49", False), ("51", False)])
def test_a_number_can_be_asked_for_exactly(sites, met):
    test = measure_test(CONTRACT, "core.recovery", None)
    assert test is not None
    key = ("sites-reporting", "2022-04-01..2023-03-31")
    assert judge(test, {key: Fraction(sites)}, None).met is met


@pytest.mark.parametrize(
    ("on", "earned"),
    [(None, None), (date(2023, 5, 31), None), (date(2023, 6, 1), Fraction(0))],
)
def test_a_missing_result_counts_as_missed_from_its_day_on(on, earned):
    test = measure_test(CONTRACT, "core.nutrition", None)
    assert test is not None
    judgement = judge(test, {}, None, on)
    assert judgement.earned == earned
    assert ("counts as missed from 2023-06-01 on" in str(judgement.working)) is (
        earned is not None
    )


def test_a_missed_day_does_not_touch_a_result_that_is_there():
    test = measure_test(CONTRACT, "core.nutrition", None)
    assert test is not None
    key = ("nutrition-screened", "2022-04-01..2023-03-31")
    judgement = judge(test, {key: Fraction(55)}, None, date(2024, 1, 1))
    assert (judgement.earned, judgement.met) == (Fraction(1, 2), False)
    assert judgement.working.result == "0.5 earned"


def valued(**value: Any) -> Rulebook:
    clause = {
        key: content()["value"][key] for key in ("id", "says", "source", "status")
    }
    return book(value={**clause, **value})


def test_outcomes_are_worth_their_price_up_to_the_most_that_is_paid_for():
    outcomes = {"kind": "outcomes", "pence_per_outcome": 250_00}
    assert maximum(valued(**outcomes, outcomes_at_most=400), 0) == 100_000_00
    assert maximum(valued(**outcomes), 0) is None
    assert maximum(valued(kind="outcomes", outcomes_at_most=400), 0) is None


def test_a_maximum_is_open_while_its_figure_is_not_set_or_not_known():
    assert maximum(valued(), 88_000) is None
    assert maximum(valued(kind="contract-share"), 1) is None
    unknown = valued(kind="contract-share", percent_of_contract="unknown")
    assert maximum(unknown, 1) is None
    assert maximum(valued(pence_per_head=500), 88_000) == 440_000_00
    unpriced = POINTS.model_copy(
        update={"value": POINTS.value.model_copy(update={"pence_per_point": None})}
    )
    assert maximum(unpriced, 0, known(AVERAGE)) is None


def test_every_element_of_a_scheme_is_a_clause_and_reads_back():
    for rulebook in (POINTS, CONTRACT):
        assert parse(canonical(rulebook)) == rulebook
    assert clause(POINTS, "value.prevalence").status == "assumed"
    for id in ("choice.menu", "no-reserves", "stage.advance", "participation"):
        assert clause(CONTRACT, id).source == "simulated"


def test_the_weight_of_a_part_is_exact_even_where_no_decimal_ends():
    weights = {
        one.id: one.weight_percent
        for one in stakes(CONTRACT, picks("choice.falls", "choice.sepsis"))
    }
    assert exact_text(weights["core.staff"]) == "20"


def test_a_picked_part_of_unknown_test_is_open():
    test = measure_test(CONTRACT, "choice.dementia", None)
    assert test == "unknown"
    judgement = judge(test, {}, None)
    assert judgement.met is None
    assert judgement.earned is None
    assert judgement.working == Line(says="The test is not known", result="open")


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("59.5", 0, "60"),
        ("59.4999", 0, "59"),
        ("59.45", 1, "59.5"),
        ("59.4499", 1, "59.4"),
        ("-0.5", 0, "0"),
        ("1.2345", 3, "1.235"),
    ],
)
def test_rounding_is_to_decimal_places_and_half_goes_up(number, places, expected):
    assert rounded(Fraction(number), places) == Fraction(expected)


def test_points_worth_one_penny_can_be_priced_and_points_of_nothing_cannot():
    def worth(pence: int, points: str) -> Rulebook:
        value = POINTS.value.model_copy(
            update={"pence_per_point": pence, "multipliers": ()}
        )
        flu = POINTS.measures[0].model_copy(update={"points": Fraction(points)})
        return POINTS.model_copy(update={"value": value, "measures": (flu,)})

    assert stakes(priced(worth(1, "1"), {}))[0].weight_percent == 100
    assert maximum(worth(1, "1"), 0) == 1
    with pytest.raises(ValueError, match="cannot be priced yet"):
        priced(worth(0, "1"), {})
    unknown = worth(1, "1")
    flu = unknown.measures[0].model_copy(update={"points": "unknown"})
    with pytest.raises(ValueError, match="Simulated scheme of points cannot be priced"):
        priced(unknown.model_copy(update={"measures": (flu,)}), {})


def test_a_factor_of_an_unknown_figure_is_not_known():
    (size, prevalence) = POINTS.value.multipliers
    unknown = size.model_copy(update={"divided_by": "unknown"})
    value = POINTS.value.model_copy(update={"multipliers": (unknown, prevalence)})
    book = POINTS.model_copy(update={"value": value})
    assert factors(book, AVERAGE) == {"value.list-size": None, "value.prevalence": 1}


@pytest.mark.parametrize(
    ("result", "earned"), [("39.9999", 0), ("40", 1), ("40.0001", 1)]
)
def test_a_target_agreed_at_the_level_of_nothing_is_met_or_not(result, earned):
    leaf = clause(CONTRACT, "core.nutrition.share")
    assert isinstance(leaf, Linear)
    open_leaf = leaf.model_copy(update={"full_at": "agreed"})
    target = AgreedTarget(clause=leaf.id, target=Fraction(40))
    agreed = replace(picks(), targets=(target,))
    key = (leaf.indicator, leaf.period)
    assert judge(open_leaf, {key: Fraction(result)}, agreed).earned == earned
