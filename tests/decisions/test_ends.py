"""Requests that end without a payment, payments that come back, receipts."""

from datetime import date
from typing import Any

import pytest

from ledger.decisions.disbursements.endings import (
    ExpireDisbursement,
    ReceiptDrawnOn,
    ReturnDisbursement,
    WithdrawDisbursement,
)
from ledger.decisions.disbursements.receipts import (
    ConfirmReceipt,
    DisputeReceipt,
    NoSuchReceipt,
    ReceiptSettled,
)
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    NoSuchDisbursement,
    WrongState,
)
from ledger.decisions.preconditions import DateRunsBackwards
from ledger.events import (
    DisbursementExpired,
    DisbursementReturned,
    DisbursementWithdrawn,
    ReceiptConfirmed,
)
from ledger.postings import COMMITTED, HELD, PAYABLE
from tests.decisions.given import ACCOUNT, Given
from tests.decisions.right import REASON
from tests.decisions.year import ask_for, awarded, paid, requested
from tests.projections.histories import spend

WITHDRAW = WithdrawDisbursement(account=ACCOUNT, disbursement="d1", reason=REASON)
EXPIRE = ExpireDisbursement(account=ACCOUNT, disbursement="d1")
RETURN = ReturnDisbursement(account=ACCOUNT, disbursement="d1", reason=REASON)
APPROVE = ApproveDisbursement(account=ACCOUNT, disbursement="d1")
DISPUTE = DisputeReceipt(account=ACCOUNT, receipt="d1", reason=REASON)
ASKED = date(2014, 10, 1)
PAID = date(2014, 11, 3)
BACK = date(2014, 11, 10)


def confirm(on: date = PAID) -> ConfirmReceipt:
    return ConfirmReceipt(account=ACCOUNT, receipt="d1", received_on=on)


@pytest.mark.parametrize(
    ("command", "fact"),
    [(WITHDRAW, DisbursementWithdrawn), (EXPIRE, DisbursementExpired)],
)
@pytest.mark.parametrize("approved", [False, True])
def test_a_request_that_ends_unpaid_gives_back_exactly_what_it_drew_from_its_own_date(
    command: Any, fact: type, approved: bool
):
    book = requested(100_01)
    if approved:
        book.do(APPROVE)
    drew = book.account(ACCOUNT).disbursements["d1"].fact.slices
    (ended,) = book.do(command, on=date(2014, 12, 1))
    assert type(ended) is fact
    assert ended.slices == drew  # type: ignore[union-attr]
    account = book.account(ACCOUNT)
    assert account.lowest_payable_pence(ASKED) == 440_000_00
    assert account.balances[COMMITTED] == 0
    Given(book=book).when(command).then_nothing()


@pytest.mark.parametrize("command", [WITHDRAW, EXPIRE])
def test_what_is_not_there_or_already_paid_does_not_end_so(command: Any):
    Given(book=awarded()).when(command).then_refused(
        NoSuchDisbursement(disbursement="d1")
    )
    Given(book=paid(5)).when(command, on=PAID).then_refused(
        WrongState(disbursement="d1", state="paid", needed="requested or approved")
    )


@pytest.mark.parametrize("command", [WITHDRAW, EXPIRE])
def test_an_end_is_not_dated_before_what_was_decided(command: Any):
    book = requested(5)
    book.do(APPROVE, on=date(2014, 10, 2))
    Given(book=book).when(command, on=date(2014, 10, 2)).then_recorded()
    Given(book=book).when(command, on=ASKED).then_refused(
        DateRunsBackwards(
            what="its end",
            on=ASKED,
            follows="what was decided of it",
            followed_on=date(2014, 10, 2),
        )
    )


def test_a_payment_that_comes_back_is_payable_again_from_that_day_on():
    book = paid(100_01)
    (fact,) = book.do(RETURN, on=BACK)
    assert isinstance(fact, DisbursementReturned)
    account = book.account(ACCOUNT)
    assert (account.balances[HELD], account.balances[PAYABLE]) == (0, 440_000_00)
    assert account.lowest_payable_pence(PAID) == 440_000_00 - 100_01
    assert account.lowest_payable_pence(BACK) == 440_000_00
    assert account.held_pence(BACK) == 0
    Given(book=book).when(RETURN).then_nothing()
    Given(book=book).when(ask_for(440_000_00, "d2"), on=BACK).then_recorded()


def test_only_a_payment_that_is_whole_comes_back():
    Given(book=awarded()).when(RETURN).then_refused(
        NoSuchDisbursement(disbursement="d1")
    )
    Given(book=requested(5)).when(RETURN).then_refused(
        WrongState(disbursement="d1", state="requested", needed="paid")
    )
    Given(book=paid(5)).when(RETURN, on=PAID).then_recorded()
    Given(book=paid(5)).when(RETURN, on=date(2014, 11, 2)).then_refused(
        DateRunsBackwards(
            what="a return",
            on=date(2014, 11, 2),
            follows="the payment",
            followed_on=PAID,
        )
    )
    book = paid(5)
    book.do(spend(1, "s1"), on=BACK)
    Given(book=book).when(RETURN, on=BACK).then_refused(
        ReceiptDrawnOn(receipt="d1", used_pence=1)
    )


def test_a_body_confirms_or_disputes_what_arrived():
    book = paid(5)
    Given(book=book).when(confirm(), on=BACK).then(
        ReceiptConfirmed(
            account=ACCOUNT, receipt="d1", received_on=PAID, amount_pence=5
        )
    )
    book.do(DISPUTE, on=BACK)
    Given(book=book).when(DISPUTE, on=BACK).then_nothing()
    book.do(spend(1, "s1"), on=BACK)  # A dispute moves no money, and stops none.
    book.do(confirm(), on=BACK)
    Given(book=book).when(confirm(), on=BACK).then_nothing()
    settled = ReceiptSettled(receipt="d1", state="confirmed")
    Given(book=book).when(DISPUTE, on=BACK).then_refused(settled)
    Given(book=book).when(confirm(BACK), on=BACK).then_refused(settled)


def test_a_receipt_that_is_not_there_or_came_back_is_neither_confirmed_nor_disputed():
    for command in (confirm(), DISPUTE):
        Given(book=requested(5)).when(command).then_refused(NoSuchReceipt(receipt="d1"))
        book = paid(5)
        book.do(RETURN, on=BACK)
        Given(book=book).when(command, on=BACK).then_refused(
            ReceiptSettled(receipt="d1", state="returned")
        )


def test_nothing_arrives_before_it_was_paid():
    Given(book=paid(5)).when(confirm(date(2014, 11, 2)), on=BACK).then_refused(
        DateRunsBackwards(
            what="an arrival",
            on=date(2014, 11, 2),
            follows="the payment",
            followed_on=PAID,
        )
    )
