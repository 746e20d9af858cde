"""A premium account of the abacus: what is spent, corrected, owed and settled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.decisions.abacus.accounts import (
    HELD,
    OVERPAID,
    OWN_FUNDS,
    PAYABLE,
    RECOVERED,
    RETURNED,
    SET_OFF,
    SETTLED,
    Hand,
    Pence,
    is_fair,
    least,
    pence_of,
)
from tests.decisions.abacus.awarded import ALREADY, RECORDED, Told
from tests.decisions.abacus.paid import Draws, Flows, Paid

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


@dataclass(frozen=True)
class Credit:
    """What came back of a spending or passing-on."""

    on: date
    draws: Draws


@dataclass
class Back:
    """A lapse or a recovery: as one person proposed it, and what became of it."""

    by: str
    on: date  # Of the latest that was recorded of it.
    amount: int
    reference: str = ""
    state: str = "proposed"

    def decided(self, told: Told, already: str) -> str:
        """Why it cannot be decided, or that it is so already; empty if it can."""
        if self.by == told.by:
            return "same-person"
        if self.state == already:
            return ALREADY
        return "" if self.state == "proposed" else "repayment-not-so"


class Premium(Paid):
    """One body's premium for one scheme year, whole."""

    def __init__(self, hand: Hand, heads: int, on: date, slices: Pence) -> None:
        super().__init__(hand, heads, on, slices)
        self.uses = {}
        self.flows = {}
        self.bounced = []
        self.spendings: dict[str, Use] = {}
        self.credits: dict[str, dict[str, Credit]] = {}
        self.lapses: dict[str, Back] = {}
        self.recoveries: dict[str, Back] = {}
        self.settlements: set[str] = set()

    def held(self, on: date) -> int:
        """What is unspent on a day, and needed on no later one."""
        return sum(sum(self.left(name, on).values()) for name in self.receipts)

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
            self.spendings[name], self.credits[name] = use, {}
        return RECORDED

    def correct(self, told: Told, name: str, use: Use, spent_on: date | None) -> str:
        """A spending was another: its draws are undone at its day, and drawn again."""
        was = self.spendings.get(name)
        if was is None or was.passed_on is not use.passed_on:
            return "no-such-spending"
        if use.what[1] not in PURPOSES:
            return "purpose-not-permitted"
        credited, on = self.credited(name), spent_on or was.on
        if use.amount < sum(credited.values()):
            return "below-credited"
        if any(one.on < on for one in self.credits[name].values()):
            return "date-runs-backwards"
        if (was.amount, was.on) == (use.amount, on):
            if was.what == use.what:
                return ALREADY
            if told.facts:
                assert told.facts[0].draws == told.facts[0].undone
        elif not self._can_draw_again(name, use.amount, on):
            return "beyond-held"
        if told.facts:
            self._put_right(told, name, replace(use, on=on))
        return RECORDED

    def credited(self, name: str) -> dict[tuple[str, str], int]:
        """What came back of a spending, by receipt and measure."""
        found: dict[tuple[str, str], int] = {}
        for credit in self.credits[name].values():
            for receipt, pence in credit.draws:
                for m, amount in pence.items():
                    found[receipt, m] = found.get((receipt, m), 0) + amount
        return found

    def _can_draw_again(self, name: str, amount: int, on: date) -> bool:
        """Whether a spending can be of that amount and day, its credits where they are.

        What was credited keeps its receipts; it must have been there on that day.
        """
        key, credited = f"spending {name}", self.credited(name)
        stood = self.flows[key]
        given_back = [flow for flow in stood if flow[3] < 0]
        kept = [(receipt, on, m, p) for (receipt, m), p in credited.items()]
        self.flows[key] = [*given_back, *kept]
        rest = amount - sum(credited.values())
        there = [self.left(receipt, on) for receipt in self.receipts]
        self.flows[key] = stood
        if any(pence < 0 for left in there for pence in left.values()):
            return False
        return rest <= sum(sum(left.values()) for left in there)

    def _put_right(self, told: Told, name: str, use: Use) -> None:
        """Out of the old pot at the old day, into the new one at the new day."""
        key, was, [fact] = f"spending {name}", self.spendings[name], told.facts
        self.hand.position += 1
        for _, pence in self.uses[key]:
            self.board.pour(was.pot, HELD, pence, was.on)
        stated: Draws = [(d.receipt, pence_of(d.slices)) for d in fact.draws]
        given_back = [flow for flow in self.flows[key] if flow[3] < 0]
        if (was.amount, was.on) != (use.amount, use.on):
            credited = self.credited(name)
            kept = [(receipt, use.on, m, p) for (receipt, m), p in credited.items()]
            self.flows[key] = [*given_back, *kept]
            rest: Draws = [
                (r, {m: p - credited.get((r, m), 0) for m, p in pence.items()})
                for r, pence in stated
            ]
            rest = [(r, {m: p for m, p in d.items() if p}) for r, d in rest]
            left = use.amount - sum(credited.values())
            self._must_be_first_in_first_out([d for d in rest if d[1]], use.on, left)
        for _, pence in stated:
            self.board.pour(HELD, use.pot, pence, use.on)
        for credit in self.credits[name].values():
            for _, pence in credit.draws:
                self.board.pour(use.pot, was.pot, pence, credit.on)
        self.uses[key] = stated
        self.flows[key] = [*given_back, *_flows(stated, use.on)]
        self.spendings[name] = use

    def credit(
        self, told: Told, name: str, credit: str, amount: int, *, passed_on: bool
    ) -> str:
        """Part of a spending came back, of each draw alike."""
        was = self.spendings.get(name)
        if was is None or was.passed_on is not passed_on:
            return "no-such-spending"
        if credit in self.credits[name]:
            return "credit-id-taken"
        if told.on < was.on:
            return "date-runs-backwards"
        key = f"spending {name}"
        spent = least(
            ((on, f"{r} {m}", pence) for r, on, m, pence in self.flows[key]), told.on
        )
        if amount > sum(spent.values()):
            return "beyond-spent"
        if told.facts:
            self.hand.position += 1
            stated = [(d.receipt, pence_of(d.slices)) for d in told.facts[0].draws]
            cells = {f"{r} {m}": p for r, pence in stated for m, p in pence.items()}
            assert is_fair(cells, amount, spent), (cells, amount, spent)
            for _, pence in stated:
                self.board.pour(was.pot, HELD, pence, told.on)
            self.credits[name][credit] = Credit(told.on, stated)
            back = [(r, on, m, -pence) for r, on, m, pence in _flows(stated, told.on)]
            self.flows[key] += back
        return RECORDED

    def propose_lapse(self, told: Told, name: str, lapse: Back, *, taken: bool) -> str:
        """That unspent money is handed back is put forward."""
        if name in self.settlements:
            return "settlement-id-taken"
        if lapse.amount > self.held(told.on):
            return "beyond-held"
        if taken:
            return "reference-taken"
        if told.facts:
            self.hand.position += 1
            self.settlements.add(name)
            self.lapses[name] = lapse
        return RECORDED

    def lapse(self, told: Told, name: str, *, taken: bool) -> str:
        """Unspent money is handed back, as another person proposed."""
        if name not in self.lapses:
            return "no-such-lapse"
        lapse = self.lapses[name]
        if no := lapse.decided(told, "lapsed"):
            return no
        if told.on < lapse.on:
            return "date-runs-backwards"
        if lapse.amount > self.held(told.on):
            return "beyond-held"
        if taken:
            return "reference-taken"
        if told.facts:
            self.hand.position += 1
            lapse.state = "lapsed"
            self._use(f"lapse {name}", RETURNED, told, lapse.amount)
            self._settle_with_what_came_back(told)
            self.hand.position += 1  # The reference is taken.
        return RECORDED

    def refuse_lapse(self, told: Told, name: str) -> str:
        """It does not lapse."""
        if name not in self.lapses:
            return "no-such-lapse"
        if no := self.lapses[name].decided(told, "refused"):
            return no
        if told.facts:
            self.hand.position += 1
            self.lapses[name].state = "refused"
        return RECORDED

    def _use(self, key: str, pot: str, told: Told, amount: int) -> None:
        """Draw receipts first in, first out, and each pro rata to what it has left."""
        stated: Draws = [(d.receipt, pence_of(d.slices)) for d in told.facts[0].draws]
        self._must_be_first_in_first_out(stated, told.on, amount)
        self.uses[key] = stated
        self.flows[key] = _flows(stated, told.on)
        for _, pence in stated:
            self.board.pour(HELD, pot, pence, told.on)

    def _must_be_first_in_first_out(
        self, draws: Sequence[tuple[str, Pence]], on: date, amount: int
    ) -> None:
        expected = list(draws)
        for receipt in self.receipts:
            left = self.left(receipt, on)
            taken = min(amount, sum(left.values()))
            if taken:
                assert expected, f"{receipt} has {left} and is not drawn on"
                drawn, pence = expected.pop(0)
                assert drawn == receipt, f"{drawn} is drawn on before {receipt}"
                assert is_fair(pence, taken, left), (pence, taken, left)
                amount -= taken
        assert not expected, f"{expected} is drawn beyond the amount"

    # Debt -----------------------------------------------------------------------------

    def propose_recovery(self, told: Told, name: str, recovery: Back) -> str:
        """That the body must pay back is put forward."""
        if name in self.recoveries:
            return "recovery-id-taken"
        if recovery.amount > sum(self.owed(told.on).values()):
            return "beyond-debt"
        if told.facts:
            self.hand.position += 1
            self.recoveries[name] = recovery
        return RECORDED

    def order(self, told: Told, name: str) -> str:
        """The body is told to pay back, as another person proposed."""
        if name not in self.recoveries:
            return "no-such-recovery"
        recovery = self.recoveries[name]
        if no := recovery.decided(told, "ordered"):
            return no
        if told.on < recovery.on:
            return "date-runs-backwards"
        if recovery.amount > sum(self.owed(told.on).values()):
            return "beyond-debt"
        if told.facts:
            self.hand.position += 1
            recovery.state, recovery.on = "ordered", told.on
        return RECORDED

    def refuse_order(self, told: Told, name: str) -> str:
        """It need not pay back."""
        if name not in self.recoveries:
            return "no-such-recovery"
        if no := self.recoveries[name].decided(told, "refused"):
            return no
        if told.facts:
            self.hand.position += 1
            self.recoveries[name].state = "refused"
        return RECORDED

    def receive(
        self, told: Told, name: str, payment: str, amount: int, *, taken: bool
    ) -> str:
        """Cash settles debt: out of what is held, or from elsewhere."""
        if name not in self.recoveries:
            return "no-such-recovery"
        if self.recoveries[name].state != "ordered":
            return "repayment-not-so"
        if payment in self.settlements:
            return "settlement-id-taken"
        if told.on < self.recoveries[name].on:
            return "date-runs-backwards"
        owed = self.owed(told.on)
        if amount > sum(owed.values()):
            return "beyond-debt"
        if taken:
            return "reference-taken"
        if told.facts:
            self.hand.position += 1
            fact, held = told.facts[0], min(amount, self.held(told.on))
            self._use(f"payment {payment}", RECOVERED, told, held)
            settled, own = pence_of(fact.slices), pence_of(fact.own_funds)
            assert is_fair(own, amount - held, settled), (own, settled)
            self.board.pour(OWN_FUNDS, RECOVERED, own, told.on)
            self._settle(settled, amount, owed, told.on, SETTLED)
            self.settlements.add(payment)
            self.hand.position += 1  # The reference is taken.
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
            self._settle(pence_of(settled.slices), amount, owed, told.on, SET_OFF)
            self.hand.position += 1
            pence = pence_of(paid.slices)
            assert is_fair(pence, amount, payable), (pence, amount, payable)
            payer.board.pour(PAYABLE, SET_OFF, pence, told.on)
            self.settlements.add(name)
            payer.settlements.add(name)
        return RECORDED

    def _settle(
        self, pence: Pence, amount: int, owed: Pence, on: date, pot: str
    ) -> None:
        assert is_fair(pence, amount, owed), (pence, amount, owed)
        self.board.pour(pot, OVERPAID, pence, on)


def _flows(draws: Draws, on: date) -> Flows:
    return [(r, on, m, pence) for r, taken in draws for m, pence in taken.items()]


def told_facts(decision: Any) -> Sequence[Any]:
    """The facts of a decision; none of a refusal."""
    return decision if isinstance(decision, tuple) else ()
