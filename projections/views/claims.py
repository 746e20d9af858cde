"""Every figure that somebody published, as it was first recorded."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ledger.claims.claimed import Claimed
from ledger.events import ClaimRecorded, DocumentId, RecordId
from ledger.money import exact_text
from ledger.recorded import Recorded
from projections.views.view import Database, Kept, KeptRow, Row, Table, View

CLAIMS = Kept(
    Table(
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
            "value": "TEXT",  # Exact. None, as the amount, if not given.
            "rounded_to_pence": "INTEGER",
            "published_on": "TEXT",
            "document": "TEXT",
            "document_row": "INTEGER",
            "record": "TEXT NOT NULL",
            "position": "INTEGER NOT NULL",
        },
        keys=1,
    ),
    keep="first",
)


def rows(recorded: Recorded) -> Iterator[KeptRow]:
    """The row of a claim."""
    match recorded.fact:
        case ClaimRecorded() as claim:
            yield CLAIMS(
                *(claim.claim, claim.about, claim.scheme, claim.scheme_year),
                *(claim.quantity, claim.as_published, claim.source, claim.status),
                claim.amount_pence,
                None if claim.value is None else exact_text(claim.value),
                claim.rounded_to_pence,
                claim.published_on.isoformat() if claim.published_on else None,
                *(claim.document, claim.row, recorded.id, recorded.position),
            )


VIEW = View.of_rows("claims", (CLAIMS,), rows)


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
