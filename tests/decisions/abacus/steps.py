"""Commands on money in random histories, given to the ledger and the abacus."""

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
from ledger.decisions.recoveries import OrderRecovery, ReceiveRecovery, SetOffDebt
from ledger.decisions.spending.leftover import Lapse
from ledger.decisions.spending.recording import CorrectSpending, PassOn, RecordSpending
from ledger.events import AccountId, PartyId
from ledger.request import By
from tests.decisions.abacus.award_steps import TEXT, AwardSteps
from tests.decisions.abacus.awarded import Told
from tests.decisions.abacus.spent import Use
from tests.decisions.given import APPROVER


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
        taken = reference in self.both.references

        def told_of(told: Told) -> str:
            if told.facts:
                self.both.references.add(reference)
            return self.premium.pay(told, name, value_date, taken=taken)

        self._give(command, told_of)

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

    def correct(self, name: str, payee: str, purpose: str, amount: int) -> None:
        """A spending was another; of nothing, it never was."""
        use = self._use(payee, purpose, amount)
        command = CorrectSpending(
            **self._spends(name, payee, purpose, amount), reason=TEXT
        )
        self._give(command, lambda told: self.premium.correct(told, name, use))

    def lapse(self, name: str, amount: int) -> None:
        """Unspent money is handed back."""
        command = Lapse(account=self.account, lapse=name, amount_pence=amount)
        self._give(command, lambda told: self.premium.lapse(told, name, amount))

    def order(self, name: str, amount: int) -> None:
        """The body must pay back."""
        command = OrderRecovery(
            account=self.account, recovery=name, amount_pence=amount, reason=TEXT
        )
        self._give(command, lambda told: self.premium.order(told, name, amount))

    def receive(self, name: str, payment: str, amount: int) -> None:
        """The body pays back."""
        command = ReceiveRecovery(
            account=self.account,
            recovery=name,
            payment=payment,
            reference="B1",
            amount_pence=amount,
        )
        self._give(
            command, lambda told: self.premium.receive(told, name, payment, amount)
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
