"""What there is of one kind in accounts: each payment, withholding, spending ...

A thing is what facts tell by an id of people's own. Each kind says which facts tell of
it, which state each brings it to, and what it adds; who did what follows from the
facts' actors. Only facts that were known and are effective count, and so do pence: one
clock of each sort for all of a row.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger import events
from ledger.events import AccountId, Fact
from ledger.periods import Close, closes, prior_period
from ledger.postings import COMMITTED, HELD, IN_TRANSIT, legs
from ledger.recorded import LEDGER_STREAM, Recorded, account_stream
from ledger.store.reader import LedgerReader


class Step(NamedTuple):
    """What a fact does to a thing."""

    state: str
    act: str
    """Who did it stands in `<act>_by`, and when in `<act>_on`; empty: nowhere."""
    sets: str = ""
    """Fields that are the fact's own."""
    adds: Mapping[str, str] = {}
    """Field -> the fact's own that is added to it."""


class Kind(NamedTuple):
    """One kind of thing."""

    name: str
    """Of all of them, such as `payments`."""
    id: str
    """The field of facts that names one."""
    steps: Mapping[type[Fact], Step]
    pence: Mapping[str, tuple[str, ...]] = {}
    """Field -> accounts of the ledger; what its facts moved there."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What a row says beside the account, in order."""
        found = {self.id: None, "state": None}
        for step in self.steps.values():
            found |= dict.fromkeys((*step.sets.split(), *step.adds))
        found |= dict.fromkeys(self.pence)
        for step in self.steps.values():
            if step.act:
                found |= {f"{step.act}_on": None, f"{step.act}_by": None}
        return (*found, "closed_through", "opens")

    def begun(self, account: AccountId, id: Any) -> dict[str, Any]:
        """A row of which nothing is told yet."""
        row = dict.fromkeys(self.fields) | dict.fromkeys(self.pence, 0)
        row |= {field: 0 for one in self.steps.values() for field in one.adds}
        return {"account": account, **row, self.id: id} | {
            "opens": f"{account}/{self.id}/{id}"
        }


PAYMENTS = Kind(
    "payments",
    "disbursement",
    {
        events.DisbursementRequested: Step("requested", "requested", "amount_pence"),
        events.DisbursementApproved: Step("approved", "approved", "run"),
        events.DisbursementRefused: Step("refused", "refused"),
        events.DisbursementWithdrawn: Step("withdrawn", "withdrawn"),
        events.DisbursementExpired: Step("expired", "expired"),
        events.DisbursementCancelled: Step("cancelled", "cancelled"),
        events.DisbursementPaid: Step("paid", "paid", "receipt reference value_date"),
        events.DisbursementReturned: Step("returned", "returned"),
    },
    {
        "committed_pence": (COMMITTED,),
        "in_transit_pence": (IN_TRANSIT,),
        "paid_pence": (IN_TRANSIT, HELD),
    },
)
RECEIPTS = Kind(
    "receipts",
    "receipt",
    {
        events.DisbursementPaid: Step(
            "unconfirmed", "paid", "disbursement amount_pence reference value_date"
        ),
        events.ReceiptConfirmed: Step("confirmed", "confirmed", "received_on"),
        events.ReceiptDisputed: Step("disputed", "disputed"),
        events.DisbursementReturned: Step("returned", "returned"),
    },
)
_USE = "payee purpose service amount_pence transaction"
SPENDINGS = Kind(
    "spendings",
    "spending",
    {
        events.SpendingRecorded: Step("spent", "recorded", _USE),
        events.PassedOn: Step("passed on", "recorded", _USE),
        events.SpendingCorrected: Step("corrected", "corrected", _USE),
        events.PassedOnCorrected: Step("corrected", "corrected", _USE),
        events.SpendingCredited: Step(
            "credited", "credited", "", {"credited_pence": "amount_pence"}
        ),
        events.PassedOnCredited: Step(
            "credited", "credited", "", {"credited_pence": "amount_pence"}
        ),
    },
)
WITHHOLDINGS = Kind(
    "withholdings",
    "withholding",
    {
        events.WithholdingProposed: Step(
            "proposed", "proposed", "ground legal_basis share amount_pence"
        ),
        events.WithholdingRefused: Step("refused", "refused"),
        events.WithholdingDecided: Step("decided", "decided", "amount_pence"),
        events.VariationProposed: Step("more proposed", "more_proposed"),
        events.VariationRefused: Step("decided", "more_refused"),
        events.WithholdingVaried: Step("decided", "varied", "amount_pence"),
        events.WithholdingReleased: Step("released", "released"),
        events.WithholdingForgone: Step("forgone", "forgone"),
    },
)
REPRESENTATIONS = Kind(
    "representations",
    "representation",
    {
        events.RepresentationMade: Step("made", "made", "about subject"),
        events.RepresentationDecided: Step("decided", "decided", "outcome"),
    },
)
RECOVERIES = Kind(
    "recoveries",
    "recovery",
    {
        events.RecoveryProposed: Step("proposed", "proposed", "amount_pence due_on"),
        events.RecoveryRefused: Step("refused", "refused"),
        events.RecoveryOrdered: Step("ordered", "ordered", "amount_pence due_on"),
        events.RecoveryReceived: Step(
            "received", "received", "reference", {"received_pence": "amount_pence"}
        ),
    },
)
LAPSES = Kind(
    "lapses",
    "lapse",
    {
        events.LapseProposed: Step("proposed", "proposed", "amount_pence reference"),
        events.LapseRefused: Step("refused", "refused"),
        events.Lapsed: Step("lapsed", "lapsed", "amount_pence reference"),
    },
)
AWARDS = Kind(
    "awards",
    "determination",
    {
        events.AwardProposed: Step(
            "proposed", "proposed", "maximum_pence earned_pence total_pence"
        ),
        events.AwardConfirmed: Step("confirmed", "confirmed"),
        events.AwardRefused: Step("refused", "refused"),
    },
)
KINDS = {
    one.name: one
    for one in (
        *(AWARDS, WITHHOLDINGS, REPRESENTATIONS, PAYMENTS, RECEIPTS),
        *(RECOVERIES, SPENDINGS, LAPSES),
    )
}
"""Name -> kind, in the order in which a premium goes through them."""

