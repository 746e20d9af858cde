"""One body's premium for one scheme year: its state, and how a fact changes it.

The state is folded in place, for a copy at each fact is quadratic (ADR 0006).
Deciders read it; only `evolve` writes it, and it never refuses.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from ledger import events
from ledger.events import AccountId, PartyId, RecordId, Slice, Slices
from ledger.postings import PAYABLE, legs
from ledger.recorded import Recorded

Assessed = TypeVar("Assessed", events.IndicatorAssessed, events.GateAssessed)


@dataclass(slots=True, kw_only=True)
class Assessment(Generic[Assessed]):
    """The assessment of a measure or gate that now counts."""

    record: RecordId
    fact: Assessed


@dataclass(slots=True, kw_only=True)
class Proposal:
    """An award that was put forward."""

    record: RecordId
    fact: events.AwardProposed
    proposed_by: PartyId
    effective_on: date


@dataclass(slots=True, kw_only=True)
class Disbursement:
    """A request for money, as far as it has got."""

    fact: events.DisbursementRequested
    requested_by: PartyId
    requested_on: date  # Effective.
    state: str = "requested"  # then approved, refused or paid.
    approved_on: date | None = None
    receipt: str | None = None

    def copied(self) -> "Disbursement":
        """A copy that goes on apart; `copy` would take ten times as long."""
        return Disbursement(
            fact=self.fact,
            requested_by=self.requested_by,
            requested_on=self.requested_on,
            state=self.state,
            approved_on=self.approved_on,
            receipt=self.receipt,
        )


@dataclass(slots=True, kw_only=True)
class Receipt:
    """Money that arrived, and what of it is not yet spent, measure by measure."""

    receipt: str
    effective_on: date
    left: dict[str, int]  # Measure -> pence, in the order of the receipt's slices.

    @property
    def left_pence(self) -> int:
        """What spending can still draw."""
        return sum(self.left.values())

    def copied(self) -> "Receipt":
        """A copy that goes on apart."""
        return Receipt(
            receipt=self.receipt,
            effective_on=self.effective_on,
            left=dict(self.left),
        )


@dataclass(slots=True, kw_only=True)
class PremiumAccount:
    """State of a premium account, as now recorded.

    `balances` and `payable_on` are sums of legs; the rest says where things stand.
    """

    account: AccountId
    version: int = 0
    opened: events.AccountOpened | None = None
    opened_on: date | None = None
    terms: events.TermsAgreed | None = None
    terms_record: RecordId | None = None
    indicators: dict[str, Assessment[events.IndicatorAssessed]] = field(
        default_factory=dict
    )
    gates: dict[str, Assessment[events.GateAssessed]] = field(default_factory=dict)
    proposal: Proposal | None = None
    confirmed: events.AwardConfirmed | None = None
    disbursements: dict[str, Disbursement] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    """By id, first received first: the order in which spending draws on them."""
    spendings: set[str] = field(default_factory=set)
    balances: dict[str, int] = field(default_factory=dict)  # Account -> pence.
    payable_on: dict[str, dict[date, int]] = field(default_factory=dict)
    """Measure -> effective date -> pence that became (or stopped being) payable."""

    @property
    def assessments(self) -> dict[str, Assessment[Any]]:
        """What was judged, by measure and clause: measures first, then gates."""
        return {**self.indicators, **self.gates}

    def lowest_payable(self, since: date) -> dict[str, int]:
        """Per measure, the lowest its payable pence stand at or after a date.

        Only these can be drawn without taking pence that a later date needs.
        Measures are in the order they became payable; source: DESIGN 5 (draws).
        """
        lowest = {}
        for measure, changes in self.payable_on.items():
            running, later = 0, []
            for day, pence in changes.items():
                if day <= since:
                    running += pence
                else:
                    later.append(day)
            low = running
            for day in sorted(later):
                running += changes[day]
                low = min(low, running)
            lowest[measure] = low
        return lowest

    def lowest_payable_pence(self, since: date) -> int:
        """The sum of the slices' lowest at or after a date, in pence."""
        return sum(self.lowest_payable(since).values())

    def held_pence(self, by: date) -> int:
        """Unspent pence of receipts effective by a date."""
        return sum(
            receipt.left_pence
            for receipt in self.receipts.values()
            if receipt.effective_on <= by
        )

    def copied(self) -> "PremiumAccount":
        """A copy that evolves apart; facts inside are shared, they never change."""
        twin = copy(self)
        twin.indicators = dict(self.indicators)
        twin.gates = dict(self.gates)
        twin.disbursements = {k: d.copied() for k, d in self.disbursements.items()}
        twin.receipts = {k: r.copied() for k, r in self.receipts.items()}
        twin.spendings = set(self.spendings)
        twin.balances = dict(self.balances)
        twin.payable_on = {k: dict(v) for k, v in self.payable_on.items()}
        return twin


