"""Lapses and recoveries: proposed by one person, decided or refused by another."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.preconditions import DateRunsBackwards
from ledger.decisions.recoveries import ReceiveRecovery, SettlementIdTaken
from ledger.decisions.references import ReferenceTaken
from ledger.decisions.repayments import (
    BeyondDebt,
    NoSuchRecovery,
    RecoveryIdTaken,
    RepaymentNotSo,
)
from ledger.decisions.spending.leftover import NoSuchLapse
from ledger.decisions.spending.recording import BeyondHeld
from ledger.events import (
    Commitment,
    Lapsed,
    LapseProposed,
    LapseRefused,
    RecoveryOrdered,
    RecoveryProposed,
    RecoveryRefused,
)
from ledger.postings import HELD, OVERPAID, RETURNED
from tests.decisions.given import ACCOUNT, Book, Given
from tests.decisions.right import (
    LAPSE,
    ORDER,
    REASON,
    REFUSE_LAPSE,
    REFUSE_ORDER,
    WHY_MORE,
    determine_anew,
    lapsed,
    ordered,
    to_lapse,
    to_recover,
)
from tests.decisions.year import paid
from tests.projections.histories import spend

LOST = 110_000_00
ON = date(2015, 2, 2)
BEFORE = date(2015, 2, 1)
AFTER = date(2015, 2, 3)


def held() -> Book:
    """£16 of what was paid is held."""
    return paid(16_00)


def lapse_proposed(pence: int = 8_00) -> Book:
    book = held()
    book.do(to_lapse(pence), on=ON)
    return book


def owing() -> Book:
    """£110,000 of what was paid is owed."""
    book = paid(440_000_00)
    determine_anew(book, "red-1", "74.83", "constitution.red-1", ON)
    return book


def recovery_proposed(pence: int = LOST) -> Book:
    book = owing()
    book.do(to_recover(pence), on=ON)
    return book


def received(pence: int = 1, payment: str = "p1") -> ReceiveRecovery:
    return ReceiveRecovery(
        account=ACCOUNT,
        recovery="v1",
        payment=payment,
        reference="BACS 1",
        amount_pence=pence,
    )


# Lapses -------------------------------------------------------------------------------


def test_a_lapse_is_put_forward_and_neither_moves_nor_sets_aside_money():
    book = held()
    Given(book=book).when(to_lapse(8_00), on=ON).then(
        LapseProposed(
            account=ACCOUNT,
            lapse="l1",
            amount_pence=8_00,
            reference="BACS l1",
            parts=(),
            reason=Commitment(REASON),
        )
    )
    book = lapse_proposed(16_00)
    assert book.account(ACCOUNT).balances[HELD] == 16_00
    Given(book=book).when(spend(16_00, "s1"), on=ON).then_recorded()
    Given(book=book).when(to_lapse(16_00, "l2"), on=ON).then_recorded()


def test_another_person_lets_lapse_what_was_proposed():
    book = lapse_proposed()
    proposal = book.account(ACCOUNT).lapses["l1"].record
    fact, _ = book.do(LAPSE, on=ON)
    assert isinstance(fact, Lapsed)
    assert fact == Lapsed(
        account=ACCOUNT,
        lapse="l1",
        proposal=proposal,
        amount_pence=8_00,
        draws=fact.draws,
        reference="BACS l1",
    )
    balances = book.account(ACCOUNT).balances
    assert (balances[HELD], balances[RETURNED]) == (8_00, 8_00)


def test_a_lapse_is_refused_and_what_is_held_stays_held():
    book = lapse_proposed()
    proposal = book.account(ACCOUNT).lapses["l1"].record
    (fact,) = book.do(replace(REFUSE_LAPSE, reason=WHY_MORE), on=ON)
    assert fact == LapseRefused(
        account=ACCOUNT, lapse="l1", proposal=proposal, reason=Commitment(WHY_MORE)
    )
    assert book.account(ACCOUNT).balances[HELD] == 16_00
    Given(book=book).when(LAPSE, on=ON).then_refused(
        RepaymentNotSo(repayment="l1", state="refused", needed="proposed")
    )
    # The reference was not taken: the movement may be put forward rightly.
    right = to_lapse(16_00, "l2", "BACS l1")
    assert lapsed(book, right, ON)[0].amount_pence == 16_00


@pytest.mark.parametrize("command", [LAPSE, REFUSE_LAPSE])
def test_no_lapse_is_decided_that_nobody_proposed(command: Any):
    Given(book=held()).when(command, on=ON).then_refused(NoSuchLapse(lapse="l1"))


def test_a_lapse_is_decided_once():
    book = lapse_proposed()
    book.do(LAPSE, on=ON)
    Given(book=book).when(LAPSE, on=ON).then_nothing()
    Given(book=book).when(REFUSE_LAPSE, on=ON).then_refused(
        RepaymentNotSo(repayment="l1", state="lapsed", needed="proposed")
    )
    book = lapse_proposed()
    book.do(REFUSE_LAPSE, on=ON)
    Given(book=book).when(REFUSE_LAPSE, on=ON).then_nothing()


@pytest.mark.parametrize("then", [None, LAPSE, REFUSE_LAPSE])
def test_an_id_stands_for_one_lapse_whatever_became_of_it(then: Any):
    book = lapse_proposed()
    if then is not None:
        book.do(then, on=ON)
    Given(book=book).when(to_lapse(1, reference="OTHER"), on=ON).then_refused(
        SettlementIdTaken(settlement="l1")
    )


def test_a_payment_of_a_recovery_does_not_take_the_id_of_a_lapse_that_waits():
    book = owing()
    book.do(to_lapse(8_00), on=ON)
    ordered(book, to_recover(LOST), ON)
    Given(book=book).when(received(payment="l1"), on=ON).then_refused(
        SettlementIdTaken(settlement="l1")
    )
    Given(book=book).when(LAPSE, on=ON).then_recorded()


def test_no_more_lapses_than_is_held_when_it_is_proposed_and_when_it_is_decided():
    Given(book=held()).when(to_lapse(16_01), on=ON).then_refused(
        BeyondHeld(held_pence=16_00, asked_pence=16_01, by=ON)
    )
    book = lapse_proposed(16_00)
    book.do(spend(1, "s1"), on=ON)
    Given(book=book).when(LAPSE, on=ON).then_refused(
        BeyondHeld(held_pence=15_99, asked_pence=16_00, by=ON)
    )
    book = lapse_proposed(15_99)
    book.do(spend(1, "s1"), on=ON)
    Given(book=book).when(LAPSE, on=ON).then_recorded()


def test_a_reference_is_asked_for_again_when_a_lapse_is_decided():
    book = lapse_proposed()
    book.do(to_lapse(7_00, "l2", "bacs-L1"), on=ON)
    book.do(LAPSE, on=ON)
    taken = ReferenceTaken(
        reference="BACSL1",
        direction="in",
        total_pence=8_00,
        parts=(f"£8.00 of lapse/l1 of {ACCOUNT}",),
    )
    Given(book=book).when(replace(LAPSE, lapse="l2"), on=ON).then_refused(taken)
    Given(book=book).when(to_lapse(7_00, "l3", "BACS l1"), on=ON).then_refused(taken)


def test_a_lapse_is_not_dated_before_its_proposal():
    book = lapse_proposed()
    Given(book=book).when(LAPSE, on=BEFORE).then_refused(
        DateRunsBackwards(
            what="a lapse", on=BEFORE, follows="its proposal", followed_on=ON
        )
    )
    Given(book=book).when(LAPSE, on=ON).then_recorded()


# Recoveries ---------------------------------------------------------------------------


def test_a_recovery_is_put_forward_and_the_debt_stays():
    due_on = date(2015, 6, 30)
    Given(book=owing()).when(replace(to_recover(LOST), due_on=due_on), on=ON).then(
        RecoveryProposed(
            account=ACCOUNT,
            recovery="v1",
            amount_pence=LOST,
            reason=Commitment(REASON),
            due_on=due_on,
        )
    )
    assert recovery_proposed().account(ACCOUNT).balances[OVERPAID] == -LOST


def test_another_person_orders_what_was_proposed():
    book = owing()
    due_on = date(2015, 6, 30)
    book.do(replace(to_recover(LOST), due_on=due_on), on=ON)
    (fact,) = book.do(ORDER, on=ON)
    assert fact == RecoveryOrdered(
        account=ACCOUNT,
        recovery="v1",
        proposal=book.account(ACCOUNT).recoveries["v1"].record,
        amount_pence=LOST,
        reason=Commitment(REASON),
        due_on=due_on,
    )
    assert book.account(ACCOUNT).balances[OVERPAID] == -LOST


def test_a_recovery_is_refused_and_nothing_is_received_for_it():
    book = recovery_proposed()
    (fact,) = book.do(replace(REFUSE_ORDER, reason=WHY_MORE), on=ON)
    assert fact == RecoveryRefused(
        account=ACCOUNT,
        recovery="v1",
        proposal=book.account(ACCOUNT).recoveries["v1"].record,
        reason=Commitment(WHY_MORE),
    )
    Given(book=book).when(ORDER, on=ON).then_refused(
        RepaymentNotSo(repayment="v1", state="refused", needed="proposed")
    )
    Given(book=book).when(received(), on=ON).then_refused(
        RepaymentNotSo(repayment="v1", state="refused", needed="ordered")
    )


@pytest.mark.parametrize("command", [ORDER, REFUSE_ORDER, received()])
def test_no_recovery_is_decided_or_received_that_nobody_proposed(command: Any):
    Given(book=owing()).when(command, on=ON).then_refused(NoSuchRecovery(recovery="v1"))


def test_nothing_is_received_before_it_is_ordered():
    book = recovery_proposed()
    Given(book=book).when(received(), on=ON).then_refused(
        RepaymentNotSo(repayment="v1", state="proposed", needed="ordered")
    )
    book.do(ORDER, on=ON)
    Given(book=book).when(received(), on=ON).then_recorded()


def test_a_recovery_is_decided_once():
    book = recovery_proposed()
    book.do(ORDER, on=ON)
    Given(book=book).when(ORDER, on=ON).then_nothing()
    Given(book=book).when(REFUSE_ORDER, on=ON).then_refused(
        RepaymentNotSo(repayment="v1", state="ordered", needed="proposed")
    )
    book = recovery_proposed()
    book.do(REFUSE_ORDER, on=ON)
    Given(book=book).when(REFUSE_ORDER, on=ON).then_nothing()


@pytest.mark.parametrize("then", [None, ORDER, REFUSE_ORDER])
def test_an_id_stands_for_one_recovery_whatever_became_of_it(then: Any):
    book = recovery_proposed()
    if then is not None:
        book.do(then, on=ON)
    Given(book=book).when(to_recover(1), on=ON).then_refused(
        RecoveryIdTaken(recovery="v1", amount_pence=LOST)
    )


def test_no_more_is_ordered_than_is_owed_when_it_is_proposed_and_when_it_is_decided():
    Given(book=owing()).when(to_recover(LOST + 1), on=ON).then_refused(
        BeyondDebt(debt_pence=LOST, asked_pence=LOST + 1)
    )
    book = recovery_proposed()
    lapsed(book, to_lapse(1), ON)
    Given(book=book).when(ORDER, on=ON).then_refused(
        BeyondDebt(debt_pence=LOST - 1, asked_pence=LOST)
    )
    book = recovery_proposed(LOST - 1)
    lapsed(book, to_lapse(1), ON)
    Given(book=book).when(ORDER, on=ON).then_recorded()


def test_a_recovery_is_not_dated_before_its_proposal_nor_cash_before_the_order():
    book = recovery_proposed()
    Given(book=book).when(ORDER, on=BEFORE).then_refused(
        DateRunsBackwards(
            what="a recovery", on=BEFORE, follows="its proposal", followed_on=ON
        )
    )
    book.do(ORDER, on=AFTER)
    Given(book=book).when(received(), on=ON).then_refused(
        DateRunsBackwards(
            what="a recovery", on=ON, follows="its order", followed_on=AFTER
        )
    )
    Given(book=book).when(received(), on=AFTER).then_recorded()