Thing = Mapping[str, Any]
"""`account`, and the fields of the kind: pence, days, names of people, text or None."""


def things(
    log: LedgerReader, kind: Kind, accounts: Iterable[AccountId], until: date | None
) -> Iterator[Thing]:
    """Every thing of a kind in some accounts, in the order in which each began.

    Args:
        log: What was known.
        until: The last day of which facts and money count; None: all of them.
    """
    closed = closes(log.stream(LEDGER_STREAM))
    for account, records in _records(log, tuple(accounts), kind.steps):
        yield from in_account(kind, account, records, closed, until or date.max)


_FEW = 8
"""Accounts of which each is read by itself."""


def _records(
    log: LedgerReader, accounts: Sequence[AccountId], facts: Collection[type]
) -> Iterator[tuple[AccountId, Sequence[Recorded]]]:
    """The records of some accounts, of many of them those of some facts alone."""
    if len(accounts) <= _FEW:
        for one in accounts:
            yield one, log.stream(account_stream(one))
        return
    found = log.of_kinds(facts, [account_stream(one) for one in accounts])
    for one in accounts:
        yield one, found[account_stream(one)]


def counts_from(recorded: Recorded) -> date:
    """The day a fact counts from: a correction, from that of what it corrects."""
    on: date = getattr(recorded.fact, "undone_effective_on", recorded.meta.effective_on)
    return on


def in_account(
    kind: Kind,
    account: AccountId,
    records: Iterable[Recorded],
    closed: tuple[Close, ...],
    until: date,
) -> Iterator[Thing]:
    """Every thing of a kind in one account, as its records tell."""
    found: dict[Any, dict[str, Any]] = {}
    for recorded in records:
        fact, meta = recorded.fact, recorded.meta
        step = kind.steps.get(type(fact))
        if step is None:
            continue
        name = getattr(fact, kind.id)
        if counts_from(recorded) <= until:
            row = found.get(name)
            if row is None:
                row = found[name] = kind.begun(account, name)
                if kind is AWARDS:
                    row["opens"] = recorded.id
            _take(row, step, recorded)
            if getattr(fact, "stands_on", until) > until:
                row["amount_pence"] = 0  # Undone by then, and not yet there again.
        row = found.get(name)
        if row is None:
            continue
        row["closed_through"] = row["closed_through"] or prior_period(recorded, closed)
        for leg in legs(fact, meta.effective_on) if kind.pence else ():
            if leg.effective_on <= until:
                for field, accounts in kind.pence.items():
                    row[field] += leg.pence if leg.account in accounts else 0
    yield from found.values()


