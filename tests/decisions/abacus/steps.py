"""Commands on money in random histories, given to the ledger and the abacus."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ledger.decisions.disbursements.endings import (
    ExpireDisbursement,
    ReturnDisbursement,
    WithdrawDisbursement,
)
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    PayDisbursement,
    RefuseDisbursement,
    RequestDisbursement,
)
from ledger.decisions.recoveries import ReceiveRecovery, SetOffDebt
from ledger.decisions.repayments import (
    OrderRecovery,
    ProposeRecovery,
    RefuseRecovery,
)
from ledger.decisions.spending.correcting import CorrectPassedOn, CorrectSpending
from ledger.decisions.spending.crediting import CreditPassedOn, CreditSpending
from ledger.decisions.spending.leftover import Lapse, ProposeLapse, RefuseLapse
from ledger.decisions.spending.recording import PassOn, RecordSpending
from ledger.events import AccountId, PartyId, ReferencePart
from ledger.request import By
from tests.decisions.abacus.award_steps import TEXT, AwardSteps
from tests.decisions.abacus.awarded import Told
from tests.decisions.abacus.spent import Back, Use
from tests.decisions.given import ANALYST, APPROVER


class Steps(AwardSteps):
    """What can be done to one of the two accounts on a day."""

    # Disbursement ---------------------------------------------------------------------

    def ask(self, name: str, amount: int) -> None:
        """Money is asked for."""
        command = RequestDisbursement(
            account=self.account, disbursement=name, amount_pence=amount
        )
        self._give(command, lambda told: self.premium.ask(told, name, amount))

    def approve(self, name: str, by: By = APPROVER) -> None:
        """A request is approved."""
        command = ApproveDisbursement(account=self.account, disbursement=name)
        self._give(command, lambda told: self.premium.approve(told, name), by)

    def refuse(self, name: str, by: By) -> None:
        """A request is refused."""
        command = RefuseDisbursement(
            account=self.account, disbursement=name, reason=TEXT
        )
        self._give(command, lambda told: self.premium.refuse(told, name), by)

    def withdraw(self, name: str) -> None:
        """A request is taken back."""
        command = WithdrawDisbursement(
            account=self.account, disbursement=name, reason=TEXT
        )
        self._give(command, lambda told: self.premium.end(told, name, "withdrawn"))

    def expire(self, name: str) -> None:
        """A request runs out."""
        command = ExpireDisbursement(account=self.account, disbursement=name)
        self._give(command, lambda told: self.premium.end(told, name, "expired"))

    def pay(self, name: str, reference: str, value_date: date) -> None:
        """An approved request is paid."""
        command = PayDisbursement(
            account=self.account,
            disbursement=name,
            reference=reference,
            kind="cash",
            value_date=value_date,
        )
        self._moves_money(
            command,
            reference,
            lambda told, taken: self.premium.pay(told, name, value_date, taken=taken),
        )

    def pay_together(
        self, names: Sequence[str], reference: str, value_date: date
    ) -> None:
        """Approved requests are paid by one movement of the bank, one after another.

        The first names all parts; a part that nobody named is refused.
        """
        parts = tuple(
            ReferencePart(
                account=self.account,
                what=f"disbursement/{name}",
                pence=sum(self.premium.requests[name].slices.values()),
            )
            for name in names
        )
        for nth, name in enumerate(names):
            command = PayDisbursement(
                account=self.account,
                disbursement=name,
                reference=reference,
                kind="cash",
                value_date=value_date,
                parts=() if nth else parts,
            )
            self._give(
                command,
                lambda told, name=name: self.premium.pay(
                    told, name, value_date, taken=False
                ),
            )
        self.both.references.add(reference)

    def _moves_money(
        self,
        command: Any,
        reference: str,
        expected: Callable[[Told, bool], str],
        by: By | None = None,
    ) -> None:
        """Give a command whose reference nobody may have used before."""
        taken = reference in self.both.references

        def told_of(told: Told) -> str:
            if told.facts:
                self.both.references.add(reference)
            return expected(told, taken)

        self._give(command, told_of, by)

    def bounce(self, name: str) -> None:
        """The bank returns a payment."""
        command = ReturnDisbursement(
            account=self.account, disbursement=name, reason=TEXT
        )
        self._give(command, lambda told: self.premium.bounce(told, name))

    # Spending and debt ----------------------------------------------------------------

    def spend(self, name: str, payee: str, purpose: str, amount: int) -> None:
        """Money is spent."""
        use = self._use(payee, purpose, amount)
        command = RecordSpending(**self._spends(name, payee, purpose, amount))
        self._give(command, lambda told: self.premium.spend(told, name, use))

    def pass_on(self, name: str, payee: str, purpose: str, amount: int) -> None:
        """Money is passed on."""
        use = Use(f"group:passed-on:{payee}", amount, self.on, True, (payee, purpose))
        command = PassOn(**self._spends(name, payee, purpose, amount))
        self._give(command, lambda told: self.premium.spend(told, name, use))

    def correct(
        self,
        name: str,
        payee: str,
        purpose: str,
        amount: int,
        spent_on: date | None = None,
        *,
        passed_on: bool = False,
    ) -> None:
        """A spending was another; of nothing, it never was."""
        use = self._use(payee, purpose, amount)
        form: Any = CorrectSpending
        if passed_on:
            pot, form = f"group:passed-on:{payee}", CorrectPassedOn
            use = replace(use, pot=pot, passed_on=True)
        command = form(
            **self._spends(name, payee, purpose, amount), reason=TEXT, spent_on=spent_on
        )
        self._give(
            command, lambda told: self.premium.correct(told, name, use, spent_on)
        )

    def credit(self, name: str, credit: str, amount: int, *, passed_on: bool) -> None:
        """Part of a spending came back."""
        form: Any = CreditPassedOn if passed_on else CreditSpending
        command = form(
            account=self.account, spending=name, credit=credit, amount_pence=amount
        )
        self._give(
            command,
            lambda told: self.premium.credit(
                told, name, credit, amount, passed_on=passed_on
            ),
        )

    def propose_lapse(self, name: str, amount: int, reference: str) -> None:
        """That unspent money is handed back is put forward."""
        command = ProposeLapse(
            account=self.account,
            lapse=name,
            reference=reference,
            amount_pence=amount,
            reason=TEXT,
        )
        lapse = Back(ANALYST.party, self.on, amount, reference)
        taken = reference in self.both.references
        self._give(
            command,
            lambda told: self.premium.propose_lapse(told, name, lapse, taken=taken),
        )

    def lapse(self, name: str, by: By) -> None:
        """Unspent money is handed back."""
        lapse = self.premium.lapses.get(name)
        self._moves_money(
            Lapse(account=self.account, lapse=name),
            lapse.reference if lapse else "none",
            lambda told, taken: self.premium.lapse(told, name, taken=taken),
            by,
        )

    def refuse_lapse(self, name: str, by: By) -> None:
        """It does not lapse."""
        command = RefuseLapse(account=self.account, lapse=name, reason=TEXT)
        self._give(command, lambda told: self.premium.refuse_lapse(told, name), by)

    def propose_recovery(self, name: str, amount: int) -> None:
        """That the body must pay back is put forward."""
        command = ProposeRecovery(
            account=self.account, recovery=name, amount_pence=amount, reason=TEXT
        )
        recovery = Back(ANALYST.party, self.on, amount)
        self._give(
            command, lambda told: self.premium.propose_recovery(told, name, recovery)
        )

    def order(self, name: str, by: By) -> None:
        """The body must pay back."""
        command = OrderRecovery(account=self.account, recovery=name)
        self._give(command, lambda told: self.premium.order(told, name), by)

    def refuse_order(self, name: str, by: By) -> None:
        """It need not pay back."""
        command = RefuseRecovery(account=self.account, recovery=name, reason=TEXT)
        self._give(command, lambda told: self.premium.refuse_order(told, name), by)

    def receive(self, name: str, payment: str, amount: int, reference: str) -> None:
        """The body pays back."""
        command = ReceiveRecovery(
            account=self.account,
            recovery=name,
            payment=payment,
            reference=reference,
            amount_pence=amount,
        )
        self._moves_money(
            command,
            reference,
            lambda told, taken: self.premium.receive(
                told, name, payment, amount, taken=taken
            ),
        )

    def set_off(self, name: str, against: AccountId, amount: int) -> None:
        """Debt is set off against what is payable of either year."""
        payer = self.both.premiums[against]
        command = SetOffDebt(
            account=self.account, set_off=name, against=against, amount_pence=amount
        )
        self._give(
            command, lambda told: self.premium.set_off(told, name, payer, amount)
        )

    def _use(self, payee: str, purpose: str, amount: int) -> Use:
        pot = f"group:spent:{purpose}:{payee}"
        return Use(pot, amount, self.on, False, (payee, purpose))

    def _spends(self, name: str, payee: str, purpose: str, amount: int) -> Any:
        return {
            "account": self.account,
            "spending": name,
            "payee": PartyId(payee),
            "purpose": purpose,
            "service": TEXT,
            "amount_pence": amount,
        }
