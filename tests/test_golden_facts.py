"""Every fact as it is stored for ever: it reads back, and is written the same.

The files of tests/golden/facts are never changed; a fact of a new form is a new
topic with a file of its own. Each was written once, from the examples below.
"""

from dataclasses import fields
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from ledger import events
from ledger.events import EVENTS, Draw, Fact, Move, Slice
from ledger.recorded import Meta, Recorded, stream_of
from ledger.store.mapper import FACTS, OLD, decode, encode, encode_meta

GOLDEN = Path(__file__).parent / "golden" / "facts"

ACCOUNT = events.AccountId("quality-premium/2013-14/S01")
HASH = "0123456789abcdef" * 4
SALTED = events.Commitment("fedcba9876543210" * 4)
DOCUMENT = events.DocumentId("00112233445566778899aabbccddeeff" * 2)
RULEBOOK = events.RecordId("rulebook/quality-premium/2013-14@1")
RESULT = events.RecordId("result/rtt-incomplete/S01/2013-04-01..2014-03-31@2")
SLICES = (
    Slice(measure="pyll", pence=12_500_00),
    Slice(measure="hcai", pence=1),
)
MOVE = Move(source="premium:potential", target="premium:payable", slices=SLICES)
DAY = date(2014, 10, 15)
RUN_ITEM = events.RunItem(account=ACCOUNT, disbursement="d1", amount_pence=12_500_01)

META = Meta(
    recorded_at=datetime(2014, 10, 15, 9, 30, 0, 123456, tzinfo=UTC),
    effective_on=DAY,
    actor=events.PartyId("analyst-1"),
    role="analyst",
    command_id="command-1",
    request_hash=HASH,
    correlation_id="correlation-1",
    decided_on=date(2014, 10, 14),
    on_behalf_of=events.BodyCode("S01"),
    causation_id="causation-1",
)

