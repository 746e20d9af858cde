"""From what was tried to a verdict: boundary twins of rounding, bases and words."""

from dataclasses import replace
from fractions import Fraction

import pytest

from ledger.claims.claimed import Claimed
from ledger.claims.inputs import Inputs
from ledger.claims.reconcile import one_of, reconciled
from ledger.claims.verdicts import Tried, near, settled, unit
from ledger.events import BodyCode
from ledger.measures.groups import Group
from ledger.rules.rulebook import packaged
from tests.claims.given import figure, population

MILLION = figure("£274m", pounds="274000000", rounded_to="1000000")
BOOKS = {
    year: (f"{year}@1", packaged(f"quality-premium-{year}"))
    for year in ("2013-14", "2015-16")
}


@pytest.mark.parametrize(
    ("pounds", "how"),
    [
        ("274000000", "exact"),
        ("273500000", "when rounded"),
        ("273499999.99", "no"),
        ("274499999.99", "when rounded"),
        ("274500000", "no"),
    ],
)
def test_half_a_unit_below_rounds_up_and_a_penny_less_does_not(pounds: str, how: str):
    assert near(MILLION, Fraction(pounds) * 100) == how


@pytest.mark.parametrize(
    ("printed", "value", "step"),
    [
        ("32%", "0.32", Fraction(1, 100)),
        ("87.5%", "0.875", Fraction(1, 1000)),
        ("about 81%", "0.81", Fraction(1, 100)),
        ("215", "215", Fraction(1)),
        ("1.161 items per STAR-PU", "1.161", Fraction(1, 1000)),
        ("6,000 patients", "6000", Fraction(1)),
    ],
)
def test_the_unit_of_a_figure_is_that_of_its_last_printed_digit(
    printed: str, value: str, step: Fraction
):
    assert unit(figure(printed, value=value)) == step


@pytest.mark.parametrize(
    ("printed", "gives", "how"),
    [
        ("just over a quarter", "0.25", "no"),
        ("just over a quarter", "0.2501", "when rounded"),
        ("just over a quarter", "0.30", "when rounded"),
        ("just over a quarter", "0.3001", "no"),
        ("around three-quarters", "0.70", "no"),
        ("around three-quarters", "0.80", "when rounded"),
        ("a great deal", "0.5", "no"),
    ],
)
def test_words_are_taken_within_stated_bounds(printed: str, gives: str, how: str):
    assert near(figure(printed), Fraction(gives)) == how


@pytest.mark.parametrize(
    ("gives", "how"),
    [(730_000, "no"), (730_001, "when rounded"), (744_600, "when rounded"),
     (744_601, "no")],
)  # fmt: skip
def test_more_than_a_number_is_above_it_and_not_far(gives: int, how: str):
    assert near(figure("more than 730,000", value="730000"), Fraction(gives)) == how


def tried(basis: str | None, pounds: str) -> Tried:
    return Tried(says="s", arithmetic="a", gives=Fraction(pounds) * 100, basis=basis)


@pytest.mark.parametrize(
    ("attempts", "verdict", "basis"),
    [
        ((("a", "274000000"), ("b", "1")), "agrees", "a"),
        ((("a", "273900000"), ("b", "1")), "fits only one basis", "a"),
        ((("a", "273900000"), ("b", "274100000")), "agrees when rounded", "a and b"),
        ((("a", "273900000"), ("b", "274000000")), "agrees", "b"),
        ((("a", "273900000"), ("a", "1")), "agrees when rounded", "a"),
        (((None, "273900000"),), "agrees when rounded", None),
        ((("a", "1"), ("b", "2")), "cannot be reached", None),
    ],
)
def test_the_verdict_follows_from_which_bases_fit(
    attempts: tuple[tuple[str | None, str], ...], verdict: str, basis: str | None
):
    found = settled(MILLION, *(tried(*one) for one in attempts))
    assert (found.verdict, found.basis) == (verdict, basis)
    assert len(found.working.lines) == len(attempts)


def world(
    *claims: Claimed,
    heads: int = 88_000,
    measure: str = "registered.gp-list",
    body: str = "X01",
) -> Inputs:
    """One group with one population, two rulebooks, and some claims."""
    return Inputs(
        claims={one.fact.claim: one for one in claims},
        populations=(population(body, heads, measure, "2013-04-01"),),
        groups=(Group(body=BodyCode("X01"), name="One"),),
        rulebooks=BOOKS,
    )  # fmt: skip


