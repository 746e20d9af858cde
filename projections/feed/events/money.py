"""What is published of payments, debts and spending."""

from datetime import date
from typing import ClassVar

from ledger.calendar import SchemeYear
from ledger.money import Pence
from projections.feed.events.fields import Draw, Fact, Public, Slices


class RecoveryOrdered(Fact):
    """A body was told to pay back what it has beyond its award; it posts nothing."""

    TYPE: ClassVar[str] = "recovery-ordered.v1"

    recovery: str  # An id within the account.
    amount_pence: Pence
    due_on: date | None = None


class RecoveryReceived(Fact):
    """A body paid back in cash: from what it holds first, otherwise from elsewhere."""

    TYPE: ClassVar[str] = "recovery-received.v1"

    recovery: str
    payment: str  # An id within the account: one payment is received once.
    reference: str  # As the bank gave it.
    amount_pence: Pence
    slices: Slices  # The debt that it settles; adds up to amount.
    draws: tuple[Draw, ...]  # What it takes of what is held; at most amount.


class DebtSetOff(Fact):
    """A debt was settled with what is payable in another account, or in this one."""

    TYPE: ClassVar[str] = "debt-set-off.v1"

    set_off: str  # An id within the account.
    against: str  # Whose payable settles it; of the same body.
    amount_pence: Pence
    slices: Slices  # The debt that is settled.


class PayableSetOff(Fact):
    """What was payable went to settle a debt of the same body."""

    TYPE: ClassVar[str] = "payable-set-off.v1"

    set_off: str
    debtor: str
    amount_pence: Pence
    slices: Slices  # Which measures' pence it takes of what is payable.


class DisbursementRequested(Fact):
    """Part of what is payable was asked for, and is set aside for it."""

    TYPE: ClassVar[str] = "disbursement-requested.v1"

    disbursement: str  # An id within the account.
    amount_pence: Pence
    slices: Slices  # Which measures' pence it draws; adds up to amount.


class DisbursementApproved(Fact):
    """A request was approved by another person than made it; money stays set aside."""

    TYPE: ClassVar[str] = "disbursement-approved.v1"

    disbursement: str
    amount_pence: Pence
    run: str | None = None  # The stream of the payment run it was approved in.


class DisbursementRefused(Fact):
    """A request was refused; exactly what it drew is payable again, as before it."""

    TYPE: ClassVar[str] = "disbursement-refused.v1"

    disbursement: str
    slices: Slices  # Those of the request.
    requested_effective_on: date  # The request's: its legs are reversed there.


class DisbursementPaid(Fact):
    """Money went to the body; its receipt is what spending draws on."""

    TYPE: ClassVar[str] = "disbursement-paid.v1"

    disbursement: str
    receipt: str  # An id within the account.
    kind: str  # `allocation-adjustment` or `cash`.
    reference: str  # As given; its normal form is taken once in the whole ledger.
    value_date: date  # The day the money counts at the receiver.
    amount_pence: Pence
    slices: Slices  # Those of the request.


class PaymentReferenceTaken(Fact):
    """A payment reference was used; no other payment of the ledger may use it."""

    TYPE: ClassVar[str] = "payment-reference-taken.v1"

    reference: str  # In its normal form: letters and digits, upper case.
    account: str
    disbursement: str


class DisbursementWithdrawn(Fact):
    """The body took its request back; exactly what it drew is payable, as before."""

    TYPE: ClassVar[str] = "disbursement-withdrawn.v1"

    disbursement: str
    slices: Slices  # Those of the request.
    requested_effective_on: date


class DisbursementExpired(Fact):
    """A request was not paid in time; exactly what it drew is payable, as before."""

    TYPE: ClassVar[str] = "disbursement-expired.v1"

    disbursement: str
    slices: Slices  # Those of the request.
    requested_effective_on: date


class DisbursementCancelled(Fact):
    """A lower award needed pence of a request not yet approved: all of it ended."""

    TYPE: ClassVar[str] = "disbursement-cancelled.v1"

    disbursement: str
    determination: int  # The award that needed them, of the same command.
    slices: Slices  # Those of the request.
    requested_effective_on: date


