"""`premium totals`: all bodies of a scheme year together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from interfaces.cli import clocks, decided, known, printing
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import Row, data, key
from interfaces.cli.options import YEAR, Year
from interfaces.cli.questions import fall
from interfaces.cli.session import Session
from ledger.calendar import both_years, payment_year
from ledger.events import AccountId
from ledger.money import pounds
from ledger.periods import Close
from ledger.recorded import part
from projections.questions.breakdown import waterfall
from projections.views import decided as view
from projections.views import periods
from projections.views.clock_totals import Total, line_of, year_of
from projections.views.clock_totals import totals as totals_at

_COLUMNS = (
    key("scheme"),
    columns.year(),
    key("payment_year", shown=False),
    *fall.FALL,
    data("lines"),
    data("prior_period"),
    data("waterfall"),
)


def totals(
    *,
    by: Literal["year", "body"] = "year",
    slices: Annotated[bool, Parameter(negative="--no-slices")] = False,
    year: Year = YEAR,
    when: History = WHOLE,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Show what stands in each line of a scheme year, of all bodies together.

    The maximum is not yet decided, not earned, reduced, withheld, payable, committed
    or paid out, and nothing else. Paid out is what the bank paid, less payments that
    it returned; what came back, was set off or is owed stands in lines of its own.
    Where books were closed, what came in for closed days stands beside each line.

    Parameters
    ----------
    by
        A row for each body in place of the sum of a year.
    slices
        With --by body: a row for each measure's pence of a body.
    """
    known.year_meant(session, year.scheme, year.chosen())
    if by == "body":
        return _by_body(session, year, when, shape, slices=slices)
    if slices:
        raise Misused("--slices are of one body: give --by body too")
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position)
        sums: dict[tuple[AccountId, str], int] = {}
        closed: tuple[Close, ...] = ()
        if when.decided is not None:
            found = view.totals(db, when.decided, at.day, year.chosen())
        else:
            found = totals_at(db, at.known, at.day, year.chosen())
            sums = periods.sums(db, at.known, at.day, scheme_year=year.chosen())
            closed = periods.closes(db, at.known)
    if year.scheme is not None:
        found = tuple(one for one in found if one.scheme == year.scheme)
    through = closed[-1].through if closed else None
    rows = list(_of_years(found, sums))
    about: dict[str, Any] = {"position": at.known, **when.as_json()}
    about["closed_through"] = through
    about |= decided.said(session, when)
    says = f"position {at.known}{when.heading()}{printing.closed(through)}"

    def told(rows: Sequence[Row]) -> None:
        for row in rows:
            _tell(session, says, row, with_prior=bool(closed))

    empty = clocks.why_empty(session, when) or "no account had moved by then"
    made = written.List(
        "totals", f"Totals at {says}", _COLUMNS, rows, about, empty, told=told
    )
    written.write(session, shape, made)
    if shape.form == "table":
        decided.say(session, when)
    return Exit.OK


def _of_years(
    found: Iterable[Total], sums: Mapping[tuple[AccountId, str], int]
) -> Iterator[Row]:
    """A row for each scheme year.

    Args:
        sums: What came in for closed days, by premium and account.
    """
    adjusted: dict[tuple[str, str], int] = {}
    for (premium, account), pence in sums.items():
        line = year_of(premium), line_of(account)
        adjusted[line] = adjusted.get(line, 0) + pence
    of_years: dict[tuple[str, str], list[Total]] = {}
    for one in found:
        of_years.setdefault((one.scheme, one.scheme_year), []).append(one)
    for (scheme, of_year), lines in of_years.items():
        steps = waterfall({one.line: one.pence for one in lines})
        yield {
            "scheme": scheme,
            "scheme_year": of_year,
            "payment_year": payment_year(of_year),
            **fall.fall_of(steps),
            "lines": {one.line: one.pence for one in lines},
            "prior_period": {one.line: adjusted.get(_key(one), 0) for one in lines},
            "waterfall": steps,
        }


def _by_body(
    session: Session, year: Year, when: History, shape: Shape, *, slices: bool
) -> int:
    """Show what became of each body's premium, a row each."""
    found = fall.premiums(
        session, when, scheme=year.scheme, scheme_year=year.chosen(), slices=slices
    )
    about = {"position": found.known, **when.as_json(), **decided.said(session, when)}
    title = f"Totals by body at position {found.known}{when.heading()}"
    empty = clocks.why_empty(session, when) or "no account had moved by then"
    made = written.List("bodies", title, found.columns, found.rows, about, empty)
    written.write(session, shape, made)
    if shape.form == "table":
        decided.say(session, when)
    return Exit.OK


def _tell(session: Session, says: str, row: Row, *, with_prior: bool) -> None:
    """A scheme year: its lines, and what became of its maximum."""
    title = f"{row['scheme']} {both_years(row['scheme_year'])}, {says}"
    names = ("line", "£", printing.PRIOR_PERIOD)[: 2 + with_prior]
    lines = [
        (line, pounds(pence), pounds(row["prior_period"][line]))[: 2 + with_prior]
        for line, pence in row["lines"].items()
    ]
    printing.table(session, session.titled(title), names, lines)
    steps = [(name, pounds(pence)) for name, pence in row["waterfall"].items()]
    printing.table(session, "What became of it", ("of the maximum", "£"), steps)


def _key(total: Total) -> tuple[str, str]:
    """Scheme year and line of a total, as premiums' accounts are added up to it."""
    return f"{part(total.scheme)}/{part(total.scheme_year)}", total.line