EXAMPLES: tuple[Fact, ...] = (
    events.LedgerOpened(name="Quality premium", origin="simulated"),
    events.RulebookPublished(
        scheme="quality-premium",
        scheme_year="2013-14",
        rulebook_version=1,
        applies_from=date(2013, 4, 1),
        content='{"title":"a rulebook, as text in text","rate":"12.5"}',
        content_hash=HASH,
        document=DOCUMENT,
    ),
    events.BodyRegistered(
        body=events.BodyCode("S01"),
        kind="practice",
        name=None,
        name_commitment=SALTED,
        opened_on=date(2013, 4, 1),
        closed_on=date(2021, 3, 31),
        ons_code="E38000001",
        area_team="Q49",
        region="Y54",
        document=DOCUMENT,
    ),
    events.BodySucceeded(
        body=events.BodyCode("S01"),
        successor=events.BodyCode("S02"),
        on=date(2015, 4, 1),
        document=DOCUMENT,
    ),
    events.PracticeSeen(
        practice=events.BodyCode("S81001"),
        group=events.BodyCode("S01"),
        observed_on=date(2013, 4, 1),
        document=DOCUMENT,
    ),
    events.PartyRegistered(
        party=events.PartyId("Charity-1"), kind="organisation", name=SALTED
    ),
    events.DocumentRecorded(
        document=DOCUMENT,
        title="Practice list sizes – April",
        publisher="A publisher",
        url="https://example.org/list.csv",
        published_on=date(2013, 7, 1),
        licence="OGL-UK-3.0",
    ),
    events.ResultRecorded(
        measure="rtt-incomplete",
        subject=events.BodyCode("S01"),
        period="2013-04-01..2014-03-31",
        value=Fraction(92, 3),
        unit="percent",
        numerator=Fraction(9_200),
        denominator=Fraction(300),
        published_on=date(2014, 5, 15),
        status="derived",
        derived_from=(RESULT,),
        document=DOCUMENT,
        row=17,
    ),
    events.ResultCorrected(
        measure="rtt-incomplete",
        subject=events.BodyCode("S01"),
        period="2013-04-01..2014-03-31",
        corrects=RESULT,
        value=Fraction(92, 3),
        unit="percent",
        reason=SALTED,
        numerator=Fraction(9_200),
        denominator=Fraction(300),
        published_on=date(2015, 9, 21),
        document=DOCUMENT,
        row=18,
    ),
    events.AttributionPublished(
        measure="red-1",
        period="2013-04-01..2014-03-31",
        provider=events.BodyCode("P01"),
        bodies=(events.BodyCode("S01"), events.BodyCode("S02")),
        published_on=date(2013, 6, 1),
        document=DOCUMENT,
    ),
    events.ClaimRecorded(
        claim="paid-2013-14-england",
        about="england",
        scheme="quality-premium",
        scheme_year="2013-14",
        quantity="paid",
        as_published="£199.9m",
        source="https://example.org/board-paper",
        status="confirmed",
        amount_pence=199_900_000_00,
        value=Fraction("0.738"),
        rounded_to_pence=100_000_00,
        published_on=date(2015, 3, 1),
        document=DOCUMENT,
        row=2,
    ),
    events.TermsAgreed(
        account=ACCOUNT,
        agreed_on=date(2013, 6, 30),
        agreed_by=(events.PartyId("S01"), events.PartyId("area-team-1")),
        tests=(
            events.AgreedTest(
                measure="local-1",
                title="Dementia diagnosis rate",
                indicator="dementia-diagnosis",
                period="2014-03-31",
                comparison="at-least",
                threshold=Fraction("2.5"),
                baseline_period="2013-03-31",
                change="percent-rise",
            ),
        ),
        targets=(
            events.AgreedTarget(clause="qp-2013-14.ffs.target", target=Fraction(15)),
        ),
        picks=(
            events.MenuPick(
                menu="urgent", measure="nel", weight_percent=Fraction("12.5")
            ),
        ),
    ),
    events.AccountOpened(
        account=ACCOUNT,
        heads=88_000,
        heads_basis="population.registered.gp-list",
        heads_as_at=date(2013, 4, 1),
        heads_result=RESULT,
        rulebook=RULEBOOK,
        rulebook_hash=HASH,
        value_per_head_pence=500,
        maximum_pence=12_500_01,
        slices=SLICES,
    ),
    events.PopulationCorrected(
        account=ACCOUNT,
        heads=88_001,
        heads_basis="population.registered.gp-list",
        heads_as_at=date(2013, 4, 1),
        heads_result=RESULT,
        rulebook=RULEBOOK,
        rulebook_hash=HASH,
        maximum_pence=12_500_01,
        slices=SLICES,
        moves=(MOVE,),
        reason=SALTED,
    ),
    events.TargetRebased(
        account=ACCOUNT,
        clause="qp-2013-14.ffs.target",
        before=Fraction(15),
        target=Fraction(31, 2),
        terms=events.RecordId("account/quality-premium/2013-14/S01@1"),
        agreed_on=date(2014, 1, 31),
        agreed_by=(events.PartyId("S01"), events.PartyId("area-team-1")),
        reason=SALTED,
        document=DOCUMENT,
    ),
    events.IndicatorAssessed(
        account=ACCOUNT,
        measure="pyll",
        earned=Fraction(1),
        evidence=(RESULT,),
        clauses=("qp-2013-14.pyll",),
        rulebook=RULEBOOK,
        rulebook_hash=HASH,
        engine="1",
    ),
    events.GateAssessed(
        account=ACCOUNT,
        gate="constitution.rtt",
        passed=False,
        evidence=(RESULT,),
        clauses=("constitution.rtt",),
        rulebook=RULEBOOK,
        rulebook_hash=HASH,
        engine="1",
    ),
    events.AssessmentSuperseded(
        account=ACCOUNT,
        item="constitution.rtt",
        assessment=events.RecordId("account/quality-premium/2013-14/S01@2"),
        determination=1,
    ),
    events.AwardProposed(
        account=ACCOUNT,
        determination=1,
        maximum_pence=12_500_01,
        earned_pence=12_500_00,
        before_gates_pence=9_375_00,
        total_pence=9_375_00,
        lines=(
            events.AwardLine(
                measure="pyll",
                earned=Fraction(1, 3),
                maximum_pence=12_500_00,
                earned_pence=12_500_00,
                payable_pence=9_375_00,
            ),
        ),
        reductions=(
            events.AwardReduction(
                clause="constitution.rtt", percent=Fraction(25), pence=3_125_00
            ),
        ),
        moves=(MOVE,),
        assessments=(events.RecordId("account/quality-premium/2013-14/S01@2"),),
        clauses=("qp-2013-14.rounding",),
        rulebook=RULEBOOK,
        rulebook_hash=HASH,
        engine="1",
    ),
    events.AwardConfirmed(
        account=ACCOUNT,
        determination=1,
        proposal=events.RecordId("account/quality-premium/2013-14/S01@9"),
        total_pence=9_375_00,
        moves=(MOVE,),
    ),
    events.AwardRefused(
        account=ACCOUNT,
        determination=2,
        proposal=events.RecordId("account/quality-premium/2013-14/S01@9"),
        reason=SALTED,
    ),
    events.RepresentationMade(
        account=ACCOUNT,
        representation="r1",
        about="withholding",
        subject="w1",
        grounds=SALTED,
    ),
    events.RepresentationDecided(
        account=ACCOUNT, representation="r1", outcome="upheld-in-part", reason=SALTED
    ),
    events.WithholdingProposed(
        account=ACCOUNT,
        withholding="w1",
        ground="financial-requirements",
        legal_basis="4(1)(a)",
        share=Fraction(1, 3),
        amount_pence=12_500_01,
        discretion=SALTED,
    ),
    events.WithholdingDecided(
        account=ACCOUNT,
        withholding="w1",
        proposal=events.RecordId("account/quality-premium/2013-14/S01@12"),
        ground="serious-quality-failure",
        legal_basis="assessment",
        determination=1,
        award_pence=37_500_03,
        payable_pence=25_000_02,
        amount_pence=12_500_01,
        slices=SLICES,
    ),
    events.VariationProposed(
        account=ACCOUNT,
        withholding="w1",
        before_pence=12_500_01,
        amount_pence=25_000_02,
        reason=SALTED,
    ),
    events.VariationRefused(
        account=ACCOUNT,
        withholding="w1",
        proposal=events.RecordId("account/quality-premium/2013-14/S01@14"),
        reason=SALTED,
    ),
    events.WithholdingVaried(
        account=ACCOUNT,
        withholding="w1",
        before_pence=12_500_01,
        amount_pence=25_000_02,
        moves=(MOVE,),
        reason=SALTED,
        proposal=events.RecordId("account/quality-premium/2013-14/S01@14"),
    ),
    events.WithholdingReleased(
        account=ACCOUNT,
        withholding="w1",
        ground="constitution-standards",
        slices=SLICES,
        ends_debt=(SLICES[0],),
        reason=SALTED,
    ),
    events.WithholdingRefused(account=ACCOUNT, withholding="w1", reason=SALTED),
    events.WithholdingForgone(
        account=ACCOUNT,
        withholding="w1",
        ground="quality-indicators",
        determination=2,
        slices=SLICES,
    ),
    events.RecoveryProposed(
        account=ACCOUNT,
        recovery="v1",
        amount_pence=12_500_01,
        reason=SALTED,
        due_on=date(2016, 3, 31),
    ),
    events.RecoveryRefused(
        account=ACCOUNT,
        recovery="v1",
        proposal=events.RecordId("account/quality-premium/2013-14/S01@14"),
        reason=SALTED,
    ),
    events.RecoveryOrdered(
        account=ACCOUNT,
        recovery="v1",
        proposal=events.RecordId("account/quality-premium/2013-14/S01@14"),
        amount_pence=12_500_01,
        reason=SALTED,
        due_on=date(2016, 3, 31),
    ),
    events.RecoveryReceived(
        account=ACCOUNT,
        recovery="v1",
        payment="p1",
        reference="BACS 4711",
        amount_pence=12_500_01,
        slices=SLICES,
        draws=(Draw(receipt="d1", slices=SLICES[:1]),),
        own_funds=SLICES[1:],
    ),
    events.DebtSettled(
        account=ACCOUNT,
        settlement="settlement-1",
        amount_pence=12_500_01,
        slices=SLICES,
        settled_on=DAY,
        reverses=False,
    ),
    events.DebtSetOff(
        account=ACCOUNT,
        set_off="o1",
        against=events.AccountId("quality-premium/2014-15/S01"),
        amount_pence=12_500_01,
        slices=SLICES,
    ),
    events.PayableSetOff(
        account=events.AccountId("quality-premium/2014-15/S01"),
        set_off="o1",
        debtor=ACCOUNT,
        amount_pence=12_500_01,
        slices=SLICES,
    ),
    events.DisbursementRequested(
        account=ACCOUNT, disbursement="d1", amount_pence=12_500_01, slices=SLICES
    ),
    events.DisbursementApproved(
        account=ACCOUNT,
        disbursement="d1",
        amount_pence=12_500_01,
        run="payment-run/quality-premium/2013-14/1",
    ),
    events.DisbursementRefused(
        account=ACCOUNT,
        disbursement="d1",
        reason=SALTED,
        slices=SLICES,
        requested_effective_on=DAY,
        ends_debt=(SLICES[0],),
    ),
    events.DisbursementPaid(
        account=ACCOUNT,
        disbursement="d1",
        receipt="d1",
        kind="allocation-adjustment",
        reference="AA/2014-001",
        value_date=date(2014, 11, 1),
        amount_pence=12_500_01,
        slices=SLICES,
    ),
    events.PaymentReferenceTaken(
        reference="AA2014001",
        direction="out",
        total_pence=13_000_00,
        parts=(
            events.ReferencePart(
                account=ACCOUNT, what="disbursement/d1", pence=12_500_01
            ),
            events.ReferencePart(account=ACCOUNT, what="disbursement/d2", pence=499_99),
        ),
    ),
    events.DisbursementWithdrawn(
        account=ACCOUNT,
        disbursement="d1",
        reason=SALTED,
        slices=SLICES,
        requested_effective_on=DAY,
        ends_debt=(SLICES[0],),
    ),
    events.DisbursementExpired(
        account=ACCOUNT,
        disbursement="d1",
        slices=SLICES,
        requested_effective_on=DAY,
        ends_debt=(SLICES[0],),
    ),
    events.DisbursementCancelled(
        account=ACCOUNT,
        disbursement="d1",
        determination=2,
        slices=SLICES,
        requested_effective_on=DAY,
    ),
    events.DisbursementReturned(
        account=ACCOUNT,
        disbursement="d1",
        receipt="d1",
        amount_pence=12_500_01,
        slices=SLICES,
        value_date=DAY,
        moves=(
            Move(
                source="board:in-transit",
                target="premium:overpaid",
                slices=SLICES[:1],
            ),
            Move(
                source="board:in-transit",
                target="premium:payable",
                slices=SLICES[1:],
            ),
        ),
        reason=SALTED,
    ),
    events.ReceiptConfirmed(
        account=ACCOUNT,
        receipt="d1",
        received_on=date(2014, 11, 3),
        amount_pence=12_500_01,
    ),
    events.ReceiptDisputed(account=ACCOUNT, receipt="d1", reason=SALTED),
    events.PaymentRunProposed(
        scheme="quality-premium",
        scheme_year="2013-14",
        run=1,
        items=(RUN_ITEM,),
        excluded=(
            events.RunExclusion(account=ACCOUNT, disbursement="d2", reason="debt"),
        ),
        total_pence=12_500_01,
        list_hash=HASH,
    ),
    events.PaymentRunApproved(
        scheme="quality-premium",
        scheme_year="2013-14",
        run=1,
        proposal=events.RecordId("payment-run/quality-premium/2013-14/1@1"),
        list_hash=HASH,
        total_pence=12_500_01,
        payments=1,
    ),
    events.PaymentRunClosed(
        scheme="quality-premium",
        scheme_year="2013-14",
        run=1,
        paid_pence=12_500_01,
        payments=1,
        unpaid=(RUN_ITEM,),
    ),
    events.SpendingRecorded(
        account=ACCOUNT,
        spending="s1",
        payee=events.PartyId("payee-1"),
        purpose="a",
        service=SALTED,
        amount_pence=12_500_01,
        draws=(Draw(receipt="d1", slices=SLICES),),
        transaction="AP-4711",
        plan="plan-1",
    ),
    events.SpendingCorrected(
        account=ACCOUNT,
        spending="s1",
        corrects=events.RecordId("account/quality-premium/2013-14/S01@20"),
        payee=events.PartyId("payee-2"),
        purpose="b",
        service=SALTED,
        amount_pence=12_500_01,
        draws=(Draw(receipt="d1", slices=SLICES),),
        stands_on=date(2015, 2, 28),
        undone_payee=events.PartyId("payee-1"),
        undone_purpose="a",
        undone=(Draw(receipt="d1", slices=SLICES),),
        undone_effective_on=DAY,
        credits=(
            events.CarriedCredit(
                credit="c1",
                credited_on=date(2015, 3, 3),
                draws=(Draw(receipt="d1", slices=SLICES[:1]),),
            ),
        ),
        reason=SALTED,
        transaction="AP-4712",
    ),
    events.SpendingCredited(
        account=ACCOUNT,
        spending="s1",
        credit="c1",
        payee=events.PartyId("payee-2"),
        purpose="b",
        amount_pence=12_500_01,
        draws=(Draw(receipt="d1", slices=SLICES),),
        reason=SALTED,
    ),
    events.PassedOn(
        account=ACCOUNT,
        spending="s2",
        payee=events.PartyId("payee-3"),
        purpose="c",
        service=SALTED,
        amount_pence=12_500_01,
        draws=(Draw(receipt="d1", slices=SLICES),),
        transaction="AP-4713",
    ),
    events.PassedOnCorrected(
        account=ACCOUNT,
        spending="s2",
        corrects=events.RecordId("account/quality-premium/2013-14/S01@20"),
        payee=events.PartyId("payee-2"),
        purpose="b",
        service=SALTED,
        amount_pence=12_500_01,
        draws=(Draw(receipt="d1", slices=SLICES),),
        stands_on=date(2015, 2, 28),
        undone_payee=events.PartyId("payee-1"),
        undone_purpose="a",
        undone=(Draw(receipt="d1", slices=SLICES),),
        undone_effective_on=DAY,
        credits=(
            events.CarriedCredit(
                credit="c1",
                credited_on=date(2015, 3, 3),
                draws=(Draw(receipt="d1", slices=SLICES[:1]),),
            ),
        ),
        reason=SALTED,
        transaction="AP-4712",
    ),
    events.PassedOnCredited(
        account=ACCOUNT,
        spending="s2",
        credit="c1",
        payee=events.PartyId("payee-2"),
        purpose="b",
        amount_pence=12_500_01,
        draws=(Draw(receipt="d1", slices=SLICES),),
        reason=SALTED,
    ),
    events.UnspentDeclared(
        account=ACCOUNT, on=date(2015, 3, 31), amount_pence=12_500_01
    ),
    events.LapseProposed(
        account=ACCOUNT,
        lapse="l1",
        amount_pence=12_500_01,
        reference="BACS 4712",
        parts=(events.ReferencePart(account=ACCOUNT, what="lapse/l1", pence=1),),
        reason=SALTED,
    ),
    events.LapseRefused(
        account=ACCOUNT,
        lapse="l1",
        proposal=events.RecordId("account/quality-premium/2013-14/S01@14"),
        reason=SALTED,
    ),
    events.Lapsed(
        account=ACCOUNT,
        lapse="l1",
        proposal=events.RecordId("account/quality-premium/2013-14/S01@14"),
        amount_pence=12_500_01,
        draws=(Draw(receipt="d1", slices=SLICES),),
        reference="BACS 4712",
    ),
    events.PeriodClosed(through=date(2015, 3, 31)),
    events.CertificatePrepared(
        body=events.BodyCode("S01"),
        payment_year="2014-15",
        preparation=1,
        premiums=(
            events.CertifiedPremium(
                account=ACCOUNT,
                in_transit_before_pence=1,
                held_before_pence=20,
                paid_out_pence=12_500_01,
                bank_returned_pence=5,
                received_pence=12_499_00,
                spent_pence=300_00,
                passed_on_pence=200_00,
                disallowed_pence=100_00,
                handed_back_pence=50_00,
                recovered_pence=40_00,
                own_funds_pence=30_00,
                set_off_pence=10_00,
                in_transit_pence=97,
                held_pence=11_839_20,
                debt_pence=7_00,
                bank_pence=11_839_20,
            ),
        ),
    ),
    events.CertificateApproved(
        body=events.BodyCode("S01"), payment_year="2014-15", preparation=1
    ),
    events.BalanceAsserted(
        account=ACCOUNT,
        of="group:held",
        on=date(2015, 3, 31),
        pence=12_500_01,
        says="bank",
        document=DOCUMENT,
    ),
    events.InterestDeclared(
        body=events.BodyCode("S01"),
        interest="i1",
        person=events.PartyId("member-1"),
        payee=events.PartyId("payee-1"),
        kind="financial",
        since=date(2012, 4, 1),
        nature=SALTED,
    ),
    events.InterestEnded(
        body=events.BodyCode("S01"), interest="i1", ended_on=date(2015, 6, 30)
    ),
    events.ParticipationRecorded(
        body=events.BodyCode("S01"),
        premium=ACCOUNT,
        use="s1",
        person=events.PartyId("member-1"),
        part="left",
        on=date(2015, 1, 14),
        reason=SALTED,
    ),
)