def _take(row: dict[str, Any], step: Step, recorded: Recorded) -> None:
    """Have a row say what a fact tells of it."""
    fact, meta = recorded.fact, recorded.meta
    row["state"] = step.state
    for field in step.sets.split():
        row[field] = getattr(fact, field)
    for field, added in step.adds.items():
        row[field] += getattr(fact, added)
    if step.act:
        row[f"{step.act}_on"] = meta.effective_on
        row[f"{step.act}_by"] = meta.actor


# Waiting ------------------------------------------------------------------------------


class Wait(NamedTuple):
    """Which commands end a state, and who did what that bars them from giving them."""

    commands: tuple[str, ...]
    barred: tuple[str, ...]
    """Fields of the thing that name people."""


WAITS: Mapping[tuple[str, str], Wait] = {
    ("awards", "proposed"): Wait(("confirm-award", "refuse-award"), ("proposed_by",)),
    ("withholdings", "proposed"): Wait(
        ("decide-withholding", "refuse-withholding"), ("proposed_by",)
    ),
    ("withholdings", "more proposed"): Wait(
        ("decide-variation", "refuse-variation"), ("proposed_by", "more_proposed_by")
    ),
    ("representations", "made"): Wait(("decide-representation",), ("made_by",)),
    ("payments", "requested"): Wait(
        ("approve-disbursement", "refuse-disbursement"), ("requested_by",)
    ),
    ("payments", "approved"): Wait(("pay-disbursement",), ("approved_by",)),
    ("receipts", "unconfirmed"): Wait(
        ("confirm-receipt", "dispute-receipt"), ("paid_by",)
    ),
    ("recoveries", "proposed"): Wait(
        ("order-recovery", "refuse-recovery"), ("proposed_by",)
    ),
    ("recoveries", "ordered"): Wait(("receive-recovery",), ()),
    ("lapses", "proposed"): Wait(("lapse", "refuse-lapse"), ("proposed_by",)),
}
"""Kind and state of a thing that waits for somebody -> for what."""


class Waiting(NamedTuple):
    """One thing that waits."""

    kind: str
    thing: Thing
    since: date
    commands: tuple[str, ...]
    barred: tuple[str, ...]  # People who may not give them.


def waiting(
    log: LedgerReader, accounts: Iterable[AccountId], until: date | None
) -> Iterator[Waiting]:
    """Everything in some accounts that waits for somebody, account by account."""
    closed = closes(log.stream(LEDGER_STREAM))
    facts = {fact for kind in KINDS.values() for fact in kind.steps}
    for account, records in _records(log, tuple(accounts), facts):
        told = {
            name: tuple(in_account(kind, account, records, closed, until or date.max))
            for name, kind in KINDS.items()
        }
        for name, found in told.items():
            for thing in found:
                wait = WAITS.get((name, thing["state"]))
                if wait is not None:
                    yield _waits(name, thing, wait, told)


def _waits(
    kind: str, thing: Thing, wait: Wait, told: Mapping[str, tuple[Thing, ...]]
) -> Waiting:
    barred = [thing[field] for field in wait.barred]
    if kind == "representations":
        barred += _disputed(thing, told)
    steps = KINDS[kind].steps.values()
    acts = [one.act for one in steps if one.state == thing["state"] and one.act]
    since = next(thing[f"{act}_on"] for act in acts if thing[f"{act}_on"])
    return Waiting(kind, thing, since, wait.commands, tuple(dict.fromkeys(barred)))


def _disputed(thing: Thing, told: Mapping[str, tuple[Thing, ...]]) -> list[str]:
    """Who proposed or decided what a representation disputes."""
    about = f"{thing['about']}s"
    return [
        one[field]
        for one in told.get(about, ())
        if str(one[KINDS[about].id]) == str(thing["subject"])
        for field in ("proposed_by", "confirmed_by", "decided_by", "varied_by")
        if one.get(field)
    ]


def proposer(log: LedgerReader, run: str | None) -> str | None:
    """Who proposed a payment run, by its stream; None where a payment is in none."""
    return None if run is None else log.stream(run)[0].meta.actor
