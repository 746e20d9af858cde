"""Published lists of spending over a threshold, as bodies laid them out.

No two months are alike: headings are misspelt or stand below a title, days stand before
months or after them, suppliers and transaction numbers are missing, totals stand below.
What differs in the writing is taken as it comes, and said; what could mean two things
is an error. Nothing of such a list is recorded: it is held against what is.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from ledger.excerpts import shortened
from ledger.intake.headings import Header, Layout, header_of
from ledger.intake.printed import Days, Order, day_of, days_of, pence_of
from ledger.intake.table import Row, RowError, UnreadableSheet, lines_of, text_of
from ledger.money import pounds
from ledger.values import value

_TOTAL = re.compile(
    r"(?:(?:grand|sub|overall|report|net|gross|page)[ -]?)?(?:total|sum)s?"
    r"(?: (?:of|for|over|amount|spend|value|payments?|this|in)\b.*)?[ :=£]*",
    re.IGNORECASE,
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars"}


@value
class Line:
    """One line of a published list, as far as it says anything."""

    line: int  # Of the file, the header being line 1.
    on: date  # The day as published: often the last one of the month.
    amount_pence: int  # Below zero for a credit.
    area: str  # Expense area and expense type, one behind the other.
    supplier: str  # Empty where the list leaves it out.
    transaction: str  # As published; empty where the list leaves it out.
    entity: str = ""  # Whose payment it is; empty where the list leaves it out.


@value
class List:
    """A published list, or all that is wrong with it."""

    lines: tuple[Line, ...]  # None if there are errors.
    errors: tuple[RowError, ...]
    notes: tuple[str, ...]  # For people.
    understood: tuple[str, ...] = ()  # What was taken for what, for people.
    columns: Mapping[str, str]  # What it is -> heading as published.
    aside: Mapping[str, tuple[int, ...]]  # Why rows are not lines -> their lines.
    rows: int = 0  # Of the file, all that stand aside included.

    @property
    def has_areas(self) -> bool:
        """Whether the list says what was spent on."""
        return "expense_area" in self.columns or "expense_type" in self.columns


@value
class _Sorted:
    """The rows of a file by what they are."""

    payments: tuple[Row, ...]
    totals: tuple[Row, ...]
    errors: tuple[RowError, ...]
    aside: Mapping[str, tuple[int, ...]]


def read_spending(
    name: str,
    content: bytes,
    order: Order | None = None,
    said: Layout | None = None,
) -> List:
    """Read a whole list; no bytes make it fail, they make errors.

    Args:
        order: Which stands first in days such as 03/04/2020; None: as other days of
            the file show, and an error where none does.
        said: How the list is laid out, where its headings do not say it.
    """
    file = name.replace("\\", "/").rpartition("/")[2] or "file"
    try:
        text, notes = _text(content, said)
        rows, header, separated = _rows(text, said)
        found = _sorted(file, rows, header)
        if not (found.payments or found.errors):
            raise UnreadableSheet(1, "there is no row under the header")
    except UnreadableSheet as reason:
        error = RowError(
            file=file, row=reason.row, field="", value="", remedy=reason.remedy
        )
        return List(lines=(), errors=(error,), notes=(), columns={}, aside={})
    order = order or (said.dates if said else None)
    written = [one.given("date") for one in found.payments]
    days = days_of([one for one in written if one], order)
    lines = tuple(_line(one, days, said) for one in found.payments)
    errors = [*found.errors, *(e for row in found.payments for e in row.errors)]
    errors.sort(key=lambda error: error.row)
    columns = {role: header.named(role) for role in header.places}
    absent = [one for one in _OPTIONAL if one not in columns]
    if absent:
        notes = (*notes, f"columns not in the list: {', '.join(absent)}")
    if not errors:
        notes += tuple(_of_total(row, lines, said) for row in found.totals)
    return List(
        lines=() if errors else lines,
        errors=tuple(errors),
        notes=notes,
        understood=(
            *(f"{role}: column {called}" for role, called in columns.items()),
            *([f"columns not read: {', '.join(header.unread)}"] * bool(header.unread)),
            days.says(written),
            *([f"cells are separated by {separated}"] * bool(separated)),
            *(f"{why}: {_named(at)}" for why, at in found.aside.items()),
        ),
        columns=columns,
        aside=found.aside,
        rows=len(rows),
    )


_OPTIONAL = ("expense_area", "expense_type", "supplier", "transaction_number")


def _text(content: bytes, said: Layout | None) -> tuple[str, tuple[str, ...]]:
    """The text of a list, and a note where its encoding was not UTF-8."""
    encoding = said.encoding if said is not None else None
    if encoding is None and content.startswith(_UTF_16):
        encoding = "utf-16"
    if encoding is None:
        return text_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeError:
        raise UnreadableSheet(1, f"this is not {encoding}: save it as UTF-8") from None
    return text_of(text.encode(errors="replace"))[0], (f"read as {encoding}",)


def _rows(
    text: str, said: Layout | None
) -> tuple[list[tuple[int, list[str]]], Header, str]:
    """The rows of a list, its headings, and what stands between cells if no comma."""
    if said is not None and said.separator:
        rows = lines_of(text, said.separator)
        return rows, header_of(rows, said), ""
    try:
        rows = lines_of(text)
        return rows, header_of(rows, said), ""
    except UnreadableSheet as reason:
        for separator, called in _SEPARATORS.items():
            try:
                rows = lines_of(text, separator)
                return rows, header_of(rows, said), called
            except UnreadableSheet:
                continue
        raise reason from None


def _sorted(
    file: str, rows: Sequence[tuple[int, list[str]]], header: Header
) -> _Sorted:
    """What each row under and above the headings is."""
    payments: list[Row] = []
    totals: list[Row] = []
    errors: list[RowError] = []
    aside: dict[str, list[int]] = {}
    for at, (line, cells) in enumerate(rows):
        given = {
            role: cells[place] if place < len(cells) else ""
            for role, place in header.places.items()
        }
        row = Row(file, line, given)
        filled = [one for one in cells if one]
        if at <= header.at:
            why = "headings" if at == header.at else "rows above the headings"
        elif not filled:
            why = "blank rows"
        elif tuple(cells) == header.headings:
            why = "headings again"
        elif header.headings and any(cells[len(header.headings) :]):
            row.fault("", _too_many(header, cells))
            errors += row.errors
            continue
        else:
            why = _why_no_payment(row, filled)
        if not why:
            payments.append(row)
            continue
        aside.setdefault(why, []).append(line)
        if why == "totals":
            totals.append(row)
    return _Sorted(
        payments=tuple(payments),
        totals=tuple(totals),
        errors=tuple(errors),
        aside={why: tuple(lines) for why, lines in aside.items()},
    )


def _too_many(header: Header, cells: Sequence[str]) -> str:
    return (
        f"headings: {len(header.headings)}, cells here: {len(cells)}; quote a value "
        "that holds a comma"
    )


def _why_no_payment(row: Row, filled: Sequence[str]) -> str:
    """Why a row is not a payment; empty where it is one, if perhaps a faulty one."""
    amount = row.given("amount")
    if not amount and len(filled) == 1:
        return "remarks"
    if row.given("date") and not _TOTAL.fullmatch(row.given("date")):
        return ""
    number = row.given("transaction_number")
    others = [one for one in filled if one != amount]
    alone = bool(amount) and not others
    named = any(_TOTAL.fullmatch(one) for one in others)
    total = alone or (named and (not number or _TOTAL.fullmatch(number)))
    return "totals" if total else ""


def _line(row: Row, days: Days, said: Layout | None) -> Line:
    area = f"{row.given('expense_area')} {row.given('expense_type')}"
    on = day_of(row.given("date"), days) if row.given("date") else "is empty: write it"
    if isinstance(on, str):
        row.fault("date", on)
    pence = _pence(row, said)
    if isinstance(pence, str):
        row.fault("amount", pence)
    return Line(
        line=row.line,
        on=on if isinstance(on, date) else date.min,
        amount_pence=pence if isinstance(pence, int) else 0,
        area=" ".join(area.split()),
        supplier=" ".join(row.given("supplier").split()),
        transaction=row.given("transaction_number"),
        entity=" ".join(row.given("entity").split()),
    )


def _pence(row: Row, said: Layout | None) -> int | str:
    given = row.given("amount")
    if said is not None and said.decimal == ",":
        given = given.translate(str.maketrans(",.", ".,"))
    return pence_of(given)


def _of_total(row: Row, lines: Sequence[Line], said: Layout | None) -> str:
    """What a total comes to beside the lines above it, for people."""
    total = _pence(row, said)
    if isinstance(total, str):
        return f"line {row.line} is a total, and says no amount"
    above = sum(one.amount_pence for one in lines if one.line < row.line)
    says = f"line {row.line} is a total, {pounds(total)}"
    if total == above:
        return f"{says}: so much the lines above it come to"
    return f"{says}, and the lines above it come to {pounds(above)}"


def _named(lines: Sequence[int]) -> str:
    """Line numbers for people, runs as one: `line 3`, `lines 5 to 9, 12`."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    said = [str(a) if a == b else f"{a} to {b}" for a, b in runs]
    return shortened(f"{'line' if len(lines) == 1 else 'lines'} {', '.join(said)}")


def about(lines: Sequence[Line], area: str) -> tuple[Line, ...]:
    """The lines whose area or type of expense holds some words, however written."""
    return tuple(one for one in lines if area.casefold() in one.area.casefold())