def stored(fact: Fact) -> bytes:
    return encode(fact, encode_meta(META))


def golden(topic: str) -> bytes:
    return (GOLDEN / f"{topic}.json").read_bytes().removesuffix(b"\n")


@pytest.mark.parametrize("fact", EXAMPLES, ids=lambda fact: fact.TOPIC)
def test_a_golden_record_reads_as_the_fact_it_was_written_from(fact: Fact):
    read = decode(7, stream_of(fact), 3, fact.TOPIC, golden(fact.TOPIC))
    assert read == Recorded(
        position=7, stream=stream_of(fact), version=3, meta=META, fact=fact
    )


@pytest.mark.parametrize("fact", EXAMPLES, ids=lambda fact: fact.TOPIC)
def test_a_golden_record_is_written_the_same_to_the_byte(fact: Fact):
    assert stored(fact) == golden(fact.TOPIC)


@pytest.mark.parametrize("fact", EXAMPLES, ids=lambda fact: fact.TOPIC)
def test_an_example_leaves_no_field_at_none(fact: Fact):
    empty = {one.name for one in fields(fact) if getattr(fact, one.name) is None}
    # A practice has no name in its fact (ADR 0005).
    assert empty == ({"name"} if isinstance(fact, events.BodyRegistered) else set())


OLD_EXAMPLES: dict[str, Fact] = {
    "disbursement-approved.v1": events.DisbursementApproved(
        account=ACCOUNT, disbursement="d1", amount_pence=12_500_01, run=None
    ),
}


@pytest.mark.parametrize("topic", OLD)
def test_a_golden_record_of_an_old_form_reads_as_the_present_one(topic: str):
    fact = OLD_EXAMPLES[topic]
    read = decode(7, stream_of(fact), 3, topic, golden(topic))
    assert read.meta == META
    assert read.fact == fact
    assert topic != fact.TOPIC


def test_every_fact_and_every_old_form_has_a_golden_record():
    files = {path.name.removesuffix(".json") for path in GOLDEN.iterdir()}
    assert files == {*FACTS, *OLD}
    assert len(EXAMPLES) == len(EVENTS)
    assert {type(fact) for fact in EXAMPLES} == {*EVENTS}


if __name__ == "__main__":
    for example in EXAMPLES:
        path = GOLDEN / f"{example.TOPIC}.json"
        if not path.exists():  # What is there is stored somewhere, and never changes.
            path.write_bytes(stored(example) + b"\n")
            print(f"kept: {example.TOPIC}")
