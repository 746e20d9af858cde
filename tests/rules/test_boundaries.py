"""Every threshold of every year: the last result that meets it, and the first not."""

from datetime import date
from fractions import Fraction

import pytest

from ledger.events import AccountId, AgreedTarget, PartyId, TermsAgreed
from ledger.rules.assess import asked, judge, needs
from ledger.rules.book import clauses
from ledger.rules.clauses import Leaf, Level, Linear, Shift, Yes
from ledger.rules.rulebook import packaged, packaged_names

A_HAIR = Fraction(1, 1_000_000)
BASELINE = Fraction(50)
AGREED = Fraction(40)
LEAVES = [
    (name, one)
    for name in packaged_names()
    for one in clauses(packaged(name))
    if isinstance(one, Level | Shift | Yes | Linear)
]
KNOWN = [pair for pair in LEAVES if asked(pair[1]) != "unknown"]
UNKNOWN = [pair for pair in LEAVES if asked(pair[1]) == "unknown"]


def named(pairs: list[tuple[str, Leaf]]) -> list[str]:
    return [f"{name}:{leaf.id}" for name, leaf in pairs]


def terms(leaf: Leaf) -> TermsAgreed:
    return TermsAgreed(
        account=AccountId("quality-premium/2013-14/X01"),
        agreed_on=date(2013, 4, 1),
        agreed_by=(PartyId("X01"),),
        targets=(AgreedTarget(clause=leaf.id, target=AGREED),),
    )


def result_at(leaf: Leaf, number: Fraction) -> Fraction:
    """The result whose level, or change from the baseline, is exactly this number."""
    if not isinstance(leaf, Shift):
        return number
    match leaf.change:
        case "rise":
            return BASELINE + number
        case "fall":
            return BASELINE - number
        case "percent-rise":
            return BASELINE * (100 + number) / 100
        case _:
            return BASELINE * (100 - number) / 100


def met(leaf: Leaf, number: Fraction) -> bool | None:
    keys = needs(leaf, terms(leaf))
    results = dict.fromkeys(keys, BASELINE)
    results[keys[-1]] = result_at(leaf, number)
    return judge(leaf, results, terms(leaf)).met


@pytest.mark.parametrize(("name", "leaf"), KNOWN, ids=named(KNOWN))
def test_each_threshold_has_a_last_result_that_meets_it_and_a_first_that_does_not(
    name: str, leaf: Leaf
):
    if isinstance(leaf, Yes):
        assert met(leaf, Fraction(1)) is True
        assert met(leaf, Fraction(0)) is False
        assert met(leaf, Fraction(2)) is False
        return
    assert isinstance(leaf, Level | Shift)
    at = AGREED if asked(leaf) == "agreed" else asked(leaf)
    assert isinstance(at, Fraction)
    below, exactly, above = (met(leaf, at + step) for step in (-A_HAIR, 0, A_HAIR))
    assert {
        "at-least": (False, True, True),
        "more-than": (False, False, True),
        "at-most": (True, True, False),
        "less-than": (True, False, False),
    }[leaf.comparison] == (below, exactly, above)


@pytest.mark.parametrize(("name", "leaf"), UNKNOWN, ids=named(UNKNOWN))
def test_a_threshold_that_no_source_says_is_neither_met_nor_missed(
    name: str, leaf: Leaf
):
    assert needs(leaf, None) == ()
    results = {(leaf.indicator, leaf.period): Fraction(0)}
    judgement = judge(leaf, results, terms(leaf))
    assert judgement.met is None
    assert judgement.working.arithmetic == "the threshold is not known"


def test_every_year_has_thresholds_of_its_own():
    years = {name for name, _ in KNOWN}
    assert years == set(packaged_names())
    assert len(KNOWN) > 100


RED_1 = [pair for pair in KNOWN if pair[1].id == "constitution.red-1.standard"]


@pytest.mark.parametrize(("name", "leaf"), RED_1, ids=named(RED_1))
def test_74_83_is_not_75(name: str, leaf: Leaf):
    assert met(leaf, Fraction(75)) is True
    assert met(leaf, Fraction("74.83")) is False
    assert met(leaf, Fraction(7499, 100)) is False


TEN_PER_CENT = [
    pair
    for pair in KNOWN
    if isinstance(pair[1], Shift)
    and pair[1].change == "percent-fall"
    and asked(pair[1]) == Fraction(10)
]


@pytest.mark.parametrize(("name", "leaf"), TEN_PER_CENT, ids=named(TEN_PER_CENT))
def test_exactly_10_per_cent_is_a_fall_of_10_per_cent(name: str, leaf: Leaf):
    before, after = needs(leaf, None)
    for result, expected in ((Fraction(900), True), (Fraction("900.0001"), False)):
        values = {before: Fraction(1000), after: result}
        assert judge(leaf, values, None).met is expected
    # A third of a tenth of a third: no decimal ends, and it is still exactly 10%.
    values = {before: Fraction(1, 3), after: Fraction(3, 10)}
    assert judge(leaf, values, None).met is True


def test_a_re_based_baseline_is_read_from_its_own_series():
    first, second = (
        next(
            one
            for one in clauses(packaged(f"quality-premium-2017-18{suffix}"))
            if one.id == "infection.over-70.fall"
        )
        for suffix in ("", ".v2")
    )
    assert isinstance(first, Shift)
    assert isinstance(second, Shift)
    year, base = "2017-04-01..2018-03-31", "2015-06-01..2016-05-31"
    assert needs(first, None) == (
        ("trimethoprim-items-over-70", base),
        ("trimethoprim-items-over-70", year),
    )
    assert needs(second, None) == (
        ("trimethoprim-items-over-70.re-based", base),
        ("trimethoprim-items-over-70", year),
    )
