"""Measured results of any measure: one figure a body and period."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from ledger.decisions.evidence import RecordResult
from ledger.events import DocumentId
from ledger.intake import cells
from ledger.intake.layout import Layout
from ledger.intake.table import Row
from ledger.measures.scales import impossible
from ledger.measures.windows import scale_of
from ledger.money import exact_text

_FIGURES = ("numerator", "denominator", "value")


def read_by_period(row: Row, document: DocumentId) -> RecordResult:
    """Read a result whose period is one cell: a day, or its first and last."""
    given = row.given("period")
    first, dots, last = given.partition("..")
    days = Row(row.file, row.line, {"first": first, "last": last if dots else first})
    period = period_of(days, "first", "last")
    if days.errors:
        remedy = days.errors[0].remedy if given else "is empty"
        row.fault("period", f"{remedy} (2013-04-01..2014-03-31, or one day)")
    return _result(row, document, period)


def read_by_days(
    row: Row, document: DocumentId, measure: str | None = None
) -> RecordResult:
    """Read a result whose period is two cells: its first day and its last.

    Args:
        measure: If it does not stand in a column of that name.
    """
    period = period_of(row, "period_start", "period_end")
    return _result(row, document, period, measure)


def period_of(row: Row, first_column: str, last_column: str) -> str:
    """A day, or its first and last: one day is written once."""
    first, last = cells.day(row, first_column), cells.day(row, last_column)
    if date.min not in (first, last) and last < first:
        row.fault(last_column, f"comes before the first day, {first}: check both")
    return str(first) if first == last else f"{first}..{last}"


def _result(
    row: Row, document: DocumentId, period: str, measure: str | None = None
) -> RecordResult:
    numerator, denominator = (cells.number(row, name) for name in _FIGURES[:2])
    unit = cells.word(row, "unit")
    value = _value(row, unit, numerator, denominator)
    measure = cells.word(row, "measure") if measure is None else measure
    why = impossible(measure, unit, value, numerator, denominator)
    if why is not None and not row.errors:
        row.fault("value" if numerator is None else "numerator", f"{why}: check it")
    return RecordResult(
        measure=measure,
        subject=cells.code(row, "subject"),
        period=period,
        value=value,
        unit=unit,
        numerator=numerator,
        denominator=denominator,
        published_on=cells.optional_day(row, "published_on"),
        document=document,
        row=row.line,
    )


def _value(
    row: Row, unit: str, numerator: Fraction | None, denominator: Fraction | None
) -> Fraction:
    """The exact value: worked out where its two numbers are given, or as given."""
    given = cells.number(row, "value")
    if row.faulty(*_FIGURES):
        return Fraction(0)
    if numerator is None or denominator is None:
        if given is None:
            row.fault("value", "is empty: write it, or numerator and denominator")
            return Fraction(0)
        if unit == "yes-no" and given not in (0, 1):
            row.fault("value", "write 1 for yes, 0 for no")
        return given
    if denominator <= 0:
        row.fault("denominator", "must be above zero: check it")
        return Fraction(0)
    scale = scale_of(unit)
    exact = numerator / denominator * (scale or 1)
    agrees = given is None or abs(exact - given) <= _leeway(row, exact)
    if scale is None and (given is None or not agrees):
        row.fault("unit", "is not a known ratio: leave numerator and denominator empty")
    elif not agrees:
        row.fault(
            "value",
            f"numerator and denominator give {_printed(exact)} {unit}: "
            "put the wrong one right, or leave both empty if it is standardised",
        )
    return exact


def _leeway(row: Row, exact: Fraction) -> Fraction:
    """How far a value printed beside its two numbers may lie from what they give.

    Half a unit of its last decimal; and where one of the two has decimals it is
    itself rounded, so half a unit of its last as well, in proportion.
    """
    leeway = cells.half_unit(row.given("value"))
    for column in ("numerator", "denominator"):
        given = row.given(column)
        if "." in given and (number := abs(Fraction(given))):
            leeway += abs(exact) * cells.half_unit(given) / number
    return leeway


def _printed(exact: Fraction) -> str:
    """A value with at most six decimals, for people."""
    return exact_text(Fraction(round(exact * 10**6), 10**6))


def key(command: RecordResult) -> tuple[str, ...]:
    """What a result is about: its measure, subject and period."""
    return (command.measure, command.subject, command.period)


def _layout(
    period: tuple[str, ...], read: Callable[[Row, DocumentId], RecordResult]
) -> Layout:
    return Layout(
        name="results",
        required=("measure", "subject", *period, "unit"),
        optional=("published_on", *_FIGURES),
        also={"ods_code": "subject"},
        read=read,
        key=key,
        key_column="value",
    )


LAYOUTS = (
    _layout(("period_start", "period_end"), read_by_days),
    _layout(("period",), read_by_period),
)
