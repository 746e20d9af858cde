"""How a fact moves money: the only place that says so.

Double entry over facts, without state: every money fact states its amounts, its
slices, and where they come from and go to. Account state, journal, balances and
feed all add up these legs, so nothing is calculated twice.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from ledger import events
from ledger.events import AccountId, Draw, Fact, Move, Slices
from ledger.recorded import part

FUNDING = "board:funding"
POTENTIAL = "premium:potential"
NOT_EARNED = "premium:not-earned"
PAYABLE = "premium:payable"
COMMITTED = "premium:committed"
OVERPAID = "premium:overpaid"
SETTLED = "premium:settled"
IN_TRANSIT = "board:in-transit"
HELD = "group:held"
DISALLOWED = "group:disallowed"
OWN_FUNDS = "group:own-funds"
RETURNED = "board:returned"
RECOVERED = "board:recovered"
SET_OFF = "board:set-off"

BELOW_ZERO = {
    FUNDING: "the source of the money",
    OVERPAID: "a debt: what was paid beyond the award",
    SETTLED: "debts that were paid off, in cash or by what was handed back",
    OWN_FUNDS: "the body's own money that paid a debt",
    SET_OFF: "a debt that another account's payable settled",
}
"""The accounts that may be below zero -> what they say then (ADR 0023)."""

MAY_BE_NEGATIVE = frozenset(BELOW_ZERO)


def reduced(clause: str) -> str:
    """What one reduction or failed gate took."""
    return f"premium:reduced:{clause}"


def spent(purpose: str, payee: str) -> str:
    """What went to one payee for one purpose; no other pair has the same name."""
    return f"group:spent:{_piece(purpose)}:{_piece(payee)}"


def withheld(ground: str) -> str:
    """What is kept back by decision on one ground."""
    return f"premium:withheld:{ground}"


def passed_on(payee: str) -> str:
    """What was passed on to one payee, to be spent there."""
    return f"group:passed-on:{_piece(payee)}"


def _piece(text: str) -> str:
    return part(text).replace(":", "%3A")


class Leg(NamedTuple):
    """One account's part of a posting."""

    premium: AccountId  # Whose premium: scheme, scheme year and body.
    account: str  # Such as `premium:payable`.
    slice: str  # The measure whose pence these are.
    pence: int  # Added to the account; taken from it when below zero.
    effective_on: date


Legs = tuple[Leg, ...]

GivenBack = (
    events.DisbursementRefused
    | events.DisbursementWithdrawn
    | events.DisbursementExpired
    | events.DisbursementCancelled
)
"""How a request ends without a payment."""

_leg = tuple.__new__


def move(
    premium: AccountId, slices: Slices, source: str, target: str, effective_on: date
) -> Legs:
    """Two legs a slice: out of one account, into another."""
    legs: list[Leg] = []
    for piece in slices:
        measure, pence = piece.measure, piece.pence
        # As Leg(...), in half the time: a fact has fourteen, and all readers ask.
        legs.append(_leg(Leg, (premium, source, measure, -pence, effective_on)))
        legs.append(_leg(Leg, (premium, target, measure, pence, effective_on)))
    return tuple(legs)


def moves(premium: AccountId, stated: Iterable[Move], effective_on: date) -> Legs:
    """The legs of moves that a fact states."""
    return tuple(
        leg
        for one in stated
        for leg in move(premium, one.slices, one.source, one.target, effective_on)
    )


def _opened(fact: events.AccountOpened, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, FUNDING, POTENTIAL, effective_on)


def _stated(
    fact: events.PopulationCorrected | events.AwardConfirmed | events.WithholdingVaried,
    effective_on: date,
) -> Legs:
    return moves(fact.account, fact.moves, effective_on)


def _requested(fact: events.DisbursementRequested, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, PAYABLE, COMMITTED, effective_on)


def _given_back(fact: GivenBack, effective_on: date) -> Legs:
    """As though the request had never been: at the request's own date."""
    reversed_on = fact.requested_effective_on
    given_back = move(fact.account, fact.slices, COMMITTED, PAYABLE, reversed_on)
    if isinstance(fact, events.DisbursementCancelled):
        return given_back
    return given_back + move(
        fact.account, fact.ends_debt, PAYABLE, OVERPAID, effective_on
    )


def _paid(fact: events.DisbursementPaid, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, COMMITTED, IN_TRANSIT, effective_on) + move(
        fact.account, fact.slices, IN_TRANSIT, HELD, fact.value_date
    )


def _returned(fact: events.DisbursementReturned, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, HELD, IN_TRANSIT, fact.value_date) + moves(
        fact.account, fact.moves, effective_on
    )


def _drawn(
    premium: AccountId, draws: Iterable[Draw], target: str, effective_on: date
) -> Legs:
    """Out of what is held, receipt by receipt."""
    return tuple(
        leg
        for draw in draws
        for leg in move(premium, draw.slices, HELD, target, effective_on)
    )


