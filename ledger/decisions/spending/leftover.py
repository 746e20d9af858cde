"""Spending set right, and what was not spent: declared, handed back, and checked."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.decisions.preconditions import AccountNotOpen, Label, PositivePence
from ledger.decisions.recoveries import SettlementIdTaken
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook
from ledger.decisions.spending.recording import (
    BeyondHeld,
    PurposeNotPermitted,
    not_permitted,
)
from ledger.events import (
    AccountId,
    BalanceAsserted,
    Commitment,
    DocumentId,
    Lapsed,
    PartyId,
    PassedOn,
    SpendingCorrected,
    UnspentDeclared,
)
from ledger.money import Pence
from ledger.premium.account import PremiumAccount, about
from ledger.premium.draws import drawn, undone
from ledger.request import Asked, Decision
from ledger.values import NameOf, Prose, value


@value
class CorrectSpending:
    """Record how a spending really was; an amount of nought: it never was."""

    NAME: ClassVar[str] = "correct-spending"

    account: AccountId
    spending: Label
    payee: PartyId
    purpose: str
    service: Prose
    amount_pence: Annotated[Pence, Field(ge=0)]
    reason: Prose
    payee_name: Annotated[str | None, NameOf("payee")] = None
    transaction: str | None = None


@value
class DeclareUnspent:
    """Say, for the body, what was not spent on a day."""

    NAME: ClassVar[str] = "declare-unspent"

    account: AccountId
    on: date
    amount_pence: Annotated[Pence, Field(ge=0)]


@value
class Lapse:
    """Record that what was not spent in time was handed back."""

    NAME: ClassVar[str] = "lapse"

    account: AccountId
    lapse: Label
    amount_pence: PositivePence


@value
class AssertBalance:
    """Record what a bank or another ledger says stood in an account."""

    NAME: ClassVar[str] = "assert-balance"

    account: AccountId
    of: Label
    on: date
    pence: Pence
    says: Literal["bank", "ledger"]
    document: DocumentId | None = None


@value
class NoSuchSpending:
    """The account has no spending of that id that could be corrected."""

    NAME: ClassVar[str] = "no-such-spending"

    spending: str

    def __str__(self) -> str:
        return f"the account has no spending {self.spending!r} to correct"


UnspentRefusal = (
    AccountNotOpen
    | NoRulebook
    | NoSuchSpending
    | PurposeNotPermitted
    | SettlementIdTaken
    | BeyondHeld
)


def correct_spending(
    command: CorrectSpending,
    account: PremiumAccount,
    rules: Rules | None,
    asked: Asked,
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
    name = Commitment(command.payee_name) if command.payee_name else None
    now = (command.payee, name, command.purpose, command.service, command.amount_pence)
    was = counts.fact
    if (*now, command.transaction) == (
        was.payee,
        was.payee_name,
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
            payee_name=name,
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


def lapse(command: Lapse, account: PremiumAccount, asked: Asked) -> Decision:
    """Decide whether unspent money was handed back; it draws as a spending does."""
    if command.lapse in account.settlements:
        return SettlementIdTaken(settlement=command.lapse)
    held_pence = account.held_pence(by=asked.effective_on)
    if held_pence < command.amount_pence:
        return BeyondHeld(
            held_pence=held_pence,
            asked_pence=command.amount_pence,
            by=asked.effective_on,
        )
    return (
        Lapsed(
            account=command.account,
            lapse=command.lapse,
            amount_pence=command.amount_pence,
            draws=drawn(command.amount_pence, account.receipts, asked.effective_on),
        ),
    )


def assert_balance(
    command: AssertBalance, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether an assertion is on record; a difference is a finding, not a no."""
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    asserted = BalanceAsserted(
        account=command.account,
        of=command.of,
        on=command.on,
        pence=command.pence,
        says=command.says,
        document=command.document,
    )
    return () if account.stated.get(about(asserted)) == asserted else (asserted,)
