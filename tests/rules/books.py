"""The packaged rulebook of 2013/14, changed where a test needs it otherwise."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.events import AccountId, AgreedTarget, AgreedTest, PartyId, TermsAgreed
from ledger.rules.rulebook import Rulebook, canonical, packaged, parse

YEAR = "2013-04-01..2014-03-31"
NEXT_YEAR = "2014-04-01..2015-03-31"

BOOK = packaged("quality-premium-2013-14")
MEASURES = tuple(measure.id for measure in BOOK.measures)
STANDARDS = tuple(reduction.id for reduction in BOOK.reductions)
GATES = tuple(gate.id for gate in BOOK.gates)


def content(**changes: Any) -> dict[str, Any]:
    """The rulebook as plain data, with top-level fields replaced."""
    return {**json.loads(canonical(BOOK)), **changes}


def book(**changes: Any) -> Rulebook:
    """The rulebook with top-level fields replaced."""
    return parse(json.dumps(content(**changes)))


def reading(base: str, combination: str) -> Rulebook:
    """The rulebook under one reading of its reductions."""
    data = content()
    return book(
        reduction_base={**data["reduction_base"], "reading": base},
        reduction_combination={**data["reduction_combination"], "reading": combination},
    )


def outcomes(
    met: tuple[str, ...], missed: tuple[str, ...] = ()
) -> tuple[dict[str, Fraction], dict[str, bool]]:
    """What `determine` takes: the measures met, the standards and gates missed."""
    return (
        {measure: Fraction(measure in met) for measure in MEASURES},
        {clause: clause in missed for clause in (*STANDARDS, *GATES)},
    )


def all_but(*measures: str) -> tuple[str, ...]:
    """Every measure but these."""
    return tuple(measure for measure in MEASURES if measure not in measures)


TERMS = TermsAgreed(
    account=AccountId("quality-premium/2013-14/X01"),
    agreed_on=date(2013, 5, 1),
    agreed_by=(PartyId("area-team"), PartyId("group")),
    tests=(
        AgreedTest(
            measure="local-1",
            title="Dementia diagnosed",
            indicator="dementia-diagnosis-rate",
            period=YEAR,
            comparison="at-least",
            threshold=Fraction(67),
        ),
        AgreedTest(
            measure="local-2",
            title="Fewer emergency readmissions",
            indicator="readmissions-30-days",
            period=YEAR,
            comparison="more-than",
            threshold=Fraction(2),
            baseline_period="2012-04-01..2013-03-31",
            change="percent-fall",
        ),
    ),
    targets=(AgreedTarget(clause="infection.c-difficile", target=Fraction(40)),),
)
"""Two local tests and one target; the third local measure is not agreed."""
