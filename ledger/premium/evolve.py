"""How each fact of an account's stream changes its state, besides its legs.

One small function a fact, called by `evolve`, at the end. None of them refuses, and
none adds up money: that is what legs are for.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ledger import events
from ledger.events import AccountId
from ledger.postings import (
    OVERPAID,
    PAYABLE,
    RECOVERED,
    RETURNED,
    SETTLED,
    legs,
)
from ledger.premium import withheld
from ledger.premium.account import (
    Assessment,
    Disbursement,
    PremiumAccount,
    Proposal,
    Receipt,
    about,
)
from ledger.premium.payment_years import move
from ledger.premium.uses import USES
from ledger.premium.withheld import hand
from ledger.recorded import Recorded


def _terms(
    account: PremiumAccount, recorded: Recorded, fact: events.TermsAgreed
) -> None:
    account.terms = fact
    account.terms_record = recorded.id


def _opened(
    account: PremiumAccount, recorded: Recorded, fact: events.AccountOpened
) -> None:
    account.opened = fact
    account.opened_on = account.determined_on = recorded.meta.effective_on
    account.funded = fact.slices


def _population(
    account: PremiumAccount, recorded: Recorded, fact: events.PopulationCorrected
) -> None:
    assert account.opened is not None
    account.opened = replace(
        account.opened,
        heads=fact.heads,
        heads_basis=fact.heads_basis,
        heads_as_at=fact.heads_as_at,
        heads_result=fact.heads_result,
        rulebook=fact.rulebook,
        rulebook_hash=fact.rulebook_hash,
        maximum_pence=fact.maximum_pence,
        slices=fact.slices,
    )
    if account.confirmed is None:
        account.funded = fact.slices
    account.determined_on = recorded.meta.effective_on


def _indicator(
    account: PremiumAccount, recorded: Recorded, fact: events.IndicatorAssessed
) -> None:
    account.indicators[fact.measure] = Assessment(record=recorded.id, fact=fact)


def _gate(
    account: PremiumAccount, recorded: Recorded, fact: events.GateAssessed
) -> None:
    account.gates[fact.gate] = Assessment(record=recorded.id, fact=fact)


def _proposed(
    account: PremiumAccount, recorded: Recorded, fact: events.AwardProposed
) -> None:
    hand(account, recorded, "award", str(fact.determination))
    account.proposal = Proposal(
        record=recorded.id,
        fact=fact,
        proposed_by=recorded.meta.actor,
        effective_on=recorded.meta.effective_on,
    )


def _confirmed(
    account: PremiumAccount, recorded: Recorded, fact: events.AwardConfirmed
) -> None:
    hand(account, recorded, "award", str(fact.determination))
    assert account.opened is not None
    assert account.proposal is not None
    account.confirmed = fact
    account.determined = account.proposal.fact.moves
    account.assessed = account.proposal.fact.assessments
    account.determined_on = recorded.meta.effective_on
    account.funded = account.opened.slices


def _award_refused(
    account: PremiumAccount, recorded: Recorded, fact: events.AwardRefused
) -> None:
    hand(account, recorded, "award", str(fact.determination))
    account.refused = fact.determination


# Disbursement -------------------------------------------------------------------------


def _requested(
    account: PremiumAccount, recorded: Recorded, fact: events.DisbursementRequested
) -> None:
    account.disbursements[fact.disbursement] = Disbursement(
        fact=fact,
        requested_by=recorded.meta.actor,
        requested_on=recorded.meta.effective_on,
    )


def _approved(
    account: PremiumAccount, recorded: Recorded, fact: events.DisbursementApproved
) -> None:
    disbursement = account.disbursements[fact.disbursement]
    disbursement.state = "approved"
    disbursement.approved_on = recorded.meta.effective_on
    disbursement.approved_by = recorded.meta.actor
    disbursement.run = fact.run


_Ended = (
    events.DisbursementRefused
    | events.DisbursementWithdrawn
    | events.DisbursementExpired
    | events.DisbursementCancelled
)


def _ended(state: str) -> Callable[[PremiumAccount, Recorded, _Ended], None]:
    def fold(account: PremiumAccount, recorded: Recorded, fact: _Ended) -> None:
        account.disbursements[fact.disbursement].state = state

    return fold


def _paid(
    account: PremiumAccount, recorded: Recorded, fact: events.DisbursementPaid
) -> None:
    disbursement = account.disbursements[fact.disbursement]
    disbursement.state = "paid"
    disbursement.paid = fact
    disbursement.paid_on = recorded.meta.effective_on
    receipt = Receipt(
        receipt=fact.receipt,
        paid_on=recorded.meta.effective_on,
        value_date=fact.value_date,
        paid_by=recorded.meta.actor,
    )
    receipt.put(fact.slices, fact.value_date, 1)
    account.receipts[fact.receipt] = receipt


def _returned(
    account: PremiumAccount, recorded: Recorded, fact: events.DisbursementReturned
) -> None:
    account.disbursements[fact.disbursement].state = "returned"
    receipt = account.receipts[fact.receipt]
    receipt.state = "returned"
    receipt.left = {}


def _received(
    account: PremiumAccount, recorded: Recorded, fact: events.ReceiptConfirmed
) -> None:
    receipt = account.receipts[fact.receipt]
    receipt.state = "confirmed"
    receipt.confirmed_on = fact.received_on


def _disputed(
    account: PremiumAccount, recorded: Recorded, fact: events.ReceiptDisputed
) -> None:
    account.receipts[fact.receipt].state = "disputed"


# What is said ------------------------------------------------------------------------


def _stated(
    account: PremiumAccount,
    recorded: Recorded,
    fact: events.UnspentDeclared | events.BalanceAsserted,
) -> None:
    account.stated[about(fact)] = fact


def _nothing_more(
    account: PremiumAccount,
    recorded: Recorded,
    fact: events.TargetRebased | events.AssessmentSuperseded,
) -> None:
    """It is on record, and no later decision looks at it."""


FOLDS: dict[type, Callable[[PremiumAccount, Recorded, Any], None]] = {
    events.TermsAgreed: _terms,
    events.AccountOpened: _opened,
    events.PopulationCorrected: _population,
    events.TargetRebased: _nothing_more,  # The terms that follow it count.
    events.IndicatorAssessed: _indicator,
    events.GateAssessed: _gate,
    events.AssessmentSuperseded: _nothing_more,  # So does the assessment.
    events.AwardProposed: _proposed,
    events.AwardConfirmed: _confirmed,
    events.AwardRefused: _award_refused,
    events.DisbursementRequested: _requested,
    events.DisbursementApproved: _approved,
    events.DisbursementRefused: _ended("refused"),
    events.DisbursementWithdrawn: _ended("withdrawn"),
    events.DisbursementExpired: _ended("expired"),
    events.DisbursementCancelled: _ended("cancelled"),
    events.DisbursementPaid: _paid,
    events.DisbursementReturned: _returned,
    events.ReceiptConfirmed: _received,
    events.ReceiptDisputed: _disputed,
    events.UnspentDeclared: _stated,
    events.BalanceAsserted: _stated,
    **withheld.FOLDS,
    **USES,
}
"""Every fact of an account's stream."""


