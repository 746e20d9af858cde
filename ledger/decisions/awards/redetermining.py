"""What a later award moves, from what stands to what it says, slice by slice.

Pence that a measure no longer earns are taken where they are: what is payable first,
then what is committed to requests not yet approved, then what is withheld; what is
beyond these was paid, or will be, and becomes a debt. Pence that a measure now earns
pay back its debt first. Source: DESIGN 5; ADR 0009.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from ledger.events import (
    AwardProposed,
    DisbursementCancelled,
    Fact,
    Move,
    Slices,
    WithholdingForgone,
)
from ledger.postings import FUNDING, OVERPAID, PAYABLE
from ledger.premium.account import PremiumAccount, lowest, slices
from ledger.premium.debts import Debts

Pots = dict[str, dict[str, int]]
"""Measure -> account -> pence that it gains, or loses when below zero."""


class Posted(NamedTuple):
    """What a later award posts."""

    before: tuple[Fact, ...]
    """What makes pence payable first: requests it cancels, the latest first, what it
    no longer withholds, and settlements whose place it takes."""
    moves: tuple[Move, ...]
    """Its own, none of them empty."""
    after: tuple[Fact, ...]
    """What was handed back before and settles the debt that it leaves."""


def posted(account: PremiumAccount, proposed: AwardProposed, on: date) -> Posted:
    """What a later award posts on a day."""
    gains = _gains(account, proposed)
    needed = {m: -pots.get(PAYABLE, 0) for m, pots in gains.items()}
    needed = {m: pence for m, pence in needed.items() if pence > 0}
    before, payable = _made_payable(account, proposed.determination, needed, on)
    debts = Debts(account)
    changes = {m: pots.pop(PAYABLE, 0) for m, pots in gains.items()}
    higher = {m: pence for m, pence in changes.items() if pence > 0}
    reversals = debts.reversed_for(higher, on)
    for measure, change in changes.items():
        if change > 0:
            back = min(change, debts.lowest(measure, on))
            kept = change - back
        else:
            kept = -min(-change, payable.get(measure, 0))
            back = change - kept
        gains[measure][OVERPAID], gains[measure][PAYABLE] = back, kept
        debts.owe(measure, -back, on)
    return Posted((*before, *reversals), _moves(gains), debts.settled(on))


def _gains(account: PremiumAccount, proposed: AwardProposed) -> Pots:
    """What each account gains where the award is put in the place of what stands.

    A measure's whole award, wherever it has got to, stands under what is payable.
    """
    assert account.opened is not None
    gains: Pots = defaultdict(lambda: defaultdict(int))
    for sign, moves in ((1, proposed.moves), (-1, account.determined)):
        for move in moves:
            for piece in move.slices:
                gains[piece.measure][move.target] += sign * piece.pence
    for sign, maximum in ((-1, account.opened.slices), (1, account.funded)):
        for piece in maximum:
            gains[piece.measure][FUNDING] += sign * piece.pence
    return gains


def _made_payable(
    account: PremiumAccount, determination: int, needed: Mapping[str, int], on: date
) -> tuple[tuple[Fact, ...], dict[str, int]]:
    """Cancel and forgo until what is needed is payable, or nothing is left to take.

    Returns:
        The facts, and what can then be taken of each measure at every later date.
    """
    payable_on = {m: dict(by_day) for m, by_day in account.payable_on.items()}
    facts: list[Fact] = []

    def short() -> dict[str, int]:
        payable = lowest(payable_on, on)
        missing = {m: pence - payable.get(m, 0) for m, pence in needed.items()}
        return {m: pence for m, pence in missing.items() if pence > 0}

    def pay(pieces: Slices, day: date) -> None:
        for piece in pieces:
            by_day = payable_on.setdefault(piece.measure, {})
            by_day[day] = by_day.get(day, 0) + piece.pence

    for name, request in reversed(account.disbursements.items()):
        missing = short()
        drawn = {piece.measure for piece in request.fact.slices}
        if request.state != "requested" or not drawn & missing.keys():
            continue
        facts.append(
            DisbursementCancelled(
                account=account.account,
                disbursement=name,
                determination=determination,
                slices=request.fact.slices,
                requested_effective_on=request.requested_on,
            )
        )
        pay(request.fact.slices, request.requested_on)
    for name, withholding in reversed(account.withholdings.items()):
        missing = short()
        forgone = slices(
            {m: min(p, missing.get(m, 0)) for m, p in withholding.left.items()}
        )
        if withholding.changed_on > on or not forgone:
            continue
        facts.append(
            WithholdingForgone(
                account=account.account,
                withholding=name,
                ground=withholding.fact.ground,
                determination=determination,
                slices=forgone,
            )
        )
        pay(forgone, on)
    return tuple(facts), lowest(payable_on, on)


def _moves(gains: Pots) -> tuple[Move, ...]:
    """Out of what loses into what gains, each pair once, in the order they come."""
    pairs: dict[tuple[str, str], dict[str, int]] = {}
    for measure, pots in gains.items():
        losing = _above_zero((name, -pence) for name, pence in pots.items())
        gaining = _above_zero(pots.items())
        while losing:
            source, has = losing[0]
            target, wants = gaining[0]
            pence = min(has, wants)
            pairs.setdefault((source, target), {})[measure] = pence
            losing[:1] = [(source, has - pence)] if has > pence else []
            gaining[:1] = [(target, wants - pence)] if wants > pence else []
        assert not gaining, "what a measure gains in one account it loses in others"
    return tuple(
        Move(source=source, target=target, slices=slices(pence))
        for (source, target), pence in pairs.items()
    )


def _above_zero(pots: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(name, pence) for name, pence in pots if pence > 0]
