"""What a body spent of what it received, or passed on."""

from datetime import date
from typing import ClassVar

from ledger.decisions.fields import (
    Account,
    Label,
    Payee,
    PositivePence,
    Reference,
)
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook, rules_of
from ledger.events import (
    Commitment,
    PassedOn,
    SpendingRecorded,
)
from ledger.money import Pence, pounds
from ledger.premium.account import PremiumAccount
from ledger.premium.draws import drawn
from ledger.request import Asked, Decision, Refusal
from ledger.values import Prose, value


@value
class RecordSpending:
    """Record what was spent: on what, with whom, for which permitted purpose."""

    NAME: ClassVar[str] = "record-spending"

    account: Account
    spending: Label
    """An id within the account."""
    payee: Payee
    purpose: Label
    """A purpose that the rules permit, by its id."""
    service: Prose
    """What was bought, in words kept beside the log."""
    amount_pence: PositivePence
    transaction: Reference | None = None
    """The id of the payment in the body's own books."""


@value
class PassOn:
    """Record what was passed on to another body, to be spent there."""

    NAME: ClassVar[str] = "pass-on"

    account: Account
    spending: Label
    """An id within the account."""
    payee: Payee
    """The body it was passed on to, by id."""
    purpose: Label
    """A purpose that the rules permit, by its id."""
    service: Prose
    """What was bought, in words kept beside the log."""
    amount_pence: PositivePence
    transaction: Reference | None = None
    """The id of the payment in the body's own books."""


@value
class SpendingIdTaken:
    """The id stands for another spending of the account."""

    NAME: ClassVar[str] = "spending-id-taken"

    spending: str

    def __str__(self) -> str:
        return f"{self.spending} is recorded: give another spending an id of its own"


@value
class PurposeNotPermitted:
    """The premium may not be spent for that purpose."""

    NAME: ClassVar[str] = "purpose-not-permitted"

    purpose: str
    permitted: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.purpose!r} is not a permitted purpose: "
            f"the rules permit {', '.join(self.permitted)}"
        )


@value
class BeyondHeld:
    """More was spent than was received, and unspent, by then."""

    NAME: ClassVar[str] = "beyond-held"

    held_pence: Pence
    asked_pence: Pence
    by: date

    def __str__(self) -> str:
        return (
            f"{pounds(self.asked_pence)} is spent and {pounds(self.held_pence)} "
            f"of what was received by {self.by} is unspent"
        )


REFUSALS = (
    AccountNotOpen,
    NoRulebook,
    SpendingIdTaken,
    PurposeNotPermitted,
    BeyondHeld,
)


def record_spending(
    command: RecordSpending,
    account: PremiumAccount,
    asked: Asked,
    *,
    rules: Rules | None,
) -> Decision:
    """Decide whether a spending is recorded, and which receipts it draws on.

    Returns:
        One spending with its draws: receipts effective by its date, first
        received first, each pro rata over the slices it has left; otherwise the
        first refusal that applies, in the order in which they stand above.

    Source: SI 2013/474 reg 6 (purposes); DESIGN 5 (draws).
    """
    if refused := _amiss(command, account, rules, asked):
        return refused

    # From here on the spending must succeed.
    return (
        SpendingRecorded(
            account=command.account,
            spending=command.spending,
            payee=command.payee,
            purpose=command.purpose,
            service=Commitment(command.service),
            amount_pence=command.amount_pence,
            draws=drawn(command.amount_pence, account.receipts, asked.effective_on),
            transaction=command.transaction,
        ),
    )


def pass_on(
    command: PassOn,
    account: PremiumAccount,
    asked: Asked,
    *,
    rules: Rules | None,
) -> Decision:
    """Decide whether money was passed on to another body that spends it.

    It draws as a spending does, and is counted once: what the other body does with
    it is not recorded as spending here.
    """
    if refused := _amiss(command, account, rules, asked):
        return refused
    return (
        PassedOn(
            account=command.account,
            spending=command.spending,
            payee=command.payee,
            purpose=command.purpose,
            service=Commitment(command.service),
            amount_pence=command.amount_pence,
            draws=drawn(command.amount_pence, account.receipts, asked.effective_on),
            transaction=command.transaction,
        ),
    )


def _amiss(
    command: RecordSpending | PassOn,
    account: PremiumAccount,
    rules: Rules | None,
    asked: Asked,
) -> Refusal | None:
    """The first refusal of a spending or passing-on, or None."""
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if rules is None:
        return no_rulebook(command.account, asked)
    if command.spending in account.spendings:
        return SpendingIdTaken(spending=command.spending)
    if (refused := not_permitted(command.purpose, rules)) is not None:
        return refused
    held_pence = account.held_pence(by=asked.effective_on)
    if held_pence < command.amount_pence:
        return BeyondHeld(
            held_pence=held_pence,
            asked_pence=command.amount_pence,
            by=asked.effective_on,
        )
    return None


def not_permitted(purpose: str, rules: Rules) -> PurposeNotPermitted | None:
    """The refusal of a purpose that the rules do not permit, or None."""
    permitted = tuple(one.id for one in rules.rulebook.purposes)
    if purpose in permitted:
        return None
    return PurposeNotPermitted(purpose=purpose, permitted=permitted)


HANDLES = (
    on_account(
        RecordSpending,
        record_spending,
        by="finance-officer",
        records=SpendingRecorded,
        rules=rules_of,
    ),
    on_account(PassOn, pass_on, by="finance-officer", records=PassedOn, rules=rules_of),
)