def _used(
    fact: events.SpendingRecorded
    | events.SpendingCorrected
    | events.SpendingCredited
    | events.PassedOn
    | events.PassedOnCorrected
    | events.PassedOnCredited,
) -> str:
    """The account that a spending or passing-on put its pence into."""
    match fact:
        case events.PassedOn() | events.PassedOnCorrected() | events.PassedOnCredited():
            return passed_on(fact.payee)
        case _:
            return spent(fact.purpose, fact.payee)


def _spent(fact: events.SpendingRecorded | events.PassedOn, effective_on: date) -> Legs:
    return _drawn(fact.account, fact.draws, _used(fact), effective_on)


def _given_up(
    premium: AccountId, draws: Iterable[Draw], source: str, effective_on: date
) -> Legs:
    """Back into what is held, receipt by receipt."""
    return tuple(
        leg
        for draw in draws
        for leg in move(premium, draw.slices, source, HELD, effective_on)
    )


def _corrected(
    fact: events.SpendingCorrected | events.PassedOnCorrected, effective_on: date
) -> Legs:
    """What was recorded, undone; what counts; and credits under their new name."""
    account = fact.account
    source = passed_on(fact.undone_payee)
    if isinstance(fact, events.SpendingCorrected):
        source = spent(fact.undone_purpose, fact.undone_payee)
    target = _used(fact)
    carried = fact.credits if source != target else ()
    return (
        *_given_up(account, fact.undone, source, fact.undone_effective_on),
        *_drawn(account, fact.draws, target, fact.stands_on),
        *(
            leg
            for credit in carried
            for draw in credit.draws
            for leg in move(account, draw.slices, target, source, credit.credited_on)
        ),
    )


def _credited(
    fact: events.SpendingCredited | events.PassedOnCredited, effective_on: date
) -> Legs:
    return _given_up(fact.account, fact.draws, _used(fact), effective_on)


def _lapsed(fact: events.Lapsed, effective_on: date) -> Legs:
    return _drawn(fact.account, fact.draws, RETURNED, effective_on)


def _withheld(fact: events.WithholdingDecided, effective_on: date) -> Legs:
    target = withheld(fact.ground)
    return move(fact.account, fact.slices, PAYABLE, target, effective_on)


def _released(fact: events.WithholdingReleased, effective_on: date) -> Legs:
    source = withheld(fact.ground)
    return (
        *move(fact.account, fact.slices, source, PAYABLE, effective_on),
        *move(fact.account, fact.ends_debt, PAYABLE, OVERPAID, effective_on),
    )


def _forgone(fact: events.WithholdingForgone, effective_on: date) -> Legs:
    source = withheld(fact.ground)
    return move(fact.account, fact.slices, source, PAYABLE, effective_on)


def _recovered(fact: events.RecoveryReceived, effective_on: date) -> Legs:
    return (
        *_drawn(fact.account, fact.draws, RECOVERED, effective_on),
        *move(fact.account, fact.own_funds, OWN_FUNDS, RECOVERED, effective_on),
        *move(fact.account, fact.slices, SETTLED, OVERPAID, effective_on),
    )


def _settled(fact: events.DebtSettled, effective_on: date) -> Legs:
    source, target = SETTLED, OVERPAID
    if fact.reverses:
        source, target = target, source
    return move(fact.account, fact.slices, source, target, fact.settled_on)


def _debt_set_off(fact: events.DebtSetOff, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, SET_OFF, OVERPAID, effective_on)


def _payable_set_off(fact: events.PayableSetOff, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, PAYABLE, SET_OFF, effective_on)


_POSTINGS: dict[type, Callable[[Any, date], Legs]] = {
    events.AccountOpened: _opened,
    events.PopulationCorrected: _stated,
    events.AwardConfirmed: _stated,
    events.WithholdingDecided: _withheld,
    events.WithholdingVaried: _stated,
    events.WithholdingReleased: _released,
    events.WithholdingForgone: _forgone,
    events.RecoveryReceived: _recovered,
    events.DebtSettled: _settled,
    events.DebtSetOff: _debt_set_off,
    events.PayableSetOff: _payable_set_off,
    events.DisbursementRequested: _requested,
    events.DisbursementRefused: _given_back,
    events.DisbursementWithdrawn: _given_back,
    events.DisbursementExpired: _given_back,
    events.DisbursementCancelled: _given_back,
    events.DisbursementPaid: _paid,
    events.DisbursementReturned: _returned,
    events.SpendingRecorded: _spent,
    events.SpendingCorrected: _corrected,
    events.SpendingCredited: _credited,
    events.PassedOn: _spent,
    events.PassedOnCorrected: _corrected,
    events.PassedOnCredited: _credited,
    events.Lapsed: _lapsed,
}


def legs(fact: Fact, effective_on: date) -> Legs:
    """Where a fact moves money; empty when it moves none.

    Args:
        effective_on: The accounting date of the fact's meta.

    Returns:
        Legs that add up to zero, slice by slice, in the order the fact states.

    Source: DESIGN 5 (double entry over facts).
    """
    posting = _POSTINGS.get(type(fact))
    return () if posting is None else posting(fact, effective_on)


def moves_money(fact: Fact) -> bool:
    """Whether a fact is of a kind that moves money, even where it moves none."""
    return type(fact) in _POSTINGS