def received(pounds: str, rounded_to: str = "1") -> Claimed:
    return figure(
        f"£{pounds}",
        pounds=pounds,
        rounded_to=rounded_to,
        quantity="received",
        about="X01",
        year="2013-14",
    )


def test_a_sum_received_agrees_at_a_state_and_not_a_pound_beside_it():
    for pounds, verdict in (("220000", "agrees"), ("220001", "unknown")):
        claim = received(pounds)
        assert one_of(claim, world(claim)).verdict == verdict


def test_heads_2_per_cent_off_may_have_been_and_further_off_cannot():
    """Half of £5 a head: 88,000 heads recorded, 2% below is 86,240."""
    claim = received("440000")
    assert one_of(claim, world(claim, heads=89_795)).verdict == "unknown"
    assert one_of(claim, world(claim, heads=89_797)).verdict == "cannot be reached"


def test_a_sum_whose_own_share_is_out_of_reach_is_out_of_reach():
    claim = received("220001")
    share = figure(
        "29%", value="0.29", quantity="share-of-maximum", about="X01", year="2013-14"
    )
    alone, beside = world(claim), world(claim, share)
    assert one_of(claim, alone).verdict == "unknown"
    assert one_of(claim, beside).verdict == "cannot be reached"


def test_without_a_rulebook_or_a_population_a_sum_is_unknown():
    claim = received("220000")
    no_rules = replace(world(claim), rulebooks={})
    assert one_of(claim, no_rules).why == "no rulebook of 2013-14 is recorded"
    nobody = world(claim, body="X02")
    assert one_of(claim, nobody).why == "no population of X01 is recorded"


def test_a_population_counted_after_the_year_is_no_basis():
    claim = received("220000")
    later = replace(
        world(claim),
        populations=(population("X01", 88_000, "registered.gp-list", "2014-04-01"),),
    )
    assert one_of(claim, later).why == "no population of X01 is recorded"


def test_a_claim_is_never_evidence_for_itself():
    """A quantity that nothing bears on stays unknown, however often it is printed."""
    claim = figure("117", value="117", quantity="practices", about="X01")
    assert one_of(claim, world(claim)).verdict == "unknown"


def test_figures_are_at_odds_both_ways_and_only_where_they_differ():
    first = figure("£24.73", pounds="24.73", quantity="running-cost-per-head")
    same = figure("£24.73", pounds="24.73", quantity="running-cost-per-head-as-replied")
    other = figure(
        "£24.78", pounds="24.78", quantity="running-cost-per-head-as-replied"
    )
    assert [one.at_odds_with for one in reconciled(world(first, same))] == [(), ()]
    assert [one.at_odds_with for one in reconciled(world(first, other))] == [
        (other.fact.claim,),
        (first.fact.claim,),
    ]


def maximum(quantity: str, pounds: str, year: str = "2015-16") -> Claimed:
    """A maximum of the group, good to 10,000 pounds."""
    return figure(
        f"£{pounds}",
        pounds=pounds,
        rounded_to="10000",
        quantity=quantity,
        about="X01",
        year=year,
    )


@pytest.mark.parametrize(
    ("forecast", "year", "odds"),
    [("440000", "2015-16", 0), ("400000", "2015-16", 1), ("400000", "2013-14", 0)],
    ids=["the same basis", "another basis", "another basis, another year"],
)
def test_figures_of_a_year_are_at_odds_if_each_fits_another_basis_alone(
    forecast: str, year: str, odds: int
):
    """88,001 on lists are £440,005; 80,001 residents are £400,005."""
    claims = maximum("maximum", "440000"), maximum("maximum-forecast", forecast, year)
    held = replace(
        world(*claims),
        populations=(
            population("X01", 88_001, "registered.gp-list", "2013-04-01"),
            population("X01", 80_001, "resident.census", "2011-03-27"),
        ),
    )
    found = reconciled(held)
    assert {one.verdict for one in found} == {"fits only one basis"}
    assert [len(one.at_odds_with) for one in found] == [odds, odds]
