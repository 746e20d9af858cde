"""How a request can end besides refused or paid, and what is said of a receipt."""

from datetime import date
from typing import ClassVar

from ledger.decisions.disbursements.requests import NoSuchDisbursement, WrongState
from ledger.decisions.preconditions import DateRunsBackwards, Label
from ledger.events import (
    AccountId,
    Commitment,
    DisbursementExpired,
    DisbursementReturned,
    DisbursementWithdrawn,
    ReceiptConfirmed,
    ReceiptDisputed,
)
from ledger.money import Pence, pounds
from ledger.premium.account import Disbursement, PremiumAccount, Receipt
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class WithdrawDisbursement:
    """Take a request back that is not paid yet."""

    NAME: ClassVar[str] = "withdraw-disbursement"

    account: AccountId
    disbursement: Label
    reason: Prose


@value
class ExpireDisbursement:
    """End a request that was not paid in time."""

    NAME: ClassVar[str] = "expire-disbursement"

    account: AccountId
    disbursement: Label


@value
class ReturnDisbursement:
    """Record that a payment came back from the bank."""

    NAME: ClassVar[str] = "return-disbursement"

    account: AccountId
    disbursement: Label
    reason: Prose


@value
class ConfirmReceipt:
    """Confirm, for the body, that a payment arrived."""

    NAME: ClassVar[str] = "confirm-receipt"

    account: AccountId
    receipt: Label
    received_on: date


@value
class DisputeReceipt:
    """Deny, for the body, that a payment arrived as the payer says."""

    NAME: ClassVar[str] = "dispute-receipt"

    account: AccountId
    receipt: Label
    reason: Prose


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


@value
class NoSuchReceipt:
    """The account has no receipt of that id."""

    NAME: ClassVar[str] = "no-such-receipt"

    receipt: str

    def __str__(self) -> str:
        return f"the account has no receipt {self.receipt!r}"


@value
class ReceiptSettled:
    """The receipt was confirmed, or its payment came back: that stands."""

    NAME: ClassVar[str] = "receipt-settled"

    receipt: str
    state: str

    def __str__(self) -> str:
        return f"{self.receipt} is {self.state}: that stands"


EndRefusal = (
    NoSuchDisbursement
    | WrongState
    | DateRunsBackwards
    | ReceiptDrawnOn
    | NoSuchReceipt
    | ReceiptSettled
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
        ),
    )


def return_disbursement(
    command: ReturnDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a payment came back; it is payable again from that day on.

    Source: ADR 0010 (the money was out in between, so the payment is not undone).
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
    used_pence = request.paid.amount_pence - receipt.left_pence
    if used_pence:
        return ReceiptDrawnOn(receipt=receipt.receipt, used_pence=used_pence)
    if asked.effective_on < request.paid_on:
        return DateRunsBackwards(
            what="a return",
            on=asked.effective_on,
            follows="the payment",
            followed_on=request.paid_on,
        )
    return (
        DisbursementReturned(
            account=command.account,
            disbursement=command.disbursement,
            receipt=receipt.receipt,
            amount_pence=request.paid.amount_pence,
            slices=request.paid.slices,
            reason=Commitment(command.reason),
        ),
    )


def confirm_receipt(
    command: ConfirmReceipt, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a receipt is confirmed, also after it was disputed."""
    receipt = account.receipts.get(command.receipt)
    if receipt is None:
        return NoSuchReceipt(receipt=command.receipt)
    if receipt.confirmed_on == command.received_on and receipt.state == "confirmed":
        return ()
    if receipt.state in ("confirmed", "returned"):
        return ReceiptSettled(receipt=command.receipt, state=receipt.state)
    if command.received_on < receipt.effective_on:
        return DateRunsBackwards(
            what="an arrival",
            on=command.received_on,
            follows="the payment",
            followed_on=receipt.effective_on,
        )
    return (
        ReceiptConfirmed(
            account=command.account,
            receipt=command.receipt,
            received_on=command.received_on,
            amount_pence=_arrived(receipt, account),
        ),
    )


def dispute_receipt(
    command: DisputeReceipt, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a receipt is disputed; the money stays where it is recorded."""
    receipt = account.receipts.get(command.receipt)
    if receipt is None:
        return NoSuchReceipt(receipt=command.receipt)
    if receipt.state == "disputed":
        return ()
    if receipt.state in ("confirmed", "returned"):
        return ReceiptSettled(receipt=command.receipt, state=receipt.state)
    return (
        ReceiptDisputed(
            account=command.account,
            receipt=command.receipt,
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
    if asked.effective_on < followed_on:
        return DateRunsBackwards(
            what="its end",
            on=asked.effective_on,
            follows="what was decided of it",
            followed_on=followed_on,
        )
    return request


def _arrived(receipt: Receipt, account: PremiumAccount) -> int:
    """What a receipt brought in, whatever was used of it since."""
    return next(
        one.paid.amount_pence
        for one in account.disbursements.values()
        if one.paid is not None and one.paid.receipt == receipt.receipt
    )
