"""`premium totals`: all bodies of a scheme year together."""

from contextlib import closing
from typing import Any

from interfaces.cli import clocks, decided, known, printing
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit
from interfaces.cli.options import YEAR, Json, Year
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


def totals(
    *, year: Year = YEAR, when: History = WHOLE, json: Json = False, session: Session
) -> int:
    """Show what stands in each line of a scheme year, of all bodies together.

    The maximum is not yet decided, not earned, reduced, withheld, payable, committed
    or paid out, and nothing else. Paid out is what the bank paid, less payments that
    it returned; what came back, was set off or is owed stands in lines of its own.
    Where books were closed, what came in for closed days stands beside each line.
    """
    known.year_meant(session, year.scheme, year.chosen())
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
    adjusted: dict[tuple[str, str], int] = {}
    for (premium, account), pence in sums.items():
        line = year_of(premium), line_of(account)
        adjusted[line] = adjusted.get(line, 0) + pence
    of_years: dict[tuple[str, str], list[Total]] = {}
    for one in found:
        of_years.setdefault((one.scheme, one.scheme_year), []).append(one)
    if json:
        content: dict[str, Any] = {"position": at.known, **when.as_json()}
        content["closed_through"] = through
        content |= decided.said(session, when)
        content["totals"] = [
            {
                "scheme": scheme,
                "scheme_year": of_year,
                "payment_year": payment_year(of_year),
                "lines": {one.line: one.pence for one in lines},
                "prior_period": {one.line: adjusted.get(_key(one), 0) for one in lines},
                "waterfall": _waterfall(lines),
            }
            for (scheme, of_year), lines in of_years.items()
        ]
        printing.document(session, content)
        return Exit.OK
    for (scheme, of_year), lines in of_years.items():
        says = f"{scheme} {both_years(of_year)}, position {at.known}"
        title = session.titled(f"{says}{when.heading()}{printing.closed(through)}")
        rows = [
            (one.line, pounds(one.pence), pounds(adjusted.get(_key(one), 0)))
            for one in lines
        ]
        columns = ("line", "£", printing.PRIOR_PERIOD)[: 3 if closed else 2]
        shown = (one[: len(columns)] for one in rows)
        printing.table(session, title, columns, shown)
        steps = [(name, pounds(pence)) for name, pence in _waterfall(lines).items()]
        printing.table(session, "What became of it", ("of the maximum", "£"), steps)
    if not of_years:
        says = clocks.why_empty(session, when) or "no account had moved by then"
        session.say(session.titled(f"None: {says}."))
    decided.say(session, when)
    return Exit.OK


def _key(total: Total) -> tuple[str, str]:
    """Scheme year and line of a total, as premiums' accounts are added up to it."""
    return f"{part(total.scheme)}/{part(total.scheme_year)}", total.line


def _waterfall(lines: list[Total]) -> dict[str, int]:
    """What became of the maximum of a scheme year, line by line."""
    return waterfall({one.line: one.pence for one in lines})
