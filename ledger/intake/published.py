"""Results in files as their publishers laid them out, one layout a publisher."""

from fractions import Fraction

from ledger.decisions.evidence import RecordResult
from ledger.events import DocumentId
from ledger.intake import cells, results
from ledger.intake.layout import Layout
from ledger.intake.table import Row

INDICATORS = {"UTI_TRIM_NITRO_M": "trimethoprim-nitrofurantoin-ratio"}
"""Indicator as gathered -> measure; another one keeps its own name, hyphened."""

PATHWAYS = {
    "incomplete": "rtt-incomplete",
    "admitted_completed": "rtt-admitted",
    "non_admitted_completed": "rtt-non-admitted",
}
"""Type of pathway -> measure."""

_ALL = "All conditions"
_YES, _NO = "1", "0"


def read_indicator(row: Row, document: DocumentId) -> RecordResult:
    """Read one indicator of a period; numerator and denominator are kept."""
    named = INDICATORS.get(row.given("indicator_id"))
    measure = named or cells.hyphened(row, "indicator_id")
    return results.read_by_days(row, document, measure)


def read_years_of_life_lost(row: Row, document: DocumentId) -> RecordResult:
    """Read potential years of life lost, standardised, per 100,000 patients.

    All conditions of persons are the measure itself; a sex or a condition is named
    behind it. A standardised rate is not the ratio of the two counts beside it, so
    those are not read.
    """
    parts = ["pyll-amenable"]
    if row.given("condition") != _ALL:
        parts.append(cells.hyphened(row, "condition"))
    if (sex := cells.one_of(row, "gender", ("person", "female", "male"))) != "person":
        parts.append(sex)
    rate = cells.number(row, "pyll_rate_per_100000_dsr")
    if rate is None:
        row.fault("pyll_rate_per_100000_dsr", "is empty: write the rate, or no row")
    return RecordResult(
        measure=".".join(parts),
        subject=cells.code(row, "ods_code"),
        period=results.period_of(row, "period_start", "period_end"),
        value=rate or Fraction(0),
        unit="per-100000",
        document=document,
        row=row.line,
    )


def read_pathways(row: Row, document: DocumentId) -> RecordResult:
    """Read pathways within 18 weeks of all pathways, in per cent of these two."""
    kind = cells.one_of(row, "pathway_type", tuple(PATHWAYS))
    total = cells.heads(row, "pathways_total")
    within = cells.heads(row, "pathways_within_18_weeks")
    printed = cells.number(row, "percent_within_18_weeks")
    value = Fraction(0)
    if not row.faulty("pathways_total", "pathways_within_18_weeks"):
        if total == 0:
            row.fault("pathways_total", "must be above zero: check it")
        elif within > total:
            row.fault("pathways_within_18_weeks", "is above pathways_total: check both")
        else:
            value = 100 * within / total
    leeway = cells.half_unit(row.given("percent_within_18_weeks"))
    if printed is not None and not row.errors and abs(value - printed) > leeway:
        row.fault("percent_within_18_weeks", "is not what the two counts give: check")
    return RecordResult(
        measure=PATHWAYS.get(kind, kind),
        subject=cells.code(row, "ods_code"),
        period=results.period_of(row, "period_start", "period_end"),
        value=value,
        unit="percent",
        numerator=within,
        denominator=total,
        published_on=cells.optional_day(row, "file_revised_date"),
        document=document,
        row=row.line,
    )


def _england(row: Row) -> str:
    level = cells.one_of(row, "level", ("ccg", "england"))
    return "of England, which is not a group" if level == "england" else ""


def _no_group(row: Row) -> str:
    is_group = cells.one_of(row, "is_ccg", (_YES, _NO))
    return "of a commissioner that is not a group" if is_group == _NO else ""


LAYOUTS = (
    Layout(
        name="indicators",
        required=("indicator_id", "subject", "period_start", "period_end", "unit"),
        optional=("numerator", "denominator", "value"),
        also={"ods_code": "subject"},
        read=read_indicator,
        key=results.key,
        key_column="value",
        fields={"measure": "indicator_id"},
    ),
    Layout(
        name="years of life lost",
        required=(
            *("ods_code", "level", "period_start", "period_end", "condition"),
            *("gender", "pyll_rate_per_100000_dsr"),
        ),
        left_out=_england,
        read=read_years_of_life_lost,
        key=results.key,
        key_column="pyll_rate_per_100000_dsr",
        fields={"measure": "condition"},
    ),
    Layout(
        name="waiting times",
        required=(
            *("ods_code", "is_ccg", "period_start", "period_end", "pathway_type"),
            *("pathways_total", "pathways_within_18_weeks", "percent_within_18_weeks"),
        ),
        optional=("file_revised_date",),
        left_out=_no_group,
        read=read_pathways,
        key=results.key,
        key_column="percent_within_18_weeks",
    ),
)
