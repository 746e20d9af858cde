"""What an auditor ties to the bank: one premium's money in one payment year.

Each figure is a sum of legs by their own days; what stood at the beginning and what
moved in the year add up to what stands at its end, in transit and held alike.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ledger import events
from ledger.calendar import first_day, last_day
from ledger.periods import Close, Mark, marks
from ledger.postings import (
    HELD,
    IN_TRANSIT,
    OVERPAID,
    OWN_FUNDS,
    RECOVERED,
    RETURNED,
    SET_OFF,
    Leg,
    legs,
)
from ledger.recorded import Recorded

PAID_OUT = "paid out"
BANK_RETURNED = "returned by the bank"
RECEIVED = "received"
SPENT = "spent"
PASSED_ON = "passed on"
DISALLOWED = "disallowed"
HANDED_BACK = "came back: returned"
CAME_BACK = "came back: recovered"
OWN = "of which the body's own funds"
OFFSET = "came back: set off"

MOVED = (
    *(PAID_OUT, BANK_RETURNED, RECEIVED, SPENT, PASSED_ON, DISALLOWED),
    *(HANDED_BACK, CAME_BACK, OWN, OFFSET),
)
"""What moves in a year, in the order that people read it."""

_ACCOUNTS = {RETURNED: HANDED_BACK, RECOVERED: CAME_BACK}
_PREFIXES = {
    "group:spent:": SPENT,
    "group:passed-on:": PASSED_ON,
    "group:disallowed": DISALLOWED,
}


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
    in_transit_before_pence: int
    held_before_pence: int
    moved: dict[str, int]  # Each of MOVED -> pence, from the first day to the last.
    in_transit_pence: int
    held_pence: int
    debt_pence: int  # At the end; zero or more.
    cut_off: tuple[InTransit, ...]  # Adds up to what is in transit at the end.
    marks: tuple[Mark, ...]  # In the order of the ledger.

    @property
    def in_transit_difference_pence(self) -> int:
        """What the year's movements leave unexplained of what is in transit."""
        of = self.moved
        went = of[PAID_OUT] - of[BANK_RETURNED] - of[RECEIVED]
        return self.in_transit_pence - self.in_transit_before_pence - went

    @property
    def held_difference_pence(self) -> int:
        """What the year's movements leave unexplained of what is held."""
        of = self.moved
        used = of[SPENT] + of[PASSED_ON] + of[DISALLOWED]
        gone = of[HANDED_BACK] + of[CAME_BACK] - of[OWN]
        went = of[RECEIVED] - used - gone
        return self.held_pence - self.held_before_pence - went

    @property
    def cut_off_difference_pence(self) -> int:
        """What is in transit beyond the payments listed."""
        return self.in_transit_pence - sum(one.pence for one in self.cut_off)

    @property
    def ties(self) -> bool:
        """Whether everything adds up to the penny."""
        return not (
            self.in_transit_difference_pence
            or self.held_difference_pence
            or self.cut_off_difference_pence
        )


def certificate(
    account: Sequence[Recorded], closed: Sequence[Close], payment_year: str
) -> Certificate:
    """One premium's money in one payment year, as its records say.

    Args:
        account: The account's records, in order of version.
        closed: Every close of the books, in order.
        payment_year: Such as `2015-16`.
    """
    first, last = first_day(payment_year), last_day(payment_year)
    before = first - timedelta(days=1)
    stood = {(name, day): 0 for name in (IN_TRANSIT, HELD) for day in (before, last)}
    moved = dict.fromkeys(MOVED, 0)
    debt_pence = 0
    payments: dict[str, events.DisbursementPaid] = {}
    paid_on: dict[str, date] = {}
    travelling: dict[str, int] = {}
    for one in account:
        fact = one.fact
        if isinstance(fact, events.DisbursementPaid):
            payments[fact.disbursement] = fact
            paid_on[fact.disbursement] = one.meta.effective_on
        counted = [
            leg for leg in legs(fact, one.meta.effective_on) if leg.effective_on <= last
        ]
        for leg in counted:
            for day in (before, last):
                if leg.account in (IN_TRANSIT, HELD) and leg.effective_on <= day:
                    stood[leg.account, day] += leg.pence
            if leg.account == IN_TRANSIT:
                name = str(getattr(fact, "disbursement", ""))
                travelling[name] = travelling.get(name, 0) + leg.pence
            if leg.account == OVERPAID:
                debt_pence -= leg.pence
            line, pence = _line(fact, leg)
            if line is not None and leg.effective_on >= first:
                moved[line] += pence
    return Certificate(
        first=first,
        last=last,
        in_transit_before_pence=stood[IN_TRANSIT, before],
        held_before_pence=stood[HELD, before],
        moved=moved,
        in_transit_pence=stood[IN_TRANSIT, last],
        held_pence=stood[HELD, last],
        debt_pence=debt_pence,
        cut_off=tuple(
            InTransit(
                name,
                payments[name].reference,
                paid_on[name],
                payments[name].value_date,
                pence,
            )
            for name, pence in travelling.items()
            if pence and name in payments
        ),
        marks=tuple(marks(account, closed, by=last)),
    )


def _line(fact: events.Fact, leg: Leg) -> tuple[str | None, int]:
    """The line that a leg is part of, if any, and its pence there."""
    name, pence = leg.account, leg.pence
    if name == IN_TRANSIT and isinstance(fact, events.DisbursementPaid):
        # The way out of it is what is received, and counted there.
        return (PAID_OUT, pence) if pence > 0 else (None, 0)
    if name == IN_TRANSIT:
        # What the bank returned comes back out; that it was held is undone below.
        return (BANK_RETURNED, -pence) if pence < 0 else (None, 0)
    if name == HELD:
        paid = events.DisbursementPaid | events.DisbursementReturned
        return (RECEIVED, pence) if isinstance(fact, paid) else (None, 0)
    if name == OWN_FUNDS:
        return OWN, -pence
    if name == SET_OFF:
        return OFFSET, pence
    for prefix, line in _PREFIXES.items():
        if name.startswith(prefix):
            return line, pence
    return _ACCOUNTS.get(name), pence
