"""Telling a body to pay back: one person proposes it, another orders or refuses it.

What is asked of a lapse too, which is proposed and decided alike, stands here.
"""

from typing import Any, ClassVar

from ledger.calendar import Day
from ledger.decisions.fields import Account, Label, PositivePence
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import (
    DateRunsBackwards,
    SamePerson,
    before,
    same_person,
)
from ledger.events import (
    Commitment,
    RecoveryOrdered,
    RecoveryProposed,
    RecoveryRefused,
)
from ledger.money import Pence, pounds
from ledger.premium.account import PremiumAccount, Repayment
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class ProposeRecovery:
    """Put forward to tell a body to pay back part or all of its debt."""

    NAME: ClassVar[str] = "propose-recovery"

    account: Account
    recovery: Label
    """An id within the account."""
    amount_pence: PositivePence
    reason: Prose
    """Why it must come back."""
    due_on: Day | None = None
    """The day by which it must come back."""


@value
class OrderRecovery:
    """Tell a body to pay back, as another person proposed."""

    NAME: ClassVar[str] = "order-recovery"

    account: Account
    recovery: Label
    """The id under which it was proposed."""


@value
class RefuseRecovery:
    """Refuse to tell a body to pay back, as another person proposed."""

    NAME: ClassVar[str] = "refuse-recovery"

    account: Account
    recovery: Label
    """The id under which it was proposed."""
    reason: Prose
    """Why it is not ordered."""


@value
class RecoveryIdTaken:
    """The id stands for another recovery of the account."""

    NAME: ClassVar[str] = "recovery-id-taken"

    recovery: str
    amount_pence: Pence

    def __str__(self) -> str:
        return (
            f"{self.recovery} is a recovery of {pounds(self.amount_pence)}: "
            "give another one an id of its own"
        )


@value
class NoSuchRecovery:
    """The account has no recovery of that id."""

    NAME: ClassVar[str] = "no-such-recovery"

    recovery: str

    def __str__(self) -> str:
        return f"the account has no recovery {self.recovery!r}: propose it first"


@value
class RepaymentNotSo:
    """The recovery or lapse is not where it must be for this."""

    NAME: ClassVar[str] = "repayment-not-so"

    repayment: str
    state: str
    needed: str

    def __str__(self) -> str:
        return f"{self.repayment} is {self.state}; it must be {self.needed}"


@value
class BeyondDebt:
    """More was to come back than is owed at every date from that day."""

    NAME: ClassVar[str] = "beyond-debt"

    debt_pence: Pence
    asked_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.asked_pence)} is to come back and "
            f"{pounds(self.debt_pence)} is owed"
        )


REFUSALS = (
    RecoveryIdTaken,
    NoSuchRecovery,
    SamePerson,
    RepaymentNotSo,
    DateRunsBackwards,
    BeyondDebt,
)


def propose_recovery(
    command: ProposeRecovery, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether an order to pay back is put forward; it sets nothing aside.

    What could not be ordered if it were decided on that day is not put forward.

    Source: DESIGN 3 (two people); ADR 0021.
    """
    taken = account.recoveries.get(command.recovery)
    if taken is not None:
        return RecoveryIdTaken(
            recovery=command.recovery, amount_pence=taken.fact.amount_pence
        )
    if no := _beyond_debt(command.amount_pence, account, asked):
        return no
    return (
        RecoveryProposed(
            account=command.account,
            recovery=command.recovery,
            amount_pence=command.amount_pence,
            reason=Commitment(command.reason),
            due_on=command.due_on,
        ),
    )


def order_recovery(
    command: OrderRecovery, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a body is told to pay back: by another person than proposed it.

    Returns:
        The order, for the reason of the proposal; nothing if it is ordered already;
        otherwise the first refusal that applies. The debt itself stays as it is, and
        is asked again: it may have changed since the proposal.
    """
    recovery = account.recoveries.get(command.recovery)
    if recovery is None:
        return NoSuchRecovery(recovery=command.recovery)
    no = undecidable(command.recovery, recovery, asked, "ordered")
    if no is not None:
        return no
    what = "a recovery"
    if early := before(asked.effective_on, recovery.changed_on, what, "its proposal"):
        return early
    proposed = recovery.fact
    if beyond := _beyond_debt(proposed.amount_pence, account, asked):
        return beyond
    return (
        RecoveryOrdered(
            account=command.account,
            recovery=command.recovery,
            proposal=recovery.record,
            amount_pence=proposed.amount_pence,
            reason=proposed.reason,
            due_on=proposed.due_on,
        ),
    )


def refuse_recovery(
    command: RefuseRecovery, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether an order to pay back is refused: by another person."""
    recovery = account.recoveries.get(command.recovery)
    if recovery is None:
        return NoSuchRecovery(recovery=command.recovery)
    no = undecidable(command.recovery, recovery, asked, "refused")
    if no is not None:
        return no
    return (
        RecoveryRefused(
            account=command.account,
            recovery=command.recovery,
            proposal=recovery.record,
            reason=Commitment(command.reason),
        ),
    )


def undecidable(
    named: str, repayment: Repayment[Any], asked: Asked, already: str
) -> SamePerson | RepaymentNotSo | tuple[()] | None:
    """Why a recovery or lapse cannot be decided; None if another person proposed it.

    Returns:
        An empty tuple if it is `already` so.
    """
    if no := same_person(asked, repayment.proposed_by, f"proposed {named}"):
        return no
    if repayment.state == already:
        return ()
    if repayment.state != "proposed":
        return RepaymentNotSo(repayment=named, state=repayment.state, needed="proposed")
    return None


def _beyond_debt(
    amount_pence: Pence, account: PremiumAccount, asked: Asked
) -> BeyondDebt | None:
    debt_pence = sum(account.lowest_debt(asked.effective_on).values())
    if amount_pence <= debt_pence:
        return None
    return BeyondDebt(debt_pence=debt_pence, asked_pence=amount_pence)


HANDLES = (
    on_account(
        ProposeRecovery, propose_recovery, by="analyst", records=RecoveryProposed
    ),
    on_account(
        OrderRecovery,
        order_recovery,
        by="approver",
        records=RecoveryOrdered,
        not_who=("proposed it",),
    ),
    on_account(
        RefuseRecovery,
        refuse_recovery,
        by="approver",
        records=RecoveryRefused,
        not_who=("proposed it",),
    ),
)
