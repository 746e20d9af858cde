"""An account's story in plain English, cause before effect.

The view stores which records a story holds. Sentences are written at reading, one
small function a fact (telling.py), so they can be bettered without a rebuild.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ledger import events
from ledger.events import RecordId
from ledger.recorded import Recorded
from projections.views.view import Database, Row, Table, View

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


def _opened(
    fact: events.AccountOpened | events.PopulationCorrected,
) -> tuple[RecordId, ...]:
    return (fact.rulebook, fact.heads_result)


def _assessed(
    fact: events.IndicatorAssessed | events.GateAssessed,
) -> tuple[RecordId, ...]:
    return (fact.rulebook, *fact.evidence)


def _proposed(fact: events.AwardProposed) -> tuple[RecordId, ...]:
    return (fact.rulebook, *fact.assessments)


def _confirmed(
    fact: events.AwardConfirmed | events.AwardRefused | events.WithholdingDecided,
) -> tuple[RecordId, ...]:
    return (fact.proposal,)


def _superseded(fact: events.AssessmentSuperseded) -> tuple[RecordId, ...]:
    return (fact.assessment,)


def _rebased(fact: events.TargetRebased) -> tuple[RecordId, ...]:
    return (fact.terms,)


def _corrects(fact: events.SpendingCorrected) -> tuple[RecordId, ...]:
    return (fact.corrects,)


HANDLED: dict[type, Callable[[Any], tuple[RecordId, ...]]] = {
    events.TermsAgreed: _own,
    events.AccountOpened: _opened,
    events.PopulationCorrected: _opened,
    events.TargetRebased: _rebased,
    events.IndicatorAssessed: _assessed,
    events.GateAssessed: _assessed,
    events.AssessmentSuperseded: _superseded,
    events.AwardProposed: _proposed,
    events.AwardConfirmed: _confirmed,
    events.AwardRefused: _confirmed,
    events.WithholdingDecided: _confirmed,
    events.SpendingCorrected: _corrects,
    **dict.fromkeys(
        (
            events.RepresentationMade,
            events.RepresentationDecided,
            events.WithholdingProposed,
            events.WithholdingVaried,
            events.WithholdingReleased,
            events.WithholdingRefused,
            events.WithholdingForgone,
            events.RecoveryOrdered,
            events.RecoveryReceived,
            events.DebtSetOff,
            events.PayableSetOff,
            events.DisbursementRequested,
            events.DisbursementApproved,
            events.DisbursementRefused,
            events.DisbursementWithdrawn,
            events.DisbursementExpired,
            events.DisbursementCancelled,
            events.DisbursementPaid,
            events.PaymentReferenceTaken,
            events.DisbursementReturned,
            events.ReceiptConfirmed,
            events.ReceiptDisputed,
            events.SpendingRecorded,
            events.PassedOn,
            events.UnspentDeclared,
            events.Lapsed,
            events.BalanceAsserted,
        ),
        _own,
    ),
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
        events.ResultCorrected,
        events.AttributionPublished,
        events.ClaimRecorded,  # Never evidence.
        events.PaymentRunProposed,  # Each of its approvals stands in its own story.
        events.PaymentRunApproved,
        events.PaymentRunClosed,
        events.PeriodClosed,
        events.InterestDeclared,  # Of people, not of this money.
        events.InterestEnded,
        events.ParticipationRecorded,
    }
)


def rests_on(fact: events.Fact) -> tuple[RecordId, ...]:
    """The records that a fact of an account names as its ground; may be empty."""
    return HANDLED.get(type(fact), _own)(fact)


def _rows(recorded: Recorded) -> list[tuple[str, str, int]]:
    fact = recorded.fact
    if type(fact) not in HANDLED:
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


def record_ids(
    db: Database, account: str, known: int | None = None
) -> tuple[RecordId, ...]:
    """The records of an account's story, in the order in which they came into it.

    Args:
        known: The last position that counts; None: all.
    """
    chosen = "" if known is None else "AND position <= ?"
    rows = db.execute(
        f"SELECT record FROM trail WHERE account = ? {chosen} "
        "ORDER BY position, record",
        (account, *([] if known is None else [known])),
    )
    return tuple(RecordId(record) for (record,) in rows)


# Reading ------------------------------------------------------------------------------
