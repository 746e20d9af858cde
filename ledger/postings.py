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
HELD = "group:held"
RETURNED = "board:returned"

MAY_BE_NEGATIVE = frozenset({FUNDING, OVERPAID, RETURNED})
"""The source of the money; the debt that a lower award leaves; and what came back,
below zero where a debt was settled with money that is not this premium's (ADR 0010).
"""


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
    return move(fact.account, fact.slices, COMMITTED, PAYABLE, reversed_on)


def _paid(fact: events.DisbursementPaid, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, COMMITTED, HELD, effective_on)


def _returned(fact: events.DisbursementReturned, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, HELD, PAYABLE, effective_on)


def _drawn(
    premium: AccountId, draws: Iterable[Draw], target: str, effective_on: date
) -> Legs:
    """Out of what is held, receipt by receipt."""
    return tuple(
        leg
        for draw in draws
        for leg in move(premium, draw.slices, HELD, target, effective_on)
    )


def _spent(fact: events.SpendingRecorded, effective_on: date) -> Legs:
    target = spent(fact.purpose, fact.payee)
    return _drawn(fact.account, fact.draws, target, effective_on)


def _corrected(fact: events.SpendingCorrected, effective_on: date) -> Legs:
    source = spent(fact.undone_purpose, fact.undone_payee)
    undone = tuple(
        leg
        for draw in fact.undone
        for leg in move(
            fact.account, draw.slices, source, HELD, fact.undone_effective_on
        )
    )
    target = spent(fact.purpose, fact.payee)
    return undone + _drawn(fact.account, fact.draws, target, effective_on)


def _passed_on(fact: events.PassedOn, effective_on: date) -> Legs:
    return _drawn(fact.account, fact.draws, passed_on(fact.payee), effective_on)


def _lapsed(fact: events.Lapsed, effective_on: date) -> Legs:
    return _drawn(fact.account, fact.draws, RETURNED, effective_on)


def _withheld(fact: events.WithholdingDecided, effective_on: date) -> Legs:
    target = withheld(fact.ground)
    return move(fact.account, fact.slices, PAYABLE, target, effective_on)


def _let_go(
    fact: events.WithholdingReleased | events.WithholdingForgone, effective_on: date
) -> Legs:
    source = withheld(fact.ground)
    return move(fact.account, fact.slices, source, PAYABLE, effective_on)


def _recovered(fact: events.RecoveryReceived, effective_on: date) -> Legs:
    back = _drawn(fact.account, fact.draws, RETURNED, effective_on)
    return back + move(fact.account, fact.slices, RETURNED, OVERPAID, effective_on)


def _debt_set_off(fact: events.DebtSetOff, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, RETURNED, OVERPAID, effective_on)


def _payable_set_off(fact: events.PayableSetOff, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, PAYABLE, RETURNED, effective_on)


_POSTINGS: dict[type, Callable[[Any, date], Legs]] = {
    events.AccountOpened: _opened,
    events.PopulationCorrected: _stated,
    events.AwardConfirmed: _stated,
    events.WithholdingDecided: _withheld,
    events.WithholdingVaried: _stated,
    events.WithholdingReleased: _let_go,
    events.WithholdingForgone: _let_go,
    events.RecoveryReceived: _recovered,
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
    events.PassedOn: _passed_on,
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
