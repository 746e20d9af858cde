"""Pence in pots: what came in or went out, where it was recorded, for which day.

Everything asked of it is added up again, one entry at a time. Nothing here, nor in the
rest of the abacus, imports what it is held against: postings, parts, drawing, rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

POTENTIAL = "premium:potential"
FUNDING = "board:funding"
NOT_EARNED = "premium:not-earned"
PAYABLE = "premium:payable"
COMMITTED = "premium:committed"
OVERPAID = "premium:overpaid"
SETTLED = "premium:settled"
IN_TRANSIT = "board:in-transit"
HELD = "group:held"
OWN_FUNDS = "group:own-funds"
RETURNED = "board:returned"
RECOVERED = "board:recovered"
SET_OFF = "board:set-off"

Pence = dict[str, int]
"""Measure -> pence."""

Pots = dict[tuple[str, str], int]
"""Pot and measure -> pence; pots of nothing are left out."""


class Entry(NamedTuple):
    """Pence that one fact put into a pot; taken out of it when below zero."""

    position: int
    on: date
    pot: str
    measure: str
    pence: int


class Hand:
    """Where in the whole ledger the next fact stands; all accounts move it."""

    def __init__(self) -> None:
        self.position = 0


class Board:
    """The pots of one account."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self.entries: list[Entry] = []

    def put(self, pot: str, pence: Mapping[str, int], on: date, sign: int = 1) -> None:
        """Pence into a pot, by the fact at hand; out of it with a sign of -1."""
        self.entries += [
            Entry(self.hand.position, on, pot, measure, sign * amount)
            for measure, amount in pence.items()
            if amount
        ]

    def pour(self, source: str, target: str, pence: Pence, on: date) -> None:
        """Pence out of one pot into another."""
        self.put(source, pence, on, -1)
        self.put(target, pence, on)

    def standing(self, effective: date, known: int) -> Pots:
        """What stands in each pot, as known at a position, at the end of a day."""
        pots: Pots = defaultdict(int)
        for one in self.entries:
            if one.position <= known and one.on <= effective:
                pots[one.pot, one.measure] += one.pence
        return {key: pence for key, pence in pots.items() if pence}

    def total(self, pot: str) -> int:
        """All that is in a pot, whatever the day."""
        return sum(one.pence for one in self.entries if one.pot == pot)

    def lowest(self, pot: str, since: date, sign: int = 1) -> Pence:
        """The least there is of each measure on any day since one."""
        return least(
            ((e.on, e.measure, sign * e.pence) for e in self.entries if e.pot == pot),
            since,
        )

    def least_together(self, pots: Iterable[str], since: date) -> int:
        """The least there is in some pots together on any day since one."""
        chosen = frozenset(pots)
        moved = ((one.on, "", one.pence) for one in self.entries if one.pot in chosen)
        return least(moved, since).get("", 0)


def least(moved: Iterable[tuple[date, str, int]], since: date) -> Pence:
    """The least there is of each measure on any day since one."""
    days: dict[date, Pence] = {}
    for on, measure, pence in moved:
        of_day = days.setdefault(max(on, since), {})
        of_day[measure] = of_day.get(measure, 0) + pence
    running: Pence = {}
    found: Pence = {}
    for day in sorted(days):
        for measure, pence in days[day].items():
            running[measure] = running.get(measure, 0) + pence
        for measure in running:
            if day == since:
                found[measure] = running[measure]
            else:
                found[measure] = min(found.get(measure, 0), running[measure])
    return found


def pence_of(slices: Iterable[object]) -> Pence:
    """Slices of a fact as measure -> pence."""
    return {one.measure: one.pence for one in slices}  # type: ignore[attr-defined]


def is_fair(shares: Mapping[str, int], total: int, weights: Mapping[str, int]) -> bool:
    """Whether pence are shared by the largest remainder, whichever measure wins a tie.

    Each has its exact part rounded up or down, and none rounded up had a smaller
    remainder than one rounded down. Source: DESIGN 5 (slices, draws).
    """
    whole = sum(weights.values())
    if sum(shares.values()) != total or not shares.keys() <= weights.keys():
        return False
    if whole == 0:
        return total == 0
    up, down = [Fraction(1)], [Fraction(0)]
    for measure, weight in weights.items():
        exact = Fraction(total * weight, whole)
        rest = exact - int(exact)
        more = shares.get(measure, 0) - int(exact)
        if more not in (0, 1) or (more and not rest):
            return False
        (up if more else down).append(rest)
    return min(up) >= max(down)
