"""A premium account of the abacus: what of its award is kept back by decision."""

from datetime import date

from tests.decisions.abacus.accounts import PAYABLE, Pence, is_fair, pence_of
from tests.decisions.abacus.award import Award, rounded
from tests.decisions.abacus.awarded import ALREADY, RECORDED, Awarded, Kept, More, Told


class Withheld(Awarded):
    """One body's premium for one scheme year, as far as what is kept back of it."""

    @property
    def proposed(self) -> list[str]:
        """Withholdings that wait to be decided."""
        return [name for name, one in self.kept.items() if one.state == "proposed"]

    @property
    def decided(self) -> list[str]:
        """Withholdings that keep something back."""
        return [name for name, one in self.kept.items() if any(one.left.values())]

    def propose_withholding(self, told: Told, name: str, kept: Kept) -> str:
        """A withholding is put forward; it posts nothing."""
        if name in self.kept:
            return "withholding-id-taken"
        if self.award is None:
            if (kept.amount or 0) > sum(self.maximum.values()):
                return "beyond-maximum"
        elif self._kept_of(kept, self.award, self.payable(told.on)) is None:
            return "beyond-payable"
        if told.facts:
            self.hand.position += 1
            self.kept[name] = kept
        return RECORDED

    @staticmethod
    def _kept_of(kept: Kept, award: Award, payable: Pence) -> int | None:
        """The amount, the share or all; None where that is nothing, or too much."""
        amount = kept.amount
        if amount is None and kept.share is not None:
            amount = rounded(kept.share * award.total)
        elif amount is None:
            amount = sum(payable.values())
        return amount if 0 < amount <= sum(payable.values()) else None

    def withhold(self, told: Told, name: str) -> str:
        """What was proposed is kept back: an amount, a share, or all there is."""
        kept = self.kept.get(name)
        if kept is None:
            return "no-such-withholding"
        if kept.by == told.by:
            return "same-person"
        if kept.state == "decided":
            return ALREADY
        if kept.state != "proposed":
            return "withholding-not-so"
        if self.award is None:
            return "no-award"
        if told.on < kept.changed_on:
            return "date-runs-backwards"
        payable = self.payable(told.on)
        amount = self._kept_of(kept, self.award, payable)
        if amount is None:
            return "beyond-payable"
        if told.facts:
            self.hand.position += 1
            kept.state = "decided"
            taken = pence_of(told.facts[0].slices)
            self._keep(kept, taken, amount, payable, told.on)
        return RECORDED

    def refuse_withholding(self, told: Told, name: str) -> str:
        """What was proposed is not kept back."""
        kept = self.kept.get(name)
        if kept is None:
            return "no-such-withholding"
        if kept.by == told.by:
            return "same-person"
        if kept.state == "refused":
            return ALREADY
        if kept.state != "proposed":
            return "withholding-not-so"
        if told.facts:
            self.hand.position += 1
            kept.state = "refused"
        return RECORDED

    def vary(self, told: Told, name: str, amount: int) -> str:
        """Less is kept back than before; more is refused."""
        kept = self._decided(told, name)
        if not isinstance(kept, Kept):
            return kept
        change = amount - sum(kept.left.values())
        if change == 0:
            return ALREADY
        if change > 0:
            return "only-lowers"
        if told.facts:
            self.hand.position += 1
            pence: Pence = {}
            for move in told.facts[0].moves:
                for m, part in pence_of(move.slices).items():
                    pence[m] = pence.get(m, 0) + part
            assert is_fair(pence, -change, kept.left), (pence, kept.left)
            self._let_go(kept, pence, told.on)
            self._end_debt(pence, told.on)
        return RECORDED

    def release(self, told: Told, name: str) -> str:
        """All that a withholding still keeps back is payable again, slice by slice."""
        if name in self.kept and self.kept[name].state == "released":
            return "same-person" if self.kept[name].by == told.by else ALREADY
        kept = self._decided(told, name)
        if not isinstance(kept, Kept):
            return kept
        if told.facts:
            self.hand.position += 1
            left = dict(kept.left)
            self._let_go(kept, left, told.on)
            self._end_debt(left, told.on)
            kept.state, kept.left, kept.more = "released", {}, None
        return RECORDED

    def propose_more(self, told: Told, name: str, amount: int) -> str:
        """More is put forward to be kept back; it posts nothing."""
        kept = self.kept.get(name)
        if kept is None:
            return "no-such-withholding"
        if kept.state != "decided":
            return "withholding-not-so"
        if kept.more is not None:
            return "variation-waits"
        if no := self._no_more(kept, amount, told.on):
            return no
        if told.facts:
            self.hand.position += 1
            kept.more = More(told.by, told.on, amount)
        return RECORDED

    def withhold_more(self, told: Told, name: str) -> str:
        """What was put forward is kept back in all, by another person."""
        kept = self._more_waits(told, name)
        if not isinstance(kept, Kept):
            return kept
        assert kept.more is not None
        if told.on < kept.more.on:
            return "date-runs-backwards"
        amount = kept.more.amount
        if no := self._no_more(kept, amount, told.on):
            return no
        if told.facts:
            self.hand.position += 1
            [move] = told.facts[0].moves
            added = amount - sum(kept.left.values())
            taken = pence_of(move.slices)
            self._keep(kept, taken, added, self.payable(told.on), told.on)
            kept.more = None
        return RECORDED

    def refuse_more(self, told: Told, name: str) -> str:
        """No more is kept back, says another person."""
        kept = self._more_waits(told, name)
        if not isinstance(kept, Kept):
            return kept
        if told.facts:
            self.hand.position += 1
            kept.more = None
        return RECORDED

    def _no_more(self, kept: Kept, amount: int, on: date) -> str:
        """Why that much cannot be kept back in all; empty if it can."""
        if on < kept.changed_on:
            return "date-runs-backwards"
        added = amount - sum(kept.left.values())
        if added <= 0:
            return "not-more"
        return "beyond-payable" if added > sum(self.payable(on).values()) else ""

    def _more_waits(self, told: Told, name: str) -> Kept | str:
        kept = self.kept.get(name)
        if kept is None:
            return "no-such-withholding"
        if kept.by == told.by:
            return "same-person"
        if kept.state != "decided":
            return "withholding-not-so"
        if kept.more is None:
            return "nothing-more-proposed"
        return "same-person" if kept.more.by == told.by else kept

    def _decided(self, told: Told, name: str) -> Kept | str:
        kept = self.kept.get(name)
        if kept is None:
            return "no-such-withholding"
        if kept.by == told.by:
            return "same-person"
        if kept.state != "decided":
            return "withholding-not-so"
        return "date-runs-backwards" if told.on < kept.changed_on else kept

    def _keep(
        self, kept: Kept, pence: Pence, amount: int, payable: Pence, on: date
    ) -> None:
        assert is_fair(pence, amount, payable), (pence, amount, payable)
        self.board.pour(PAYABLE, f"premium:withheld:{kept.ground}", pence, on)
        for m, more in pence.items():
            kept.left[m] = kept.left.get(m, 0) + more
        kept.changed_on = on
