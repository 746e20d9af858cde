"""`premium period`: the books, and what came in for days that were closed."""

from contextlib import closing
from datetime import date
from typing import Any

from interfaces.cli import clocks, printing
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.options import YEAR, AnyAccount, Json, Year
from interfaces.cli.session import Session
from projections.questions.opening import opening


def show(
    account: AnyAccount = None,
    /,
    *,
    through: date | None = None,
    known: str | None = None,
    year: Year = YEAR,
    json: Json = False,
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
    premium = year.account(account) if account is not None else None
    when = clocks.TwoClocks(known=known)
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position).known
        found = opening(db, at, through, premium, year.chosen())
    if found is None:
        says = "no period is closed" if through is None else f"{through} is not closed"
        raise Stop(Exit.REFUSED, f"{says}: premium period close closes one")
    accounts = [
        {**printing.years(one.premium), "ledger_account": one.account}
        | {"closed_pence": one.closed_pence, "adjusted_pence": one.adjusted_pence}
        | {"opening_pence": one.opening_pence, "difference_pence": one.difference_pence}
        for one in found.accounts
    ]
    adjustments = [
        {**printing.years(one.premium), "ledger_account": one.account}
        | {"position": one.position, "record": one.record, "topic": one.topic}
        | {"effective_on": one.effective_on, "pence": one.pence}
        | {"closed_through": one.closed_through}
        for one in found.adjustments
    ]
    if json:
        content: dict[str, Any] = {"position": at, **when.as_json()}
        content |= {"closed_through": found.close.through}
        content |= {"closed_at_position": found.close.position}
        content |= {"accounts": accounts, "adjustments": adjustments}
        printing.document(session, content)
    else:
        says = f"Closed through {found.close.through}{when.heading()}"
        columns = (
            "body, years as year, ledger_account as account,"
            "closed_pence as £ at the close, adjusted_pence as £ prior period,"
            "opening_pence as £ opens"
        )
        printing.listing(session, session.titled(says), columns, accounts)
        columns = (
            "position as #position, record, ledger_account as account,"
            "effective_on as dated, pence as £"
        )
        printing.listing(session, "Prior-period adjustments", columns, adjustments)
    differs = any(one.difference_pence for one in found.accounts)
    return Exit.FOUND if differs else Exit.OK
