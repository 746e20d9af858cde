"""Which receipts a spending draws on: first in, first out, slice by slice."""

from collections.abc import Iterable, Mapping
from datetime import date

from ledger.events import Draw
from ledger.premium.account import Receipt, pro_rata


def drawn(
    amount_pence: int, receipts: Mapping[str, Receipt], by: date
) -> tuple[Draw, ...]:
    """What an amount draws of receipts effective by a day, first received first.

    Within a receipt it is shared pro rata over the slices left; the last takes all.
    The draws add up to the amount, or to all that is there where that is less.

    Source: DESIGN 5 (draws).
    """
    draws = []
    for receipt in receipts.values():
        left_pence = receipt.left_pence
        if amount_pence == 0:
            break
        if receipt.effective_on > by or left_pence == 0:
            continue
        taken_pence = min(amount_pence, left_pence)
        pieces = pro_rata(taken_pence, receipt.left)
        draws.append(Draw(receipt=receipt.receipt, slices=pieces))
        amount_pence -= taken_pence
    return tuple(draws)


def undone(
    draws: Iterable[Draw], receipts: Mapping[str, Receipt]
) -> dict[str, Receipt]:
    """Receipts as they would be had draws never been; the given ones stay."""
    restored = {name: receipt.copied() for name, receipt in receipts.items()}
    for draw in draws:
        left = restored[draw.receipt].left
        for piece in draw.slices:
            left[piece.measure] = left.get(piece.measure, 0) + piece.pence
    return restored
