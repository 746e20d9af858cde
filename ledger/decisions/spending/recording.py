"""What a body spent of what it received: recorded, passed on, and set right."""

from datetime import date
from typing import ClassVar

from ledger.decisions.fields import (
    Account,
    Label,
    NotNegativePence,
    Payee,
    PositivePence,
)
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook, rules_of
from ledger.events import (
    Commitment,
    PassedOn,
    SpendingCorrected,
    SpendingRecorded,
)
from ledger.money import Pence, pounds
from ledger.premium.account import PremiumAccount
from ledger.premium.draws import drawn, undone
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
    purpose: str
    """A purpose that the rules permit, by its id."""
    service: Prose
    """What was bought, in words kept beside the log."""
    amount_pence: PositivePence
    transaction: str | None = None
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
    purpose: str
    """A purpose that the rules permit, by its id."""
    service: Prose
    """What was bought, in words kept beside the log."""
    amount_pence: PositivePence
    transaction: str | None = None
    """The id of the payment in the body's own books."""


@value
class CorrectSpending:
    """Record what a spending really was; an amount of zero means that it never was."""

    NAME: ClassVar[str] = "correct-spending"

    account: Account
    spending: Label
    """The id under which it was recorded."""
    payee: Payee
    purpose: str
    """A purpose that the rules permit, by its id."""
    service: Prose
    """What was bought, in words kept beside the log."""
    amount_pence: NotNegativePence
    """What it really came to, in pence; zero if it never was."""
    reason: Prose
    """Why it is another than was recorded."""
    transaction: str | None = None
    """The id of the payment in the body's own books."""


@value
class SpendingIdTaken:
    """The id stands for another spending of the account."""

    NAME: ClassVar[str] = "spending-id-taken"

    spending: str

    def __str__(self) -> str:
        return f"{self.spending} is recorded: give another spending an id of its own"


@value
class NoSuchSpending:
    """The account has no spending of that id that could be corrected."""

    NAME: ClassVar[str] = "no-such-spending"

    spending: str

    def __str__(self) -> str:
        return f"the account has no spending {self.spending!r} to correct"


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
    NoSuchSpending,
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


def correct_spending(
    command: CorrectSpending,
    account: PremiumAccount,
    asked: Asked,
    *,
    rules: Rules | None,
) -> Decision:
    """Decide whether a spending is set right: its draws are undone, and drawn again.

    Returns:
        One correction: what is undone at the date of what it undoes, what replaces
        it at its own; otherwise the first refusal that applies.

    Source: DESIGN 5 (a correction reverses the exact draws and draws again now).
    """
    if rules is None:
        return no_rulebook(command.account, asked)
    counts = account.spendings.get(command.spending)
    if counts is None or isinstance(counts.fact, PassedOn):
        return NoSuchSpending(spending=command.spending)
    if refused := not_permitted(command.purpose, rules):
        return refused
    receipts = undone(counts.fact.draws, account.receipts)
    draws = drawn(command.amount_pence, receipts, asked.effective_on)
    held_pence = sum(piece.pence for draw in draws for piece in draw.slices)
    if held_pence < command.amount_pence:
        return BeyondHeld(
            held_pence=held_pence,
            asked_pence=command.amount_pence,
            by=asked.effective_on,
        )
    now = (command.payee, command.purpose, command.service, command.amount_pence)
    was = counts.fact
    if (*now, command.transaction) == (
        was.payee,
        was.purpose,
        was.service,
        was.amount_pence,
        was.transaction,
    ):
        return ()
    return (
        SpendingCorrected(
            account=command.account,
            spending=command.spending,
            corrects=counts.record,
            payee=command.payee,
            purpose=command.purpose,
            service=Commitment(command.service),
            amount_pence=command.amount_pence,
            draws=draws,
            undone_payee=counts.fact.payee,
            undone_purpose=counts.fact.purpose,
            undone=counts.fact.draws,
            undone_effective_on=counts.effective_on,
            reason=Commitment(command.reason),
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
    on_account(
        CorrectSpending,
        correct_spending,
        by="finance-officer",
        records=SpendingCorrected,
        rules=rules_of,
    ),
)
