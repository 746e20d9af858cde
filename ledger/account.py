"""One body's premium for one scheme year: its state, and how a fact changes it.

The state is folded in place, for a copy at each fact is quadratic (ADR 0006).
Deciders read it; only `evolve` writes it, and it never refuses.
"""

from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger import events
from ledger.events import AccountId, Move, RecordId, Slice, Slices
from ledger.parts import (
    Assessment,
    Changes,
    Disbursement,
    Proposal,
    Receipt,
    Recovery,
    Representation,
    Spending,
    Stated,
    Withholding,
    lowest,
)
from ledger.postings import OVERPAID


@dataclass(slots=True, kw_only=True)
class PremiumAccount:
    """State of a premium account, as now recorded.

    `balances`, `payable_on` and `overpaid_on` are sums of legs; the rest says where
    things stand.
    """

    account: AccountId
    version: int = 0
    opened: events.AccountOpened | None = None
    """As corrected since: its heads, maximum and slices are those that count."""
    opened_on: date | None = None
    funded: Slices = ()  # What is posted as the maximum; an award brings it up to date.
    terms: events.TermsAgreed | None = None
    terms_record: RecordId | None = None
    indicators: dict[str, Assessment[events.IndicatorAssessed]] = field(
        default_factory=dict
    )
    gates: dict[str, Assessment[events.GateAssessed]] = field(default_factory=dict)
    proposal: Proposal | None = None
    """The latest, whether it waits, was confirmed or was refused."""
    refused: int = 0  # The determination refused last; 0: none was.
    confirmed: events.AwardConfirmed | None = None
    determined: tuple[Move, ...] = ()  # Out of potential, by the award that stands.
    assessed: tuple[RecordId, ...] = ()  # The assessments it rests on.
    determined_on: date | None = None
    """The latest date at which a maximum or an award was posted."""
    withholdings: dict[str, Withholding] = field(default_factory=dict)
    representations: dict[str, Representation] = field(default_factory=dict)
    disbursements: dict[str, Disbursement] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    """By id, first received first: the order in which spending draws on them."""
    spendings: dict[str, Spending] = field(default_factory=dict)
    recoveries: dict[str, Recovery] = field(default_factory=dict)
    settlements: dict[str, Any] = field(default_factory=dict)
    """Ids of recovery payments, set-offs and lapses -> their facts."""
    stated: dict[tuple[object, ...], Stated] = field(default_factory=dict)
    """What was declared or asserted, by what it is about; nothing here counts money."""
    balances: dict[str, int] = field(default_factory=dict)  # Account -> pence.
    payable_on: Changes = field(default_factory=dict)
    overpaid_on: Changes = field(default_factory=dict)  # Below zero: a debt.

    @property
    def assessments(self) -> dict[str, Assessment[Any]]:
        """What was judged, by measure and clause: measures first, then gates."""
        return {**self.indicators, **self.gates}

    def lowest_payable(self, since: date) -> dict[str, int]:
        """Per measure, the lowest its payable pence stand at or after a date."""
        return lowest(self.payable_on, since)

    def lowest_payable_pence(self, since: date) -> int:
        """The sum of the slices' lowest at or after a date, in pence."""
        return sum(self.lowest_payable(since).values())

    @property
    def debt_pence(self) -> int:
        """What the body has beyond its award and has not paid back; zero or more."""
        return -self.balances.get(OVERPAID, 0)

    def lowest_debt(self, since: date) -> dict[str, int]:
        """Per measure, the least that is owed at every date from one on."""
        owed = {
            measure: {day: -pence for day, pence in by_day.items()}
            for measure, by_day in self.overpaid_on.items()
        }
        return lowest(owed, since)

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
        twin.withholdings = {k: w.copied() for k, w in self.withholdings.items()}
        twin.representations = {k: r.copied() for k, r in self.representations.items()}
        twin.disbursements = {k: d.copied() for k, d in self.disbursements.items()}
        twin.receipts = {k: r.copied() for k, r in self.receipts.items()}
        twin.spendings = dict(self.spendings)
        twin.recoveries = {k: r.copied() for k, r in self.recoveries.items()}
        twin.settlements = dict(self.settlements)
        twin.stated = dict(self.stated)
        twin.balances = dict(self.balances)
        twin.payable_on = {k: dict(v) for k, v in self.payable_on.items()}
        twin.overpaid_on = {k: dict(v) for k, v in self.overpaid_on.items()}
        return twin


def slices(pence: dict[str, int]) -> Slices:
    """Slices of what is above nothing, in the order given."""
    return tuple(Slice(measure=m, pence=p) for m, p in pence.items() if p)
