"""Closing the books through a day, and what a bank or other ledger says of them."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from ledger.calendar import HappenedOn
from ledger.decisions.fields import Account, Document
from ledger.decisions.handling import on_account, on_stream
from ledger.decisions.preconditions import AccountNotOpen
from ledger.events import BalanceAsserted, PeriodClosed
from ledger.limits import AccountName
from ledger.money import Pence
from ledger.premium.account import PremiumAccount, about
from ledger.recorded import LEDGER_STREAM, Recorded
from ledger.request import Asked, Decision
from ledger.values import value


@value
class ClosePeriod:
    """Close the books through a day; money that comes in later for it is marked.

    Nothing is refused after a close. A record any of whose legs is dated on a closed
    day is shown as a prior-period adjustment by every read: balances, totals, trail,
    trace, diff, lists and the journal; `premium period show` adds them up.
    """

    NAME: ClassVar[str] = "close-period"

    through: HappenedOn
    """The last day that is closed."""


@value
class AssertBalance:
    """Record what a bank or another ledger says stood in an account."""

    NAME: ClassVar[str] = "assert-balance"

    account: Account
    of: AccountName
    """The account of the books, such as group:held."""
    on: HappenedOn
    """The day at whose end it stood so."""
    pence: Pence
    """What stood in it, in pence."""
    says: Literal["bank", "ledger"]
    """Whether the bank or another ledger says so."""
    document: Document = None


@value
class PeriodClosedLater:
    """The books are closed through a later day."""

    NAME: ClassVar[str] = "period-closed-later"

    through: date
    asked: date

    def __str__(self) -> str:
        return (
            f"the books are closed through {self.through}: "
            f"they cannot be closed through {self.asked} now"
        )


REFUSALS = (PeriodClosedLater, AccountNotOpen)


def close_period(
    command: ClosePeriod, ledger: Sequence[Recorded], asked: Asked
) -> Decision:
    """Decide whether the books are closed; through the same day again adds nothing.

    Nothing is refused after a close: what comes later for a closed day is marked as
    a prior-period adjustment, by `ledger/periods.py`, at reading.

    Args:
        ledger: The records of the stream `ledger`.
    """
    closed = [one.fact.through for one in ledger if isinstance(one.fact, PeriodClosed)]
    if closed and command.through <= closed[-1]:
        if command.through == closed[-1]:
            return ()
        return PeriodClosedLater(through=closed[-1], asked=command.through)
    return (PeriodClosed(through=command.through),)


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


HANDLES = (
    on_stream(ClosePeriod, close_period, lambda given: LEDGER_STREAM, by="approver"),
    on_account(AssertBalance, assert_balance, by="analyst", records=BalanceAsserted),
)
