"""What is published of payments, debts, and what others say of balances."""

from datetime import date
from typing import ClassVar

from ledger.calendar import SchemeYear
from ledger.limits import Counted, Whole
from projections.feed.events.fields import (
    Disbursement,
    Draw,
    EndsDebt,
    Fact,
    Move,
    Pence,
    PremiumId,
    Public,
    Receipt,
    Recovery,
    RequestedEffectiveOn,
    RequestSlices,
    Run,
    Scheme,
    SetOff,
    Slices,
)


class RecoveryProposed(Fact):
    """To order a debt to be paid back was put forward; it posts nothing."""

    TYPE: ClassVar[str] = "recovery-proposed.v1"

    recovery: Recovery
    amount_pence: Pence
    """Whole pence that are to be paid back."""
    due_on: date | None
    """The day by which they are to be. Null if none was set."""


class RecoveryOrdered(Fact):
    """A body was told to pay back what it has beyond its award; it posts nothing."""

    TYPE: ClassVar[str] = "recovery-ordered.v1"

    recovery: Recovery
    proposal: str
    """The event id of the proposal, which another person made."""
    amount_pence: Pence
    """Whole pence to pay back."""
    due_on: date | None
    """The day by which to pay. Null if none was set."""


class RecoveryRefused(Fact):
    """To order a debt to be paid back was refused by another person."""

    TYPE: ClassVar[str] = "recovery-refused.v1"

    recovery: Recovery
    proposal: str
    """The event id of the proposal."""


class RecoveryReceived(Fact):
    """A body paid back in cash: from what it holds first, then from its own money."""

    TYPE: ClassVar[str] = "recovery-received.v1"

    recovery: Recovery
    payment: str
    """The payment by its id within the premium: it is received once."""
    reference: str
    """The payment's reference, as the bank gave it."""
    amount_pence: Pence
    """Whole pence paid back."""
    slices: Slices
    """Each measure's pence of the debt that it settles; they add up to the amount."""
    draws: tuple[Draw, ...]
    """What it takes of what the body holds; at most the amount."""
    own_funds: Slices
    """What the body's own money pays, by measure: the amount less the draws."""


class DebtSettled(Fact):
    """What a body handed back before, and nothing used since, settled a debt.

    Or no longer settles it, because a higher award took its place.
    """

    TYPE: ClassVar[str] = "debt-settled.v1"

    settlement: str
    """The settlement by its id within the premium."""
    amount_pence: Pence
    """Whole pence settled."""
    slices: Slices
    """Each measure's pence of the debt that is settled; they add up to the amount."""
    settled_on: date
    """The day on which both the debt and what was handed back stand."""
    reverses: bool
    """Whether it takes back that much of earlier settlements."""


class DebtSetOff(Fact):
    """A debt was settled with what is payable in another account, or in this one."""

    TYPE: ClassVar[str] = "debt-set-off.v1"

    set_off: SetOff
    against: str
    """The same body's premium whose payable settles it, `scheme/scheme year/body`."""
    amount_pence: Pence
    """Whole pence settled."""
    slices: Slices
    """Each measure's pence of the debt that is settled."""


class PayableSetOff(Fact):
    """What was payable went to settle a debt of the same body."""

    TYPE: ClassVar[str] = "payable-set-off.v1"

    set_off: SetOff
    debtor: str
    """The premium whose debt it settles, `scheme/scheme year/body`."""
    amount_pence: Pence
    """Whole pence that went."""
    slices: Slices
    """Each measure's pence taken from what is payable."""


class DisbursementRequested(Fact):
    """Part of what is payable was requested, and is committed."""

    TYPE: ClassVar[str] = "disbursement-requested.v1"

    disbursement: Disbursement
    amount_pence: Pence
    """Whole pence asked for."""
    slices: Slices
    """Each measure's pence that it draws; they add up to the amount."""


class DisbursementApproved(Fact):
    """A request was approved by another person than made it; money stays committed."""

    TYPE: ClassVar[str] = "disbursement-approved.v1"

    disbursement: Disbursement
    amount_pence: Pence
    """Whole pence approved, as asked for."""
    run: str | None = None
    """The stream of its payment run: `payment-run/...`. Null if approved alone."""


class DisbursementRefused(Fact):
    """A request was refused; exactly what it drew is payable again, as before it."""

    TYPE: ClassVar[str] = "disbursement-refused.v1"

    disbursement: Disbursement
    slices: RequestSlices
    requested_effective_on: RequestedEffectiveOn
    ends_debt: EndsDebt


class DisbursementPaid(Fact):
    """Money went to the body: in transit until its value date, and held from then."""

    TYPE: ClassVar[str] = "disbursement-paid.v1"

    disbursement: Disbursement
    receipt: Receipt
    kind: str
    """`allocation-adjustment` or `cash`."""
    reference: str
    """As given; its normal form is taken once in the whole ledger."""
    value_date: date
    """The day the money counts at the receiver; never before the payment."""
    amount_pence: Pence
    """Whole pence paid."""
    slices: RequestSlices


