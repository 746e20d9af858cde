"""Published lists of spending over a threshold, as bodies laid them out.

No two months are alike: headings are misspelt, days stand before months or after them,
suppliers and transaction numbers are missing, thousands have commas, cells hold line
breaks. What differs in the writing is taken as it comes; what could mean two things is
an error. Nothing of such a list is recorded: it is held against what is.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from ledger.intake.layout import Layout, recognise
from ledger.intake.table import (
    Row,
    RowError,
    UnreadableSheet,
    rows_of,
    sheet_of,
    text_of,
)
from ledger.values import value

Order = Literal["day-first", "month-first"]

_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,2})?")


@value
class Line:
    """One line of a published list, as far as it says anything."""

    line: int  # Of the file, the header being line 1.
    on: date  # The day as published: often the last one of the month.
    amount_pence: int  # Below zero for a credit.
    area: str  # Expense area and expense type, one behind the other.
    supplier: str  # Empty where the list leaves it out.
    transaction: str  # As published; empty where the list leaves it out.


@value
class List:
    """A published list, or all that is wrong with it."""

    lines: tuple[Line, ...]  # None if there are errors.
    errors: tuple[RowError, ...]
    notes: tuple[str, ...]  # For people.
    has_areas: bool  # Whether the list says what was spent on.


LAYOUT = Layout(
    name="spending",
    required=("date", "amount"),
    optional=("expense_area", "expense_type", "supplier", "transaction_number"),
    also={
        "expsense_area": "expense_area",
        "suppkuer": "supplier",
        "supplier_name": "supplier",
        "transaction": "transaction_number",
        "transaction_no": "transaction_number",
        "payment_date": "date",
        "amount_gbp": "amount",
    },
    read=lambda row, document: _line(row, None),
    key=lambda line: (str(line.line),),
    key_column="date",
    count=lambda lines: {"lines": len(lines)},
)


def read_spending(name: str, content: bytes, order: Order | None = None) -> List:
    """Read a whole list; no bytes make it fail, they make errors.

    Args:
        order: Which stands first in days such as 03/04/2020; None: as other days of
            the file show, and an error where none does.
    """
    file = name.replace("\\", "/").rpartition("/")[2] or "file"
    try:
        text, notes = text_of(content)
        sheet = sheet_of(text)
        layout = recognise("spending", {"spending": (LAYOUT,)}, sheet.headings)
        if not sheet.lines:
            raise UnreadableSheet(1, "there is no row under the header")
    except UnreadableSheet as reason:
        error = RowError(
            file=file, row=reason.row, field="", value="", remedy=reason.remedy
        )
        return List(lines=(), errors=(error,), notes=(), has_areas=False)
    columns = layout.columns(sheet.headings)
    rows = tuple(rows_of(file, sheet, columns, ()))
    known = order or _order(row for row in rows if isinstance(row, Row))
    errors: list[RowError] = []
    lines: list[Line] = []
    for row in rows:
        if isinstance(row, RowError):
            errors.append(row)
            continue
        line = _line(row, known)
        errors += row.errors
        lines.append(line)
    absent = [one for one in layout.optional if one not in columns]
    if absent:
        notes = (*notes, f"columns not in the list: {', '.join(absent)}")
    return List(
        lines=() if errors else tuple(lines),
        errors=tuple(errors),
        notes=notes,
        has_areas="expense_area" in columns or "expense_type" in columns,
    )


def _line(row: Row, order: Order | None) -> Line:
    area = f"{row.given('expense_area')} {row.given('expense_type')}"
    return Line(
        line=row.line,
        on=_day(row, order),
        amount_pence=_pence(row),
        area=" ".join(area.split()),
        supplier=" ".join(row.given("supplier").split()),
        transaction=row.given("transaction_number"),
    )


def _order(rows: Iterable[Row]) -> Order | None:
    """What the days of a file show: a number above twelve is not a month."""
    for row in rows:
        match = _DAY.fullmatch(row.given("date"))
        if match and int(match[1]) > 12:
            return "day-first"
        if match and int(match[2]) > 12:
            return "month-first"
    return None


def _day(row: Row, order: Order | None) -> date:
    given = row.given("date")
    match = _DAY.fullmatch(given)
    try:
        if match and match[1] == match[2]:  # The same either way.
            return date(int(match[3]), int(match[1]), int(match[2]))
        if match and order == "day-first":
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match and order == "month-first":
            return date(int(match[3]), int(match[1]), int(match[2]))
        if _ISO.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        row.fault("date", f"is not a day, read {order}: check it, or give --dates")
        return date.min
    if match:
        row.fault("date", "could be two days: give --dates day-first or month-first")
    else:
        row.fault("date", "is not a day: write it as 2020-09-30 or 30/09/2020")
    return date.min


def _pence(row: Row) -> int:
    """Whole pence; thousands may have commas, and a pound sign may stand before."""
    given = re.sub(r"[\s£]", "", row.given("amount"))
    if given.startswith("(") and given.endswith(")"):
        given = f"-{given[1:-1]}"
    if not _AMOUNT.fullmatch(given):
        row.fault("amount", "is not an amount: write pounds, such as 239,142.85")
        return 0
    return (Fraction(given.replace(",", "")) * 100).numerator


def about(lines: Sequence[Line], area: str) -> tuple[Line, ...]:
    """The lines whose area or type of expense holds some words, however written."""
    return tuple(one for one in lines if area.casefold() in one.area.casefold())
