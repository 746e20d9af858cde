"""Getting back what a body has beyond its award: in cash, or by set-off."""

from collections.abc import Sequence
from typing import ClassVar

from ledger.calendar import Day
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
from ledger.events import (
    Commitment,
    DebtSetOff,
    PayableSetOff,
    RecoveryOrdered,
    RecoveryReceived,
    ReferencePart,
    Slices,
)
from ledger.money import Pence, pounds
from ledger.premium.account import PremiumAccount, pro_rata
from ledger.premium.draws import drawn, pence_of
from ledger.recorded import Recorded, account_parts
from ledger.request import Asked, Decision, States
from ledger.values import Prose, value


@value
class OrderRecovery:
    """Tell a body to pay back part or all of its debt."""

    NAME: ClassVar[str] = "order-recovery"

    account: Account
    recovery: Label
    """An id within the account."""
    amount_pence: PositivePence
    reason: Prose
    """Why it must come back."""
    due_on: Day | None = None
    """The day by which it must come back."""


@value
class ReceiveRecovery:
    """Record that a body paid back in cash."""

    NAME: ClassVar[str] = "receive-recovery"

    account: Account
    recovery: Label
    """The id under which it was ordered."""
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
        return f"the account has no recovery {self.recovery!r}: order it first"


@value
class SettlementIdTaken:
    """The id stands for another settlement, lapse or payment of the account."""

    NAME: ClassVar[str] = "settlement-id-taken"

    settlement: str

    def __str__(self) -> str:
        return f"{self.settlement} is recorded: give another one an id of its own"


REFUSALS = (
    RecoveryIdTaken,
    NoSuchRecovery,
    SettlementIdTaken,
    OtherBody,
    BeyondDebt,
    BeyondPayable,
    DateRunsBackwards,
    ReferenceTaken,
    NotAPart,
    AccountNotOpen,
)


def order_recovery(
    command: OrderRecovery, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a body is told to pay back; the debt itself stays as it is."""
    taken = account.recoveries.get(command.recovery)
    if taken is not None:
        return RecoveryIdTaken(
            recovery=command.recovery, amount_pence=taken.fact.amount_pence
        )
    debt_pence = sum(account.lowest_debt(asked.effective_on).values())
    if command.amount_pence > debt_pence:
        return BeyondDebt(debt_pence=debt_pence, asked_pence=command.amount_pence)
    return (
        RecoveryOrdered(
            account=command.account,
            recovery=command.recovery,
            amount_pence=command.amount_pence,
            reason=Commitment(command.reason),
            due_on=command.due_on,
        ),
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
    if command.payment in account.settlements:
        return SettlementIdTaken(settlement=command.payment)
    if early := before(
        asked.effective_on, recovery.ordered_on, "a recovery", "its order"
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
    on_account(OrderRecovery, order_recovery, by="approver", records=RecoveryOrdered),
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
