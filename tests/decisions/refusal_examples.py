"""One example of every refusal, in the order of ledger/commands.py."""

from datetime import date
from fractions import Fraction

from ledger.commands import CommandIdReused, VersionChanged
from ledger.decisions import (
    accounts,
    assessments,
    attributions,
    awards,
    bodies,
    corrections,
    disbursements,
    ends,
    evidence,
    interests,
    menus,
    opening,
    payment_runs,
    periods,
    recoveries,
    representations,
    rulebooks,
    spending,
    terms,
    unspent,
    withholdings,
)
from ledger.events import BodyCode, PartyId, RecordId
from ledger.request import Refusal
from ledger.roles import NotYourBody, RoleMayNot
from tests.decisions.given import ACCOUNT, YEAR

DAY = date(2014, 10, 1)

EXAMPLES: tuple[Refusal, ...] = (
    opening.LedgerNotOpen(),
    opening.LedgerOpenedOtherwise(name="England", origin="real"),
    opening.MadeForOtherLedger(made_for="simulated", origin="real"),
    rulebooks.VersionTaken(version=1, recorded_hash="a" * 64, given_hash="b" * 64),
    rulebooks.VersionNotNext(version=3, next=2),
    bodies.UnknownBody(body="X09"),
    bodies.BodyDiffers(body="X01", field="name", recorded="One", given="Another"),
    bodies.MembershipRunsBackwards(
        practice="Z90001", last_seen_on=DAY, observed_on=date(2014, 9, 30)
    ),
    bodies.SucceededOtherwise(body="X01", successor="X02", on=date(2015, 4, 1)),
    evidence.DocumentDiffers(
        document="c" * 64,
        recorded_title="ccgs.csv",
        field="licence",
        recorded="OGL",
        given="CC0",
    ),
    evidence.ResultDiffers(
        measure="rtt-incomplete",
        subject="X01",
        period=YEAR,
        recorded="92 percent",
        given="92.001 percent",
    ),
    evidence.ClaimDiffers(claim="paid-2013-14", recorded="£86.3m", given="£86m"),
    accounts.NotAGroup(body="Z90001", kind="practice"),
    accounts.NoRulebook(
        scheme="quality-premium", scheme_year="2013-14", decided_on=date(2013, 3, 31)
    ),
    accounts.AccountAlreadyOpen(
        account=ACCOUNT, heads=88_000, heads_basis="population.registered.gp-list"
    ),
    accounts.NoPopulation(
        body="X01", population="population.registered.gp-list", as_at=DAY
    ),
    accounts.NotWholeHeads(value="1/2"),
    accounts.ValueNotSet(scheme="quality-premium", scheme_year="2013-14"),
    accounts.NotPaidByHead(
        scheme="points-scheme", scheme_year="2013-14", kind="points"
    ),
    menus.WeightsNotKnown(named=("demand", "amr.third")),
    menus.TermsNotAgreed(menus=("urgent-care",)),
    terms.NotLeftToAgreement(named="pyll", open_to_agreement=("local-1", "local-2")),
    menus.NotOnMenu(
        menu="urgent-care",
        picked="urgent-care.parking",
        choices=("urgent-care.weekend", "urgent-care.transfers"),
    ),
    menus.WrongNumberOfPicks(menu="urgent-care", picked=3, least=1, most=2),
    menus.WrongSplit(
        menu="urgent-care",
        weight_percent=Fraction(30),
        picked_percent=Fraction("29.5"),
        split="agreed",
    ),
    menus.PicksInUse(menu="urgent-care"),
    terms.TermsInUse(named="local-1"),
    assessments.AccountNotOpen(account=ACCOUNT),
    assessments.NotInRulebook(named="savings", known=("pyll", "infection")),
    assessments.AwardAlreadyConfirmed(account=ACCOUNT, determination=1),
    assessments.TestNotAgreed(measure="local-1"),
    assessments.NoResult(named="pyll", missing=(f"pyll-amenable for {YEAR}",)),
    assessments.TestNotKnown(named="amr", clauses=("amr.third",)),
    assessments.BaselineNotAboveZero(
        named="pyll", baselines=(f"0 (pyll-amenable for {YEAR})",)
    ),
    assessments.EvidencePublishedLater(
        result=RecordId(f"result/red-1/X01/{YEAR}@1"),
        published_on=date(2014, 6, 2),
        decided_on=date(2014, 6, 1),
    ),
    awards.NotAllAssessed(open=("pyll", "gate.quality")),
    awards.RulesChanged(named="pyll"),
    awards.SlicesOfOtherRules(named=("local-2", "local-3")),
    awards.PercentNotKnown(named=("constitution.rtt",)),
    awards.NoSuchProposal(account=ACCOUNT, determination=2, proposed=1),
    awards.SamePerson(person=PartyId("ana"), what="proposed determination 1"),
    awards.AssessedSince(determination=1, named=("constitution.rtt",)),
    awards.PopulationCorrectedSince(
        determination=1, proposed_pence=440_000_00, maximum_pence=440_005_00
    ),
    awards.DateRunsBackwards(
        what="a payment", on=DAY, follows="the approval", followed_on=date(2014, 10, 2)
    ),
    disbursements.DisbursementIdTaken(disbursement="d1", amount_pence=5_00),
    disbursements.BeyondPayable(payable_pence=220_000_00, asked_pence=220_000_01),
    disbursements.NoSuchDisbursement(disbursement="d9"),
    disbursements.WrongState(disbursement="d1", state="refused", needed="requested"),
    disbursements.ReferenceTaken(reference="QP1", account=ACCOUNT, disbursement="d1"),
    disbursements.DebtOutstanding(debt_pence=82_500_00),
    attributions.AttributedOtherwise(body=BodyCode("X01"), provider=BodyCode("P01")),
    corrections.NothingToCorrect(measure="red-1", subject="X01", period=YEAR),
    corrections.NotAgreed(clause="pyll", agreed=("local-1", "infection.c-difficile")),
    withholdings.WithholdingIdTaken(withholding="w1", ground="quality-indicators"),
    withholdings.LegalBasisNotForGround(
        ground="constitution-standards",
        legal_basis="4(1)(a)",
        allowed=("4(1)(f)", "4(1)(g)"),
    ),
    withholdings.NoSuchWithholding(withholding="w9"),
    withholdings.WithholdingNotSo(withholding="w1", state="released", needed="decided"),
    withholdings.NoAward(account=ACCOUNT),
    representations.RepresentationIdTaken(representation="r1"),
    representations.NothingToSpeakAgainst(about="withholding", subject="w9"),
    representations.NoSuchRepresentation(representation="r9"),
    representations.AnsweredOtherwise(representation="r1", outcome="upheld-in-part"),
    recoveries.RecoveryIdTaken(recovery="v1", amount_pence=5_00),
    recoveries.NoSuchRecovery(recovery="v9"),
    recoveries.SettlementIdTaken(settlement="o1"),
    recoveries.OtherBody(debtor=ACCOUNT, against="quality-premium/2014-15/X02"),
    recoveries.BeyondDebt(debt_pence=82_500_00, asked_pence=82_500_01),
    ends.ReceiptDrawnOn(receipt="d1", used_pence=8_00),
    ends.NoSuchReceipt(receipt="d9"),
    ends.ReceiptSettled(receipt="d1", state="confirmed"),
    payment_runs.NothingToPay(run=1),
    payment_runs.NotForTheRun(account=ACCOUNT, disbursement="d1", because="is paid"),
    payment_runs.NoSuchRun(run=9),
    payment_runs.RunNotSo(run=1, state="closed", needed="proposed"),
    payment_runs.RunListDiffers(run=1, list_hash="a" * 64, total_pence=5_00),
    spending.SpendingIdTaken(spending="s1"),
    spending.PurposeNotPermitted(purpose="x", permitted=("a", "b", "c")),
    spending.BeyondHeld(held_pence=8_00, asked_pence=8_01, by=DAY),
    unspent.NoSuchSpending(spending="s9"),
    periods.PeriodClosedLater(through=date(2015, 3, 31), asked=date(2015, 3, 30)),
    interests.InterestIdTaken(interest="i1", person=PartyId("m1"), payee=PartyId("p1")),
    interests.NoSuchInterest(interest="i9"),
    RoleMayNot(role="auditor", command="open-account", allowed=("analyst",)),
    NotYourBody(acts_for=None, body=BodyCode("X01")),
    VersionChanged(stream=f"account/{ACCOUNT}", version=9, if_version=8),
    CommandIdReused(id="import/7"),
)
