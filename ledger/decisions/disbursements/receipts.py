"""What a body says of a payment: that it arrived, or that it did not."""

from typing import ClassVar

from ledger.calendar import HappenedOn
from ledger.decisions.fields import Account, Label
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import (
    DateRunsBackwards,
    SamePerson,
    before,
    same_person,
)
from ledger.events import Commitment, ReceiptConfirmed, ReceiptDisputed
from ledger.premium.account import PremiumAccount, Receipt
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class ConfirmReceipt:
    """Confirm, for the body, that a payment arrived."""

    NAME: ClassVar[str] = "confirm-receipt"

    account: Account
    receipt: Label
    """The id of the receipt: that of its request."""
    received_on: HappenedOn
    """The day it arrived."""


@value
class DisputeReceipt:
    """Deny, for the body, that a payment arrived as the payer says."""

    NAME: ClassVar[str] = "dispute-receipt"

    account: Account
    receipt: Label
    """The id of the receipt: that of its request."""
    reason: Prose
    """What is wrong with it."""


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


REFUSALS = (
    NoSuchReceipt,
    SamePerson,
    ReceiptSettled,
    DateRunsBackwards,
)


def confirm_receipt(
    command: ConfirmReceipt, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a receipt is confirmed: for the body, never by who paid it."""
    receipt = account.receipts.get(command.receipt)
    if receipt is None:
        return NoSuchReceipt(receipt=command.receipt)
    what = f"paid {command.receipt}"
    if no := same_person(asked, receipt.paid_by, what, must="confirm it"):
        return no
    if receipt.confirmed_on == command.received_on and receipt.state == "confirmed":
        return ()
    if receipt.state in ("confirmed", "returned"):
        return ReceiptSettled(receipt=command.receipt, state=receipt.state)
    if early := before(
        command.received_on, receipt.paid_on, "an arrival", "the payment"
    ):
        return early
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


def _arrived(receipt: Receipt, account: PremiumAccount) -> int:
    """What a receipt brought in, whatever was used of it since."""
    return next(
        one.paid.amount_pence
        for one in account.disbursements.values()
        if one.paid is not None and one.paid.receipt == receipt.receipt
    )


HANDLES = (
    on_account(
        ConfirmReceipt,
        confirm_receipt,
        by="finance-officer",
        records=ReceiptConfirmed,
        not_who=("paid it",),
    ),
    on_account(
        DisputeReceipt, dispute_receipt, by="finance-officer", records=ReceiptDisputed
    ),
)
