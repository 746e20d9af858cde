"""What came back of a spending or passing-on: a refund, or a credit note."""

from typing import ClassVar

from ledger.decisions.fields import Account, Label, PositivePence
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import DateRunsBackwards, before
from ledger.decisions.spending.correcting import NoSuchSpending
from ledger.events import Commitment, Draw, PassedOnCredited, SpendingCredited
from ledger.money import Pence, pounds, share
from ledger.premium.account import PremiumAccount, slices
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class CreditSpending:
    """Record what came back of a spending: a refund, or a credit note."""

    NAME: ClassVar[str] = "credit-spending"

    account: Account
    spending: Label
    """The id under which it was recorded."""
    credit: Label
    """An id within the spending."""
    amount_pence: PositivePence
    """What came back, in pence."""
    reason: Prose | None = None
    """Why it came back."""


@value
class CreditPassedOn:
    """Record what came back of what was passed on."""

    NAME: ClassVar[str] = "credit-passed-on"

    account: Account
    spending: Label
    """The id under which it was recorded."""
    credit: Label
    """An id within the passing-on."""
    amount_pence: PositivePence
    """What came back, in pence."""
    reason: Prose | None = None
    """Why it came back."""


@value
class CreditIdTaken:
    """The id stands for another credit of the spending."""

    NAME: ClassVar[str] = "credit-id-taken"

    spending: str
    credit: str

    def __str__(self) -> str:
        return (
            f"{self.credit} of {self.spending} is recorded: give another credit an id "
            "of its own"
        )


@value
class BeyondSpent:
    """More came back than is still spent on every day from then."""

    NAME: ClassVar[str] = "beyond-spent"

    spending: str
    spent_pence: Pence
    asked_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.asked_pence)} is said to have come back of {self.spending}, "
            f"of which {pounds(self.spent_pence)} is still spent"
        )


REFUSALS = (
    NoSuchSpending,
    CreditIdTaken,
    DateRunsBackwards,
    BeyondSpent,
)


def credit_spending(
    command: CreditSpending, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether part of a spending came back, and is held again.

    Returns:
        One credit, pro rata to what is still spent of each receipt and measure on
        every day from its own; otherwise the first refusal that applies.

    Source: DESIGN 5 (a credit is an event of its own day); ADR 0023.
    """
    return _credited(command, account, asked, SpendingCredited)


def credit_passed_on(
    command: CreditPassedOn, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether part of what was passed on came back, as of a spending."""
    return _credited(command, account, asked, PassedOnCredited)


def _credited(
    command: CreditSpending | CreditPassedOn,
    account: PremiumAccount,
    asked: Asked,
    fact: type[SpendingCredited] | type[PassedOnCredited],
) -> Decision:
    counts = account.spendings.get(command.spending)
    if counts is None or counts.passed_on is not (fact is PassedOnCredited):
        return NoSuchSpending(spending=command.spending)
    if command.credit in {one.credit for one in counts.credits}:
        return CreditIdTaken(spending=command.spending, credit=command.credit)
    on = asked.effective_on
    if early := before(on, counts.spent_on, "a credit", "the spending"):
        return early
    left = counts.lowest(on)
    spent_pence = sum(left.values())
    if command.amount_pence > spent_pence:
        return BeyondSpent(
            spending=command.spending,
            spent_pence=spent_pence,
            asked_pence=command.amount_pence,
        )
    shares = share(command.amount_pence, tuple(left.values()))
    given_back: dict[str, dict[str, int]] = {}
    for (receipt, measure), pence in zip(left, shares, strict=True):
        given_back.setdefault(receipt, {})[measure] = pence
    return (
        fact(
            account=command.account,
            spending=command.spending,
            credit=command.credit,
            payee=counts.fact.payee,
            purpose=counts.fact.purpose,
            amount_pence=command.amount_pence,
            draws=tuple(
                Draw(receipt=receipt, slices=slices(pieces))
                for receipt, pieces in given_back.items()
                if any(pieces.values())
            ),
            reason=Commitment(command.reason) if command.reason else None,
        ),
    )


HANDLES = (
    on_account(
        CreditSpending,
        credit_spending,
        by="finance-officer",
        records=SpendingCredited,
    ),
    on_account(
        CreditPassedOn,
        credit_passed_on,
        by="finance-officer",
        records=PassedOnCredited,
    ),
)
