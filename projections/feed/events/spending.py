"""What is published of spending, passing-on and what is left."""

from datetime import date
from typing import ClassVar

from projections.feed.events.fields import (
    Credit,
    Draw,
    Fact,
    Payee,
    Pence,
    Public,
    Purpose,
    Spending,
    Transaction,
)
from projections.feed.events.money import ReferencePart


class CarriedCredit(Public):
    """A credit as it stands under a correction: its day and its pence stay."""

    credit: Credit
    credited_on: date
    """Its own day."""
    draws: tuple[Draw, ...]
    """What it gave back to each receipt."""


class SpendingRecorded(Fact):
    """A body spent part of what it received, for a permitted purpose."""

    TYPE: ClassVar[str] = "spending-recorded.v1"

    spending: Spending
    payee: Payee
    purpose: Purpose
    amount_pence: Pence
    """Whole pence spent."""
    draws: tuple[Draw, ...]
    """The receipts it draws on, first in, first out; they add up to the amount."""
    transaction: Transaction = None
    plan: str | None = None
    """The plan that it is part of, by an id of the body's own. Null if none."""


class SpendingCorrected(Fact):
    """A spending was recorded wrongly: its draws are undone, and drawn again.

    What is undone bears the date of what it undoes; what replaces it stands there too,
    unless the spending was of another day.
    """

    TYPE: ClassVar[str] = "spending-corrected.v1"

    spending: Spending
    corrects: str
    """The event id of the spending, or of the correction of it, that counted before."""
    payee: Payee
    purpose: Purpose
    amount_pence: Pence
    """Whole pence spent, as it counts now; 0: it was never spent."""
    draws: tuple[Draw, ...]
    """The receipts it draws on now; they add up to the amount."""
    stands_on: date
    """The day it was spent: the draws count from then."""
    undone_payee: str
    """The payee that counted before, by id."""
    undone_purpose: str
    """The purpose that counted before."""
    undone: tuple[Draw, ...]
    """Exactly the draws that counted before."""
    undone_effective_on: date
    """The accounting date of what is undone: its legs are reversed there."""
    credits: tuple[CarriedCredit, ...]
    """What came back until now, which goes over to its payee and purpose."""
    transaction: Transaction = None


class SpendingCredited(Fact):
    """Part of a spending came back from the payee, and is held again from that day."""

    TYPE: ClassVar[str] = "spending-credited.v1"

    spending: Spending
    credit: Credit
    payee: Payee
    purpose: Purpose
    amount_pence: Pence
    """Whole pence that came back."""
    draws: tuple[Draw, ...]
    """What it gives back to each receipt; they add up to the amount."""


class PassedOn(Fact):
    """A body passed money on to another that spends it; counted once, here."""

    TYPE: ClassVar[str] = "passed-on.v1"

    spending: Spending
    payee: Payee
    purpose: Purpose
    amount_pence: Pence
    """Whole pence passed on."""
    draws: tuple[Draw, ...]
    """The receipts it draws on, first in, first out; they add up to the amount."""
    transaction: Transaction = None


class PassedOnCorrected(Fact):
    """A passing-on was recorded wrongly: it is set right as a spending is."""

    TYPE: ClassVar[str] = "passed-on-corrected.v1"

    spending: Spending
    corrects: str
    """The event id of the passing-on, or of its correction, that counted before."""
    payee: Payee
    purpose: Purpose
    amount_pence: Pence
    """Whole pence passed on, as it counts now; 0: it never was."""
    draws: tuple[Draw, ...]
    """The receipts it draws on now; they add up to the amount."""
    stands_on: date
    """The day it was passed on: the draws count from then."""
    undone_payee: str
    """The payee that counted before, by id."""
    undone_purpose: str
    """The purpose that counted before."""
    undone: tuple[Draw, ...]
    """Exactly the draws that counted before."""
    undone_effective_on: date
    """The accounting date of what is undone: its legs are reversed there."""
    credits: tuple[CarriedCredit, ...]
    """What came back until now, which goes over to its payee and purpose."""
    transaction: Transaction = None


class PassedOnCredited(Fact):
    """Part of what was passed on came back, and is held again from that day."""

    TYPE: ClassVar[str] = "passed-on-credited.v1"

    spending: Spending
    credit: Credit
    payee: Payee
    purpose: Purpose
    amount_pence: Pence
    """Whole pence that came back."""
    draws: tuple[Draw, ...]
    """What it gives back to each receipt; they add up to the amount."""


class UnspentDeclared(Fact):
    """A body said what it had not spent on a day. It posts nothing."""

    TYPE: ClassVar[str] = "unspent-declared.v1"

    on: date
    """The day at whose end it was so."""
    amount_pence: Pence
    """Whole pence not spent."""


class LapseProposed(Fact):
    """That unspent money was handed back was put forward; it posts nothing."""

    TYPE: ClassVar[str] = "lapse-proposed.v1"

    lapse: str
    """The lapse by its id within the premium."""
    amount_pence: Pence
    """Whole pence handed back."""
    reference: str
    """The payment's reference, as the bank gave it."""
    parts: tuple[ReferencePart, ...]
    """All that the movement was made of; none: the lapse is the whole of it, or the
    parts are on record."""


class LapseRefused(Fact):
    """A proposed lapse was refused by another person; what is held stays held."""

    TYPE: ClassVar[str] = "lapse-refused.v1"

    lapse: str
    """The lapse by its id within the premium."""
    proposal: str
    """The event id of the proposal."""


class Lapsed(Fact):
    """What was not spent in time was handed back, as another person proposed."""

    TYPE: ClassVar[str] = "lapsed.v1"

    lapse: str
    """The lapse by its id within the premium."""
    proposal: str
    """The event id of the proposal."""
    amount_pence: Pence
    """Whole pence handed back."""
    draws: tuple[Draw, ...]
    """The receipts it is taken from; they add up to the amount."""
    reference: str
    """The payment's reference, as the bank gave it."""
