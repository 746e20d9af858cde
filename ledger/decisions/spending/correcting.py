"""Setting right what was recorded as spent, or as passed on."""

from typing import ClassVar

from ledger.calendar import HappenedOn
from ledger.decisions.fields import (
    Account,
    Label,
    NotNegativePence,
    Payee,
    Reference,
)
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import DateRunsBackwards, before
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook, rules_of
from ledger.decisions.spending.recording import (
    BeyondHeld,
    PurposeNotPermitted,
    not_permitted,
)
from ledger.events import Commitment, PassedOnCorrected, SpendingCorrected
from ledger.money import Pence, pounds
from ledger.premium.account import PremiumAccount
from ledger.premium.draws import drawn_again, pence_of
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class CorrectSpending:
    """Record how a spending really was; an amount of nought: it never was."""

    NAME: ClassVar[str] = "correct-spending"

    account: Account
    spending: Label
    """The id under which it was recorded."""
    payee: Payee
    purpose: Label
    """A purpose that the rules permit, by its id."""
    service: Prose
    """What was bought, in words kept beside the log."""
    amount_pence: NotNegativePence
    """What it really came to, in pence; zero if it never was."""
    reason: Prose
    """Why it is another than was recorded."""
    transaction: Reference | None = None
    """The id of the payment in the body's own books."""
    spent_on: HappenedOn | None = None
    """The day it was really spent; without it, the day it was recorded for."""


@value
class CorrectPassedOn:
    """Record how a passing-on really was; an amount of nought: it never was."""

    NAME: ClassVar[str] = "correct-passed-on"

    account: Account
    spending: Label
    """The id under which it was recorded."""
    payee: Payee
    """The body it was passed on to, by id."""
    purpose: Label
    """A purpose that the rules permit, by its id."""
    service: Prose
    """What was bought, in words kept beside the log."""
    amount_pence: NotNegativePence
    """What it really came to, in pence; zero if it never was."""
    reason: Prose
    """Why it is another than was recorded."""
    transaction: Reference | None = None
    """The id of the payment in the body's own books."""
    spent_on: HappenedOn | None = None
    """The day it was really passed on; without it, the day it was recorded for."""


@value
class NoSuchSpending:
    """The account has no spending of that id of that kind."""

    NAME: ClassVar[str] = "no-such-spending"

    spending: str

    def __str__(self) -> str:
        return f"the account has no such spending as {self.spending!r}"


@value
class BelowCredited:
    """More of the spending came back than it would be."""

    NAME: ClassVar[str] = "below-credited"

    spending: str
    credited_pence: Pence
    asked_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.credited_pence)} of {self.spending} was credited, so it "
            f"cannot have been {pounds(self.asked_pence)}"
        )


REFUSALS = (
    NoRulebook,
    NoSuchSpending,
    PurposeNotPermitted,
    BelowCredited,
    DateRunsBackwards,
    BeyondHeld,
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
        One correction, which stands at the spending's own day unless another is given;
        where words alone were wrong it draws what it drew. Nothing where it is so
        already; otherwise the first refusal that applies.

    Source: DESIGN 5 (a correction says that it was recorded wrongly); ADR 0023.
    """
    return _corrected(command, account, asked, rules, SpendingCorrected)


def correct_passed_on(
    command: CorrectPassedOn,
    account: PremiumAccount,
    asked: Asked,
    *,
    rules: Rules | None,
) -> Decision:
    """Decide whether a passing-on is set right, as a spending is."""
    return _corrected(command, account, asked, rules, PassedOnCorrected)


def _corrected(
    command: CorrectSpending | CorrectPassedOn,
    account: PremiumAccount,
    asked: Asked,
    rules: Rules | None,
    fact: type[SpendingCorrected] | type[PassedOnCorrected],
) -> Decision:
    if rules is None:
        return no_rulebook(command.account, asked)
    counts = account.spendings.get(command.spending)
    if counts is None or counts.passed_on is not (fact is PassedOnCorrected):
        return NoSuchSpending(spending=command.spending)
    if refused := not_permitted(command.purpose, rules):
        return refused
    if command.amount_pence < counts.credited_pence:
        return BelowCredited(
            spending=command.spending,
            credited_pence=counts.credited_pence,
            asked_pence=command.amount_pence,
        )
    stands_on = command.spent_on or counts.spent_on
    for credit in counts.credits:
        if early := before(credit.credited_on, stands_on, "a credit", "the spending"):
            return early
    draws = counts.fact.draws
    if (command.amount_pence, stands_on) != (counts.fact.amount_pence, counts.spent_on):
        draws = drawn_again(command.amount_pence, counts, account.receipts, stands_on)
    held_pence = pence_of(draws)
    if held_pence < command.amount_pence:
        return BeyondHeld(
            held_pence=held_pence, asked_pence=command.amount_pence, by=stands_on
        )
    if _said(command) == _said(counts.fact) and stands_on == counts.spent_on:
        return ()
    return (
        fact(
            account=command.account,
            spending=command.spending,
            corrects=counts.record,
            payee=command.payee,
            purpose=command.purpose,
            service=Commitment(command.service),
            amount_pence=command.amount_pence,
            draws=draws,
            stands_on=stands_on,
            undone_payee=counts.fact.payee,
            undone_purpose=counts.fact.purpose,
            undone=counts.fact.draws,
            undone_effective_on=counts.spent_on,
            credits=counts.credits,
            reason=Commitment(command.reason),
            transaction=command.transaction,
        ),
    )


_SAID = ("payee", "purpose", "service", "amount_pence", "transaction")


def _said(said: object) -> tuple[object, ...]:
    """What is said of a spending, by a command or by the fact that counts."""
    return tuple(getattr(said, name) for name in _SAID)


HANDLES = (
    on_account(
        CorrectSpending,
        correct_spending,
        by="finance-officer",
        records=SpendingCorrected,
        renamed={"spent_on": "stands_on"},
        rules=rules_of,
    ),
    on_account(
        CorrectPassedOn,
        correct_passed_on,
        by="finance-officer",
        records=PassedOnCorrected,
        renamed={"spent_on": "stands_on"},
        rules=rules_of,
    ),
)
