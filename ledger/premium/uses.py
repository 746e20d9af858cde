"""How each fact of spending and of debt changes the state of an account.

One small function a fact, as in evolve.py, which calls them.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from ledger import events
from ledger.events import CarriedCredit, Draw
from ledger.premium.account import PremiumAccount, Recovery, Spending
from ledger.recorded import Recorded


def _draw(
    account: PremiumAccount, draws: Iterable[Draw], on: date, sign: int = -1
) -> None:
    for draw in draws:
        account.receipts[draw.receipt].put(draw.slices, on, sign)


def _spent(
    account: PremiumAccount,
    recorded: Recorded,
    fact: events.SpendingRecorded | events.PassedOn,
) -> None:
    on = recorded.meta.effective_on
    account.spendings[fact.spending] = Spending(
        record=recorded.id, fact=fact, spent_on=on
    )
    _draw(account, fact.draws, on)


def _corrected(
    account: PremiumAccount,
    recorded: Recorded,
    fact: events.SpendingCorrected | events.PassedOnCorrected,
) -> None:
    _draw(account, fact.undone, fact.undone_effective_on, sign=1)
    account.spendings[fact.spending] = Spending(
        record=recorded.id, fact=fact, spent_on=fact.stands_on, credits=fact.credits
    )
    _draw(account, fact.draws, fact.stands_on)


def _credited(
    account: PremiumAccount,
    recorded: Recorded,
    fact: events.SpendingCredited | events.PassedOnCredited,
) -> None:
    on = recorded.meta.effective_on
    spending = account.spendings[fact.spending]
    credit = CarriedCredit(credit=fact.credit, credited_on=on, draws=fact.draws)
    account.spendings[fact.spending] = replace(
        spending, credits=(*spending.credits, credit)
    )
    _draw(account, fact.draws, on, sign=1)


def _lapsed(account: PremiumAccount, recorded: Recorded, fact: events.Lapsed) -> None:
    account.settlements[fact.lapse] = fact
    _draw(account, fact.draws, recorded.meta.effective_on)


def _ordered(
    account: PremiumAccount, recorded: Recorded, fact: events.RecoveryOrdered
) -> None:
    account.recoveries[fact.recovery] = Recovery(
        fact=fact, ordered_on=recorded.meta.effective_on
    )


def _recovered(
    account: PremiumAccount, recorded: Recorded, fact: events.RecoveryReceived
) -> None:
    account.settlements[fact.payment] = fact
    account.recoveries[fact.recovery].received_pence += fact.amount_pence
    _draw(account, fact.draws, recorded.meta.effective_on)


def _set_off(
    account: PremiumAccount,
    recorded: Recorded,
    fact: events.DebtSetOff | events.PayableSetOff,
) -> None:
    account.settlements[fact.set_off] = fact


def _settled(
    account: PremiumAccount, recorded: Recorded, fact: events.DebtSettled
) -> None:
    account.settled += 1
    sign = -1 if fact.reverses else 1
    for piece in fact.slices:
        by_day = account.settled_on.setdefault(piece.measure, {})
        by_day[fact.settled_on] = by_day.get(fact.settled_on, 0) + sign * piece.pence


USES: dict[type, Callable[[PremiumAccount, Recorded, Any], None]] = {
    events.RecoveryOrdered: _ordered,
    events.RecoveryReceived: _recovered,
    events.DebtSettled: _settled,
    events.DebtSetOff: _set_off,
    events.PayableSetOff: _set_off,
    events.SpendingRecorded: _spent,
    events.SpendingCorrected: _corrected,
    events.SpendingCredited: _credited,
    events.PassedOn: _spent,
    events.PassedOnCorrected: _corrected,
    events.PassedOnCredited: _credited,
    events.Lapsed: _lapsed,
}
"""Facts of what a body does with what it received, and of what it owes."""
