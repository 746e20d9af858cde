"""One body's premium for one scheme year: its state, and how a fact changes it.

The state is folded in place, for a copy at each fact is quadratic (ADR 0006).
Deciders read it; only `evolve` writes it, and it never refuses.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from ledger import events
from ledger.events import AccountId, Move, PartyId, RecordId, Slice, Slices
from ledger.money import share
from ledger.postings import OVERPAID

K = TypeVar("K")
Assessed = TypeVar("Assessed", events.IndicatorAssessed, events.GateAssessed)
ProposedT = TypeVar("ProposedT", events.LapseProposed, events.RecoveryProposed)

Changes = dict[str, dict[date, int]]
"""Measure -> effective date -> pence that came into an account (or left it)."""


def lowest(changes: Mapping[K, Mapping[date, int]], since: date) -> dict[K, int]:
    """Per measure, the lowest its pence stand at or after a date.

    Only these can be taken without taking pence that a later date needs. Measures are
    in the order they first came in; source: DESIGN 5 (draws).
    """
    found: dict[K, int] = {}
    for measure, by_day in changes.items():
        running, later = 0, []
        for day, pence in by_day.items():
            if day <= since:
                running += pence
            else:
                later.append(day)
        low = running
        for day in sorted(later):
            running += by_day[day]
            low = min(low, running)
        found[measure] = low
    return found


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
    state: str = "requested"
    """Then approved; at the end refused, withdrawn, expired, cancelled, paid or
    returned."""
    approved_on: date | None = None
    approved_by: PartyId | None = None
    run: str | None = None  # The stream of the payment run it was approved in.
    paid: events.DisbursementPaid | None = None
    paid_on: date | None = None

    @property
    def receipt(self) -> str | None:
        """The receipt its payment gave; None before it was paid."""
        return None if self.paid is None else self.paid.receipt

    def copied(self) -> "Disbursement":
        """A copy that goes on apart; `copy` would take ten times as long."""
        return Disbursement(
            fact=self.fact,
            requested_by=self.requested_by,
            requested_on=self.requested_on,
            state=self.state,
            approved_on=self.approved_on,
            approved_by=self.approved_by,
            run=self.run,
            paid=self.paid,
            paid_on=self.paid_on,
        )


@dataclass(slots=True, kw_only=True)
class Receipt:
    """Money that arrived, and what of it is not yet used, by measure and day."""

    receipt: str
    paid_on: date  # Effective.
    value_date: date  # The body has it from then.
    paid_by: PartyId
    left: Changes = field(default_factory=dict)
    """What came in and was drawn, in the order of the receipt's slices."""
    state: str = "received"  # Then confirmed, disputed, or returned by the bank.
    confirmed_on: date | None = None  # As the body says.

    def lowest(self, since: date) -> dict[str, int]:
        """Per measure, what can be drawn on a day without what a later day needs."""
        return lowest(self.left, since)

    def put(self, pieces: Slices, on: date, sign: int) -> None:
        """Pence that come in on a day; a sign of -1: that are drawn."""
        for piece in pieces:
            by_day = self.left.setdefault(piece.measure, {})
            by_day[on] = by_day.get(on, 0) + sign * piece.pence

    def copied(self) -> "Receipt":
        """A copy that goes on apart."""
        return Receipt(
            receipt=self.receipt,
            paid_on=self.paid_on,
            value_date=self.value_date,
            left={measure: dict(days) for measure, days in self.left.items()},
            paid_by=self.paid_by,
            state=self.state,
            confirmed_on=self.confirmed_on,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """A spending or passing-on as it now counts, with what came back of it."""

    record: RecordId
    fact: (
        events.SpendingRecorded
        | events.SpendingCorrected
        | events.PassedOn
        | events.PassedOnCorrected
    )
    spent_on: date
    credits: tuple[events.CarriedCredit, ...] = ()

    @property
    def passed_on(self) -> bool:
        """Whether it was passed on, to be spent there."""
        return isinstance(self.fact, events.PassedOn | events.PassedOnCorrected)

    @property
    def credited_pence(self) -> int:
        """What came back of it."""
        drawn = (draw for credit in self.credits for draw in credit.draws)
        return sum(piece.pence for draw in drawn for piece in draw.slices)

    def lowest(self, since: date) -> dict[tuple[str, str], int]:
        """What stays spent from a day, by the receipt it draws on and by measure."""
        left: dict[tuple[str, str], dict[date, int]] = {}
        given_back = ((one.credited_on, -1, one.draws) for one in self.credits)
        for on, sign, draws in ((self.spent_on, 1, self.fact.draws), *given_back):
            for draw in draws:
                for piece in draw.slices:
                    by_day = left.setdefault((draw.receipt, piece.measure), {})
                    by_day[on] = by_day.get(on, 0) + sign * piece.pence
        return lowest(left, since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """More that was proposed to be kept back."""

    record: RecordId
    fact: events.VariationProposed
    proposed_by: PartyId
    proposed_on: date


@dataclass(slots=True, kw_only=True)
class Withholding:
    """Part of an award kept back, or proposed to be."""

    record: RecordId  # Of the proposal.
    fact: events.WithholdingProposed
    proposed_by: PartyId
    changed_on: date  # Effective date of the latest fact about it.
    state: str = "proposed"  # Then refused, decided or released.
    decided: events.WithholdingDecided | None = None
    left: dict[str, int] = field(default_factory=dict)  # Measure -> pence kept back.
    variation: Variation | None = None  # More that waits to be decided.

    @property
    def left_pence(self) -> int:
        """What is kept back now."""
        return sum(self.left.values())

    def copied(self) -> "Withholding":
        """A copy that goes on apart."""
        return Withholding(
            record=self.record,
            fact=self.fact,
            proposed_by=self.proposed_by,
            changed_on=self.changed_on,
            state=self.state,
            decided=self.decided,
            left=dict(self.left),
            variation=self.variation,
        )


@dataclass(slots=True, kw_only=True)
class Representation:
    """What a body said against an award or a withholding."""

    fact: events.RepresentationMade
    made_by: PartyId
    made_on: date
    decided: events.RepresentationDecided | None = None

    def copied(self) -> "Representation":
        """A copy that goes on apart."""
        return Representation(
            fact=self.fact,
            made_by=self.made_by,
            made_on=self.made_on,
            decided=self.decided,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Repayment(Generic[ProposedT]):
    """Money that is to come back, as it was proposed, and what became of that."""

    record: RecordId  # Of the proposal.
    fact: ProposedT
    proposed_by: PartyId
    changed_on: date  # Effective date of the latest fact about it.
    state: str = "proposed"  # Then ordered or lapsed, or refused.


Stated = events.UnspentDeclared | events.BalanceAsserted


def about(fact: Stated) -> tuple[object, ...]:
    """What a statement is about: of two about the same, the later one counts."""
    match fact:
        case events.UnspentDeclared(on=on):
            return ("unspent", on)
        case events.BalanceAsserted(of=of, on=on, says=says):
            return ("balance", of, on, says)


@dataclass(slots=True, kw_only=True)
class PremiumAccount:
    """State of a premium account, as now recorded.

    `balances`, `payable_on`, `overpaid_on` and `moved_on` are sums of legs; the rest
    says where things stand.
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
    hands: dict[tuple[str, str], tuple[PartyId, ...]] = field(default_factory=dict)
    """("award", number) or ("withholding", id) -> who proposed or decided it."""
    withholdings: dict[str, Withholding] = field(default_factory=dict)
    representations: dict[str, Representation] = field(default_factory=dict)
    disbursements: dict[str, Disbursement] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    """By id, first paid first: the order in which spending draws on them."""
    spendings: dict[str, Spending] = field(default_factory=dict)
    lapses: dict[str, Repayment[events.LapseProposed]] = field(default_factory=dict)
    recoveries: dict[str, Repayment[events.RecoveryProposed]] = field(
        default_factory=dict
    )
    settlements: dict[str, Any] = field(default_factory=dict)
    """Ids of recovery payments, set-offs and lapses -> their facts.

    A lapse that is proposed has its id already, and one that was refused keeps it.
    """
    stated: dict[tuple[object, ...], Stated] = field(default_factory=dict)
    """What was declared or asserted, by what it is about; nothing here counts money."""
    balances: dict[str, int] = field(default_factory=dict)  # Account -> pence.
    payable_on: Changes = field(default_factory=dict)
    overpaid_on: Changes = field(default_factory=dict)  # Below zero: a debt.
    handed_back_on: dict[date, int] = field(default_factory=dict)
    """Day -> pence handed back, less those that settled a debt."""
    settled_on: Changes = field(default_factory=dict)
    """The debts that those settled."""
    moved_on: Changes = field(default_factory=dict)
    """Figure of a payment year (payment_years.py) -> day -> pence that moved."""
    settled: int = 0  # Facts of such settlements, and of their reversal.

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
        """Per measure, the least that is owed at every date from a given one."""
        return lowest(self.owed_on(), since)

    def owed_on(self) -> Changes:
        """Measure -> day -> pence by which the debt grew, in a copy."""
        return {
            measure: {day: -pence for day, pence in by_day.items()}
            for measure, by_day in self.overpaid_on.items()
        }

    def held_pence(self, by: date) -> int:
        """What is held on a day and no later day needs, of all receipts."""
        return sum(
            pence
            for receipt in self.receipts.values()
            for pence in receipt.lowest(by).values()
        )

    def copied(self) -> "PremiumAccount":
        """A copy that evolves apart; facts inside are shared, they never change."""
        twin = copy(self)
        twin.indicators = dict(self.indicators)
        twin.gates = dict(self.gates)
        twin.hands = dict(self.hands)
        twin.withholdings = {k: w.copied() for k, w in self.withholdings.items()}
        twin.representations = {k: r.copied() for k, r in self.representations.items()}
        twin.disbursements = {k: d.copied() for k, d in self.disbursements.items()}
        twin.receipts = {k: r.copied() for k, r in self.receipts.items()}
        twin.spendings = dict(self.spendings)
        twin.lapses = dict(self.lapses)
        twin.recoveries = dict(self.recoveries)
        twin.settlements = dict(self.settlements)
        twin.stated = dict(self.stated)
        twin.balances = dict(self.balances)
        twin.payable_on = {k: dict(v) for k, v in self.payable_on.items()}
        twin.overpaid_on = {k: dict(v) for k, v in self.overpaid_on.items()}
        twin.handed_back_on = dict(self.handed_back_on)
        twin.settled_on = {k: dict(v) for k, v in self.settled_on.items()}
        twin.moved_on = {k: dict(v) for k, v in self.moved_on.items()}
        return twin


def pro_rata(total_pence: int, pence: Mapping[str, int]) -> Slices:
    """An amount shared over measures in proportion to their pence."""
    shares = share(total_pence, tuple(pence.values()))
    return slices(dict(zip(pence, shares, strict=True)))


def slices(pence: Mapping[str, int]) -> Slices:
    """Slices of what is above nothing, in the order given."""
    return tuple(Slice(measure=m, pence=p) for m, p in pence.items() if p)


def stage(state: PremiumAccount) -> str:
    """How far an account has got: open, assessed, proposed, confirmed or paid."""
    if state.receipts:
        return "paid"
    if state.confirmed is not None:
        return "confirmed"
    if state.proposal is not None:
        return "proposed"
    return "assessed" if state.assessments else "open"
