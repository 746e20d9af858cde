"""`premium period`: the books, and what came in for days that were closed."""

from contextlib import closing
from datetime import date
from typing import Any

from interfaces.cli import clocks, printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.known import account as account_meant
from interfaces.cli.known import year_meant
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import key, money
from interfaces.cli.options import YEAR, AnyAccount, Year
from interfaces.cli.session import Session
from projections.questions.opening import Opening, opening
from projections.views import periods

_COLUMNS = (
    *columns.PREMIUM,
    key("ledger_account", "account"),
    money("closed_pence", "at the close", total=False),
    money("adjusted_pence", "prior period", total=False),
    money("opening_pence", "opens", total=False),
    money("difference_pence", shown=False),
)


def show(
    account: AnyAccount = None,
    /,
    *,
    through: date | None = None,
    known: str | None = None,
    year: Year = YEAR,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Show what stood at a close, what came in for it since, and what opens after it.

    The first two add up to the third, to the penny: what opens a period is what closed
    the last one, or differs by the prior-period adjustments that are listed. Ends with
    exit code 1 if it does not.

    Parameters
    ----------
    through
        The last day of the close that is meant; otherwise the latest close.
    known
        As known then: a position, an instant, or a day, which means its end.
    """
    premium = account_meant(session, year, account) if account is not None else None
    if premium is None:
        year_meant(session, year.scheme, year.chosen())
    when = clocks.TwoClocks(known=known)
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position).known
        found = opening(db, at, through, premium, year.chosen())
        if found is None and through is not None:
            there = [f"{one.through}" for one in periods.closes(db, at)]
            says = f"closed through {', '.join(there)}" if there else "nothing is"
            raise Misused(f"{through} is not closed: {says}")
    about: dict[str, Any] = {"position": at, **when.as_json()}
    rows: list[columns.Row] = []
    adjustments: list[dict[str, Any]] = []
    title = f"The books{when.heading()}"
    if found is not None:
        rows = [one for one in _accounts(found) if year.scheme in (None, one["scheme"])]
        adjustments = [
            one for one in _adjustments(found) if year.scheme in (None, one["scheme"])
        ]
        title = f"Closed through {found.close.through}{when.heading()}"
    about["closed_through"] = found and found.close.through
    about["closed_at_position"] = found and found.close.position
    about["adjustments"] = adjustments
    empty = "no period is closed: premium period close closes one"
    made = written.List("accounts", title, _COLUMNS, rows, about, empty)
    written.write(session, shape, made)
    if shape.form == "table" and found is not None:
        fields = (
            "position as #position, record, ledger_account as account,"
            "effective_on as dated, pence as £"
        )
        printing.listing(session, "Prior-period adjustments", fields, adjustments)
    return Exit.FOUND if any(one["difference_pence"] for one in rows) else Exit.OK


def _accounts(found: Opening) -> list[columns.Row]:
    return [
        {**printing.years(one.premium), "ledger_account": one.account}
        | {"closed_pence": one.closed_pence, "adjusted_pence": one.adjusted_pence}
        | {"opening_pence": one.opening_pence, "difference_pence": one.difference_pence}
        for one in found.accounts
    ]


def _adjustments(found: Opening) -> list[dict[str, Any]]:
    return [
        {**printing.years(one.premium), "ledger_account": one.account}
        | {"position": one.position, "record": one.record, "topic": one.topic}
        | {"effective_on": one.effective_on, "pence": one.pence}
        | {"closed_through": one.closed_through}
        for one in found.adjustments
    ]
