"""How a fact moves money: the only place that says so.

Double entry over facts, without state: every money fact states its amounts, its
slices, and where they come from and go to. Account state, journal, balances and
feed all add up these legs, so nothing is calculated twice.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from ledger import events
from ledger.events import AccountId, Fact, Move, Slices
from ledger.recorded import part

FUNDING = "board:funding"
POTENTIAL = "premium:potential"
NOT_EARNED = "premium:not-earned"
PAYABLE = "premium:payable"
COMMITTED = "premium:committed"
HELD = "group:held"

MAY_BE_NEGATIVE = frozenset({FUNDING, "premium:overpaid"})
"""The source of the money, and the debt that a lower award leaves."""


def reduced(clause: str) -> str:
    """What one reduction or failed gate took."""
    return f"premium:reduced:{clause}"


def spent(purpose: str, payee: str) -> str:
    """What went to one payee for one purpose; no other pair has the same name."""
    return f"group:spent:{_piece(purpose)}:{_piece(payee)}"


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


def _confirmed(fact: events.AwardConfirmed, effective_on: date) -> Legs:
    return moves(fact.account, fact.moves, effective_on)


def _requested(fact: events.DisbursementRequested, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, PAYABLE, COMMITTED, effective_on)


def _refused(fact: events.DisbursementRefused, effective_on: date) -> Legs:
    reversed_on = fact.requested_effective_on
    return move(fact.account, fact.slices, COMMITTED, PAYABLE, reversed_on)


def _paid(fact: events.DisbursementPaid, effective_on: date) -> Legs:
    return move(fact.account, fact.slices, COMMITTED, HELD, effective_on)


def _spent(fact: events.SpendingRecorded, effective_on: date) -> Legs:
    target = spent(fact.purpose, fact.payee)
    return tuple(
        leg
        for draw in fact.draws
        for leg in move(fact.account, draw.slices, HELD, target, effective_on)
    )


_POSTINGS: dict[type, Callable[[Any, date], Legs]] = {
    events.AccountOpened: _opened,
    events.AwardConfirmed: _confirmed,
    events.DisbursementRequested: _requested,
    events.DisbursementRefused: _refused,
    events.DisbursementPaid: _paid,
    events.SpendingRecorded: _spent,
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
