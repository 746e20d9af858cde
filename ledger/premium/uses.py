"""How each fact of spending and of debt changes the state of an account.

One small function a fact, as in evolve.py, which calls them.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from ledger import events
from ledger.events import CarriedCredit, Draw
from ledger.premium.account import (
    PremiumAccount,
    ProposedT,
    Repayment,
    Spending,
)
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


def _proposed(recorded: Recorded, fact: ProposedT) -> Repayment[ProposedT]:
    return Repayment(
        record=recorded.id,
        fact=fact,
        proposed_by=recorded.meta.actor,
        changed_on=recorded.meta.effective_on,
    )


def _lapse(
    account: PremiumAccount, recorded: Recorded, fact: events.LapseProposed
) -> None:
    account.settlements[fact.lapse] = fact
    account.lapses[fact.lapse] = _proposed(recorded, fact)


def _lapsed(account: PremiumAccount, recorded: Recorded, fact: events.Lapsed) -> None:
    on = recorded.meta.effective_on
    lapse = account.lapses[fact.lapse]
    account.lapses[fact.lapse] = replace(lapse, state="lapsed", changed_on=on)
    account.settlements[fact.lapse] = fact
    _draw(account, fact.draws, on)


def _not_lapsed(
    account: PremiumAccount, recorded: Recorded, fact: events.LapseRefused
) -> None:
    account.lapses[fact.lapse] = replace(account.lapses[fact.lapse], state="refused")


def _recovery(
    account: PremiumAccount, recorded: Recorded, fact: events.RecoveryProposed
) -> None:
    account.recoveries[fact.recovery] = _proposed(recorded, fact)


def _ordered(
    account: PremiumAccount, recorded: Recorded, fact: events.RecoveryOrdered
) -> None:
    account.recoveries[fact.recovery] = replace(
        account.recoveries[fact.recovery],
        state="ordered",
        changed_on=recorded.meta.effective_on,
    )


def _not_ordered(
    account: PremiumAccount, recorded: Recorded, fact: events.RecoveryRefused
) -> None:
    account.recoveries[fact.recovery] = replace(
        account.recoveries[fact.recovery], state="refused"
    )


def _recovered(
    account: PremiumAccount, recorded: Recorded, fact: events.RecoveryReceived
) -> None:
    account.settlements[fact.payment] = fact
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
    events.RecoveryProposed: _recovery,
    events.RecoveryOrdered: _ordered,
    events.RecoveryRefused: _not_ordered,
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
    events.LapseProposed: _lapse,
    events.LapseRefused: _not_lapsed,
    events.Lapsed: _lapsed,
}
"""Facts of what a body does with what it received, and of what it owes."""
