"""Every row of worked_cases.csv as claims: exact ones exact, conflicts as conflicts."""

from functools import cache

import pytest

from ledger.claims.reconcile import reconciled
from ledger.claims.verdicts import Reconciled
from tests.claims.given import cases, known

EXACT, ROUNDED, ONE = "agrees", "agrees when rounded", "fits only one basis"
NEVER, UNKNOWN = "cannot be reached", "unknown"

CASES: dict[str, dict[str, str]] = {
    "W01": {
        "heads-2013-14-average-practice": UNKNOWN,
        "maximum-2013-14-average-practice": EXACT,
        "maximum-of-local-measures-2013-14-average-practice": EXACT,
        "weight-of-local-measures-2013-14-england": EXACT,
    },
    "W02": {
        "heads-2013-14-average-group": NEVER,
        "maximum-of-local-measures-2013-14-average-group": ROUNDED,
    },
    "W03": {"maximum-2013-14-average-group": NEVER},
    "W04": {
        "share-of-maximum-2013-14-10N": EXACT,
        "share-of-maximum-2013-14-03A": EXACT,
        "share-of-maximum-2013-14-greater-manchester-as-printed": UNKNOWN,
    },
    "W05": {"award-2013-14-13P": NEVER, "share-of-maximum-2013-14-13P": NEVER},
    "W06": {"received-2013-14-10C": EXACT},
    "W07": {"received-2013-14-02Y": UNKNOWN},
    "W08": {"maximum-forecast-2014-15-10M": ONE},
    "W09": {"maximum-forecast-2015-16-07L": ROUNDED},
    "W11": {
        "maximum-2013-14-england": UNKNOWN,
        "paid-2013-14-england": UNKNOWN,
        "share-of-maximum-2013-14-england": ROUNDED,
        "not-paid-2013-14-england": ROUNDED,
        "value-per-head-2013-14-england": EXACT,
    },
    "W12": {
        "maximum-2014-15-england": UNKNOWN,
        "share-of-maximum-2014-15-england": ROUNDED,
        "not-paid-two-years-2014-15-england": ROUNDED,
    },
    "W13": {
        "maximum-2015-16-england": ONE,
        "share-of-maximum-2015-16-england": ROUNDED,
        "not-paid-2015-16-england": EXACT,
        "not-paid-three-years-2015-16-england": ROUNDED,
    },
    "W15": {
        "weight-of-antibiotics-2016-17-england": EXACT,
        "share-of-total-items-part-2016-17-england": EXACT,
        "share-of-broad-spectrum-part-2016-17-england": EXACT,
        "threshold-of-total-items-2016-17-england": EXACT,
        "fall-of-total-items-2016-17-england": EXACT,
        "threshold-of-broad-spectrum-2016-17-england": EXACT,
        "fall-of-broad-spectrum-2016-17-england": EXACT,
    },
    "W17": {
        "share-of-groups-meeting-total-items-by-february-2015-16-england": UNKNOWN,
        "share-of-groups-meeting-broad-spectrum-by-february-2015-16-england": UNKNOWN,
    },
    "W18": {
        "points-2020-21-average-network": UNKNOWN,
        "value-per-point-2020-21-average-network": UNKNOWN,
        "maximum-2020-21-average-network": ROUNDED,
    },
    "W20": {
        "share-of-contract-2022-23-any-provider": UNKNOWN,
        "indicators-at-most-2022-23-any-provider": UNKNOWN,
        "share-of-contract-of-each-2022-23-any-provider": EXACT,
    },
    "W21": {
        "maximum-of-trimethoprim-parts-2017-18-average-group": NEVER,
        "maximum-of-total-items-part-2017-18-average-group": NEVER,
    },
    "W22": {
        "running-cost-allowance-2013-14-10C": UNKNOWN,
        "running-cost-per-head-2013-14-england": UNKNOWN,
        "received-2013-14-10C": EXACT,
    },
    "W23": {"running-cost-allowance-2013-14-99P": UNKNOWN},
    "W24": {
        "award-2013-14-13P": NEVER,
        "practices-2013-14-13P": UNKNOWN,
        "heads-2013-14-13P": ROUNDED,
    },
    "W25": {
        "weight-of-survey-measure-2016-17-england": EXACT,
        "value-per-head-of-survey-measure-2016-17-england": EXACT,
    },
    "W26": {
        "weight-of-antibiotics-2015-16-england": EXACT,
        "maximum-of-antibiotic-measure-2015-16-average-group": NEVER,
    },
    "W27": {
        "groups-meeting-total-items-in-december-2015-16-england": UNKNOWN,
        "groups-meeting-broad-spectrum-in-december-2015-16-england": UNKNOWN,
        "groups-meeting-both-antibiotic-targets-in-december-2015-16-england": UNKNOWN,
        "share-of-groups-meeting-total-items-in-december-2015-16-england": ROUNDED,
        "share-of-groups-meeting-broad-spectrum-in-december-2015-16-england": ROUNDED,
        "share-of-groups-meeting-both-antibiotic-targets-in-december-2015-16-england": (
            ROUNDED
        ),
    },
    "W30": {
        "fall-of-broad-spectrum-2015-16-england": EXACT,
        "threshold-of-broad-spectrum-2015-16-england": EXACT,
        "threshold-of-broad-spectrum-on-poster-2015-16-england": NEVER,
    },
    "W31": {
        "share-of-total-items-part-2015-16-england": EXACT,
        "fall-of-total-items-2015-16-england": EXACT,
    },
    "W32": {
        "running-cost-per-head-2014-15-england": UNKNOWN,
        "running-cost-per-head-as-replied-2014-15-england": UNKNOWN,
        "running-cost-per-head-2015-16-england": UNKNOWN,
        "running-cost-per-head-as-replied-2015-16-england": UNKNOWN,
    },
    "W33": {
        "groups-choosing-readmissions-2013-14-england": UNKNOWN,
        "groups-choosing-dementia-diagnosis-2013-14-england": UNKNOWN,
        "groups-as-counted-beside-local-measures-2013-14-england": NEVER,
    },
}
"""Case -> the claims that hold its published figures, and their verdicts."""


