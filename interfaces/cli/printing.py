"""How answers are printed: tables for people, one JSON document for machines.

A list is told by its columns: the fields that people are shown, each with a heading
where that is another: `body, committed_pence as £ committed`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table

from interfaces.cli.session import Session
from ledger.calendar import both_years, payment_year
from ledger.events import BodyRegistered
from ledger.money import exact_text, pounds
from ledger.periods import Mark
from ledger.recorded import account_parts, body_stream


def marked(status: str) -> str:
    """A status of evidence; capitals where one should not rely on it."""
    return status.upper() if status in ("assumed", "conflicting") else status


def document(session: Session, content: Mapping[str, Any]) -> None:
    """One JSON document, with the origin of the ledger before everything else."""
    print(json.dumps({"origin": session.ledger.origin(), **plain(content)}, indent=2))


def done(session: Session, json: bool, says: str, content: Mapping[str, Any]) -> None:
    """What was done: a sentence for people, or one JSON document."""
    if json:
        document(session, content)
    else:
        session.say(session.titled(says))


def plain_document(content: Mapping[str, Any]) -> None:
    """One JSON document that says nothing of a ledger: there may be none."""
    print(json.dumps(plain(content), indent=2))


def plain(value: Any) -> Any:
    """What JSON can hold: exact numbers and dates as text, dataclasses as objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    match value:
        case bool() | int() | str() | None:
            return value
        case Fraction():
            return exact_text(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case _:
            return [plain(inner) for inner in value]


def years(account: str) -> dict[str, str]:
    """The scheme, body and both years of an account, for a JSON document."""
    scheme, year, body = account_parts(account)
    return {
        "account": account,
        "scheme": scheme,
        "body": body,
        "scheme_year": year,
        "payment_year": payment_year(year),
    }


PRIOR_PERIOD = "£ prior period"
"""The heading of what came in for days that were closed before."""

_MARKED = "closed_through as prior-period adjustment: closed through"


def with_marks(columns: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The columns of a list, and one for its marks where a row is marked."""
    if any(one["closed_through"] for one in rows):
        return f"{columns}, {_MARKED}"
    return columns


def with_adjusted(columns: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The columns of a list, and one for what came in too late where any did."""
    if any(one["prior_period_pence"] for one in rows):
        return f"{columns}, prior_period_pence as {PRIOR_PERIOD}"
    return columns


def mark(closed_through: date) -> str:
    """What a prior-period adjustment is marked with."""
    return f"prior-period adjustment, closed through {closed_through}"


def marks(session: Session, found: Iterable[Mark]) -> None:
    """A line for each prior-period adjustment that an answer rests on."""
    for one in found:
        session.say(f"  {one.record}: {mark(one.closed_through)}")


def closed(through: date | None) -> str:
    """What a heading says of closed books; empty where none are."""
    return "" if through is None else f", closed through {through}"


def account_title(session: Session, account: str) -> str:
    """A heading for one account: body, scheme and both years."""
    return session.titled(account_name(session, account))


def account_name(session: Session, account: str) -> str:
    """An account in words: body, scheme and both years."""
    scheme, year, body = account_parts(account)
    return f"{body_name(session, body)}, {scheme} {both_years(year)}"


def body_name(session: Session, body: str) -> str:
    """A body's name with its code; the code alone where it is not registered."""
    stream = session.ledger.stream(body_stream(body))
    known = stream[0].fact if stream else None
    return f"{known.name} ({body})" if isinstance(known, BodyRegistered) else body


def table(
    session: Session,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    footer: Sequence[str] = (),
) -> None:
    """A table; columns whose heading begins with £ or # hold figures, at the right.

    Nothing is cut: on a terminal that is too narrow, texts are broken between words
    and lines run on; elsewhere each row is one line.

    Args:
        footer: A last row, set apart, such as sums; empty for none.
    """
    cells = [columns, *rows, *([footer] if footer else [])]
    figures = [column.startswith(("£", "#")) for column in columns]
    out, width = session.out, session.out.width
    widths = _widths(cells, figures, None if session.whole_lines else width)
    made = Table(box=SIMPLE_HEAD, show_footer=bool(footer))
    for place, column in enumerate(columns):
        made.add_column(
            column.removeprefix("#"),
            footer[place] if footer else "",
            justify="right" if figures[place] else "left",
            width=widths[place],
        )
    for row in cells[1 : len(cells) - bool(footer)]:
        made.add_row(*row)
    if title:
        session.say(title)
    out.width = max(width, _all(widths))
    out.print(made)
    out.width = width


def _widths(
    cells: Sequence[Sequence[str]], figures: Sequence[bool], most: int | None
) -> list[int]:
    """The width of each column, of a table that is as wide as wanted if it can be.

    Columns of words are narrowed, the widest first, to their longest word at most.
    """
    by_column = list(zip(*cells, strict=True))
    widths = [max(map(cell_len, column)) for column in by_column]
    if most is None or _all(widths) <= most:
        return widths
    least = [
        width
        if figure
        else max(cell_len(word) for cell in column for word in cell.split() or [""])
        for width, figure, column in zip(widths, figures, by_column, strict=True)
    ]
    for _ in range(_all(widths) - most):
        wide = [n for n, width in enumerate(widths) if width > least[n]]
        if not wide:
            break
        widths[max(wide, key=widths.__getitem__)] -= 1
    return widths


def _all(widths: Sequence[int]) -> int:
    """How wide a table of columns is, with what stands between them."""
    return sum(widths) + 3 * len(widths) + 1


def listing(session: Session, title: str, columns: str, rows: Iterable[Any]) -> None:
    """A table of rows that are alike: objects, or what a JSON document has of them."""
    pairs = [one.strip().partition(" as ") for one in columns.split(",")]
    cells = [[_cell(row, field) for field, _, _ in pairs] for row in rows]
    headings = [heading or field for field, _, heading in pairs]
    table(session, title, headings, cells)


def _cell(row: Any, field: str) -> str:
    """A field for people; `years` are both years of its scheme year."""
    if field == "years":
        return both_years(row["scheme_year"])
    return shown(field, row[field] if isinstance(row, Mapping) else getattr(row, field))


def shown(field: str, value: Any) -> str:
    """A value for people: pence in pounds, a hash shortened, nothing for None."""
    if value is None:
        return ""
    if field.endswith("pence"):
        return pounds(value)
    if field == "content_hash":
        return str(value)[:12]
    return ", ".join(value) if isinstance(value, tuple | list) else str(value)