class DisbursementReturned(Fact):
    """A payment came back from the bank; it is payable again from that day on."""

    TYPE: ClassVar[str] = "disbursement-returned.v1"

    disbursement: str
    receipt: str
    amount_pence: Pence
    slices: Slices  # Those of the payment.


class ReceiptConfirmed(Fact):
    """The body confirmed that the money arrived."""

    TYPE: ClassVar[str] = "receipt-confirmed.v1"

    receipt: str
    received_on: date
    amount_pence: Pence


class ReceiptDisputed(Fact):
    """The body denied that the money arrived as the payer says."""

    TYPE: ClassVar[str] = "receipt-disputed.v1"

    receipt: str


class RunItem(Public):
    """One request in a payment run."""

    account: str
    disbursement: str
    amount_pence: Pence


class RunExclusion(Public):
    """One request left out of a payment run, and why."""

    account: str
    disbursement: str
    reason: str  # `debt`, `dispute`, `details-not-checked`, `asked-for`, `other`.


class PaymentRunProposed(Fact):
    """A list of requests to be paid together was put forward; the latest one counts."""

    TYPE: ClassVar[str] = "payment-run-proposed.v1"

    scheme: str
    scheme_year: SchemeYear
    run: int  # From 1, within the scheme year.
    items: tuple[RunItem, ...]  # By account and disbursement.
    excluded: tuple[RunExclusion, ...]
    total_pence: Pence  # Of the items: the control total.
    list_hash: str  # SHA-256 of the items, one a line; in hexadecimal.


class PaymentRunApproved(Fact):
    """A list was approved as a whole, by another person; each request is approved."""

    TYPE: ClassVar[str] = "payment-run-approved.v1"

    scheme: str
    scheme_year: SchemeYear
    run: int
    proposal: str
    list_hash: str
    total_pence: Pence
    payments: int


class PaymentRunClosed(Fact):
    """A payment run came to its end; what was not paid is listed."""

    TYPE: ClassVar[str] = "payment-run-closed.v1"

    scheme: str
    scheme_year: SchemeYear
    run: int
    paid_pence: Pence
    payments: int  # That were made.
    unpaid: tuple[RunItem, ...]


class SpendingRecorded(Fact):
    """A body spent part of what it received, for a permitted purpose."""

    TYPE: ClassVar[str] = "spending-recorded.v1"

    spending: str  # An id within the account.
    payee: str
    purpose: str  # Of the rulebook's permitted purposes: `a`, `b` or `c`.
    amount_pence: Pence
    draws: tuple[Draw, ...]  # First in, first out; add up to amount.
    transaction: str | None = None  # The body's own number for the payment.
    plan: str | None = None


class SpendingCorrected(Fact):
    """A spending was recorded wrongly: its draws are undone, and drawn again now.

    What is undone bears the date of what it undoes; what replaces it, its own.
    """

    TYPE: ClassVar[str] = "spending-corrected.v1"

    spending: str
    corrects: str  # The spending, or the correction of it that counted.
    payee: str
    purpose: str
    amount_pence: Pence  # Nought: it was never spent.
    draws: tuple[Draw, ...]
    undone_payee: str
    undone_purpose: str
    undone: tuple[Draw, ...]  # Exactly the draws that counted until now.
    undone_effective_on: date
    transaction: str | None = None


class PassedOn(Fact):
    """A body passed money on to another that spends it; counted once, here."""

    TYPE: ClassVar[str] = "passed-on.v1"

    spending: str  # An id within the account, of spendings and passings-on.
    payee: str
    purpose: str
    amount_pence: Pence
    draws: tuple[Draw, ...]
    transaction: str | None = None


class UnspentDeclared(Fact):
    """A body said what it had not spent on a day. It posts nothing."""

    TYPE: ClassVar[str] = "unspent-declared.v1"

    on: date
    amount_pence: Pence


class Lapsed(Fact):
    """What was not spent in time was handed back."""

    TYPE: ClassVar[str] = "lapsed.v1"

    lapse: str  # An id within the account.
    amount_pence: Pence
    draws: tuple[Draw, ...]
