"""Random histories of two premiums of one body, whose money is set right throughout."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ledger.request import By
from tests.decisions.abacus.award_histories import (
    APPROVERS,
    PART,
    PICK,
    WHEN,
    AwardHistories,
    When,
    has,
    one_of,
    part_of,
)
from tests.decisions.abacus.reads import (
    read_at_random_clocks,
    tell_every_record,
    trace_every_use,
)
from tests.decisions.abacus.side_by_side import ACCOUNTS

PAYEES = st.sampled_from(["p", "q"])
PURPOSES = st.sampled_from(["a", "a", "b", "b", "prizes"])

REFERENCES = st.sampled_from(["R1", "R2", None, None, None, None])
"""Mostly of its own; or one that another movement may have used."""


def _day(approved_on: date | None) -> date:
    assert approved_on is not None
    return approved_on


class Histories(AwardHistories):
    """Awards, and what is paid, spent, owed and settled of them."""

    # Disbursement ---------------------------------------------------------------------

    @precondition(has("unasked"))
    @rule(when=WHEN, part=PART, far=st.sampled_from([1, 2, 3, 3]))
    def ask(self, when: When, part: int, far: int) -> None:
        """Money is asked for; perhaps approved; perhaps paid."""
        self.ask_for(self.steps(when, "unasked"), part, far)

    @precondition(has("asked"))
    @rule(when=WHEN, pick=PICK, refused=st.booleans(), by=APPROVERS)
    def decide(self, when: When, pick: int, refused: bool, by: By) -> None:
        """A request is approved or refused."""
        steps = self.steps(when, "asked")
        name = one_of(steps.premium.requests, pick, "requested")
        if refused:
            steps.refuse(name, by)
        else:
            steps.approve(name, by)

    @precondition(has("unpaid"))
    @rule(
        when=WHEN,
        pick=PICK,
        reference=REFERENCES,
        valued=st.integers(-3, 5),
    )
    def pay(self, when: When, pick: int, reference: str | None, valued: int) -> None:
        """A request is paid, perhaps with a reference that another one used."""
        steps = self.steps(when, "unpaid")
        name = one_of(steps.premium.requests, pick, "approved")
        value_date = steps.on + timedelta(days=valued)
        steps.pay(name, reference or f"S{self.name_anew().upper()}", value_date)

    @precondition(has("unpaid"))
    @rule(when=WHEN, valued=st.integers(0, 5))
    def pay_together(self, when: When, valued: int) -> None:
        """All that is approved is paid by one movement of the bank."""
        steps = self.steps(when, "unpaid")
        requests = steps.premium.requests.items()
        names = [name for name, one in requests if one.state == "approved"]
        value_date = steps.on + timedelta(days=valued)
        dated = [one.approved_on for _, one in requests if one.state == "approved"]
        if names and not steps.premium.debt and max(map(_day, dated)) <= steps.on:
            steps.pay_together(names, f"M{self.name_anew().upper()}", value_date)

    @precondition(has("requests"))
    @rule(
        when=WHEN,
        pick=PICK,
        how=st.sampled_from(["withdraw", "expire", "bounce"]),
    )
    def end(self, when: When, pick: int, how: str) -> None:
        """A request is withdrawn or expires, or its payment comes back."""
        steps = self.steps(when, "requests")
        states = ("paid",) if how == "bounce" else ("requested", "approved")
        getattr(steps, how)(one_of(steps.premium.requests, pick, *states))

    # Spending and debt ----------------------------------------------------------------

    @precondition(has("unspent"))
    @rule(
        when=WHEN,
        part=PART,
        payee=PAYEES,
        purpose=PURPOSES,
        passed_on=st.booleans(),
    )
    def spend(
        self,
        when: When,
        part: int,
        payee: str,
        purpose: str,
        passed_on: bool,
    ) -> None:
        """Money is spent or passed on."""
        steps = self.steps(when, "unspent")
        amount = part_of(steps.premium.held(steps.on), part)
        how = steps.pass_on if passed_on else steps.spend
        how(self.name_anew(), payee, purpose, amount)

    @precondition(has("spendings"))
    @rule(
        when=WHEN,
        pick=PICK,
        part=PART | st.none(),
        called=st.tuples(PAYEES, PURPOSES, st.sampled_from([True, True, True, False])),
        moved=st.sampled_from([None, None, None, -4, 2, 9]),
    )
    def correct_spending(
        self,
        when: When,
        pick: int,
        part: int | None,
        called: tuple[str, str, bool],
        moved: int | None,
    ) -> None:
        """A spending was another: a part of it and what is held, or nothing.

        Perhaps of another day; it is called by payee and purpose, and what it was or
        not.
        """
        steps = self.steps(when, "spendings")
        name = one_of(steps.premium.spendings, pick)
        was = steps.premium.spendings.get(name)
        held = steps.premium.held(steps.on) + (was.amount if was else 0)
        amount = 0 if part is None else part_of(held, part)
        if was and part == 2:
            amount = was.amount  # Words alone.
        spent_on = None
        if was and moved is not None:
            spent_on = was.on + timedelta(days=moved)
        payee, purpose, kind = called
        passed_on = bool(was and was.passed_on) is kind
        steps.correct(name, payee, purpose, amount, spent_on, passed_on=passed_on)

    @precondition(has("spendings"))
    @rule(when=WHEN, pick=PICK, part=PART, kind=st.sampled_from([True, True, False]))
    def credit_spending(self, when: When, pick: int, part: int, kind: bool) -> None:
        """Part of a spending or passing-on comes back."""
        steps = self.steps(when, "spendings")
        name = one_of(steps.premium.spendings, pick)
        was = steps.premium.spendings.get(name)
        spent = was.amount - sum(steps.premium.credited(name).values()) if was else 0
        passed_on = bool(was and was.passed_on) is kind
        credit = "c1" if part == 5 else self.name_anew()
        steps.credit(name, credit, part_of(spent, part), passed_on=passed_on)

    @precondition(has("unspent"))
    @rule(when=WHEN, part=PART, reference=REFERENCES, by=st.none() | APPROVERS)
    def lapse(
        self, when: When, part: int, reference: str | None, by: By | None
    ) -> None:
        """Unspent money is to be handed back, and perhaps is at once."""
        steps, name = self.steps(when, "unspent"), self.name_anew()
        amount = part_of(steps.premium.held(steps.on), part)
        steps.propose_lapse(name, amount, reference or f"L{name.upper()}")
        if by is not None:
            steps.lapse(name, by)

    @precondition(has("lapses"))
    @rule(when=WHEN, pick=PICK, refused=st.booleans(), by=APPROVERS)
    def decide_lapse(self, when: When, pick: int, refused: bool, by: By) -> None:
        """What was to be handed back is, or is not."""
        steps = self.steps(when, "lapses")
        name = one_of(steps.premium.lapses, pick, "proposed")
        if refused:
            steps.refuse_lapse(name, by)
        else:
            steps.lapse(name, by)

    @precondition(has("debt"))
    @rule(when=WHEN, part=PART, by=st.none() | APPROVERS, also=st.booleans())
    def recover(self, when: When, part: int, by: By | None, also: bool) -> None:
        """Debt is to be paid back; perhaps that is ordered; perhaps it is paid."""
        steps, name = self.steps(when, "debt"), self.name_anew()
        amount = part_of(sum(steps.premium.owed(steps.on).values()), part)
        steps.propose_recovery(name, amount)
        if by is not None:
            steps.order(name, by)
        if also:
            payment = self.name_anew()
            steps.receive(name, payment, amount, f"B{payment.upper()}")

    @precondition(has("recoveries"))
    @rule(when=WHEN, pick=PICK, refused=st.booleans(), by=APPROVERS)
    def decide_recovery(self, when: When, pick: int, refused: bool, by: By) -> None:
        """What was to be paid back must be, or need not."""
        steps = self.steps(when, "recoveries")
        name = one_of(steps.premium.recoveries, pick, "proposed")
        if refused:
            steps.refuse_order(name, by)
        else:
            steps.order(name, by)

    @precondition(has("recoveries"))
    @rule(when=WHEN, pick=PICK, part=PART, reference=REFERENCES)
    def receive(self, when: When, pick: int, part: int, reference: str | None) -> None:
        """Debt is paid back."""
        steps, payment = self.steps(when, "recoveries"), self.name_anew()
        name = one_of(steps.premium.recoveries, pick, "ordered")
        amount = part_of(sum(steps.premium.owed(steps.on).values()), part)
        steps.receive(name, payment, amount, reference or f"B{payment.upper()}")

    @precondition(has("debt"))
    @rule(when=WHEN, against=st.integers(0, 1), part=PART)
    def set_off(self, when: When, against: int, part: int) -> None:
        """Debt is set off, mostly against the other year."""
        steps = self.steps(when, "debt")
        owed = sum(steps.premium.owed(steps.on).values())
        payer = self.both.premiums[ACCOUNTS[against]]
        payable = sum(payer.payable(steps.on).values())
        amount = part_of(min(owed, payable), part)
        steps.set_off(self.name_anew(), ACCOUNTS[against], amount)

    def teardown(self) -> None:
        """Trace what was used, tell all; read every tenth history as people do."""
        if hasattr(self, "both"):
            tell_every_record(self.both)
            trace_every_use(self.both)
            if self.both.random.random() < 0.1:
                read_at_random_clocks(self.both, 8)
