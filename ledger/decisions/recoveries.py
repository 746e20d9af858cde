"""Getting back what a body has beyond its award: in cash, or by set-off."""

from collections.abc import Sequence
from typing import ClassVar

from ledger.decisions.disbursements.requests import BeyondPayable
from ledger.decisions.fields import Account, Label, PositivePence, Reference
from ledger.decisions.handling import Accounts, any_account, on_account
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    OtherBody,
    before,
    other_body,
)
from ledger.decisions.references import (
    NotAPart,
    Parts,
    ReferenceTaken,
    claimed,
    reference_records,
)
from ledger.decisions.repayments import (
    BeyondDebt,
    NoSuchRecovery,
    RepaymentNotSo,
)
from ledger.events import (
    DebtSetOff,
    PayableSetOff,
    RecoveryReceived,
    ReferencePart,
    Slices,
)
from ledger.premium.account import PremiumAccount, pro_rata
from ledger.premium.draws import drawn, pence_of
from ledger.recorded import Recorded, account_parts
from ledger.request import Asked, Decision, States
from ledger.values import value


@value
class ReceiveRecovery:
    """Record that a body paid back in cash."""

    NAME: ClassVar[str] = "receive-recovery"

    account: Account
    recovery: Label
    """The id under which it was proposed and ordered."""
    payment: Label
    """An id for this payment within the account."""
    reference: Reference
    amount_pence: PositivePence
    parts: Parts = ()


@value
class SetOffDebt:
    """Settle a debt with what is payable to the same body, of any scheme year."""

    NAME: ClassVar[str] = "set-off-debt"

    account: Account
    """The account of the debtor."""
    set_off: Label
    """An id within both accounts."""
    against: Account
    """The account whose payable pays; it may be the debtor itself."""
    amount_pence: PositivePence


@value
class SettlementIdTaken:
    """The id stands for another settlement, lapse or payment of the account."""

    NAME: ClassVar[str] = "settlement-id-taken"

    settlement: str

    def __str__(self) -> str:
        return f"{self.settlement} is recorded: give another one an id of its own"


REFUSALS = (
    NoSuchRecovery,
    RepaymentNotSo,
    SettlementIdTaken,
    OtherBody,
    BeyondDebt,
    BeyondPayable,
    DateRunsBackwards,
    ReferenceTaken,
    NotAPart,
    AccountNotOpen,
)


def receive_recovery(
    command: ReceiveRecovery,
    account: PremiumAccount,
    asked: Asked,
    *,
    reference: Sequence[Recorded],
    accounts: Accounts,
) -> Decision:
    """Decide whether money that came back settles a debt.

    Args:
        reference: The records of the reference's stream.
        accounts: Where the state of any account is found.

    Returns:
        What it settles, pro rata to what is owed of each measure, and what it takes
        of what is held on that day; the rest is the body's own money.

    Source: ADR 0010 (what comes back); ADR 0023 (where it came from).
    """
    recovery = account.recoveries.get(command.recovery)
    if recovery is None:
        return NoSuchRecovery(recovery=command.recovery)
    if recovery.state != "ordered":
        return RepaymentNotSo(
            repayment=command.recovery, state=recovery.state, needed="ordered"
        )
    if command.payment in account.settlements:
        return SettlementIdTaken(settlement=command.payment)
    if early := before(
        asked.effective_on, recovery.changed_on, "a recovery", "its order"
    ):
        return early
    settled = _settled(command.amount_pence, account, asked)
    if isinstance(settled, BeyondDebt):
        return settled
    part = ReferencePart(
        account=command.account,
        what=f"recovery/{command.payment}",
        pence=command.amount_pence,
    )
    movement = claimed(command, part, "in", reference, accounts)
    if not isinstance(movement, tuple):
        return movement
    draws = drawn(command.amount_pence, account.receipts, asked.effective_on)
    rest_pence = command.amount_pence - pence_of(draws)
    owed = {piece.measure: piece.pence for piece in settled}
    return (
        RecoveryReceived(
            account=command.account,
            recovery=command.recovery,
            payment=command.payment,
            reference=command.reference,
            amount_pence=command.amount_pence,
            slices=settled,
            draws=draws,
            own_funds=pro_rata(rest_pence, owed),
        ),
        *movement,
    )


def set_off_debt(
    command: SetOffDebt,
    account: PremiumAccount,
    asked: Asked,
    *,
    against: PremiumAccount,
) -> Decision:
    """Decide whether what is payable settles a debt of the same body.

    Args:
        against: The account whose payable pays.

    Returns:
        Two facts, one an account, recorded together.

    Source: DESIGN 5 (set-off against another year's payable: two streams, one commit).
    """
    if other := other_body(account_parts(command.account)[2], command.against):
        return other
    for one in (account, against):
        if command.set_off in one.settlements:
            return SettlementIdTaken(settlement=command.set_off)
    settled = _settled(command.amount_pence, account, asked)
    if isinstance(settled, BeyondDebt):
        return settled
    payable = against.lowest_payable(asked.effective_on)
    payable_pence = sum(payable.values())
    if command.amount_pence > payable_pence:
        return BeyondPayable(
            payable_pence=payable_pence, asked_pence=command.amount_pence
        )
    return (
        DebtSetOff(
            account=command.account,
            set_off=command.set_off,
            against=command.against,
            amount_pence=command.amount_pence,
            slices=settled,
        ),
        PayableSetOff(
            account=command.against,
            set_off=command.set_off,
            debtor=command.account,
            amount_pence=command.amount_pence,
            slices=pro_rata(command.amount_pence, payable),
        ),
    )


def _settled(
    amount_pence: int, account: PremiumAccount, asked: Asked
) -> Slices | BeyondDebt:
    """Which measures' debt an amount settles."""
    owed = account.lowest_debt(asked.effective_on)
    debt_pence = sum(owed.values())
    if amount_pence > debt_pence:
        return BeyondDebt(debt_pence=debt_pence, asked_pence=amount_pence)
    return pro_rata(amount_pence, owed)


def _against(command: SetOffDebt, asked: Asked, states: States) -> PremiumAccount:
    return states.account(command.against)


HANDLES = (
    on_account(
        ReceiveRecovery,
        receive_recovery,
        by="analyst",
        records=RecoveryReceived,
        reference=reference_records,
        accounts=any_account,
    ),
    on_account(
        SetOffDebt, set_off_debt, by="approver", records=DebtSetOff, against=_against
    ),
)
