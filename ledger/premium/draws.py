"""Which receipts a spending draws on: first in, first out, slice by slice."""

from collections.abc import Iterable, Mapping
from datetime import date

from ledger.events import Draw
from ledger.premium.account import Receipt, Spending, pro_rata, slices


def drawn(
    amount_pence: int, receipts: Mapping[str, Receipt], on: date
) -> tuple[Draw, ...]:
    """What an amount draws of receipts on a day, first paid first.

    Of each slice at most its lowest at or after the day, so that no later draw loses
    its pence. Within a receipt it is shared pro rata to those; the last takes all.
    The draws add up to the amount, or to all that is there where that is less.

    Source: DESIGN 5 (draws).
    """
    draws = []
    for receipt in receipts.values():
        if amount_pence == 0:
            break
        left = receipt.lowest(on)
        taken_pence = min(amount_pence, sum(left.values()))
        if taken_pence == 0:
            continue
        pieces = pro_rata(taken_pence, left)
        draws.append(Draw(receipt=receipt.receipt, slices=pieces))
        amount_pence -= taken_pence
    return tuple(draws)


def drawn_again(
    amount_pence: int, spending: Spending, receipts: Mapping[str, Receipt], on: date
) -> tuple[Draw, ...]:
    """What a spending draws on a day, once its draws until now are undone.

    What was credited stays on the receipts to which it was given back; the rest is
    drawn as any spending is. The draws add up to less where less is there.
    """
    restored = undone(spending.fact.draws, receipts, spending.spent_on)
    drawn_of: dict[str, dict[str, int]] = {name: {} for name in receipts}
    credited = [draw for credit in spending.credits for draw in credit.draws]
    for draw in credited:
        restored[draw.receipt].put(draw.slices, on, -1)
        if min(restored[draw.receipt].lowest(on).values()) < 0:
            return ()
    rest_pence = amount_pence - pence_of(credited)
    for draw in (*credited, *drawn(rest_pence, restored, on)):
        pieces = drawn_of[draw.receipt]
        for piece in draw.slices:
            pieces[piece.measure] = pieces.get(piece.measure, 0) + piece.pence
    return tuple(
        Draw(receipt=name, slices=slices(pieces))
        for name, pieces in drawn_of.items()
        if pieces
    )


def pence_of(draws: Iterable[Draw]) -> int:
    """What draws add up to."""
    return sum(piece.pence for draw in draws for piece in draw.slices)


def undone(
    draws: Iterable[Draw], receipts: Mapping[str, Receipt], on: date
) -> dict[str, Receipt]:
    """Receipts as they would be had the draws of a day never been; the given stay."""
    restored = {name: receipt.copied() for name, receipt in receipts.items()}
    for draw in draws:
        restored[draw.receipt].put(draw.slices, on, 1)
    return restored
