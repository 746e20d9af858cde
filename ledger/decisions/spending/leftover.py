"""What was not spent: declared by the body, and handed back when it lapses."""

from collections.abc import Sequence
from typing import ClassVar

from ledger.calendar import HappenedOn
from ledger.decisions.fields import (
    Account,
    Label,
    NotNegativePence,
    PositivePence,
    Reference,
)
from ledger.decisions.handling import Accounts, any_account, on_account
from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.recoveries import SettlementIdTaken
from ledger.decisions.references import (
    NotAPart,
    Parts,
    ReferenceTaken,
    claimed,
    reference_records,
)
from ledger.decisions.spending.recording import (
    BeyondHeld,
)
from ledger.events import (
    Lapsed,
    ReferencePart,
    UnspentDeclared,
)
from ledger.premium.account import PremiumAccount, about
from ledger.premium.debts import Debts
from ledger.premium.draws import drawn
from ledger.recorded import Recorded
from ledger.request import Asked, Decision
from ledger.values import value


@value
class DeclareUnspent:
    """Say, for the body, what was not spent on a day."""

    NAME: ClassVar[str] = "declare-unspent"

    account: Account
    on: HappenedOn
    """The day at whose end it was unspent."""
    amount_pence: NotNegativePence
    """What was not spent, in pence."""


@value
class Lapse:
    """Record that what was not spent in time was handed back."""

    NAME: ClassVar[str] = "lapse"

    account: Account
    lapse: Label
    """An id within the account."""
    reference: Reference
    amount_pence: PositivePence
    parts: Parts = ()


REFUSALS = (
    AccountNotOpen,
    SettlementIdTaken,
    BeyondHeld,
    ReferenceTaken,
    NotAPart,
)


def declare_unspent(
    command: DeclareUnspent, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a declaration is on record; whether it agrees is a finding.

    The same again adds nothing; another amount for the day is the one that counts.
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    declared = UnspentDeclared(
        account=command.account, on=command.on, amount_pence=command.amount_pence
    )
    return () if account.stated.get(about(declared)) == declared else (declared,)


def lapse(
    command: Lapse,
    account: PremiumAccount,
    asked: Asked,
    *,
    reference: Sequence[Recorded],
    accounts: Accounts,
) -> Decision:
    """Decide whether unspent money was handed back; it draws as a spending does.

    Args:
        reference: The records of the reference's stream.
        accounts: Where the state of any account is found.

    Returns:
        The lapse, what it settles of a debt at once, and the reference taken; otherwise
        the first refusal that applies.
    """
    if command.lapse in account.settlements:
        return SettlementIdTaken(settlement=command.lapse)
    held_pence = account.held_pence(by=asked.effective_on)
    if held_pence < command.amount_pence:
        return BeyondHeld(
            held_pence=held_pence,
            asked_pence=command.amount_pence,
            by=asked.effective_on,
        )
    part = ReferencePart(
        account=command.account,
        what=f"lapse/{command.lapse}",
        pence=command.amount_pence,
    )
    movement = claimed(command, part, "in", reference, accounts)
    if not isinstance(movement, tuple):
        return movement
    debts = Debts(account)
    debts.hand_back(command.amount_pence, asked.effective_on)
    return (
        Lapsed(
            account=command.account,
            lapse=command.lapse,
            amount_pence=command.amount_pence,
            draws=drawn(command.amount_pence, account.receipts, asked.effective_on),
            reference=command.reference,
        ),
        *debts.settled(asked.effective_on),
        *movement,
    )


HANDLES = (
    on_account(
        DeclareUnspent, declare_unspent, by="finance-officer", records=UnspentDeclared
    ),
    on_account(
        Lapse,
        lapse,
        by="analyst",
        records=Lapsed,
        reference=reference_records,
        accounts=any_account,
    ),
)
