"""What is published of the books: closes, certificates, what others say of balances."""

from datetime import date
from typing import ClassVar

from projections.feed.events.fields import (
    Body,
    Document,
    Fact,
    PaymentYear,
    Pence,
    PremiumId,
    Preparation,
    Public,
)


class PeriodClosed(Fact):
    """The books were closed through a day; what comes later for it is marked."""

    TYPE: ClassVar[str] = "period-closed.v1"

    through: date
    """The last day that is closed."""


class CertifiedPremium(Public):
    """One premium's money in a payment year: every line of a certificate, gross."""

    account: PremiumId
    in_transit_before_pence: Pence
    """Whole pence that had left and not arrived when the year began."""
    held_before_pence: Pence
    """Whole pence that the body held when the year began."""
    paid_out_pence: Pence
    """Whole pence that the payer's bank paid in the year."""
    bank_returned_pence: Pence
    """Whole pence that the bank gave back of what was paid."""
    received_pence: Pence
    """Whole pence that arrived, on their value dates."""
    spent_pence: Pence
    """Whole pence that the body spent."""
    passed_on_pence: Pence
    """Whole pence that the body passed on, to be spent there."""
    disallowed_pence: Pence
    """Whole pence of spending that was rejected."""
    handed_back_pence: Pence
    """Whole pence that came back unspent, or disallowed."""
    recovered_pence: Pence
    """Whole pence that came back in cash against a debt."""
    own_funds_pence: Pence
    """Whole pence of that which were the body's own money, and never held."""
    set_off_pence: Pence
    """Whole pence of debt that another premium settled, or the reverse."""
    in_transit_pence: Pence
    """Whole pence that had left and not arrived when the year ended."""
    held_pence: Pence
    """Whole pence that the body held when the year ended."""
    debt_pence: Pence
    """Whole pence that the body owed when the year ended; zero or more."""
    bank_pence: Pence | None = None
    """Whole pence that the bank says were held then. Null where it says nothing."""


class CertificatePrepared(Fact):
    """A body's money in a payment year was put forward as the ledger has it."""

    TYPE: ClassVar[str] = "certificate-prepared.v1"

    body: Body
    payment_year: PaymentYear
    preparation: Preparation
    premiums: tuple[CertifiedPremium, ...]
    """The body's premiums, in the order of their accounts."""


class CertificateApproved(Fact):
    """What was prepared was approved by another person, as the ledger then had it."""

    TYPE: ClassVar[str] = "certificate-approved.v1"

    body: Body
    payment_year: PaymentYear
    preparation: Preparation


class BalanceAsserted(Fact):
    """A bank or another ledger says what an account held at the end of a day.

    Whether it agrees is worked out at reading; a difference is a finding.
    """

    TYPE: ClassVar[str] = "balance-asserted.v1"

    of: str
    """An account of the premium, such as `group:held`."""
    on: date
    """The day at whose end it was so."""
    pence: Pence
    """Whole pence; negative only for a debt."""
    says: str
    """Who says so: `bank`, or `ledger` for another ledger."""
    document: Document = None
