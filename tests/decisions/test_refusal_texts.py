"""The text of every refusal, as people read it: a golden file."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from ledger.decisions import menus, terms
from ledger.decisions.assessments import judging
from ledger.decisions.awards import confirming, proposing
from ledger.decisions.every import REFUSALS
from ledger.request import Refusal
from tests.decisions.refusal_examples import EXAMPLES

GOLDEN = Path(__file__).parents[1] / "golden" / "refusals.txt"


def test_every_refusal_reads_as_in_the_golden_file():
    texts = [f"{one.NAME}: {one}\n" for one in EXAMPLES]
    assert "".join(texts) == GOLDEN.read_text(encoding="utf-8")


def test_every_refusal_has_an_example():
    assert {type(one) for one in EXAMPLES} == set(REFUSALS.values())


def test_every_refusal_stands_in_a_spec():
    specs = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py")
    )
    refused = {
        name
        for name in (one.__name__ for one in REFUSALS.values())
        if re.search(rf"(then_refused\(\s*|==\s*|= ){name}\(", specs)
    }
    by_the_service_alone = {"CommandIdReused"}
    assert refused | by_the_service_alone == {o.__name__ for o in REFUSALS.values()}


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (
            menus.WrongSplit(
                menu="care",
                weight_percent=Fraction(30),
                picked_percent=Fraction(30),
                split="equal",
            ),
            "care splits 30% of the maximum into equal parts: the picks split 30%",
        ),
        (
            menus.WrongNumberOfPicks(menu="care", picked=1, least=2, most=2),
            "1 parts are picked from care: it takes 2",
        ),
        (
            menus.NotOnMenu(menu="care", picked="x", choices=()),
            "'x' cannot be picked from care: left to pick are none",
        ),
        (
            menus.TermsNotAgreed(menus=("care", "amr")),
            "what is picked from care, amr is not agreed, so its weight cannot be "
            "shared: record the terms first",
        ),
        (
            terms.NotLeftToAgreement(named="x", open_to_agreement=()),
            "the rules leave no 'x' to agreement: they leave nothing",
        ),
        (
            judging.TestNotKnown(named="x", clauses=("x.a", "x.b")),
            "x stays open: no source says what x.a, x.b asks for",
        ),
        (
            judging.NoResult(named="x", missing=("a for 2013", "b for 2014")),
            "x stays open: no result of a for 2013, b for 2014",
        ),
        (
            judging.BaselineNotAboveZero(named="x", baselines=("0 (a)", "-1 (b)")),
            "x stays open: no percentage can be taken of a baseline that is 0 (a), or "
            "-1 (b)",
        ),
        (
            proposing.PercentNotKnown(named=("a", "b")),
            "the award is still a range: a, b was missed, and no source says what that "
            "takes off",
        ),
        (
            confirming.AssessedSince(determination=2, named=("a", "b")),
            "a, b was assessed again after determination 2 was proposed: propose again",
        ),
        (
            confirming.NoSuchProposal(account="x", determination=2, proposed=None),
            "determination 2 of x: no award is proposed",
        ),
    ],
    ids=lambda one: getattr(one, "NAME", ""),
)
def test_a_refusal_of_several_or_of_none_reads_well(refusal: Refusal, text: str):
    assert str(refusal) == text
