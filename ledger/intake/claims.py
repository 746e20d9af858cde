"""Figures that somebody published. A claim is never evidence for an award."""

from typing import get_args, get_type_hints

from ledger.decisions.evidence import RecordClaim
from ledger.events import DocumentId
from ledger.intake import cells
from ledger.intake.layout import Layout
from ledger.intake.table import Row

_STATUSES: tuple[str, ...] = get_args(get_type_hints(RecordClaim)["status"])


def read_claim(row: Row, document: DocumentId) -> RecordClaim:
    """Read one published figure: money in pounds, another number, or words alone.

    `amount_gbp` and `rounded_to_gbp` are exact decimal text, to the penny.
    """
    amount_pence = cells.optional_pence(row, "amount_gbp")
    value = cells.number(row, "value")
    rounded_to_pence = cells.optional_pence(row, "rounded_to_gbp")
    if amount_pence is not None and value is not None:
        row.fault("value", "a claim is money or another number: leave one empty")
    if rounded_to_pence is not None and amount_pence is None:
        row.fault("rounded_to_gbp", "belongs to an amount_gbp: leave it empty")
    elif rounded_to_pence == 0 and not row.faulty("rounded_to_gbp"):
        row.fault("rounded_to_gbp", "must be above zero, such as 0.01 or 1000")
    cells.one_of(row, "status", _STATUSES)
    return RecordClaim(
        claim=cells.text(row, "claim"),
        about=cells.text(row, "about"),
        scheme=cells.word(row, "scheme"),
        scheme_year=cells.year(row, "scheme_year"),
        quantity=cells.word(row, "quantity"),
        as_published=cells.text(row, "as_published"),
        source=cells.text(row, "source"),
        status=row.given("status"),  # type: ignore[arg-type]
        amount_pence=amount_pence,
        value=value,
        rounded_to_pence=rounded_to_pence,
        published_on=cells.optional_day(row, "published_on"),
        document=document,
        row=row.line,
    )


LAYOUTS = (
    Layout(
        name="claims",
        required=(
            "claim",
            "about",
            "scheme",
            "scheme_year",
            "quantity",
            "as_published",
            "amount_gbp",
            "source",
            "status",
        ),
        optional=("value", "rounded_to_gbp", "published_on"),
        read=read_claim,
        key=lambda command: (command.claim,),
        key_column="claim",
        fields={"amount_pence": "amount_gbp", "rounded_to_pence": "rounded_to_gbp"},
    ),
)
