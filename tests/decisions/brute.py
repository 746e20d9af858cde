"""What stands in each account, worked out from facts without their legs.

It asks of each pot what is in it on a day: what the award in force says, which
requests live, which version of a spending counts. What is payable is what is left of
the award. Nothing here imports postings; that is the point of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from ledger.events import (
    AccountOpened,
    AwardConfirmed,
    AwardProposed,
    DebtSetOff,
    DebtSettled,
    DisbursementCancelled,
    DisbursementExpired,
    DisbursementPaid,
    DisbursementRefused,
    DisbursementRequested,
    DisbursementReturned,
    DisbursementWithdrawn,
    Draw,
    Lapsed,
    PassedOn,
    PassedOnCorrected,
    PassedOnCredited,
    PayableSetOff,
    PopulationCorrected,
    RecoveryReceived,
    Slice,
    SpendingCorrected,
    SpendingCredited,
    SpendingRecorded,
    WithholdingDecided,
    WithholdingForgone,
    WithholdingReleased,
    WithholdingVaried,
)
from ledger.recorded import Recorded

Standing = dict[tuple[str, str], int]
"""Pot and measure -> pence; pots of nothing are left out.

Pots are accounts, but that all reductions are one, and all spending, and all passing
on: `reduced`, `spent`, `passed-on`.
"""

ENDED = (
    DisbursementRefused,
    DisbursementWithdrawn,
    DisbursementExpired,
    DisbursementCancelled,
)


def standing(records: Sequence[Recorded], effective: date, known: int) -> Standing:
    """What stands in an account's pots at the end of a day, as known at a position."""
    told = [one for one in records if one.position <= known]
    pots: Standing = defaultdict(int)
    award = _award(told, effective, pots)
    _withheld(told, effective, pots)
    _requests(told, effective, pots)
    _uses(told, effective, pots)
    _debt(told, effective, pots)
    placed: dict[str, int] = defaultdict(int)
    for (pot, measure), pence in pots.items():
        if pot not in ("board:funding", "premium:potential", "premium:not-earned"):
            placed[measure] += pence if pot != "reduced" else 0
    for measure in {*award, *placed}:
        pots["premium:payable", measure] = award.get(measure, 0) - placed[measure]
    return {key: pence for key, pence in pots.items() if pence}


def _award(told: Sequence[Recorded], on: date, pots: Standing) -> dict[str, int]:
    """Maximum, what is not earned and reduced; and the award in force, by measure."""
    proposals = {
        one.fact.determination: one.fact
        for one in told
        if isinstance(one.fact, AwardProposed)
    }
    slices: Iterable[Slice] = ()
    award: AwardProposed | None = None
    confirmed = False
    for one in told:
        fact: Any = one.fact
        in_time = one.meta.effective_on <= on
        match fact:
            case AccountOpened() if in_time:
                slices = fact.slices
            case PopulationCorrected() if in_time and not confirmed:
                slices = fact.slices
            case AwardConfirmed():
                confirmed = True
                if in_time:
                    award = proposals[fact.determination]
    if award is None:
        for piece in slices:
            pots["board:funding", piece.measure] -= piece.pence
            pots["premium:potential", piece.measure] += piece.pence
        return {}
    for line in award.lines:
        pots["board:funding", line.measure] -= line.maximum_pence
        lost = line.maximum_pence - line.earned_pence
        pots["premium:not-earned", line.measure] += lost
        pots["reduced", line.measure] += line.earned_pence - line.payable_pence
    return {line.measure: line.payable_pence for line in award.lines}


def _withheld(told: Sequence[Recorded], on: date, pots: Standing) -> None:
    grounds: dict[str, str] = {}
    for one in told:
        fact = one.fact
        if isinstance(fact, WithholdingDecided):
            grounds[fact.withholding] = fact.ground
        if one.meta.effective_on > on:
            continue
        match fact:
            case WithholdingDecided():
                sign, pieces = 1, fact.slices
            case WithholdingReleased() | WithholdingForgone():
                sign, pieces = -1, fact.slices
            case WithholdingVaried():
                sign = 1 if fact.amount_pence > fact.before_pence else -1
                pieces = tuple(p for move in fact.moves for p in move.slices)
            case _:
                continue
        pot = f"premium:withheld:{grounds[fact.withholding]}"
        for piece in pieces:
            pots[pot, piece.measure] += sign * piece.pence


