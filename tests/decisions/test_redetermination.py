"""A later award, also after money was paid: what it takes, and what it leaves owed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.accounts import CorrectPopulation, NoPopulation
from ledger.decisions.assessments.attributing import (
    AttributedOtherwise,
    PublishAttribution,
)
from ledger.decisions.assessments.judging import AssessGate, AssessIndicator
from ledger.decisions.awards.confirming import (
    AwardAlreadyConfirmed,
    ConfirmAward,
    NoSuchProposal,
    PopulationCorrectedSince,
    RefuseAward,
)
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.bodies import UnknownBody
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    BeyondPayable,
    DebtOutstanding,
    PayDisbursement,
)
from ledger.decisions.evidence import NothingToCorrect
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    OtherBody,
)
from ledger.decisions.recoveries import ReceiveRecovery, SetOffDebt, SettlementIdTaken
from ledger.decisions.repayments import BeyondDebt, NoSuchRecovery, RecoveryIdTaken
from ledger.decisions.terms import NotAgreed, RebaseTarget
from ledger.events import (
    AccountId,
    AssessmentSuperseded,
    AwardConfirmed,
    BodyCode,
    BodyRegistered,
    DisbursementCancelled,
    GateAssessed,
    Move,
    PartyId,
    PopulationCorrected,
    RecoveryReceived,
    TermsAgreed,
    WithholdingForgone,
)
from ledger.money import exact
from ledger.postings import (
    FUNDING,
    HELD,
    OVERPAID,
    PAYABLE,
    POTENTIAL,
    RECOVERED,
    SET_OFF,
    SETTLED,
)
from tests.decisions.given import ACCOUNT, GROUND, HEADS, YEAR, Given, given, result
from tests.decisions.right import (
    DECIDE,
    LATER,
    REASON,
    correct,
    determine_anew,
    keep_back,
    latest,
    ordered,
    to_recover,
    withheld,
)
from tests.decisions.year import OPEN, ask_for, assessed, awarded, opened, paid, pay

NEXT_YEAR = AccountId("quality-premium/2014-15/X01")


def received(pence: int, name: str = "p1") -> ReceiveRecovery:
    return ReceiveRecovery(
        account=ACCOUNT,
        recovery="v1",
        payment=name,
        reference="BACS 1",
        amount_pence=pence,
    )


def owing() -> Any:
    """All of £440,000 paid; then a standard was missed after all: £110,000 is owed."""
    book = paid(440_000_00)
    determine_anew(book, "red-1", "74.83", "constitution.red-1")
    return book


# Lower and higher awards --------------------------------------------------------------


def test_a_corrected_result_counts_from_then_on_and_the_old_judgement_is_superseded():
    book = awarded()
    book.do(correct("rtt", "91.99"), on=LATER)
    superseded, judged = book.do(
        AssessGate(account=ACCOUNT, gate="constitution.rtt"), on=LATER
    )
    assert isinstance(superseded, AssessmentSuperseded)
    assert (superseded.item, superseded.determination) == ("constitution.rtt", 1)
    assert isinstance(judged, GateAssessed)
    assert not judged.passed
    assert judged.evidence[0].endswith("@2")
    Given(book=book).when(correct("rtt", "91.99")).then_nothing()


def test_before_an_award_is_confirmed_nothing_is_superseded():
    book = assessed()
    book.do(correct("rtt", "91.99"))
    facts = book.do(AssessGate(account=ACCOUNT, gate="constitution.rtt"))
    assert [type(fact) for fact in facts] == [GateAssessed]


def test_what_was_never_recorded_cannot_be_corrected():
    given(*GROUND).when(correct("rtt", "91")).then_refused(
        NothingToCorrect(measure="rtt-incomplete", subject="X01", period=YEAR)
    )


def test_a_file_loaded_again_does_not_undo_a_correction():
    from ledger.decisions.evidence import RecordResult

    book = awarded()
    book.do(correct("rtt", "91.99"))
    again = RecordResult(
        measure="rtt-incomplete",
        subject=BodyCode("X01"),
        period=YEAR,
        value=exact("92"),
        unit="x",
    )
    Given(book=book).when(again).then_nothing()


def test_a_lower_award_takes_what_is_payable_first():
    book = awarded()
    (confirmed,) = determine_anew(book, "red-1", "74.83", "constitution.red-1")
    assert isinstance(confirmed, AwardConfirmed)
    assert (confirmed.determination, confirmed.total_pence) == (2, 330_000_00)
    (move,) = confirmed.moves
    assert (move.source, move.target) == (PAYABLE, "premium:reduced:constitution.red-1")
    account = book.account(ACCOUNT)
    assert account.balances[PAYABLE] == 330_000_00
    assert account.lowest_payable_pence(date(2014, 10, 1)) == 330_000_00


def test_then_it_cancels_requests_not_yet_approved_the_latest_first_and_whole():
    book = awarded()
    book.do(ask_for(300_000_00, "d1"))
    book.do(ask_for(60_000_00, "d2"))
    book.do(ask_for(70_000_00, "d3"))
    *cancelled, _ = determine_anew(book, "red-1", "74.83", "constitution.red-1")
    assert [type(fact) for fact in cancelled] == [DisbursementCancelled] * 2
    states = {k: d.state for k, d in book.account(ACCOUNT).disbursements.items()}
    # £10,000 was payable: £100,000 more is needed, so £70,000 and £60,000 go.
    assert states == {"d1": "requested", "d2": "cancelled", "d3": "cancelled"}
    assert book.account(ACCOUNT).balances[PAYABLE] == 30_000_00
    assert OVERPAID not in book.account(ACCOUNT).balances


def test_then_what_is_withheld_is_no_longer_withheld():
    book = withheld(awarded(), 400_000_00)
    forgone, confirmed = determine_anew(book, "red-1", "74.83", "constitution.red-1")
    assert isinstance(forgone, WithholdingForgone)
    assert isinstance(confirmed, AwardConfirmed)
    assert sum(piece.pence for piece in forgone.slices) == 70_000_00
    balances = book.account(ACCOUNT).balances
    assert balances["premium:withheld:financial-requirements"] == 330_000_00
    assert balances[PAYABLE] == 0
    assert OVERPAID not in balances


@pytest.mark.parametrize(
    ("kept_back_on", "owed_pence"), [(LATER, 0), (date(2015, 6, 2), 110_000_00)]
)
def test_what_is_withheld_only_after_that_day_is_not_taken_on_it(
    kept_back_on: date, owed_pence: int
):
    book = awarded()
    book.do(keep_back())
    book.do(DECIDE, on=kept_back_on)
    determine_anew(book, "red-1", "74.83", "constitution.red-1")
    assert book.account(ACCOUNT).debt_pence == owed_pence


def test_a_request_of_a_later_day_is_cancelled_from_its_own_day_on():
    book = awarded()
    book.do(ask_for(440_000_00), on=date(2015, 7, 1))
    cancelled, _ = determine_anew(book, "red-1", "74.83", "constitution.red-1")
    assert isinstance(cancelled, DisbursementCancelled)
    account = book.account(ACCOUNT)
    assert account.debt_pence == 0
    assert account.lowest_payable_pence(LATER) == 330_000_00
    assert account.balances["premium:committed"] == 0


def test_what_is_beyond_these_was_paid_and_is_owed():
    account = owing().account(ACCOUNT)
    assert account.debt_pence == 110_000_00
    assert account.balances[HELD] == 440_000_00
    assert account.balances["premium:reduced:constitution.red-1"] == 110_000_00


def test_a_higher_award_pays_back_its_debt_first():
    book = owing()
    (confirmed,) = determine_anew(
        book, "red-1", "75", "constitution.red-1", date(2015, 9, 1)
    )
    assert [(m.source, m.target) for m in confirmed.moves] == [
        ("premium:reduced:constitution.red-1", OVERPAID)
    ]
    assert book.account(ACCOUNT).debt_pence == 0
    assert book.account(ACCOUNT).balances[PAYABLE] == 0


def test_an_award_that_comes_out_the_same_moves_nothing():
    book = awarded()
    (confirmed,) = determine_anew(book, "rtt", "93", "constitution.rtt")
    assert isinstance(confirmed, AwardConfirmed)
    assert confirmed.moves == ()


def test_only_a_later_determination_takes_the_place_of_one():
    book = awarded()
    determine_anew(book, "rtt", "93", "constitution.rtt")
    first = ConfirmAward(account=ACCOUNT, determination=1)
    Given(book=book).when(first).then_refused(
        AwardAlreadyConfirmed(account=ACCOUNT, determination=2)
    )


def test_a_later_award_is_not_dated_before_the_one_that_stands():
    book = awarded()
    book.do(correct("rtt", "93"), on=date(2014, 9, 30))
    book.do(AssessGate(account=ACCOUNT, gate="constitution.rtt"), on=date(2014, 9, 30))
    book.do(ProposeAward(account=ACCOUNT), on=date(2014, 9, 30))
    second = ConfirmAward(account=ACCOUNT, determination=2)
    Given(book=book).when(second, on=date(2014, 10, 1)).then_recorded()
    Given(book=book).when(second, on=date(2014, 9, 30)).then_refused(
        DateRunsBackwards(
            what="a confirmation",
            on=date(2014, 9, 30),
            follows="what stands",
            followed_on=date(2014, 10, 1),
        )
    )


def test_a_refused_award_leaves_the_one_before_and_can_be_proposed_again():
    book = assessed()
    book.do(ProposeAward(account=ACCOUNT))
    refuse = RefuseAward(account=ACCOUNT, determination=1, reason=REASON)
    book.do(refuse)
    Given(book=book).when(refuse).then_nothing()
    Given(book=book).when(ConfirmAward(account=ACCOUNT, determination=1)).then_refused(
        NoSuchProposal(account=ACCOUNT, determination=1, proposed=None)
    )
    book.do(ProposeAward(account=ACCOUNT))
    assert latest(book) == 2
    given(*GROUND).when(refuse).then_refused(AccountNotOpen(account=ACCOUNT))


# One provider, many groups ------------------------------------------------------------


def test_a_providers_corrected_result_decides_every_group_it_is_attributed_to():
    codes = [BodyCode(code) for code in ("X01", "X02", "X03")]
    book = opened()
    for code in (BodyCode("P01"), *codes[1:]):
        kind: Any = "provider" if code == "P01" else "group"
        book.tell(BodyRegistered(body=code, kind=kind, name=f"Body {code}"))
    accounts = [AccountId(f"quality-premium/2013-14/{code}") for code in codes]
    for code, account in zip(codes[1:], accounts[1:], strict=True):
        population: Any = HEADS
        book.tell(replace(population, subject=code))
        book.do(replace(OPEN, account=account), on=date(2013, 4, 1))
    attribute = PublishAttribution(
        measure="red-1", period=YEAR, provider=BodyCode("P01"), bodies=tuple(codes)
    )
    book.do(attribute)
    Given(book=book).when(attribute).then_nothing()
    on_time: Any = result("red-1", "75")
    book.tell(replace(on_time, subject=BodyCode("P01")))
    gates = [AssessGate(account=one, gate="constitution.red-1") for one in accounts]
    for command in gates:
        (fact,) = book.do(command)
        assert isinstance(fact, GateAssessed)
        assert fact.passed
        assert fact.evidence == (
            f"result/red-1/P01/{YEAR}@1",
            f"attribution/red-1/{YEAR}@1",
        )
    book.do(correct("red-1", "74.83", "P01"))
    passed = [book.do(command)[-1].passed for command in gates]  # type: ignore[union-attr]
    assert passed == [False, False, False]


def test_a_result_is_attributed_to_known_bodies_of_one_provider():
    book = opened()
    attribute = PublishAttribution(
        measure="red-1", period=YEAR, provider=BodyCode("P01"),
        bodies=(BodyCode("X01"),),
    )  # fmt: skip
    Given(book=book).when(attribute).then_refused(UnknownBody(body="P01"))
    for code in ("P01", "P02"):
        book.tell(BodyRegistered(body=BodyCode(code), kind="provider", name=code))
    book.do(attribute)
    other = replace(attribute, provider=BodyCode("P02"))
    Given(book=book).when(other).then_refused(
        AttributedOtherwise(body=BodyCode("X01"), provider=BodyCode("P01"))
    )
    book.do(replace(attribute, bodies=()))
    Given(book=book).when(other).then_recorded()


# Heads and targets --------------------------------------------------------------------

POPULATION = CorrectPopulation(
    account=ACCOUNT,
    population="population.registered.gp-list",
    as_at=date(2013, 4, 1),
    reason=REASON,
)


def heads(book: Any, value: str) -> Any:
    from ledger.decisions.evidence import CorrectResult

    book.do(
        CorrectResult(
            measure="population.registered.gp-list",
            subject=BodyCode("X01"),
            period="2013-04-01",
            value=exact(value),
            unit="heads",
            reason=REASON,
        ),
        on=LATER,
    )
    return book


@pytest.mark.parametrize(("now", "source"), [("88001", FUNDING), ("87999", POTENTIAL)])
def test_before_an_award_corrected_heads_post_the_difference(now: str, source: str):
    book = heads(opened(), now)
    (fact,) = Given(book=book).when(POPULATION, on=LATER).then_recorded()
    assert isinstance(fact, PopulationCorrected)
    (move,) = fact.moves
    assert (move.source, sum(p.pence for p in move.slices)) == (source, 5_00)
    book.do(POPULATION, on=LATER)
    Given(book=book).when(POPULATION, on=LATER).then_nothing()
    maximum = int(now) * 5_00
    assert book.account(ACCOUNT).balances == {FUNDING: -maximum, POTENTIAL: maximum}


@pytest.mark.parametrize("now", ["88001", "87999"])
def test_after_it_they_are_posted_with_the_next_award(now: str):
    book = heads(awarded(), now)
    (fact,) = book.do(POPULATION, on=LATER)
    assert isinstance(fact, PopulationCorrected)
    assert fact.moves == ()
    assert book.account(ACCOUNT).balances[FUNDING] == -440_000_00
    book.do(ProposeAward(account=ACCOUNT), on=LATER)
    book.do(ConfirmAward(account=ACCOUNT, determination=2), on=LATER)
    balances = book.account(ACCOUNT).balances
    assert balances[FUNDING] == -int(now) * 5_00
    assert balances[PAYABLE] == int(now) * 5_00
    assert balances[POTENTIAL] == 0


def test_an_award_on_other_heads_must_be_proposed_again():
    book = assessed()
    book.do(ProposeAward(account=ACCOUNT))
    heads(book, "88001").do(POPULATION, on=LATER)
    confirm = ConfirmAward(account=ACCOUNT, determination=1)
    Given(book=book).when(confirm, on=LATER).then_refused(
        PopulationCorrectedSince(
            determination=1, proposed_pence=440_000_00, maximum_pence=440_005_00
        )
    )


def test_heads_are_corrected_on_what_is_recorded_and_not_before_what_stands():
    Given(book=opened()).when(POPULATION).then_nothing()
    given(*GROUND).when(POPULATION).then_refused(AccountNotOpen(account=ACCOUNT))
    other = replace(POPULATION, as_at=date(2013, 7, 1))
    Given(book=opened()).when(other).then_refused(
        NoPopulation(
            body="X01",
            population="population.registered.gp-list",
            as_at=date(2013, 7, 1),
        )
    )
    early = Given(book=heads(opened(), "88001"))
    early.when(POPULATION, on=date(2013, 4, 1)).then_recorded()
    early.when(POPULATION, on=date(2013, 3, 31)).then_refused(
        DateRunsBackwards(
            what="a correction of the population",
            on=date(2013, 3, 31),
            follows="what stands",
            followed_on=date(2013, 4, 1),
        )
    )


REBASE = RebaseTarget(
    account=ACCOUNT,
    clause="infection.c-difficile",
    target=exact("29"),
    agreed_on=date(2014, 2, 1),
    agreed_by=(PartyId("X01"),),
    reason=REASON,
)


def test_a_target_is_set_anew_also_after_it_was_used_and_decides_the_next_award():
    book = awarded()
    rebased, terms = book.do(REBASE)
    assert isinstance(terms, TermsAgreed)
    assert [one.target for one in terms.targets] == [29]
    assert rebased.before == 30  # type: ignore[union-attr]
    Given(book=book).when(REBASE).then_nothing()
    _, judged = book.do(AssessIndicator(account=ACCOUNT, measure="infection"))
    assert judged.earned == 0  # type: ignore[union-attr]


def test_a_whole_test_that_was_agreed_is_set_anew_by_its_measure():
    book = awarded()
    _, terms = book.do(replace(REBASE, clause="local-2", target=exact("67.5")))
    assert isinstance(terms, TermsAgreed)
    assert [one.threshold for one in terms.tests][1] == exact("67.5")


def test_what_was_never_agreed_is_not_set_anew():
    given(*GROUND).when(REBASE).then_refused(AccountNotOpen(account=ACCOUNT))
    Given(book=awarded()).when(replace(REBASE, clause="pyll")).then_refused(
        NotAgreed(
            clause="pyll",
            agreed=("infection.c-difficile", "local-1", "local-2", "local-3"),
        )
    )


# Debt ---------------------------------------------------------------------------------


def test_while_a_debt_stands_nothing_is_asked_for_approved_or_paid():
    book = awarded()
    for name in ("d1", "d2"):
        book.do(ask_for(220_000_00, name))
    pay(book, "d1", "R1", date(2014, 11, 3))
    book.do(ApproveDisbursement(account=ACCOUNT, disbursement="d2"))
    determine_anew(book, "red-1", "74.83", "constitution.red-1")
    owed = DebtOutstanding(debt_pence=110_000_00)
    Given(book=book).when(ask_for(1, "d3"), on=LATER).then_refused(owed)
    payment = PayDisbursement(
        account=ACCOUNT, disbursement="d2", reference="R2", kind="cash",
        value_date=LATER,
    )  # fmt: skip
    Given(book=book).when(payment, on=LATER).then_refused(owed)


def test_money_that_comes_back_is_taken_from_what_is_held_first():
    book = owing()
    ordered(book, to_recover(110_000_00), LATER)
    fact, _ = book.do(received(110_000_00), on=LATER)
    assert isinstance(fact, RecoveryReceived)
    assert sum(p.pence for d in fact.draws for p in d.slices) == 110_000_00
    balances = book.account(ACCOUNT).balances
    assert (balances[OVERPAID], balances[HELD]) == (0, 330_000_00)
    assert (balances[RECOVERED], balances[SETTLED]) == (110_000_00, -110_000_00)
    Given(book=book).when(ask_for(1, "d3"), on=LATER).then_refused(
        BeyondPayable(payable_pence=0, asked_pence=1)
    )


def test_no_more_is_ordered_or_received_than_is_owed():
    book = owing()
    Given(book=book).when(received(1)).then_refused(NoSuchRecovery(recovery="v1"))
    Given(book=book).when(to_recover(110_000_01), on=LATER).then_refused(
        BeyondDebt(debt_pence=110_000_00, asked_pence=110_000_01)
    )
    ordered(book, to_recover(110_000_00), LATER)
    Given(book=book).when(to_recover(1), on=LATER).then_refused(
        RecoveryIdTaken(recovery="v1", amount_pence=110_000_00)
    )
    Given(book=book).when(received(110_000_01), on=LATER).then_refused(
        BeyondDebt(debt_pence=110_000_00, asked_pence=110_000_01)
    )
    book.do(received(1), on=LATER)
    Given(book=book).when(received(1), on=LATER).then_refused(
        SettlementIdTaken(settlement="p1")
    )
    Given(book=book).when(received(1, "p2"), on=date(2015, 5, 31)).then_refused(
        DateRunsBackwards(
            what="a recovery",
            on=date(2015, 5, 31),
            follows="its order",
            followed_on=LATER,
        )
    )


def test_a_debt_is_set_off_against_another_year_of_the_same_body_in_one_commit():
    book = owing()
    year = awarded()
    for recorded in year.records(f"account/{ACCOUNT}"):
        fact: Any = recorded.fact
        book.tell(replace(fact, account=NEXT_YEAR), on=recorded.meta.effective_on)
    set_off = SetOffDebt(
        account=ACCOUNT, set_off="o1", against=NEXT_YEAR, amount_pence=110_000_00
    )
    debt, payable = book.do(set_off, on=LATER)
    assert (debt.account, payable.account) == (ACCOUNT, NEXT_YEAR)
    assert book.account(ACCOUNT).debt_pence == 0
    assert book.account(NEXT_YEAR).balances[PAYABLE] == 330_000_00
    assert book.account(ACCOUNT).balances[SET_OFF] == -110_000_00
    assert book.account(NEXT_YEAR).balances[SET_OFF] == 110_000_00
    Given(book=book).when(set_off, on=LATER).then_refused(
        SettlementIdTaken(settlement="o1")
    )


def test_a_set_off_stays_within_one_body_its_debt_and_what_is_payable():
    book = owing()
    other = AccountId("quality-premium/2014-15/X02")

    def against(account: AccountId, pence: int) -> Given:
        command = SetOffDebt(
            account=ACCOUNT, set_off="o1", against=account, amount_pence=pence
        )
        return Given(book=book).when(command, on=LATER)

    against(other, 1).then_refused(OtherBody(body=BodyCode("X01"), premium=other))
    against(NEXT_YEAR, 110_000_01).then_refused(
        BeyondDebt(debt_pence=110_000_00, asked_pence=110_000_01)
    )
    against(NEXT_YEAR, 110_000_00).then_refused(
        BeyondPayable(payable_pence=0, asked_pence=110_000_00)
    )


def test_moves_name_each_pair_of_accounts_once():
    book = awarded(pyll="1937")
    determine_anew(book, "red-1", "74.83", "constitution.red-1")
    (confirmed,) = determine_anew(book, "pyll", "1936", "pyll", date(2015, 9, 1))
    pairs = [(move.source, move.target) for move in confirmed.moves]
    assert len(pairs) == len(set(pairs))
    assert all(isinstance(move, Move) and move.slices for move in confirmed.moves)
    assert book.account(ACCOUNT).balances[PAYABLE] == 330_000_00
