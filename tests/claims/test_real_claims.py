"""The shipped claims to the pound: what was tried, and what it gives."""

from pathlib import Path

import pytest

from ledger.claims.verdicts import Reconciled
from tests.claims.given import known
from tests.claims.test_worked_cases import found

GOLDEN = Path(__file__).parents[1] / "golden" / "claims.txt"


def tried(name: str) -> dict[str, str]:
    """What a claim was held against -> what that gives."""
    return {line.says: line.result for line in found()[name].working.lines}


def golden(one: Reconciled) -> str:
    fact = one.claim.fact
    odds = f"\n  at odds with {', '.join(one.at_odds_with)}" if one.at_odds_with else ""
    basis = f" [{one.basis}]" if one.basis else ""
    return f"{fact.claim}: {fact.as_published}\n  {one.verdict}{basis}: {one.why}{odds}"


def test_every_claim_has_the_verdict_of_the_golden_table():
    assert len(found()) == len(known().claims) == 89
    table = "\n".join(golden(one) for one in found().values()) + "\n"
    assert table == GOLDEN.read_text(encoding="utf-8")


def test_five_pounds_for_every_resident_of_mid_2015_is_the_274m():
    one = found()["maximum-2015-16-england"]
    assert (one.verdict, one.basis) == ("fits only one basis", "residents")
    results = tried("maximum-2015-16-england")
    assert (
        results["residents: resident.ons-mid-year, 2015-06-30"]
        == "£273,931,635.00  when rounded"
    )
    assert results["registered lists: registered.gp-list, 2015-04-01"] == (
        "£285,107,285.00  no"
    )


def test_the_north_west_fits_lists_and_not_residents():
    one = found()["loss-expected-2015-16-north-west-33"]
    assert (one.verdict, one.basis) == ("fits only one basis", "registered lists")
    says = "(33 groups, 20% of the full maximum)"
    results = tried("loss-expected-2015-16-north-west-33")
    lists = f"registered lists: registered.gp-list, 2015-04-01 {says}"
    residents = f"residents: resident.ons-mid-year, 2015-06-30 {says}"
    assert results[lists] == "£7,542,552.00  when rounded"
    assert results[residents] == "£7,213,068.00  no"


def test_newbury_is_115_000_heads_and_its_list_a_year_before_rounds_to_it():
    results = tried("maximum-forecast-2014-15-10M")
    assert results["At £5.00 a head it implies"] == "115,000 heads"
    of_list = "registered lists: registered.gp-list"
    assert results[f"{of_list}, 2013-04-01"] == "£574,655.00  when rounded"
    assert results[f"{of_list}, 2014-04-01"] == "£579,470.00  no"


def test_29_per_cent_is_reached_under_no_reading():
    one = found()["share-of-maximum-2013-14-13P"]
    assert "nearest as the rulebook reads 28.125%" in one.why
    assert [line.result for line in one.working.lines] == [
        "28.125% and 31.25%",
        "28.125% and 31.640625%",
        "25% and 37.5%",
        "25% and 29.6875%",
    ]


def test_birmingham_crosscitys_award_needs_heads_that_it_had_not():
    results = tried("award-2013-14-13P")
    assert results["At 28.125%, under 2 of 4 readings, it needs"] == (
        "about 687,644 heads"
    )
    assert results["At 31.25%, under 2 of 4 readings, it needs"] == (
        "about 618,880 heads"
    )
    assert results["At 25%, under 4 of 4 readings, it needs"] == "about 773,600 heads"


def test_surrey_heath_received_exactly_half():
    one = found()["received-2013-14-10C"]
    assert one.basis == "the running-cost population"
    assert one.why.startswith("50% of the maximum")
    assert one.working.lines[0].result == "£220,000.00  exact"


def test_east_riding_at_37_5_per_cent_needs_296_533_heads():
    results = tried("received-2013-14-02Y")
    assert results["At 37.5%, under 4 of 4 readings, it needs"] == "about 296,533 heads"


def test_the_trimethoprim_parts_come_to_107_777_and_not_to_60_000():
    results = tried("maximum-of-trimethoprim-parts-2017-18-average-group")
    of = "registered.gp-list, over 207 groups, 2017-04-01 (both trimethoprim parts)"
    assert results[f"registered lists: {of}"] == "about £107,777.05  no"


@pytest.mark.parametrize(
    ("name", "gives"),
    [
        ("share-of-maximum-2013-14-england", "32.0817...%  when rounded"),
        ("share-of-maximum-2014-15-england", "26.8382...%  when rounded"),
        ("share-of-maximum-2015-16-england", "20.4379...%  when rounded"),
        ("not-paid-2013-14-england", "£182,700,000.00  when rounded"),
        ("not-paid-two-years-2014-15-england", "£381,700,000.00  when rounded"),
        ("not-paid-2015-16-england", "£218,000,000.00  exact"),
        ("not-paid-three-years-2015-16-england", "£599,700,000.00  when rounded"),
        ("maximum-2020-21-average-network", "£21,534.00  when rounded"),
        ("share-of-contract-of-each-2022-23-any-provider", "0.25%  exact"),
        ("shortfall-of-red-1-2015-16-north-west-33", "0.17%  exact"),
        ("groups-2013-14-england", "211  no"),
        ("groups-2015-16-england", "209  no"),
        ("groups-2015-16-north-west-33", "33  exact"),
    ],
)
def test_a_figure_follows_from_the_others_as_the_dossier_says(name: str, gives: str):
    assert [line.result for line in found()[name].working.lines] == [gives]


def test_an_average_group_of_2015_16_has_131_067_for_the_antibiotic_measure():
    results = tried("maximum-of-antibiotic-measure-2015-16-average-group")
    [residents] = [gives for says, gives in results.items() if "ons-mid-year" in says]
    assert residents == "about £131,067.77  no"


def test_no_verdict_stands_without_its_claims_record_in_the_working():
    for one in found().values():
        assert one.working.facts == (one.claim.record,)
        assert one.working.result == one.verdict
