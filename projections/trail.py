"""An account's story in plain English, cause before effect.

The view stores which records a story holds. Sentences are written at reading, one
small function a fact (telling.py), so they can be bettered without a rebuild.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from ledger import events
from ledger.events import RecordId
from ledger.recorded import Recorded, document_stream
from projections.tables import Database, Row, Table, View
from projections.telling import Sources, Told, sentence

TRAIL = Table(
    "trail",
    {
        "account": "TEXT NOT NULL",
        "record": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",  # Of the fact that first brought it in.
    },
    keys=2,
)


def _own(fact: Any) -> tuple[RecordId, ...]:
    return ()


def _opened(fact: events.AccountOpened) -> tuple[RecordId, ...]:
    return (fact.rulebook, fact.heads_result)


def _assessed(
    fact: events.IndicatorAssessed | events.GateAssessed,
) -> tuple[RecordId, ...]:
    return (fact.rulebook, *fact.evidence)


def _proposed(fact: events.AwardProposed) -> tuple[RecordId, ...]:
    return (fact.rulebook, *fact.assessments)


def _confirmed(fact: events.AwardConfirmed) -> tuple[RecordId, ...]:
    return (fact.proposal,)


HANDLED: dict[type, Callable[[Any], tuple[RecordId, ...]]] = {
    events.TermsAgreed: _own,
    events.AccountOpened: _opened,
    events.IndicatorAssessed: _assessed,
    events.GateAssessed: _assessed,
    events.AwardProposed: _proposed,
    events.AwardConfirmed: _confirmed,
    events.DisbursementRequested: _own,
    events.DisbursementApproved: _own,
    events.DisbursementRefused: _own,
    events.DisbursementPaid: _own,
    events.PaymentReferenceTaken: _own,
    events.SpendingRecorded: _own,
}
"""Fact -> the records it states that it rests on, in the order it states them."""

IGNORED = frozenset(
    {
        events.LedgerOpened,
        events.RulebookPublished,  # In a story once a fact of the account cites it.
        events.BodyRegistered,
        events.BodySucceeded,
        events.PracticeJoined,
        events.PracticeLeft,
        events.DocumentRecorded,  # Through the result that was read from it.
        events.ResultRecorded,  # As the rulebook.
        events.ClaimRecorded,  # Never evidence.
    }
)


def _rows(recorded: Recorded) -> list[tuple[str, str, int]]:
    fact = recorded.fact
    rests_on = HANDLED.get(type(fact))
    if rests_on is None:
        return []
    account = fact.account  # type: ignore[union-attr]
    records = (*rests_on(fact), recorded.id)
    return [(account, record, recorded.position) for record in records]


class Trail:
    """Which records each account's story holds."""

    def __init__(self) -> None:
        self.position = 0
        self._rows: dict[tuple[str, str], int] = {}

    def apply(self, recorded: Recorded) -> None:
        """Take in one more record; one applied before changes nothing."""
        if recorded.position <= self.position:
            return
        self.position = recorded.position
        for account, record, position in _rows(recorded):
            self._rows.setdefault((account, record), position)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """What stands in stories as the table holds it."""
        return {TRAIL.name: [(*key, at) for key, at in self._rows.items()]}


def take(db: Database, batch: Sequence[Recorded]) -> None:
    """Add what records that follow the saved position bring into stories."""
    rows = [row for recorded in batch for row in _rows(recorded)]
    db.executemany(f"{TRAIL.insert()} ON CONFLICT (account, record) DO NOTHING", rows)


VIEW = View("trail", (TRAIL,), (), Trail, take)


def record_ids(db: Database, account: str) -> tuple[RecordId, ...]:
    """The records of an account's story, in the order in which they came into it."""
    rows = db.execute(
        "SELECT record FROM trail WHERE account = ? ORDER BY position, record",
        (account,),
    )
    return tuple(RecordId(record) for (record,) in rows)


# Reading ------------------------------------------------------------------------------


class Step(NamedTuple):
    """One record of an account's story."""

    position: int
    record_id: RecordId
    recorded_at: datetime  # UTC.
    effective_on: date
    decided_on: date | None  # Where people decided on an earlier day.
    who: str  # Role and party.
    sentence: str
    because: tuple[RecordId, ...]  # Earlier steps it follows from; may be empty.


def story(sources: Sources, db: Database, account: str) -> tuple[Step, ...]:
    """An account's story in the order of the ledger, so cause before effect.

    It holds the account's own records and what they rest on: rules, results, and
    what those were derived and read from. Empty where there is no such account.

    Raises:
        LookupError: If a record that the story rests on is not in the log: run
            `premium verify`.
    """
    records: dict[RecordId, Recorded] = {}
    wanted = list(record_ids(db, account))
    while wanted:
        record_id = wanted.pop()
        if record_id in records:
            continue
        found = sources.record(record_id)
        if found is None:
            raise LookupError(f"{account} rests on {record_id}, which is not there")
        records[record_id] = found
        wanted += _sources_of(found.fact, sources)
    told, links = Told(sources), _Links()
    steps = []
    for one in sorted(records.values(), key=lambda record: record.position):
        because = (
            *HANDLED.get(type(one.fact), _own)(one.fact),
            *_sources_of(one.fact, sources),
            *links.follow(one),
        )
        steps.append(
            Step(
                one.position,
                one.id,
                one.meta.recorded_at,
                one.meta.effective_on,
                one.meta.decided_on,
                told.who(one.meta),
                sentence(one.fact, told),
                tuple(dict.fromkeys(because)),
            )
        )
    return tuple(steps)


def _sources_of(fact: events.Fact, sources: Sources) -> list[RecordId]:
    """What a result or rulebook was derived and read from, as far as recorded."""
    if not isinstance(fact, events.ResultRecorded | events.RulebookPublished):
        return []
    found = [] if isinstance(fact, events.RulebookPublished) else [*fact.derived_from]
    if fact.document is not None:
        documents = sources.stream(document_stream(fact.document))
        found += [recorded.id for recorded in documents[:1]]
    return found


@dataclass(slots=True)
class _Links:
    """Which record each later one follows from, where facts tell it by an id."""

    award: tuple[RecordId, ...] = ()
    disbursements: dict[str, RecordId] = field(default_factory=dict)
    """Disbursement -> the latest record about it."""
    receipts: dict[str, RecordId] = field(default_factory=dict)

    def follow(self, recorded: Recorded) -> tuple[RecordId, ...]:
        """What a record follows from; and remember it for those that follow it."""
        match recorded.fact:
            case events.AwardConfirmed():
                self.award = (recorded.id,)
                return ()
            case events.DisbursementRequested(disbursement=name):
                self.disbursements[name] = recorded.id
                return self.award
            case (
                events.DisbursementApproved(disbursement=name)
                | events.DisbursementRefused(disbursement=name)
                | events.DisbursementPaid(disbursement=name)
            ) as fact:
                before = self.disbursements[name]
                self.disbursements[name] = recorded.id
                if isinstance(fact, events.DisbursementPaid):
                    self.receipts[fact.receipt] = recorded.id
                return (before,)
            case events.PaymentReferenceTaken(disbursement=name):
                return (self.disbursements[name],)
            case events.SpendingRecorded(draws=draws):
                return tuple(self.receipts[draw.receipt] for draw in draws)
            case _:
                return ()