def _requests(told: Sequence[Recorded], on: date, pots: Standing) -> None:
    """Set aside is what was asked for by then, was not ended since, and is not paid."""
    ended = {one.fact.disbursement for one in told if isinstance(one.fact, ENDED)}
    paid = {
        one.fact.disbursement
        for one in told
        if isinstance(one.fact, DisbursementPaid) and one.meta.effective_on <= on
    }
    for one in told:
        fact = one.fact
        if (
            isinstance(fact, DisbursementRequested)
            and one.meta.effective_on <= on
            and fact.disbursement not in ended | paid
        ):
            for piece in fact.slices:
                pots["premium:committed", piece.measure] += piece.pence


def _uses(told: Sequence[Recorded], on: date, pots: Standing) -> None:
    """What was received, and where it went: of a spending only its last version."""
    back = {
        one.fact.disbursement: one.meta.effective_on
        for one in told
        if isinstance(one.fact, DisbursementReturned)
    }
    versions: dict[str, tuple[date, str, Iterable[Draw]]] = {}
    gone: list[tuple[str, Iterable[Draw]]] = []
    for one in told:
        fact, day = one.fact, one.meta.effective_on
        match fact:
            case SpendingRecorded():
                versions[fact.spending] = (day, "spent", fact.draws)
            case PassedOn():
                versions[fact.spending] = (day, "passed-on", fact.draws)
            case SpendingCorrected():
                versions[fact.spending] = (fact.stands_on, "spent", fact.draws)
            case PassedOnCorrected():
                versions[fact.spending] = (fact.stands_on, "passed-on", fact.draws)
            case DisbursementPaid():
                place = _paid(fact, day, back.get(fact.disbursement), on)
                if place is not None:
                    _put(fact.slices, place, pots, 1)
            case Lapsed() if day <= on:
                gone.append(("board:returned", fact.draws))
            case RecoveryReceived() if day <= on:
                gone.append(("board:recovered", fact.draws))
            case SpendingCredited() | PassedOnCredited() if day <= on:
                spent = isinstance(fact, SpendingCredited)
                _take("spent" if spent else "passed-on", fact.draws, pots, -1)
    gone += [(pot, draws) for day, pot, draws in versions.values() if day <= on]
    for pot, draws in gone:
        _take(pot, draws, pots, 1)


def _paid(
    fact: DisbursementPaid, paid_on: date, returned_on: date | None, on: date
) -> str | None:
    """Where a payment is on a day; nowhere before it, or once the bank returned it."""
    if paid_on > on or (returned_on is not None and returned_on <= on):
        return None
    if returned_on is not None or fact.value_date > on:
        return "board:in-transit"
    return "group:held"


def _take(pot: str, draws: Iterable[Draw], pots: Standing, sign: int) -> None:
    for draw in draws:
        for piece in draw.slices:
            pots["group:held", piece.measure] -= sign * piece.pence
            pots[pot, piece.measure] += sign * piece.pence


def _debt(told: Sequence[Recorded], on: date, pots: Standing) -> None:
    for one in told:
        fact = one.fact
        if isinstance(fact, DebtSettled) and fact.settled_on <= on:
            sign = -1 if fact.reverses else 1
            _put(fact.slices, "premium:overpaid", pots, sign)
            _put(fact.slices, "premium:settled", pots, -sign)
        if one.meta.effective_on > on:
            continue
        match fact:
            case AwardConfirmed():
                for move in fact.moves:
                    if move.source == "premium:overpaid":
                        _put(move.slices, move.source, pots, -1)
                    if move.target == "premium:overpaid":
                        _put(move.slices, move.target, pots, 1)
            case DisbursementReturned() | WithholdingVaried():
                for move in fact.moves:
                    if move.target == "premium:overpaid":
                        _put(move.slices, move.target, pots, 1)
            case (
                WithholdingReleased()
                | DisbursementRefused()
                | DisbursementWithdrawn()
                | DisbursementExpired()
            ):
                _put(fact.ends_debt, "premium:overpaid", pots, 1)
            case RecoveryReceived():
                _put(fact.slices, "premium:overpaid", pots, 1)
                _put(fact.slices, "premium:settled", pots, -1)
                _put(fact.own_funds, "group:own-funds", pots, -1)
                _put(fact.own_funds, "board:recovered", pots, 1)
            case DebtSetOff():
                _put(fact.slices, "premium:overpaid", pots, 1)
                _put(fact.slices, "board:set-off", pots, -1)
            case PayableSetOff():
                _put(fact.slices, "board:set-off", pots, 1)


def _put(slices: Iterable[Slice], pot: str, pots: Standing, sign: int) -> None:
    for piece in slices:
        pots[pot, piece.measure] += sign * piece.pence