_HANDED_BACK = frozenset({RETURNED, SETTLED, RECOVERED})
"""Together: what was handed back and settled no debt yet (DESIGN 5)."""


def evolve(account: PremiumAccount, recorded: Recorded) -> None:
    """Take one more record of the account's stream into its state, in place.

    Never refuses: what was recorded is so. Raises KeyError for a fact of another
    stream, which is a bug, never silently ignored.
    """
    fact = recorded.fact
    FOLDS[type(fact)](account, recorded, fact)
    balances = account.balances
    posted = legs(fact, recorded.meta.effective_on)
    for _, name, measure, pence, day in posted:
        balances[name] = balances.get(name, 0) + pence
        if name == PAYABLE:
            changes = account.payable_on.setdefault(measure, {})
        elif name == OVERPAID:
            changes = account.overpaid_on.setdefault(measure, {})
        elif name in _HANDED_BACK:
            changes = account.handed_back_on
        else:
            continue
        changes[day] = changes.get(day, 0) + pence
    move(account.moved_on, fact, posted)
    account.version = recorded.version


def folded(account: AccountId, records: Iterable[Recorded]) -> PremiumAccount:
    """An account as its records leave it."""
    state = PremiumAccount(account=account)
    for recorded in records:
        evolve(state, recorded)
    return state