def _terms(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.terms = fact
    account.terms_record = recorded.id


def _opened(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.opened = fact
    account.opened_on = recorded.meta.effective_on


def _indicator(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.indicators[fact.measure] = Assessment(record=recorded.id, fact=fact)


def _gate(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.gates[fact.gate] = Assessment(record=recorded.id, fact=fact)


def _proposed(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.proposal = Proposal(
        record=recorded.id,
        fact=fact,
        proposed_by=recorded.meta.actor,
        effective_on=recorded.meta.effective_on,
    )


def _confirmed(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.confirmed = fact


def _requested(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.disbursements[fact.disbursement] = Disbursement(
        fact=fact,
        requested_by=recorded.meta.actor,
        requested_on=recorded.meta.effective_on,
    )


def _approved(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    disbursement = account.disbursements[fact.disbursement]
    disbursement.state = "approved"
    disbursement.approved_on = recorded.meta.effective_on


def _refused(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.disbursements[fact.disbursement].state = "refused"


def _paid(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    disbursement = account.disbursements[fact.disbursement]
    disbursement.state = "paid"
    disbursement.receipt = fact.receipt
    account.receipts[fact.receipt] = Receipt(
        receipt=fact.receipt,
        effective_on=recorded.meta.effective_on,
        left={piece.measure: piece.pence for piece in fact.slices},
    )


def _spent(account: PremiumAccount, recorded: Recorded, fact: Any) -> None:
    account.spendings.add(fact.spending)
    for draw in fact.draws:
        left = account.receipts[draw.receipt].left
        for piece in draw.slices:
            left[piece.measure] -= piece.pence


_EVOLVE: dict[type, Callable[[PremiumAccount, Recorded, Any], None]] = {
    events.TermsAgreed: _terms,
    events.AccountOpened: _opened,
    events.IndicatorAssessed: _indicator,
    events.GateAssessed: _gate,
    events.AwardProposed: _proposed,
    events.AwardConfirmed: _confirmed,
    events.DisbursementRequested: _requested,
    events.DisbursementApproved: _approved,
    events.DisbursementRefused: _refused,
    events.DisbursementPaid: _paid,
    events.SpendingRecorded: _spent,
}


def evolve(account: PremiumAccount, recorded: Recorded) -> None:
    """Take one more record of the account's stream into its state, in place.

    Never refuses: what was recorded is so. Raises KeyError for a fact of another
    stream, which is a bug, never silently ignored.
    """
    fact = recorded.fact
    _EVOLVE[type(fact)](account, recorded, fact)
    balances, payable_on = account.balances, account.payable_on
    for _, name, measure, pence, day in legs(fact, recorded.meta.effective_on):
        balances[name] = balances.get(name, 0) + pence
        if name == PAYABLE:
            changes = payable_on.setdefault(measure, {})
            changes[day] = changes.get(day, 0) + pence
    account.version = recorded.version


def slices(pence: dict[str, int]) -> Slices:
    """Slices of what is above nothing, in the order given."""
    return tuple(Slice(measure=m, pence=p) for m, p in pence.items() if p)
