"""Every figure that somebody published, as it was first recorded."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from ledger import events
from ledger.claims.known import Claimed
from ledger.events import ClaimRecorded, DocumentId, RecordId
from ledger.money import exact_text
from ledger.recorded import Recorded
from projections.views.view import Database, Row, Table, View

CLAIMS = Table(
    "claims",
    {
        "claim": "TEXT NOT NULL",
        "about": "TEXT NOT NULL",
        "scheme": "TEXT NOT NULL",
        "scheme_year": "TEXT NOT NULL",
        "quantity": "TEXT NOT NULL",
        "as_published": "TEXT NOT NULL",
        "source": "TEXT NOT NULL",
        "status": "TEXT NOT NULL",
        "amount_pence": "INTEGER",
        "value": "TEXT",  # Exact; None, as the amount, where there is no such figure.
        "rounded_to_pence": "INTEGER",
        "published_on": "TEXT",
        "document": "TEXT",
        "document_row": "INTEGER",
        "record": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)
HANDLED = frozenset({ClaimRecorded})
IGNORED = frozenset(
    {
        events.LedgerOpened,
        events.RulebookPublished,
        events.BodyRegistered,
        events.BodySucceeded,
        events.PracticeJoined,
        events.PracticeLeft,
        events.DocumentRecorded,
        events.ResultRecorded,  # Measured, and evidence: no claim.
        events.TermsAgreed,
        events.AccountOpened,
        events.IndicatorAssessed,
        events.GateAssessed,
        events.AwardProposed,
        events.AwardConfirmed,
        events.DisbursementRequested,
        events.DisbursementApproved,
        events.DisbursementRefused,
        events.DisbursementPaid,
        events.PaymentReferenceTaken,
        events.SpendingRecorded,
        events.ResultCorrected,
        events.AttributionPublished,
        events.PopulationCorrected,
        events.TargetRebased,
        events.AssessmentSuperseded,
        events.AwardRefused,
        events.RepresentationMade,
        events.RepresentationDecided,
        events.WithholdingProposed,
        events.WithholdingDecided,
        events.WithholdingVaried,
        events.WithholdingReleased,
        events.WithholdingRefused,
        events.WithholdingForgone,
        events.RecoveryOrdered,
        events.RecoveryReceived,
        events.DebtSetOff,
        events.PayableSetOff,
        events.DisbursementWithdrawn,
        events.DisbursementExpired,
        events.DisbursementCancelled,
        events.DisbursementReturned,
        events.ReceiptConfirmed,
        events.ReceiptDisputed,
        events.PaymentRunProposed,
        events.PaymentRunApproved,
        events.PaymentRunClosed,
        events.SpendingCorrected,
        events.PassedOn,
        events.UnspentDeclared,
        events.Lapsed,
        events.PeriodClosed,
        events.BalanceAsserted,
        events.InterestDeclared,
        events.InterestEnded,
        events.ParticipationRecorded,
    }
)

_INSERT = f"{CLAIMS.insert()} ON CONFLICT (claim) DO NOTHING"


class Claims:
    """Every figure that somebody published, as it was first recorded."""

    def __init__(self) -> None:
        self.position = 0
        self._rows: dict[str, Row] = {}

    def apply(self, recorded: Recorded) -> None:
        """Take in one more record; one applied before changes nothing."""
        if recorded.position <= self.position:
            return
        self.position = recorded.position
        for row in _rows((recorded,)):
            self._rows.setdefault(row[0], row)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """Claims as their table holds them."""
        return {CLAIMS.name: self._rows.values()}


def _rows(batch: Iterable[Recorded]) -> list[Row]:
    rows: list[Row] = []
    for recorded in batch:
        fact = recorded.fact
        if not isinstance(fact, ClaimRecorded):
            continue
        value = None if fact.value is None else exact_text(fact.value)
        day = fact.published_on.isoformat() if fact.published_on else None
        rows.append(
            (
                *(fact.claim, fact.about, fact.scheme, fact.scheme_year),
                *(fact.quantity, fact.as_published, fact.source, fact.status),
                *(fact.amount_pence, value, fact.rounded_to_pence, day),
                *(fact.document, fact.row, recorded.id, recorded.position),
            )
        )
    return rows


def take(db: Database, batch: Sequence[Recorded]) -> None:
    """Put in the claims of records that follow the saved position."""
    db.executemany(_INSERT, _rows(batch))


VIEW = View("claims", (CLAIMS,), (), Claims, take)


def claims(db: Database) -> dict[str, Claimed]:
    """Every claim by its id, in order of ids."""
    rows = db.execute("SELECT * FROM claims ORDER BY claim")
    return {row[0]: _claimed(row) for row in rows}


def _claimed(row: Row) -> Claimed:
    claim, about, scheme, scheme_year, quantity, as_published, source, status = row[:8]
    amount, value, rounded_to, published_on, document, line, record, _ = row[8:]
    return Claimed(
        record=RecordId(record),
        fact=ClaimRecorded(
            claim=claim,
            about=about,
            scheme=scheme,
            scheme_year=scheme_year,
            quantity=quantity,
            as_published=as_published,
            source=source,
            status=status,
            amount_pence=amount,
            value=None if value is None else Fraction(value),
            rounded_to_pence=rounded_to,
            published_on=date.fromisoformat(published_on) if published_on else None,
            document=None if document is None else DocumentId(document),
            row=line,
        ),
    )