class ReferencePart(Public):
    """One payment, recovery or lapse that a movement of the bank is made of."""

    account: PremiumId
    what: str
    """Such as `disbursement/d1`, `recovery/p1` (its payment) or `lapse/l1`."""
    pence: Pence
    """Whole pence of this part."""


class PaymentReferenceTaken(Fact):
    """A reference stands for one movement of the bank, and nothing else may use it."""

    TYPE: ClassVar[str] = "payment-reference-taken.v1"

    reference: str
    """The reference in its normal form: letters and digits, upper case."""
    direction: str
    """`out`: the payer paid it; `in`: the payer received it."""
    total_pence: Pence
    """Whole pence that the bank moved."""
    parts: tuple[ReferencePart, ...]
    """What it is made of; they add up to the total."""


class DisbursementWithdrawn(Fact):
    """The body took its request back; exactly what it drew is payable, as before."""

    TYPE: ClassVar[str] = "disbursement-withdrawn.v1"

    disbursement: Disbursement
    slices: RequestSlices
    requested_effective_on: RequestedEffectiveOn
    ends_debt: EndsDebt


class DisbursementExpired(Fact):
    """A request was not paid in time; exactly what it drew is payable, as before."""

    TYPE: ClassVar[str] = "disbursement-expired.v1"

    disbursement: Disbursement
    slices: RequestSlices
    requested_effective_on: RequestedEffectiveOn
    ends_debt: EndsDebt


class DisbursementCancelled(Fact):
    """A lower award needed pence of a request not yet approved: all of it ended."""

    TYPE: ClassVar[str] = "disbursement-cancelled.v1"

    disbursement: Disbursement
    determination: Counted
    """The award that needed them, by its number; of the same command."""
    slices: RequestSlices
    requested_effective_on: RequestedEffectiveOn


class DisbursementReturned(Fact):
    """A payment came back from the bank, so it was never held: it was in transit.

    From the day it came back it ends what is owed of its measures; the rest is payable.
    """

    TYPE: ClassVar[str] = "disbursement-returned.v1"

    disbursement: Disbursement
    receipt: Receipt
    amount_pence: Pence
    """Whole pence that came back: all of the payment."""
    slices: Slices
    """Each measure's pence of the payment: out of what is held, on its value date."""
    value_date: date
    """The payment's."""
    moves: tuple[Move, ...]
    """Where they go from transit on the day they came back: a debt first."""


class ReceiptConfirmed(Fact):
    """The body confirmed that the money arrived."""

    TYPE: ClassVar[str] = "receipt-confirmed.v1"

    receipt: Receipt
    received_on: date
    """The day it arrived, as the body says."""
    amount_pence: Pence
    """Whole pence that arrived."""


class ReceiptDisputed(Fact):
    """The body denied that the money arrived as the payer says."""

    TYPE: ClassVar[str] = "receipt-disputed.v1"

    receipt: Receipt


class RunItem(Public):
    """One request in a payment run."""

    account: PremiumId
    disbursement: Disbursement
    amount_pence: Pence
    """Whole pence asked for."""


class RunExclusion(Public):
    """One request left out of a payment run, and why."""

    account: PremiumId
    disbursement: Disbursement
    reason: str
    """`debt`, `dispute`, `details-not-checked`, `asked-for` or `other`."""


class PaymentRunProposed(Fact):
    """A list of requests to be paid together was put forward; the latest one counts."""

    TYPE: ClassVar[str] = "payment-run-proposed.v1"

    scheme: Scheme
    scheme_year: SchemeYear
    run: Run
    items: tuple[RunItem, ...]
    """The requests, in the order of account and disbursement."""
    excluded: tuple[RunExclusion, ...]
    """The requests left out; may be empty."""
    total_pence: Pence
    """Whole pence of the items together: the control total."""
    list_hash: str
    """SHA-256 of the items, one a line; in hexadecimal."""


class PaymentRunApproved(Fact):
    """A list was approved as a whole, by another person; each request is approved."""

    TYPE: ClassVar[str] = "payment-run-approved.v1"

    scheme: Scheme
    scheme_year: SchemeYear
    run: Run
    proposal: str
    """The event id of the list as proposed."""
    list_hash: str
    """SHA-256 of the items, one a line, in hexadecimal: as proposed."""
    total_pence: Pence
    """Whole pence of the items together: the control total."""
    payments: Whole
    """The number of items."""


class PaymentRunClosed(Fact):
    """A payment run came to its end; what was not paid is listed."""

    TYPE: ClassVar[str] = "payment-run-closed.v1"

    scheme: Scheme
    scheme_year: SchemeYear
    run: Run
    paid_pence: Pence
    """Whole pence paid, all payments together."""
    payments: Whole
    """The number of payments made."""
    unpaid: tuple[RunItem, ...]
    """The requests of the list that were not paid; may be empty."""
