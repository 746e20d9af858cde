"""How many people a group has: as counted, and as worked out from a claim."""

import re
from fractions import Fraction

from ledger.decisions.evidence import RecordResult
from ledger.events import DocumentId, RecordId
from ledger.intake import cells, results
from ledger.intake.layout import Layout
from ledger.intake.table import Row
from ledger.money import exact_text
from ledger.recorded import claim_stream

_DIVISION = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?) */ *([0-9]{1,18})")


def read_population(row: Row, document: DocumentId) -> RecordResult:
    """Read one population: `registered`, `gp_list` is `population.registered.gp-list`.

    The basis is part of the measure, so that counts on several bases stand side
    by side and an account says which of them it was opened on.
    """
    kind, basis = _word(row, "population_type"), _word(row, "basis")
    measure = f"population.{kind}.{basis}"
    if len(measure) > cells.LONGEST_WORD:
        longer = "basis" if len(basis) > len(kind) else "population_type"
        row.fault(longer, f"is too long: {cells.LONGEST_WORD} characters with the rest")
    return RecordResult(
        measure=measure,
        subject=cells.code(row, "ods_code"),
        period=cells.day(row, "as_at").isoformat(),
        value=cells.heads(row, "population"),
        unit="heads",
        document=document,
        row=row.line,
    )


def read_derived(row: Row, document: DocumentId) -> RecordResult:
    """Read heads worked out from a claim, and check the working.

    The result holds the two numbers of the working, and names the first record of
    the claim, which is the only one a claim's stream has.
    """
    heads = cells.heads(row, "heads")
    divided = _DIVISION.fullmatch(row.given("arithmetic"))
    numerator = denominator = Fraction(0)
    if divided is None or not int(divided[2]):
        row.fault("arithmetic", "write one division, such as 2200000 / 25")
    else:
        numerator, denominator = Fraction(divided[1]), Fraction(divided[2])
        if numerator / denominator != heads and not row.faulty("heads"):
            heads_text = exact_text(numerator / denominator)
            row.fault("arithmetic", f"gives {heads_text}, not {exact_text(heads)}")
    claim = cells.text(row, "derived_from_claim")
    return RecordResult(
        measure=f"population.{_word(row, 'basis')}.derived",
        subject=cells.code(row, "ods_code"),
        period=cells.day(row, "as_at").isoformat(),
        value=heads,
        unit="heads",
        numerator=numerator,
        denominator=denominator,
        status="derived",
        derived_from=(RecordId(f"{claim_stream(claim)}@1"),),
        document=document,
        row=row.line,
    )


def _word(row: Row, column: str) -> str:
    """One part of a measure's name, its underscores and spaces made hyphens."""
    if not row.given(column):
        row.fault(column, "is empty: write a word, such as registered")
        return ""
    return cells.hyphened(row, column).replace(".", "-")


LAYOUTS = (
    Layout(
        name="populations",
        required=("ods_code", "population", "as_at", "population_type", "basis"),
        read=read_population,
        key=results.key,
        key_column="population",
        fields={"measure": "population_type"},
    ),
    Layout(
        name="derived populations",
        required=(
            "ods_code",
            "heads",
            "as_at",
            "basis",
            "derived_from_claim",
            "arithmetic",
        ),
        read=read_derived,
        key=results.key,
        key_column="heads",
        fields={
            "measure": "basis",
            "derived_from": "derived_from_claim",
            "numerator": "arithmetic",
            "denominator": "arithmetic",
        },
    ),
)
