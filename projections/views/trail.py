"""Which records an account's story holds.

The story's sentences are written at reading (story/), so they can be bettered without
a rebuild.
"""

from collections.abc import Iterator

from ledger import events
from ledger.events import Fact, RecordId
from ledger.recorded import Recorded
from projections.views.view import Database, Kept, KeptRow, Table, View, account_of

TRAIL = Kept(
    Table(
        "trail",
        {
            "account": "TEXT NOT NULL",
            "record": "TEXT NOT NULL",
            "position": "INTEGER NOT NULL",  # Of the fact that first brought it in.
        },
        keys=2,
    ),
    keep="first",
)


def rests_on(fact: Fact) -> tuple[RecordId, ...]:
    """The records that a fact of an account names as its ground; may be empty."""
    match fact:
        case events.AccountOpened() | events.PopulationCorrected():
            return (fact.rulebook, fact.heads_result)
        case events.IndicatorAssessed() | events.GateAssessed():
            return (fact.rulebook, *fact.evidence)
        case events.AwardProposed():
            return (fact.rulebook, *fact.assessments)
        case (
            events.AwardConfirmed()
            | events.AwardRefused()
            | events.WithholdingDecided()
            | events.RecoveryOrdered()
            | events.RecoveryRefused()
            | events.Lapsed()
            | events.LapseRefused()
        ):
            return (fact.proposal,)
        case events.AssessmentSuperseded():
            return (fact.assessment,)
        case events.TargetRebased():
            return (fact.terms,)
        case events.SpendingCorrected() | events.PassedOnCorrected():
            return (fact.corrects,)
        case _:
            return ()


def rows(recorded: Recorded) -> Iterator[KeptRow]:
    """A row for each record that a fact of an account rests on, and its own."""
    fact = recorded.fact
    if isinstance(fact, events.PaymentReferenceTaken):
        for concerned in dict.fromkeys(part.account for part in fact.parts):
            yield TRAIL(concerned, recorded.id, recorded.position)
        return
    account = account_of(fact)
    if account is not None:
        for record in (*rests_on(fact), recorded.id):
            yield TRAIL(account, record, recorded.position)


VIEW = View.of_rows("trail", (TRAIL,), rows)


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
