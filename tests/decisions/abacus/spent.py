"""A premium account of the abacus: what is spent, corrected, owed and settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.decisions.abacus.accounts import (
    HELD,
    OVERPAID,
    PAYABLE,
    RETURNED,
    Hand,
    Pence,
    is_fair,
    pence_of,
)
from tests.decisions.abacus.awarded import ALREADY, RECORDED, Told
from tests.decisions.abacus.paid import Draws, Paid

PURPOSES = ("a", "b")
"""Those of regulation 6 that the tests use."""


@dataclass(frozen=True)
class Use:
    """How a spending or passing-on now counts."""

    pot: str
    amount: int
    on: date
    passed_on: bool
    what: tuple[str, ...]  # Payee, purpose.


class Premium(Paid):
    """One body's premium for one scheme year, whole."""

    def __init__(self, hand: Hand, heads: int, on: date, slices: Pence) -> None:
        super().__init__(hand, heads, on, slices)
        self.uses = {}
        self.spendings: dict[str, Use] = {}
        self.recoveries: dict[str, date] = {}
        self.settlements: set[str] = set()

    def held(self, by: date) -> int:
        """What is unspent of receipts of a day or before."""
        return sum(sum(self.left(name).values()) for name in self._by(by))

    def _by(self, day: date) -> list[str]:
        days = {name: self.requests[name].paid_on for name in self.receipts}
        return [name for name, on in days.items() if on is not None and on <= day]

    # Spending -------------------------------------------------------------------------

    def spend(self, told: Told, name: str, use: Use) -> str:
        """Spent or passed on, out of what was received by its day."""
        if name in self.spendings:
            return "spending-id-taken"
        if use.what[1] not in PURPOSES:
            return "purpose-not-permitted"
        if use.amount > self.held(told.on):
            return "beyond-held"
        if told.facts:
            self.hand.position += 1
            self._use(f"spending {name}", use.pot, told, use.amount)
            self.spendings[name] = use
        return RECORDED

    def correct(self, told: Told, name: str, use: Use) -> str:
        """A spending was another: its draws are undone, at its day, and drawn again."""
        was = self.spendings.get(name)
        if was is None or was.passed_on:
            return "no-such-spending"
        if use.what[1] not in PURPOSES:
            return "purpose-not-permitted"
        drawn = self.uses.pop(f"spending {name}")
        if use.amount > self.held(told.on):
            verdict = "beyond-held"
        elif (was.what, was.amount) == (use.what, use.amount):
            verdict = ALREADY
        else:
            verdict = RECORDED
        if not told.facts or verdict != RECORDED:
            self.uses[f"spending {name}"] = drawn
            return verdict
        self.hand.position += 1
        for _, pence in drawn:
            self.board.pour(was.pot, HELD, pence, was.on)
        self._use(f"spending {name}", use.pot, told, use.amount)
        self.spendings[name] = use
        return RECORDED

    def lapse(self, told: Told, name: str, amount: int) -> str:
        """Unspent money is handed back."""
        if name in self.settlements:
            return "settlement-id-taken"
        if amount > self.held(told.on):
            return "beyond-held"
        if told.facts:
            self.hand.position += 1
            self._use(f"lapse {name}", RETURNED, told, amount)
            self.settlements.add(name)
        return RECORDED

    def _use(self, key: str, pot: str, told: Told, amount: int) -> None:
        """Draw receipts first in, first out, and each pro rata to what it has left."""
        stated: Draws = [(d.receipt, pence_of(d.slices)) for d in told.facts[0].draws]
        self._must_be_first_in_first_out(stated, told.on, amount)
        self.uses[key] = stated
        for _, pence in stated:
            self.board.pour(HELD, pot, pence, told.on)

    def _must_be_first_in_first_out(
        self, draws: Sequence[tuple[str, Pence]], on: date, amount: int
    ) -> None:
        expected = list(draws)
        for receipt in self._by(on):
            left = self.left(receipt)
            taken = min(amount, sum(left.values()))
            if taken:
                assert expected, f"{receipt} has {left} and is not drawn on"
                drawn, pence = expected.pop(0)
                assert drawn == receipt, f"{drawn} is drawn on before {receipt}"
                assert is_fair(pence, taken, left), (pence, taken, left)
                amount -= taken
        assert not expected, f"{expected} is drawn beyond the amount"

    # Debt -----------------------------------------------------------------------------

    def order(self, told: Told, name: str, amount: int) -> str:
        """The body is told to pay back."""
        if name in self.recoveries:
            return "recovery-id-taken"
        if amount > sum(self.owed(told.on).values()):
            return "beyond-debt"
        if told.facts:
            self.hand.position += 1
            self.recoveries[name] = told.on
        return RECORDED

    def receive(self, told: Told, name: str, payment: str, amount: int) -> str:
        """Cash settles debt: out of what is held, or from elsewhere."""
        if name not in self.recoveries:
            return "no-such-recovery"
        if payment in self.settlements:
            return "settlement-id-taken"
        if told.on < self.recoveries[name]:
            return "date-runs-backwards"
        owed = self.owed(told.on)
        if amount > sum(owed.values()):
            return "beyond-debt"
        if told.facts:
            self.hand.position += 1
            held = min(amount, self.held(told.on))
            self._use(f"payment {payment}", RETURNED, told, held)
            self._settle(pence_of(told.facts[0].slices), amount, owed, told.on)
            self.settlements.add(payment)
        return RECORDED

    def set_off(self, told: Told, name: str, payer: "Premium", amount: int) -> str:
        """What is payable to the same body, of any year, settles debt of this one."""
        if name in self.settlements or name in payer.settlements:
            return "settlement-id-taken"
        owed, payable = self.owed(told.on), payer.payable(told.on)
        if amount > sum(owed.values()):
            return "beyond-debt"
        if amount > sum(payable.values()):
            return "beyond-payable"
        if told.facts:
            settled, paid = told.facts
            self.hand.position += 1
            self._settle(pence_of(settled.slices), amount, owed, told.on)
            self.hand.position += 1
            pence = pence_of(paid.slices)
            assert is_fair(pence, amount, payable), (pence, amount, payable)
            payer.board.pour(PAYABLE, RETURNED, pence, told.on)
            self.settlements.add(name)
            payer.settlements.add(name)
        return RECORDED

    def _settle(self, pence: Pence, amount: int, owed: Pence, on: date) -> None:
        assert is_fair(pence, amount, owed), (pence, amount, owed)
        self.board.pour(RETURNED, OVERPAID, pence, on)


def told_facts(decision: Any) -> Sequence[Any]:
    """The facts of a decision; none of a refusal."""
    return decision if isinstance(decision, tuple) else ()
