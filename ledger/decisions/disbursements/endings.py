"""How a request ends other than refused or paid: withdrawn, expired, or returned."""

from typing import ClassVar

from ledger.decisions.disbursements.requests import NoSuchDisbursement, WrongState
from ledger.decisions.fields import Account, Label
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import DateRunsBackwards, before
from ledger.events import (
    Commitment,
    DisbursementExpired,
    DisbursementReturned,
    DisbursementWithdrawn,
)
from ledger.money import Pence, pounds
from ledger.postings import IN_TRANSIT
from ledger.premium.account import Disbursement, PremiumAccount
from ledger.premium.debts import ended, payable_again
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class WithdrawDisbursement:
    """Take a request back that is not paid yet."""

    NAME: ClassVar[str] = "withdraw-disbursement"

    account: Account
    disbursement: Label
    """The id of the request."""
    reason: Prose
    """Why it is taken back."""


@value
class ExpireDisbursement:
    """End a request that was not paid in time."""

    NAME: ClassVar[str] = "expire-disbursement"

    account: Account
    disbursement: Label
    """The id of the request."""


@value
class ReturnDisbursement:
    """Record that a payment came back from the bank."""

    NAME: ClassVar[str] = "return-disbursement"

    account: Account
    disbursement: Label
    """The id of the request."""
    reason: Prose
    """Why it came back, as the bank says."""


@value
class ReceiptDrawnOn:
    """Part of the receipt was used, so its money cannot have come back."""

    NAME: ClassVar[str] = "receipt-drawn-on"

    receipt: str
    used_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.used_pence)} of {self.receipt} was spent or handed back: "
            "correct that first"
        )


REFUSALS = (
    NoSuchDisbursement,
    WrongState,
    DateRunsBackwards,
    ReceiptDrawnOn,
)


def withdraw_disbursement(
    command: WithdrawDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a request is taken back, approved or not; then it never was."""
    request = _unpaid(command.disbursement, account, "withdrawn", asked)
    if not isinstance(request, Disbursement):
        return request
    return (
        DisbursementWithdrawn(
            account=command.account,
            disbursement=command.disbursement,
            reason=Commitment(command.reason),
            slices=request.fact.slices,
            requested_effective_on=request.requested_on,
            ends_debt=ended(request.fact.slices, account, asked.effective_on),
        ),
    )


def expire_disbursement(
    command: ExpireDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a request ends unpaid, approved or not; then it never was."""
    request = _unpaid(command.disbursement, account, "expired", asked)
    if not isinstance(request, Disbursement):
        return request
    return (
        DisbursementExpired(
            account=command.account,
            disbursement=command.disbursement,
            slices=request.fact.slices,
            requested_effective_on=request.requested_on,
            ends_debt=ended(request.fact.slices, account, asked.effective_on),
        ),
    )


def return_disbursement(
    command: ReturnDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a payment came back, of which nothing was used on any day.

    It ends a debt of the same measures first; the rest is payable from that day.

    Source: ADR 0023 (the money was in transit in between, and never held).
    """
    request = account.disbursements.get(command.disbursement)
    if request is None:
        return NoSuchDisbursement(disbursement=command.disbursement)
    if request.state == "returned":
        return ()
    if request.state != "paid" or request.paid is None or request.paid_on is None:
        return WrongState(
            disbursement=command.disbursement, state=request.state, needed="paid"
        )
    receipt = account.receipts[request.paid.receipt]
    unused = receipt.lowest(request.paid.value_date)
    used_pence = request.paid.amount_pence - sum(unused.values())
    if used_pence:
        return ReceiptDrawnOn(receipt=receipt.receipt, used_pence=used_pence)
    if early := before(asked.effective_on, request.paid_on, "a return", "the payment"):
        return early
    return (
        DisbursementReturned(
            account=command.account,
            disbursement=command.disbursement,
            receipt=receipt.receipt,
            amount_pence=request.paid.amount_pence,
            slices=request.paid.slices,
            value_date=request.paid.value_date,
            moves=payable_again(
                request.paid.slices, account, asked.effective_on, source=IN_TRANSIT
            ),
            reason=Commitment(command.reason),
        ),
    )


def _unpaid(
    named: str, account: PremiumAccount, already: str, asked: Asked
) -> Disbursement | NoSuchDisbursement | WrongState | DateRunsBackwards | tuple[()]:
    """The request if it waits or is approved; an empty tuple: it is so already."""
    request = account.disbursements.get(named)
    if request is None:
        return NoSuchDisbursement(disbursement=named)
    if request.state == already:
        return ()
    if request.state not in ("requested", "approved"):
        return WrongState(
            disbursement=named, state=request.state, needed="requested or approved"
        )
    followed_on = request.approved_on or request.requested_on
    early = before(asked.effective_on, followed_on, "its end", "what was decided of it")
    return early or request


HANDLES = (
    on_account(
        WithdrawDisbursement,
        withdraw_disbursement,
        by="finance-officer",
        records=DisbursementWithdrawn,
    ),
    on_account(
        ExpireDisbursement,
        expire_disbursement,
        by="analyst",
        records=DisbursementExpired,
    ),
    on_account(
        ReturnDisbursement,
        return_disbursement,
        by="analyst",
        records=DisbursementReturned,
    ),
)
