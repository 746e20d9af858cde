"""Debts: what they take of pence that return, and what settles them.

What a body handed back and nothing used since settles a debt at once; a higher award
takes the place of such settlements first. Source: DESIGN 5; ADR 0023.
"""

from collections.abc import Mapping
from datetime import date

from ledger.events import DebtSettled, Move, Slices
from ledger.postings import OVERPAID, PAYABLE
from ledger.premium.account import PremiumAccount, lowest, pro_rata, slices


def ended(pieces: Slices, account: PremiumAccount, on: date) -> Slices:
    """The part of pence payable again on a day that ends a debt, slice by slice.

    Of each measure at most what is owed of it on every day from then.

    Source: DESIGN 5 (whatever returns to payable cancels debt first).
    """
    owed = account.lowest_debt(on)
    return slices({p.measure: min(p.pence, owed.get(p.measure, 0)) for p in pieces})


def payable_again(
    pieces: Slices, account: PremiumAccount, on: date, *, source: str
) -> tuple[Move, ...]:
    """The moves of pence that leave an account: into debt first, the rest payable."""
    debt = ended(pieces, account, on)
    taken = {piece.measure: piece.pence for piece in debt}
    rest = slices({p.measure: p.pence - taken.get(p.measure, 0) for p in pieces})
    return tuple(
        Move(source=source, target=target, slices=part)
        for target, part in ((OVERPAID, debt), (PAYABLE, rest))
        if part
    )


class Debts:
    """What is owed and what was handed back, day by day, while a decision is made."""

    def __init__(self, account: PremiumAccount) -> None:
        self._account = account.account
        self._owed = account.owed_on()
        self._handed_back = dict(account.handed_back_on)
        self._settled = {m: dict(days) for m, days in account.settled_on.items()}
        self._number = account.settled

    def owe(self, measure: str, pence: int, on: date) -> None:
        """More is owed from a day; less where pence are below zero."""
        _add(self._owed.setdefault(measure, {}), on, pence)

    def hand_back(self, pence: int, on: date) -> None:
        """More was handed back on a day."""
        _add(self._handed_back, on, pence)

    def lowest(self, measure: str, on: date) -> int:
        """The least that is owed of a measure on every day from one."""
        return lowest(self._owed, on).get(measure, 0)

    def reversed_for(
        self, gains: Mapping[str, int], on: date
    ) -> tuple[DebtSettled, ...]:
        """What a higher award takes the place of: settlements by what was handed back.

        Args:
            gains: What each measure gains; what ends a debt that is owed comes first.

        Returns:
            One reversal a day, none before the award's.
        """
        taken: dict[date, dict[str, int]] = {}
        for measure, gain_pence in gains.items():
            settled = self._settled.get(measure, {})
            for day in sorted({on, *(one for one in settled if one > on)}):
                wanted_pence = gain_pence - self.lowest(measure, on)
                pence = min(wanted_pence, lowest({measure: settled}, day)[measure])
                if pence > 0:
                    _add(settled, day, -pence)
                    self.owe(measure, pence, day)
                    self.hand_back(pence, day)
                    taken.setdefault(day, {})[measure] = pence
        return tuple(
            self._fact(slices(pieces), day, reverses=True)
            for day, pieces in sorted(taken.items())
        )

    def settled(self, on: date) -> tuple[DebtSettled, ...]:
        """What was handed back settles what is owed, each from the day both stand.

        Returns:
            One settlement a day, none before the given one.
        """
        changes = {on, *self._handed_back, *(d for m in self._owed.values() for d in m)}
        facts = []
        for day in sorted(one for one in changes if one >= on):
            owed = lowest(self._owed, day)
            unused_pence = lowest({"": self._handed_back}, day)[""]
            pence = min(unused_pence, sum(owed.values()))
            if pence <= 0:
                continue
            pieces = pro_rata(pence, owed)
            for piece in pieces:
                self.owe(piece.measure, -piece.pence, day)
            self.hand_back(-pence, day)
            facts.append(self._fact(pieces, day, reverses=False))
        return tuple(facts)

    def _fact(self, pieces: Slices, day: date, *, reverses: bool) -> DebtSettled:
        self._number += 1
        return DebtSettled(
            account=self._account,
            settlement=f"settlement-{self._number}",
            amount_pence=sum(piece.pence for piece in pieces),
            slices=pieces,
            settled_on=day,
            reverses=reverses,
        )


def _add(by_day: dict[date, int], on: date, pence: int) -> None:
    by_day[on] = by_day.get(on, 0) + pence
