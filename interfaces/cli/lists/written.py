"""A list as it is written: a table, one JSON document, a CSV file or NDJSON lines."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from interfaces.cli import printing
from interfaces.cli.exits import Misused
from interfaces.cli.lists.asked import (
    Shape,
    chosen,
    order_of,
    says_something,
    sort,
    test_of,
)
from interfaces.cli.lists.columns import Column, Row, cell, shown
from interfaces.cli.outputs import output
from interfaces.cli.session import Session


class List(NamedTuple):
    """What a word lists."""

    name: str
    """Of the rows in a JSON document, such as `payments`."""
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    about: Mapping[str, Any] = {}
    """What a JSON document says before the rows."""
    empty: str = "there are none"
    """Why there are no rows, where there are none."""
    hide_zeros: bool = False
    """Whether a row in which every figure is zero says nothing."""
    told: Callable[[Sequence[Row]], None] | None = None
    """Tells people the rows in another way, unless they name columns or an order."""


def write(session: Session, shape: Shape, found: List) -> None:
    """Write a list in the form that is wanted.

    Raises:
        Misused: If a field, a value or an order is not one of this list.
    """
    form = shape.form  # What cannot be meant is said before anything is written.
    wanted = chosen(shape, found.columns, form)
    tests = [test_of(one, found.columns) for one in shape.where]
    order = order_of(shape.sort, found.columns)
    if shape.top is not None and shape.top < 0:
        raise Misused(f"--top {shape.top}: write how many rows, such as 10")
    rows = list(found.rows)
    there = len(rows)
    if found.hide_zeros and not shape.zeros:
        rows = [row for row in rows if says_something(row, found.columns)]
    rows = [row for row in rows if all(test(row) for test in tests)]
    for field, backwards in reversed(order):
        sort(rows, field, backwards)
    kept = rows if shape.top is None else rows[: shape.top]
    totals = {
        one.field: sum(row[one.field] or 0 for row in rows)
        for one in found.columns
        if one.total
    }
    match form:
        case "json":
            content = {**found.about, "rows": len(rows), "totals": totals}
            content[found.name] = [_plain(row, wanted) for row in kept]
            printing.document(session, content)
        case "ndjson":
            origin = {"origin": session.ledger.origin()}
            for row in kept:
                print(json.dumps({**origin, **_plain(row, wanted)}))
        case "csv":
            _csv(session, wanted, kept)
        case _ if found.told and kept and not shape.columns and not shape.sort:
            found.told(kept)
        case _:
            _table(session, found, wanted, _Matched(kept, totals, len(rows), there))


def _plain(row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    return {one.field: printing.plain(row[one.field]) for one in columns}


def _csv(session: Session, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """A file for spreadsheets: the fields of the JSON document, and the origin."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(one.field for one in columns), "origin"])
    origin = session.ledger.origin()
    for row in rows:
        writer.writerow([*(cell(row[one.field]) for one in columns), origin])
    with output(session, None) as file:
        file.write(text.getvalue().encode())


class _Matched(NamedTuple):
    rows: Sequence[Row]  # To be shown.
    totals: Mapping[str, int]  # Of all that match.
    matched: int  # All that match.
    there: int  # Before any test.


def _table(
    session: Session,
    found: List,
    columns: Sequence[Column],
    matched: _Matched,
) -> None:
    """A table for people, its totals, and what is not shown."""
    rows, totals, count, there = matched
    cells = [[shown(one, row[one.field]) for one in columns] for row in rows]
    footer: list[str] = []
    if count > 1 and any(one.total for one in columns):
        footer = [shown(one, totals.get(one.field)) for one in columns]
        place = next((n for n, one in enumerate(columns) if not one.total), None)
        if place is not None:
            footer[place] = f"all {count:,}"
    title = session.titled(found.title)
    if not there:
        session.say(title)
        session.say(f"None: {found.empty}.")
        return
    printing.table(session, title, [one.title for one in columns], cells, footer)
    if not count:
        session.say(f"None of {there:,}.")
    elif len(rows) < count:
        session.say(f"{len(rows):,} of {count:,}: give a greater --top for more.")
