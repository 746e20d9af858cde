"""Documents, results and claims: recorded once, never silently changed."""

from dataclasses import fields, replace

import pytest

from ledger.decisions.bodies import UnknownBody
from ledger.decisions.evidence import (
    ClaimDiffers,
    DocumentDiffers,
    ImpossibleResult,
    RecordClaim,
    RecordDocument,
    RecordResult,
    ResultDiffers,
)
from ledger.events import BodyCode, ClaimRecorded, DocumentId, DocumentRecorded
from ledger.money import exact
from tests.decisions.given import GROUP, OPENED, RESULTS, YEAR, given

DOCUMENT = DocumentId("a" * 64)
RTT = RecordResult(
    measure="rtt-incomplete",
    subject=BodyCode("X01"),
    period=YEAR,
    value=exact("92"),
    unit="x",
)
CLAIM = RecordClaim(
    claim="received-2013-14-X01",
    about="X01",
    scheme="quality-premium",
    scheme_year="2013-14",
    quantity="received",
    as_published="220,000",
    source="https://example.org/premium",
    status="inferred",
    amount_pence=220_000_00,
    rounded_to_pence=1_000_00,
)
CLAIMED = ClaimRecorded(
    **{each.name: getattr(CLAIM, each.name) for each in fields(CLAIM)}
)


def test_a_document_is_known_by_its_bytes_once():
    record = RecordDocument(document=DOCUMENT, title="ccgs.csv")
    fact = DocumentRecorded(document=DOCUMENT, title="ccgs.csv")
    given(OPENED).when(record).then(fact)
    given(OPENED, fact).when(record).then_nothing()


def test_a_copy_under_another_title_is_the_same_document():
    fact = DocumentRecorded(document=DOCUMENT, title="ccgs.csv", licence="OGL")
    copy = RecordDocument(document=DOCUMENT, title="copy of ccgs.csv")
    given(OPENED, fact).when(copy).then_nothing()


def test_a_document_keeps_what_was_said_of_it():
    fact = DocumentRecorded(document=DOCUMENT, title="ccgs.csv", licence="OGL")
    other = RecordDocument(document=DOCUMENT, title="ccgs.csv", licence="CC0")
    given(OPENED, fact).when(other).then_refused(
        DocumentDiffers(
            document=DOCUMENT,
            recorded_title="ccgs.csv",
            field="licence",
            recorded="OGL",
            given="CC0",
        )
    )


def test_a_result_is_recorded_unrounded():
    given(OPENED, GROUP).when(RTT).then(RESULTS["rtt"])


def test_the_same_result_again_adds_nothing():
    given(OPENED, GROUP, RESULTS["rtt"]).when(RTT).then_nothing()


def test_another_value_of_a_result_is_a_correction_not_an_import():
    (
        given(OPENED, GROUP, RESULTS["rtt"])
        .when(replace(RTT, value=exact("92.001")))
        .then_refused(
            ResultDiffers(
                measure="rtt-incomplete",
                subject="X01",
                period=YEAR,
                recorded="92 x",
                given="92.001 x",
            )
        )
    )


def test_a_result_of_an_unknown_body_is_refused():
    given(OPENED).when(RTT).then_refused(UnknownBody(body="X01"))


def test_a_claim_is_quoted_as_it_was_printed():
    given(OPENED).when(CLAIM).then(CLAIMED)
    given(OPENED, CLAIMED).when(CLAIM).then_nothing()


def test_a_contradicting_figure_is_a_claim_of_its_own():
    other = replace(CLAIM, as_published="£221k", amount_pence=221_000_00)
    given(OPENED, CLAIMED).when(other).then_refused(
        ClaimDiffers(claim="received-2013-14-X01", recorded="220,000", given="£221k")
    )


def figures(measure: str, unit: str, value: str, *parts: str) -> RecordResult:
    numerator, denominator = map(exact, parts or ("1", "1"))
    return RecordResult(
        measure=measure,
        subject=BodyCode("X01"),
        period="2013-04-01..2014-03-31",
        value=exact(value),
        unit=unit,
        numerator=numerator if parts else None,
        denominator=denominator if parts else None,
    )


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("c-difficile cases 0", "c-difficile cases -1"),
        ("of-mine cases 0", "of-mine cases -1"),
        ("of-mine per-100000 0", "of-mine per-100000 -0.1"),
        ("fft-rollout-assured yes-no 1", "fft-rollout-assured yes-no 2"),
        ("of-mine yes-no 0", "of-mine yes-no 0.5"),
        ("rtt-incomplete percent 100", "rtt-incomplete percent 100.1"),
        ("of-mine percent 100 5 5", "of-mine percent 140 7 5"),
        ("of-mine percent 0 0 5", "of-mine percent -20 -1 5"),
        ("of-mine ratio 1.4 7 5", "of-mine ratio -0.2 -1 5"),
        ("of-mine ratio 7 7 1", "of-mine ratio 7 7 0"),
        ("fft-score score -100", "of-mine ratio -1"),
    ],
)
def test_a_value_that_nothing_can_have_is_refused(last: str, first: str):
    given(OPENED, GROUP).when(figures(*last.split())).then_recorded()
    decision = given(OPENED, GROUP).book.ask(figures(*first.split()))
    assert isinstance(decision, ImpossibleResult)
    measure, unit, value = first.split()[:3]
    given(OPENED, GROUP).when(figures(*first.split())).then_refused(
        ImpossibleResult(measure=measure, given=f"{value} {unit}", why=decision.why)
    )
