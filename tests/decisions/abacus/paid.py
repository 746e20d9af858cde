"""A premium account of the abacus: what is asked for, paid and comes back."""

from datetime import date
from typing import NamedTuple

from tests.decisions.abacus.accounts import (
    COMMITTED,
    HELD,
    IN_TRANSIT,
    PAYABLE,
    Pence,
    is_fair,
    least,
    pence_of,
)
from tests.decisions.abacus.awarded import ALREADY, RECORDED, Request, Told
from tests.decisions.abacus.withheld import Withheld

Draws = list[tuple[str, Pence]]
"""What is taken of each receipt, in the order taken."""
Flows = list[tuple[str, date, str, int]]
"""Receipt, day, measure, pence taken; below zero: given back."""


class Bounced(NamedTuple):
    """A payment that the bank returned."""

    slices: Pence
    paid_on: date
    returned_on: date


class Paid(Withheld):
    """One body's premium for one scheme year, as far as its receipts."""

    uses: dict[str, Draws]
    """What each spending, lapse or recovery that counts draws."""
    flows: dict[str, Flows]
    """Receipt by receipt and day by day: what each use took, and its credits gave."""

    bounced: list[Bounced]

    def ask(self, told: Told, name: str, amount: int) -> str:
        """Part of what is payable is set aside."""
        if name in self.requests:
            return "disbursement-id-taken"
        if self.debt:
            return "debt-outstanding"
        payable = self.payable(told.on)
        if amount > sum(payable.values()):
            return "beyond-payable"
        if told.facts:
            self.hand.position += 1
            slices = pence_of(told.facts[0].slices)
            assert is_fair(slices, amount, payable), (slices, amount, payable)
            self.board.pour(PAYABLE, COMMITTED, slices, told.on)
            self.requests[name] = Request(slices, told.by, told.on)
        return RECORDED

    def approve(self, told: Told, name: str) -> str:
        """A request may be paid."""
        verdict = self._decidable(told, name, "approved")
        if isinstance(verdict, str):
            return verdict
        if self.debt:
            return "debt-outstanding"
        if told.on < verdict.on:
            return "date-runs-backwards"
        if told.facts:
            self.hand.position += 1
            verdict.state, verdict.approved_on = "approved", told.on
            verdict.approved_by = told.by
        return RECORDED

    def refuse(self, told: Told, name: str) -> str:
        """A request is not paid; exactly what it set aside is payable as before."""
        verdict = self._decidable(told, name, "refused")
        if isinstance(verdict, str):
            return verdict
        if told.on < verdict.on:
            return "date-runs-backwards"
        if told.facts:
            self._undo(verdict, "refused", told.on)
        return RECORDED

    def end(self, told: Told, name: str, state: str) -> str:
        """A request is withdrawn or expires, approved or not."""
        request = self.requests.get(name)
        if request is None:
            return "no-such-disbursement"
        if request.state == state:
            return ALREADY
        if request.state not in ("requested", "approved"):
            return "wrong-state"
        if told.on < (request.approved_on or request.on):
            return "date-runs-backwards"
        if told.facts:
            self._undo(request, state, told.on)
        return RECORDED

    def pay(self, told: Told, name: str, value_date: date, *, taken: bool) -> str:
        """An approved request is paid, with a reference nobody used before."""
        request = self.requests.get(name)
        if request is None:
            return "no-such-disbursement"
        if request.state != "approved":
            return "wrong-state"
        if request.approved_by == told.by:
            return "same-person"
        if self.debt:
            return "debt-outstanding"
        if taken:
            return "reference-taken"
        assert request.approved_on is not None
        if told.on < request.approved_on or value_date < told.on:
            return "date-runs-backwards"
        if told.facts:
            self.hand.position += 1
            self.board.pour(COMMITTED, IN_TRANSIT, request.slices, told.on)
            self.board.pour(IN_TRANSIT, HELD, request.slices, value_date)
            self.hand.position += len(told.facts) - 1  # The reference is taken.
            # Receipts are drawn on in the order in which they were paid.
            self.requests[name] = self.requests.pop(name)
            request.state, request.paid_on = "paid", told.on
            request.value_date = value_date
        return RECORDED

    def bounce(self, told: Told, name: str) -> str:
        """The bank returns a payment; it is payable again from that day."""
        request = self.requests.get(name)
        if request is None:
            return "no-such-disbursement"
        if request.state == "returned":
            return ALREADY
        if request.state != "paid":
            return "wrong-state"
        assert request.paid_on is not None
        assert request.value_date is not None
        if self.left(name, request.value_date) != request.slices:
            return "receipt-drawn-on"
        if told.on < request.paid_on:
            return "date-runs-backwards"
        if told.facts:
            self.hand.position += 1
            self.board.pour(HELD, IN_TRANSIT, request.slices, request.value_date)
            self.board.pour(IN_TRANSIT, PAYABLE, request.slices, told.on)
            self._end_debt(request.slices, told.on)
            self.bounced.append(Bounced(request.slices, request.paid_on, told.on))
            request.state = "returned"
        return RECORDED

    @property
    def unasked(self) -> int:
        """What is payable, whatever the day."""
        return self.board.total(PAYABLE)

    @property
    def asked(self) -> list[str]:
        """Requests that wait to be decided."""
        return [n for n, one in self.requests.items() if one.state == "requested"]

    @property
    def unpaid(self) -> int:
        """What is set aside, whatever the day."""
        return self.board.total(COMMITTED)

    @property
    def unspent(self) -> int:
        """What is held, whatever the day."""
        return self.board.total(HELD)

    @property
    def receipts(self) -> list[str]:
        """Payments that did not come back, first received first."""
        return [name for name, one in self.requests.items() if one.state == "paid"]

    def left(self, receipt: str, since: date) -> Pence:
        """What of a receipt no use takes on any day from one; nothing is left out."""
        request = self.requests[receipt]
        assert request.value_date is not None
        came = [(request.value_date, m, pence) for m, pence in request.slices.items()]
        went = [
            (on, m, -pence)
            for flows in self.flows.values()
            for of, on, m, pence in flows
            if of == receipt
        ]
        found = least((*came, *went), since)
        return {m: pence for m, pence in found.items() if pence}

    def _decidable(self, told: Told, name: str, state: str) -> Request | str:
        request = self.requests.get(name)
        if request is None:
            return "no-such-disbursement"
        if request.by == told.by:
            return "same-person"
        if request.state == state:
            return ALREADY
        return request if request.state == "requested" else "wrong-state"

    def _undo(self, request: Request, state: str, on: date) -> None:
        self.hand.position += 1
        self.board.pour(COMMITTED, PAYABLE, request.slices, request.on)
        self._end_debt(request.slices, on)
        request.state = state
