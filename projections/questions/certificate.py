"""What an auditor ties to the bank: one premium's money in one payment year.

Each figure is a sum of legs by their own days; what stood at the beginning and what
moved in the year add up to what stands at its end, in transit and held alike.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from ledger.calendar import first_day, last_day
from ledger.events import (
    AccountId,
    CertificateApproved,
    CertificatePrepared,
    CertifiedPremium,
    PartyId,
)
from ledger.periods import Close, Mark, marks
from ledger.postings import IN_TRANSIT, legs
from ledger.premium.evolve import folded
from ledger.premium.payment_years import (
    LINES,
    MOVED,
    Difference,
    certified,
    differences,
    nothing,
)
from ledger.recorded import Recorded


class InTransit(NamedTuple):
    """A payment that had left and had not arrived at the end of the year."""

    disbursement: str
    reference: str
    paid_on: date
    value_date: date
    pence: int


class Certificate(NamedTuple):
    """One premium's money in one payment year."""

    first: date
    last: date
    figures: CertifiedPremium
    cut_off: tuple[InTransit, ...]  # Adds up to what is in transit at the end.
    marks: tuple[Mark, ...]  # In the order of the ledger.

    @property
    def moved(self) -> dict[str, int]:
        """What each is -> what moved in the year, in the order people read it."""
        return {LINES[field]: getattr(self.figures, field) for field in MOVED}

    @property
    def in_transit_difference_pence(self) -> int:
        """What the year's movements leave unexplained of what is in transit."""
        of = self.figures
        went = of.paid_out_pence - of.bank_returned_pence - of.received_pence
        return of.in_transit_pence - of.in_transit_before_pence - went

    @property
    def held_difference_pence(self) -> int:
        """What the year's movements leave unexplained of what is held."""
        of = self.figures
        used = of.spent_pence + of.passed_on_pence + of.disallowed_pence
        gone = of.handed_back_pence + of.recovered_pence - of.own_funds_pence
        went = of.received_pence - used - gone
        return of.held_pence - of.held_before_pence - went

    @property
    def cut_off_difference_pence(self) -> int:
        """What is in transit beyond the payments listed."""
        return self.figures.in_transit_pence - sum(one.pence for one in self.cut_off)

    @property
    def ties(self) -> bool:
        """Whether everything adds up to the penny."""
        return not (
            self.in_transit_difference_pence
            or self.held_difference_pence
            or self.cut_off_difference_pence
        )


class Preparation(NamedTuple):
    """Figures of a body's payment year that were put forward, beside those of now."""

    preparation: int
    prepared_by: PartyId
    prepared_on: date  # Effective, as is the other.
    prepared_at: datetime  # When it was recorded, in UTC, as is the other.
    approved_by: PartyId | None  # None: it waits.
    approved_on: date | None
    approved_at: datetime | None
    differs: tuple[Difference, ...]  # Lines that are others now; of all premiums.


def preparations(
    records: Sequence[Recorded], figures: Sequence[CertifiedPremium]
) -> tuple[Preparation, ...]:
    """What was approved last, and what was prepared since and waits; may be empty.

    A premium that was left out is held against nothing.

    Args:
        records: Of the body's payment year, in order of version.
        figures: Those of every premium of the body, as they stand.
    """
    found: dict[int, Preparation] = {}
    approved = 0
    for one in records:
        fact, meta = one.fact, one.meta
        by, on, at = meta.actor, meta.effective_on, meta.recorded_at
        if isinstance(fact, CertificatePrepared):
            differs = _differs(fact, figures)
            number = fact.preparation
            waits = (None, None, None)
            found[number] = Preparation(number, by, on, at, *waits, differs)
        elif isinstance(fact, CertificateApproved):
            approved = fact.preparation
            found[approved] = found[approved]._replace(
                approved_by=by, approved_on=on, approved_at=at
            )
    last = max(found, default=0)
    return tuple(found[one] for one in sorted({approved, last} - {0}))


def _differs(
    prepared: CertificatePrepared, figures: Sequence[CertifiedPremium]
) -> tuple[Difference, ...]:
    was = {one.account: one for one in prepared.premiums}
    return tuple(
        difference
        for one in figures
        for difference in differences(was.get(one.account, nothing(one.account)), one)
    )


def certificate(
    account: AccountId,
    records: Sequence[Recorded],
    closed: Sequence[Close],
    payment_year: str,
) -> Certificate:
    """One premium's money in one payment year, as its records say.

    Args:
        records: The account's, in order of version.
        closed: Every close of the books, in order.
        payment_year: Such as `2015-16`.
    """
    first, last = first_day(payment_year), last_day(payment_year)
    state = folded(account, records)
    travelling: dict[str, int] = {}
    for one in records:
        for leg in legs(one.fact, one.meta.effective_on):
            if leg.account == IN_TRANSIT and leg.effective_on <= last:
                name = str(getattr(one.fact, "disbursement", ""))
                travelling[name] = travelling.get(name, 0) + leg.pence
    cut_off = tuple(
        InTransit(name, of.paid.reference, of.paid_on, of.paid.value_date, pence)
        for name, pence in travelling.items()
        for of in [state.disbursements.get(name)]
        if pence and of is not None and of.paid is not None and of.paid_on is not None
    )
    figures = certified(state, payment_year)
    late = tuple(marks(records, closed, by=last))
    return Certificate(first, last, figures, cut_off, late)
