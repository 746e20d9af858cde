"""A premium's money in a payment year, as an auditor ties it to the bank.

Each line is a sum of legs by their own days. An account keeps them day by day, so that
who decides on a certificate adds up what its reader does, and reads no record for it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ledger import events
from ledger.calendar import first_day, last_day
from ledger.events import AccountId, CertifiedPremium
from ledger.money import Pence
from ledger.postings import (
    DISALLOWED,
    HELD,
    IN_TRANSIT,
    OWN_FUNDS,
    RECOVERED,
    RETURNED,
    SET_OFF,
    Leg,
)
from ledger.premium.account import Changes, PremiumAccount

LINES = {
    "in_transit_before_pence": "in transit before the year",
    "held_before_pence": "held before the year",
    "paid_out_pence": "paid out",
    "bank_returned_pence": "returned by the bank",
    "received_pence": "received",
    "spent_pence": "spent",
    "passed_on_pence": "passed on",
    "disallowed_pence": "disallowed",
    "handed_back_pence": "came back: returned",
    "recovered_pence": "came back: recovered",
    "own_funds_pence": "of which the body's own funds",
    "set_off_pence": "came back: set off",
    "in_transit_pence": "in transit at the end",
    "held_pence": "held at the end",
    "debt_pence": "debt outstanding",
    "bank_pence": "held at the end, as the bank says",
}
"""The figures of a certified premium, in the order people read them -> what each is."""

MOVED = tuple(LINES)[2:12]
"""Those of what moves in a year; an account keeps them, and what stands, by day."""

_FIELDS = {
    IN_TRANSIT: "in_transit_pence",
    HELD: "held_pence",
    DISALLOWED: "disallowed_pence",
    RETURNED: "handed_back_pence",
    RECOVERED: "recovered_pence",
    SET_OFF: "set_off_pence",
}


def move(moved_on: Changes, fact: events.Fact, posted: Iterable[Leg]) -> None:
    """Take the legs of one more fact into what moved on each day, by figure."""
    for _, name, _, pence, day in posted:
        if name.startswith("premium:"):
            continue
        for field, more in _figures(fact, name, pence):
            by_day = moved_on.setdefault(field, {})
            by_day[day] = by_day.get(day, 0) + more


def _figures(fact: events.Fact, name: str, pence: int) -> Iterator[tuple[str, int]]:
    """The figures that a leg is part of, and its pence there."""
    if name in _FIELDS:
        yield _FIELDS[name], pence
    elif name == OWN_FUNDS:
        yield "own_funds_pence", -pence
    elif name.startswith("group:spent:"):
        yield "spent_pence", pence
    elif name.startswith("group:passed-on:"):
        yield "passed_on_pence", pence
    paid = isinstance(fact, events.DisbursementPaid)
    if name == IN_TRANSIT and paid and pence > 0:
        # The way out of it is what is received, and counted there.
        yield "paid_out_pence", pence
    elif name == IN_TRANSIT and not paid and pence < 0:
        # What the bank returned comes back out; that it was held is undone below.
        yield "bank_returned_pence", -pence
    elif name == HELD and (paid or isinstance(fact, events.DisbursementReturned)):
        yield "received_pence", pence


def certified(account: PremiumAccount, payment_year: str) -> CertifiedPremium:
    """A premium's figures of a payment year, as it now stands."""
    first, last = first_day(payment_year), last_day(payment_year)
    before = first - timedelta(days=1)

    def moved(field: str, since: date, by: date) -> int:
        days = account.moved_on.get(field, {}).items()
        return sum(pence for day, pence in days if since <= day <= by)

    bank = account.stated.get(("balance", HELD, last, "bank"))
    return CertifiedPremium(
        account=account.account,
        in_transit_before_pence=moved("in_transit_pence", date.min, before),
        held_before_pence=moved("held_pence", date.min, before),
        **{field: moved(field, first, last) for field in MOVED},
        in_transit_pence=moved("in_transit_pence", date.min, last),
        held_pence=moved("held_pence", date.min, last),
        debt_pence=-sum(
            pence
            for by_day in account.overpaid_on.values()
            for day, pence in by_day.items()
            if day <= last
        ),
        bank_pence=bank.pence if isinstance(bank, events.BalanceAsserted) else None,
    )


def nothing(account: AccountId) -> CertifiedPremium:
    """The figures of a premium of which nothing moved and nothing stands."""
    return certified(PremiumAccount(account=account), "2013-14")


class Difference(NamedTuple):
    """A line of a certificate that is another now."""

    account: AccountId
    line: str  # One of LINES' words.
    certified_pence: Pence | None  # None: the bank had said nothing.
    stands_pence: Pence | None


def differences(
    certified: CertifiedPremium, stands: CertifiedPremium
) -> tuple[Difference, ...]:
    """The lines in which two figures of one premium differ, in their order."""
    return tuple(
        Difference(stands.account, line, was, now)
        for field, line in LINES.items()
        for was, now in [(getattr(certified, field), getattr(stands, field))]
        if was != now
    )
