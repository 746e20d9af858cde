"""One example of every refusal, by subject."""

from datetime import date
from fractions import Fraction

from ledger.decisions import (
    accounts,
    bodies,
    bounds,
    certificates,
    closing,
    evidence,
    interests,
    menus,
    opening,
    parties,
    preconditions,
    recoveries,
    references,
    repayments,
    representations,
    rulebooks,
    successions,
    terms,
)
from ledger.decisions.assessments import attributing, judging
from ledger.decisions.awards import confirming, proposing
from ledger.decisions.disbursements import endings, receipts, requests, runs
from ledger.decisions.every import CommandIdReused, VersionChanged
from ledger.decisions.roles import NotYourBody, RoleMayNot
from ledger.decisions.spending import correcting, crediting, leftover, recording
from ledger.decisions.withholdings import keeping, letting_go, varying
from ledger.events import AccountId, BodyCode, PartyId, RecordId
from ledger.request import Refusal
from tests.decisions.given import ACCOUNT, YEAR

DAY = date(2014, 10, 1)

EXAMPLES: tuple[Refusal, ...] = (
    opening.LedgerNotOpen(),
    opening.LedgerOpenedOtherwise(name="England", origin="real"),
    opening.MadeForOtherLedger(made_for="simulated", origin="real"),
    rulebooks.VersionTaken(version=1, recorded_hash="a" * 64, given_hash="b" * 64),
    rulebooks.VersionNotNext(version=3, next=2),
    parties.PartyKindDiffers(
        party=PartyId("Care-Ltd"), kind="organisation", given="person"
    ),
    parties.PartyNotYoursToName(party=PartyId("bob")),
    bodies.UnknownBody(body="X09"),
    bodies.BodyDiffers(body="X01", field="name", recorded="One", given="Another"),
    successions.SucceededOtherwise(body="X01", successor="X02", on=date(2015, 4, 1)),
    successions.SuccessionCircle(body="X01", successor="X02"),
    evidence.DocumentDiffers(
        document="c" * 64,
        recorded_title="ccgs.csv",
        field="licence",
        recorded="OGL",
        given="CC0",
    ),
    evidence.ImpossibleResult(
        measure="c-difficile", given="-5 cases", why="it is below zero"
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
    rulebooks.NoRulebook(
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
    terms.FinanceMeasure(measure="local-1", indicator="finance.within-resource-limit"),
    terms.TermsInUse(named="local-1"),
    preconditions.AccountNotOpen(account=ACCOUNT),
    judging.NotInRulebook(named="savings", known=("pyll", "infection")),
    confirming.AwardAlreadyConfirmed(account=ACCOUNT, determination=1),
    judging.TestNotAgreed(measure="local-1"),
    judging.NoResult(named="pyll", missing=(f"pyll-amenable for {YEAR}",)),
    judging.TestNotKnown(named="amr", clauses=("amr.third",)),
    judging.BaselineNotAboveZero(
        named="pyll", baselines=(f"0 (pyll-amenable for {YEAR})",)
    ),
    judging.EvidencePublishedLater(
        result=RecordId(f"result/red-1/X01/{YEAR}@1"),
        published_on=date(2014, 6, 2),
        decided_on=date(2014, 6, 1),
    ),
    proposing.NotAllAssessed(open=("pyll", "gate.quality")),
    proposing.RulesChanged(named="pyll"),
    proposing.SlicesOfOtherRules(named=("local-2", "local-3")),
    proposing.PercentNotKnown(named=("constitution.rtt",)),
    confirming.NoSuchProposal(account=ACCOUNT, determination=2, proposed=1),
    preconditions.SamePerson(person=PartyId("ana"), what="proposed determination 1"),
    confirming.AssessedSince(determination=1, named=("constitution.rtt",)),
    confirming.PopulationCorrectedSince(
        determination=1, proposed_pence=440_000_00, maximum_pence=440_005_00
    ),
    preconditions.DateRunsBackwards(
        what="a payment", on=DAY, follows="the approval", followed_on=date(2014, 10, 2)
    ),
    requests.DisbursementIdTaken(disbursement="d1", amount_pence=5_00),
    requests.BeyondPayable(payable_pence=220_000_00, asked_pence=220_000_01),
    requests.NoSuchDisbursement(disbursement="d9"),
    requests.WrongState(disbursement="d1", state="refused", needed="requested"),
    references.ReferenceTaken(
        reference="QP1",
        direction="out",
        total_pence=8_00,
        parts=(f"£8.00 of disbursement/d1 of {ACCOUNT}",),
    ),
    references.NotAPart(
        reference="QP1",
        part=f"£8.00 of disbursement/d1 of {ACCOUNT}",
        parts=(f"£9.00 of disbursement/d2 of {ACCOUNT}",),
    ),
    requests.DebtOutstanding(debt_pence=82_500_00),
    attributing.AttributedOtherwise(body=BodyCode("X01"), provider=BodyCode("P01")),
    evidence.NothingToCorrect(measure="red-1", subject="X01", period=YEAR),
    terms.NotAgreed(clause="pyll", agreed=("local-1", "infection.c-difficile")),
    keeping.WithholdingIdTaken(withholding="w1", ground="quality-indicators"),
    keeping.LegalBasisNotForGround(
        ground="constitution-standards",
        legal_basis="4(1)(a)",
        allowed=("4(1)(f)", "4(1)(g)"),
    ),
    keeping.BeyondMaximum(maximum_pence=440_000_00, asked_pence=440_000_01),
    keeping.NoSuchWithholding(withholding="w9"),
    keeping.WithholdingNotSo(withholding="w1", state="released", needed="decided"),
    keeping.NoAward(account=ACCOUNT),
    letting_go.OnlyLowers(
        withholding="w1", withheld_pence=10_000_00, asked_pence=30_000_00
    ),
    varying.VariationWaits(withholding="w1", proposed_pence=30_000_00),
    varying.NothingMoreProposed(withholding="w1"),
    varying.NotMore(withholding="w1", withheld_pence=10_000_00, asked_pence=10_000_00),
    representations.RepresentationIdTaken(representation="r1"),
    representations.NothingToSpeakAgainst(about="withholding", subject="w9"),
    representations.NoSuchRepresentation(representation="r9"),
    representations.AnsweredOtherwise(representation="r1", outcome="upheld-in-part"),
    repayments.RecoveryIdTaken(recovery="v1", amount_pence=5_00),
    repayments.NoSuchRecovery(recovery="v9"),
    repayments.RepaymentNotSo(repayment="v1", state="refused", needed="ordered"),
    recoveries.SettlementIdTaken(settlement="o1"),
    preconditions.OtherBody(
        body=BodyCode("X01"), premium=AccountId("quality-premium/2014-15/X02")
    ),
    repayments.BeyondDebt(debt_pence=82_500_00, asked_pence=82_500_01),
    endings.ReceiptDrawnOn(receipt="d1", used_pence=8_00),
    receipts.NoSuchReceipt(receipt="d9"),
    receipts.ReceiptSettled(receipt="d1", state="confirmed"),
    runs.NothingToPay(run=1),
    runs.NotForTheRun(account=ACCOUNT, disbursement="d1", because="is paid"),
    runs.NoSuchRun(run=9),
    runs.RunNotSo(run=1, state="closed", needed="proposed"),
    runs.RunListDiffers(run=1, list_hash="a" * 64, total_pence=5_00),
    recording.SpendingIdTaken(spending="s1"),
    recording.PurposeNotPermitted(purpose="x", permitted=("a", "b", "c")),
    leftover.NoSuchLapse(lapse="l9"),
    recording.BeyondHeld(held_pence=8_00, asked_pence=8_01, by=DAY),
    correcting.NoSuchSpending(spending="s9"),
    correcting.BelowCredited(spending="s1", credited_pence=3_00, asked_pence=2_99),
    crediting.CreditIdTaken(spending="s1", credit="c1"),
    crediting.BeyondSpent(spending="s1", spent_pence=8_00, asked_pence=8_01),
    certificates.NoSuchPreparation(
        body=BodyCode("X01"), payment_year="2014-15", preparation=1, prepared=0
    ),
    certificates.FiguresChanged(
        account=ACCOUNT, line="held at the end", stated_pence=1_00, stands_pence=2_00
    ),
    closing.PeriodClosedLater(through=date(2015, 3, 31), asked=date(2015, 3, 30)),
    interests.InterestIdTaken(interest="i1", person=PartyId("m1"), payee=PartyId("p1")),
    interests.NoSuchInterest(interest="i9"),
    RoleMayNot(role="auditor", command="open-account", allowed=("analyst",)),
    NotYourBody(acts_for=None, body=BodyCode("X01")),
    bounds.DatedAhead(field="effective_on", on=date(2014, 10, 2), recorded_on=DAY),
    bounds.BeyondLimit(field="maximum_pence", figure=10**15 + 1, most=10**15),
    VersionChanged(stream=f"account/{ACCOUNT}", version=9, if_version=8),
    CommandIdReused(id="import/7"),
)
