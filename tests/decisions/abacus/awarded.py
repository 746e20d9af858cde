"""A premium account of the abacus: its opening and its awards.

Each command says what should come of it: `recorded`, `already`, or the name of the
refusal. Where the ledger recorded it too, the slices that the ledger chose are held to
the largest remainder and taken over; every pot they go to is worked out here.
Source: DESIGN 5, ADR 0009 and 0010.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.decisions.abacus.accounts import (
    COMMITTED,
    FUNDING,
    OVERPAID,
    PAYABLE,
    POTENTIAL,
    RECOVERED,
    RETURNED,
    SETTLED,
    Board,
    Hand,
    Pence,
    is_fair,
    least,
    pence_of,
)
from tests.decisions.abacus.award import EIGHTHS, Award, Judged, is_right

RECORDED = "recorded"
ALREADY = "already"


@dataclass(frozen=True)
class Told:
    """A command's day, who gave it, and the facts that the ledger answered with."""

    on: date
    by: str
    facts: Sequence[Any]  # Empty where it refused, or it was so already.


@dataclass
class Request:
    """Money asked for."""

    slices: Pence
    by: str
    on: date
    state: str = "requested"
    approved_on: date | None = None
    approved_by: str | None = None
    paid_on: date | None = None
    value_date: date | None = None


@dataclass(frozen=True)
class More:
    """More that waits to be kept back."""

    by: str
    on: date
    amount: int  # In all.


@dataclass
class Kept:
    """A withholding."""

    ground: str
    by: str
    changed_on: date
    amount: int | None
    share: Fraction | None
    state: str = "proposed"
    left: Pence = field(default_factory=dict)
    more: More | None = None


@dataclass
class Waiting:
    """A proposed award."""

    award: Award
    maximum: Pence
    by: str
    on: date
    open: bool = True
    judged_since: bool = False


