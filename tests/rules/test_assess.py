"""Judging: boundaries in pairs, three outcomes, and what was used."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.events import AgreedTest
from ledger.rules.assess import (
    Judgement,
    Key,
    agreed_test,
    judge,
    measure_test,
    needs,
)
from ledger.rules.book import consequences
from ledger.rules.clauses import AllOf, AnyOf, Judged, Level, Yes
from ledger.rules.lines import Line
from ledger.rules.stakes import judged as judged_of
from tests.rules.books import BOOK, NEXT_YEAR, TERMS, YEAR

TESTS: dict[str, Judged] = {
    one.id: one.test
    for one in (*judged_of(BOOK), *consequences(BOOK))
    if one.test is not None and one.test != "agreed"
}
PYLL_2013 = ("pyll-amenable", "2013-01-01..2013-12-31")
PYLL_2014 = ("pyll-amenable", "2014-01-01..2014-12-31")
ADMISSIONS_BEFORE = ("avoidable-emergency-admissions", YEAR)
ADMISSIONS = ("avoidable-emergency-admissions", NEXT_YEAR)
ROLL_OUT = ("fft-rollout-assured", YEAR)
SCORE_BEFORE = ("fft-score", "2013-04-01..2013-06-30")
SCORE = ("fft-score", "2014-04-01..2014-06-30")
MRSA = ("mrsa-bacteraemia", YEAR)
C_DIFFICILE = ("c-difficile", YEAR)


def judged(clause: str, values: Mapping[Key, int | str]) -> Judgement:
    exact = {key: Fraction(value) for key, value in values.items()}
    return judge(TESTS[clause], exact, TERMS)


@pytest.mark.parametrize(
    ("clause", "values", "met"),
    [
        # Exactly 3.2% is a fall of 3.2%; a hair less is not.
        ("pyll", {PYLL_2013: 2000, PYLL_2014: 1936}, True),
        ("pyll", {PYLL_2013: 2000, PYLL_2014: "1936.0001"}, False),
        # Not changing is enough; rising is not, unless the rate is below 1,000.
        ("emergency-admissions", {ADMISSIONS_BEFORE: 1500, ADMISSIONS: 1500}, True),
        ("emergency-admissions", {ADMISSIONS_BEFORE: 1500, ADMISSIONS: 1501}, False),
        ("emergency-admissions", {ADMISSIONS_BEFORE: 900, ADMISSIONS: 1000}, False),
        ("emergency-admissions", {ADMISSIONS_BEFORE: 900, ADMISSIONS: "999.9"}, True),
        ("emergency-admissions", {ADMISSIONS_BEFORE: 0, ADMISSIONS: 0}, True),
        # The score must improve, and the roll-out be assured.
        ("friends-and-family", {ROLL_OUT: 1, SCORE_BEFORE: 60, SCORE: 61}, True),
        ("friends-and-family", {ROLL_OUT: 1, SCORE_BEFORE: 60, SCORE: 60}, False),
        ("friends-and-family", {ROLL_OUT: 0, SCORE_BEFORE: 60, SCORE: 61}, False),
        ("friends-and-family", {ROLL_OUT: 1, SCORE_BEFORE: -5, SCORE: -4}, True),
        # No case of MRSA, and C. difficile at or below the threshold of 40.
        ("infection", {MRSA: 0, C_DIFFICILE: 40}, True),
        ("infection", {MRSA: 0, C_DIFFICILE: 41}, False),
        ("infection", {MRSA: 1, C_DIFFICILE: 40}, False),
        ("constitution.rtt", {("rtt-incomplete", YEAR): 92}, True),
        ("constitution.rtt", {("rtt-incomplete", YEAR): "91.9999"}, False),
        ("constitution.a-and-e", {("a-and-e-4-hours", YEAR): 95}, True),
        ("constitution.a-and-e", {("a-and-e-4-hours", YEAR): "94.9999"}, False),
        ("constitution.cancer-62-day", {("cancer-62-day", YEAR): 85}, True),
        ("constitution.cancer-62-day", {("cancer-62-day", YEAR): "84.9999"}, False),
        ("constitution.red-1", {("red-1", YEAR): 75}, True),
        ("constitution.red-1", {("red-1", YEAR): "74.83"}, False),
        ("constitution.red-1", {("red-1", YEAR): "74999999/1000000"}, False),
        ("gate.financial", {("finance.within-resource-limit", YEAR): 1}, True),
        ("gate.financial", {("finance.within-resource-limit", YEAR): 0}, False),
        ("gate.quality", {("quality.no-serious-failure", YEAR): 1}, True),
        ("gate.quality", {("quality.no-serious-failure", YEAR): 0}, False),
    ],
)
def test_each_threshold_of_2013_14_has_a_last_met_and_a_first_missed(
    clause, values, met
):
    assert judged(clause, values).met is met


def test_a_missing_result_is_open_and_the_working_names_it():
    judgement = judged("pyll", {PYLL_2013: 2000})
    assert judgement.met is None
    assert judgement.used == (PYLL_2013,)
    assert judgement.decisive == ()
    assert judgement.firmness is None
    assert (
        judgement.working.arithmetic
        == "no result for pyll-amenable in 2014-01-01..2014-12-31"
    )


def test_one_limb_missed_settles_all_of_them_though_another_is_open():
    judgement = judged("infection", {MRSA: 1})
    assert judgement.met is False
    assert judgement.used == (MRSA,)
    assert judgement.decisive == ("infection.mrsa",)


def test_one_limb_met_leaves_all_of_them_open():
    assert judged("infection", {MRSA: 0}).met is None


def test_one_branch_met_settles_any_of_them_though_another_is_open():
    judgement = judged("emergency-admissions", {ADMISSIONS: 900})
    assert judgement.met is True
    assert judgement.decisive == ("emergency-admissions.low-rate",)


def test_one_branch_missed_leaves_any_of_them_open():
    assert judged("emergency-admissions", {ADMISSIONS: 1000}).met is None


def test_a_measure_met_by_the_assumed_exemption_alone_is_marked_assumed():
    judgement = judged(
        "emergency-admissions", {ADMISSIONS_BEFORE: 900, ADMISSIONS: 901}
    )
    assert judgement.met is True
    assert judgement.firmness == "assumed"
    assert judgement.working.status == "assumed"


def test_a_measure_met_both_ways_rests_on_the_firmer_clause():
    judgement = judged(
        "emergency-admissions", {ADMISSIONS_BEFORE: 900, ADMISSIONS: 899}
    )
    assert judgement.decisive == ("emergency-admissions.no-rise",)
    assert judgement.firmness == "reported-from-draft"


def test_a_measure_missed_both_ways_rests_on_both_clauses():
    judgement = judged(
        "emergency-admissions", {ADMISSIONS_BEFORE: 1500, ADMISSIONS: 1501}
    )
    assert judgement.decisive == (
        "emergency-admissions.no-rise",
        "emergency-admissions.low-rate",
    )
    assert judgement.firmness == "assumed"


@pytest.mark.parametrize("baseline", [0, -1])
def test_no_percentage_is_taken_of_a_baseline_that_is_not_above_zero(baseline):
    judgement = judged("pyll", {PYLL_2013: baseline, PYLL_2014: 0})
    assert judgement.met is None
    assert judgement.used == (PYLL_2013, PYLL_2014)
    assert "no percentage can be taken of this baseline" in str(
        judgement.working.arithmetic
    )


def test_results_are_needed_in_order_of_use_the_baseline_first_each_once():
    assert needs(TESTS["pyll"], None) == (PYLL_2013, PYLL_2014)
    assert needs(TESTS["emergency-admissions"], None) == (ADMISSIONS_BEFORE, ADMISSIONS)


def test_a_limb_whose_threshold_is_not_agreed_needs_no_result_and_stays_open():
    test = TESTS["infection"]
    assert needs(test, None) == (MRSA,)
    judgement = judge(test, {MRSA: Fraction(0), C_DIFFICILE: Fraction(0)}, None)
    assert judgement.met is None
    assert judgement.used == (MRSA,)


def test_a_measure_left_to_agreement_has_no_test_until_it_is_agreed():
    assert measure_test(BOOK, "local-1", None) is None
    assert measure_test(BOOK, "local-3", TERMS) is None
    assert measure_test(BOOK, "infection", None) is None
    assert measure_test(BOOK, "infection", TERMS) == TESTS["infection"]
    assert measure_test(BOOK, "pyll", None) == TESTS["pyll"]


def test_a_measure_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError, match="local-4"):
        measure_test(BOOK, "local-4", TERMS)


@pytest.mark.parametrize(("result", "met"), [("67", True), ("66.9999", False)])
def test_an_agreed_level_is_judged_under_the_clause_that_asks_for_it(result, met):
    test = measure_test(BOOK, "local-1", TERMS)
    assert test is not None
    key = ("dementia-diagnosis-rate", YEAR)
    assert needs(test, TERMS) == (key,)
    judgement = judge(test, {key: Fraction(result)}, TERMS)
    assert (judgement.met, judgement.clauses) == (met, ("local-1",))


@pytest.mark.parametrize(("result", "met"), [("97.9999", True), ("98", False)])
def test_an_agreed_change_is_judged_from_its_baseline(result, met):
    test = measure_test(BOOK, "local-2", TERMS)
    assert test is not None
    before, after = needs(test, TERMS)
    values = {before: Fraction(100), after: Fraction(result)}
    assert judge(test, values, TERMS).met is met


@pytest.mark.parametrize(
    ("change", "last_met", "first_missed"),
    [
        ("rise", "52", "51.9999"),
        ("fall", "48", "48.0001"),
        ("percent-rise", "51", "50.9999"),
        ("percent-fall", "49", "49.0001"),
    ],
)
def test_each_change_of_at_least_2_from_50_has_its_boundary(
    change, last_met, first_missed
):
    agreed = replace(TERMS.tests[1], change=change, comparison="at-least")
    test = agreed_test(BOOK.measures[5], agreed)
    before, after = needs(test, TERMS)
    for result, met in ((last_met, True), (first_missed, False)):
        values = {before: Fraction(50), after: Fraction(result)}
        assert judge(test, values, TERMS).met is met


def test_an_agreed_test_with_half_a_baseline_is_an_error():
    local_1, local_2 = BOOK.measures[4:6]
    level, change = TERMS.tests
    for measure, half in (
        (local_1, replace(level, change="rise")),
        (local_2, replace(change, change=None)),
    ):
        with pytest.raises(
            ValueError, match=r"needs both baseline_period and change, or neither$"
        ):
            agreed_test(measure, half)


def test_an_agreed_test_with_a_malformed_period_is_an_error():
    bad: AgreedTest = replace(TERMS.tests[0], period="2013/14")
    with pytest.raises(ValueError, match="is not a period"):
        agreed_test(BOOK.measures[4], bad)


INDICATORS = ("p", "q", "r")


def _level(name: str) -> Level:
    return Level(
        id=f"test.{name}",
        says=name,
        source="any",
        status="confirmed",
        kind="level",
        indicator=name,
        period=YEAR,
        comparison="at-least",
        threshold=Fraction(1),
    )


def _yes(name: str) -> Yes:
    return Yes(
        id=f"yes.{name}",
        says=name,
        source="any",
        status="assumed",
        kind="yes",
        indicator=name,
        period=YEAR,
    )


leaves = st.sampled_from([*map(_level, INDICATORS), *map(_yes, INDICATORS)])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda t: AllOf(all=tuple(t))),
        st.lists(inner, min_size=1, max_size=3).map(lambda t: AnyOf(any=tuple(t))),
    ),
    max_leaves=8,
)


@given(trees, st.dictionaries(st.sampled_from(INDICATORS), st.integers(0, 1)))
def test_a_judgement_is_what_every_completion_of_the_results_agrees_on(test, known):
    def met(values: dict[str, int]) -> bool | None:
        return judge(
            test, {(k, YEAR): Fraction(v) for k, v in values.items()}, None
        ).met

    completions = {
        met({"p": p, "q": q, "r": r, **known})
        for p in (0, 1)
        for q in (0, 1)
        for r in (0, 1)
    }
    assert None not in completions
    settled = completions.pop() if len(completions) == 1 else None
    assert met(known) is settled


@given(trees, st.dictionaries(st.sampled_from(INDICATORS), st.integers(0, 1)))
def test_what_is_decisive_decides_alone(test, known):
    values = {(name, YEAR): Fraction(value) for name, value in known.items()}
    judgement = judge(test, values, None)
    if judgement.met is None:
        return
    names = {clause.split(".")[1] for clause in judgement.decisive}
    alone = {key: value for key, value in values.items() if key[0] in names}
    assert judge(test, alone, None).met is judgement.met


def test_limbs_together_say_what_is_needed_of_them_and_what_is_lacking():
    assert judged("infection", {MRSA: 0}).working.says == "All of these are needed"
    admissions = judged("emergency-admissions", {})
    assert admissions.working.says == "One of these is enough"
    assert admissions.working.lines[0].arithmetic == (
        f"no result for avoidable-emergency-admissions in {YEAR} and "
        f"avoidable-emergency-admissions in {NEXT_YEAR}"
    )
    unagreed = judge(TESTS["infection"], {}, None).working.lines[1]
    assert unagreed.arithmetic == "the threshold is not agreed"


@pytest.mark.parametrize("shape", [AllOf, AnyOf])
def test_limbs_together_are_judged_on_the_day_and_by_the_terms_agreed(shape):
    closing = _level("p").model_copy(
        update={"missed_without_result_from": date(2014, 6, 1)}
    )
    agreed = _level("q").model_copy(
        update={"id": "infection.c-difficile", "threshold": "agreed"}
    )

    def together(*tests: Level) -> Judged:
        return AllOf(all=tests) if shape is AllOf else AnyOf(any=tests)

    both = judge(together(closing, closing), {}, None, date(2014, 6, 1))
    assert both.met is False
    assert both.working.lines[0].arithmetic == (
        f"no result for p in {YEAR}, which counts as missed from 2014-06-01 on"
    )
    assert judge(together(closing, closing), {}, None, date(2014, 5, 31)).met is None
    values = {("q", YEAR): Fraction(40)}
    assert judge(together(agreed, agreed), values, TERMS).met is True
    assert judge(together(agreed, agreed), values, None).met is None


def test_a_test_that_no_source_says_is_open_and_rests_on_nothing():
    judgement = judge("unknown", {MRSA: Fraction(0)}, TERMS)
    assert judgement == Judgement(
        met=None,
        earned=None,
        working=Line(says="The test is not known", result="open"),
        clauses=(),
        decisive=(),
        firmness=None,
        used=(),
    )


def test_a_result_that_is_rounded_first_is_shown_both_ways():
    whole = _level("p").model_copy(update={"places": 0, "threshold": Fraction(60)})
    judgement = judge(whole, {("p", YEAR): Fraction("59.5")}, None)
    assert judgement.working.arithmetic == (
        "p is 59.5, to 0 decimal places 60; at least 60 is asked"
    )