@cache
def found() -> dict[str, Reconciled]:
    return {one.claim.fact.claim: one for one in reconciled(known())}


@pytest.mark.parametrize("case", CASES)
def test_a_case_of_the_dossier_has_its_verdicts(case: str):
    verdicts = {name: found()[name].verdict for name in CASES[case]}
    assert verdicts == CASES[case]


def test_every_case_of_the_dossier_is_among_the_claims():
    assert [row["id"] for row in cases()] == list(CASES)


@pytest.mark.parametrize(
    "case", [row["id"] for row in cases() if "conflict" in row["use_as"].lower()]
)
def test_a_conflict_of_the_dossier_is_shown_as_one(case: str):
    """Out of reach, or at odds with another figure: never absorbed."""
    assert any(
        found()[name].verdict == NEVER or found()[name].at_odds_with
        for name in CASES[case]
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("share-of-maximum-2013-14-13P", "award-2013-14-13P"),
        ("groups-2013-14-england",
         "groups-as-counted-beside-local-measures-2013-14-england"),
        ("maximum-2015-16-england", "loss-expected-2015-16-north-west-33"),
        ("maximum-2013-14-average-group", "heads-2013-14-average-group"),
        ("maximum-of-antibiotic-measure-2015-16-average-group",
         "maximum-2015-16-england"),
        ("running-cost-per-head-2014-15-england",
         "running-cost-per-head-as-replied-2014-15-england"),
        ("threshold-of-broad-spectrum-2015-16-england",
         "threshold-of-broad-spectrum-on-poster-2015-16-england"),
    ],
)  # fmt: skip
def test_two_figures_that_contradict_each_other_name_each_other(one: str, other: str):
    assert other in found()[one].at_odds_with
    assert one in found()[other].at_odds_with