class Awarded:
    """One body's premium for one scheme year, as far as its award."""

    def __init__(self, hand: Hand, heads: int, on: date, slices: Pence) -> None:
        self.hand = hand
        self.board = Board(hand)
        self.judged = Judged()
        self.maximum: Pence = {}
        self.funded: Pence = {}
        self.determined_on = on
        self.waiting: Waiting | None = None
        self.refused = 0
        self.award: Award | None = None
        self.requests: dict[str, Request] = {}
        self.kept: dict[str, Kept] = {}
        self._handed: dict[str, list[tuple[date, str, int]]] = {}
        self.hand.position += 1
        self.proposers: dict[int, str] = {}  # Of each award, by its number.
        self._set_maximum(heads, slices)
        self.funded = self.maximum
        self.board.pour(FUNDING, POTENTIAL, self.maximum, on)

    @property
    def debt(self) -> int:
        """What is owed, whatever the day."""
        return -self.board.total(OVERPAID)

    def payable(self, since: date) -> Pence:
        """What is payable of each measure on every day since one."""
        return self.board.lowest(PAYABLE, since)

    def owed(self, since: date) -> Pence:
        """What is owed of each measure on every day since one."""
        return self.board.lowest(OVERPAID, since, -1)

    def _set_maximum(self, heads: int, slices: Pence) -> None:
        assert is_fair(slices, heads * 500, EIGHTHS), (slices, heads)
        self.maximum = {m: slices[m] for m in EIGHTHS if slices.get(m)}

    # Heads and awards -----------------------------------------------------------------

    def correct_heads(self, told: Told, heads: int) -> str:
        """Other heads; before an award the difference is posted."""
        if told.on < self.determined_on:
            return "date-runs-backwards"
        if told.facts:
            self.hand.position += 1
            [fact] = told.facts
            before = self.maximum
            self._set_maximum(heads, pence_of(fact.slices))
            if self.award is None:
                self.board.pour(POTENTIAL, FUNDING, before, told.on)
                self.board.pour(FUNDING, POTENTIAL, self.maximum, told.on)
                self.funded = self.maximum
            self.determined_on = told.on
        return RECORDED

    def judge(self, name: str, well: bool) -> None:
        """Something was judged, or judged again."""
        self.judged.well[name] = well
        if self.waiting is not None:
            self.waiting.judged_since = True

    def propose(self, award: Award, told: Told, *, by_the_rules: bool) -> None:
        """An award is put forward; one by the rules must be what they say."""
        if by_the_rules:
            assert is_right(award, self.maximum, self.judged), award
        self.waiting = Waiting(award, self.maximum, told.by, told.on)
        self.proposers[award.number] = told.by

    def confirm(self, told: Told, number: int) -> str:
        """An award is confirmed: the first posts, a later one moves what differs."""
        if self.award is not None:
            if self.award.number == number:
                same = self.proposers[number] == told.by
                return "same-person" if same else ALREADY
            if self.award.number > number:
                return "award-already-confirmed"
        waiting = self._open(number)
        if waiting is None:
            return "no-such-proposal"
        if waiting.by == told.by:
            return "same-person"
        if waiting.judged_since:
            return "assessed-since"
        if waiting.maximum != self.maximum:
            return "population-corrected-since"
        if told.on < max(waiting.on, self.determined_on):
            return "date-runs-backwards"
        if told.facts:
            if self.award is None:
                self._first(waiting.award, told.on)
            else:
                self._again(self.award, waiting.award, told)
            self.award, self.determined_on = waiting.award, told.on
            self.funded = self.maximum
            waiting.open = False
        return RECORDED

    def refuse_award(self, told: Told, number: int) -> str:
        """A proposed award is refused; it posts nothing."""
        if self.refused == number:
            return "same-person" if self.proposers[number] == told.by else ALREADY
        waiting = self._open(number)
        if waiting is None:
            return "no-such-proposal"
        if waiting.by == told.by:
            return "same-person"
        if told.facts:
            self.hand.position += 1
            self.refused, waiting.open = number, False
        return RECORDED

    def _open(self, number: int) -> Waiting | None:
        waiting = self.waiting
        if waiting is None or not waiting.open or waiting.award.number != number:
            return None
        return waiting

    def _first(self, award: Award, on: date) -> None:
        self.hand.position += 1
        for pot, pence in (*award.lost.items(), (PAYABLE, award.payable)):
            self.board.pour(POTENTIAL, pot, pence, on)

    def _again(self, was: Award, now: Award, told: Told) -> None:
        """What a measure gains and loses; what it must give up is taken where it is."""
        on = told.on
        change: Pence = dict.fromkeys(EIGHTHS, 0)
        for sign, award in ((1, now), (-1, was)):
            for m, pence in award.payable.items():
                change[m] += sign * pence
        needed = {m: -pence for m, pence in change.items() if pence < 0}
        self._cancel(needed, on)
        self._forgo(needed, on)
        reversed_pence = self._reverse(told, change)
        payable, owed = self.payable(on), self.owed(on)
        self.hand.position += 1
        for sign, award, maximum in ((1, now, self.maximum), (-1, was, self.funded)):
            self.board.put(FUNDING, maximum, on, -sign)
            for pot, lost in award.lost.items():
                self.board.put(pot, lost, on, sign)
        for m, pence in change.items():
            if pence < 0:
                more = max(pence, -payable.get(m, 0))
            else:
                more = pence - min(pence, owed.get(m, 0))
                # A settlement is reversed for what the award ends, and for no more.
                assert reversed_pence.get(m, 0) <= pence - more
                still = sum(amount for _, _, amount in self._handed.get(m, ()))
                assert more == 0 or still == 0, f"{still} of {m} lapsed, and {more}"
            self.board.put(PAYABLE, {m: more}, on)
            self.board.put(OVERPAID, {m: pence - more}, on)
        self._settle_with_what_came_back(told)

    def _reverse(self, told: Told, change: Pence) -> Pence:
        """Settlements by what was handed back, as far as a higher award takes over."""
        pence: Pence = {}
        for fact in told.facts:
            if type(fact).__name__ == "DebtSettled" and fact.reverses:
                assert fact.settled_on >= told.on
                self.hand.position += 1
                taken = pence_of(fact.slices)
                self.board.pour(OVERPAID, SETTLED, taken, fact.settled_on)
                for m, amount in taken.items():
                    assert change[m] > 0, (m, change)
                    pence[m] = pence.get(m, 0) + amount
                    handed = self._handed.setdefault(m, [])
                    handed.append((fact.settled_on, m, -amount))
                    days = {on for on, _, _ in handed}
                    assert all(least(handed, on)[m] >= 0 for on in days), handed
        return pence

    def _settle_with_what_came_back(self, told: Told) -> None:
        """What was handed back and nothing used settles what is owed, on each day."""
        for fact in told.facts:
            if type(fact).__name__ == "DebtSettled" and not fact.reverses:
                on, amount = fact.settled_on, fact.amount_pence
                owed, taken = self.owed(on), pence_of(fact.slices)
                assert on >= told.on
                assert amount == min(self._unused(on), sum(owed.values()))
                assert is_fair(taken, amount, owed), (taken, amount, owed)
                self.hand.position += 1
                self.board.pour(SETTLED, OVERPAID, taken, on)
                for m, pence in taken.items():
                    self._handed.setdefault(m, []).append((on, m, pence))
        for on in {told.on, *(one.on for one in self.board.entries)}:
            if on >= told.on:
                assert min(self._unused(on), sum(self.owed(on).values())) <= 0, on

    def _unused(self, since: date) -> int:
        """What was handed back and settled no debt, on every day since one."""
        return self.board.least_together((RETURNED, RECOVERED, SETTLED), since)

    def _end_debt(self, pence: Pence, on: date) -> None:
        """What is payable again ends what is owed of the same measures."""
        owed = self.owed(on)
        ended = {m: min(amount, owed.get(m, 0)) for m, amount in pence.items()}
        self.board.pour(PAYABLE, OVERPAID, ended, on)

    def _missing(self, needed: Pence, on: date) -> Pence:
        payable = self.payable(on)
        missing = {m: pence - payable.get(m, 0) for m, pence in needed.items()}
        return {m: pence for m, pence in missing.items() if pence > 0}

    def _cancel(self, needed: Pence, on: date) -> None:
        for request in reversed(self.requests.values()):
            missing = self._missing(needed, on)
            if request.state == "requested" and request.slices.keys() & missing.keys():
                self.hand.position += 1
                self.board.pour(COMMITTED, PAYABLE, request.slices, request.on)
                request.state = "cancelled"

    def _forgo(self, needed: Pence, on: date) -> None:
        for kept in reversed(self.kept.values()):
            missing = self._missing(needed, on)
            taken = {m: min(p, missing.get(m, 0)) for m, p in kept.left.items()}
            if kept.changed_on <= on and any(taken.values()):
                self.hand.position += 1
                self._let_go(kept, taken, on)

    def _let_go(self, kept: Kept, pence: Pence, on: date) -> None:
        self.board.pour(f"premium:withheld:{kept.ground}", PAYABLE, pence, on)
        for m, less in pence.items():
            kept.left[m] -= less
        kept.changed_on = on
