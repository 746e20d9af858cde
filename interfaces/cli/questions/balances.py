"""`premium balances`: what stands where."""

from contextlib import closing
from typing import Annotated, Any

from cyclopts import Parameter

from interfaces.cli import clocks, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit
from interfaces.cli.options import YEAR, AnyAccount, Json, Year
from interfaces.cli.session import Session
from ledger.calendar import both_years
from ledger.money import pounds
from ledger.recorded import account_parts
from projections.views import balances as now
from projections.views import clocks as then
from projections.views.balances import Balance


def balances(
    account: AnyAccount = None,
    /,
    *,
    year: Year = YEAR,
    slices: Annotated[bool, Parameter(negative="--no-slices")] = False,
    when: TwoClocks = NOW,
    json: Json = False,
    session: Session,
) -> int:
    """Show what stands in each account, of one premium, one year or all.

    Parameters
    ----------
    slices
        Show each measure's pence.
    """
    premium = year.account(account) if account is not None else None
    scheme_year = year.chosen()
    position, found, pieces = _found(session, when, premium, scheme_year, slices)
    if json:
        rows = [
            {**printing.years(one.premium), "ledger_account": one.account}
            | {"balance_pence": one.pence}
            for one in found
        ]
        content: dict[str, Any] = {"position": position, **when.as_json()}
        content["balances"] = rows
        if slices:
            content["slices"] = [
                {**printing.years(of), "ledger_account": name, "slice": measure}
                | {"balance_pence": pence}
                for (of, name, measure), pence in pieces.items()
            ]
        printing.document(session, content)
        return Exit.OK
    shown: list[tuple[str, ...]] = []
    for one in found:
        _, of_year, body = account_parts(one.premium)
        shown.append((body, both_years(of_year), one.account, pounds(one.pence)))
        shown += [
            ("", "", f"  {measure}", pounds(pence))
            for (of, name, measure), pence in pieces.items()
            if (of, name) == (one.premium, one.account) and pence
        ]
    title = session.titled(f"Balances at position {position}{when.heading()}")
    printing.table(session, title, ("body", "year", "account", "£"), shown)
    return Exit.OK


def _found(
    session: Session,
    when: TwoClocks,
    premium: str | None,
    scheme_year: str | None,
    slices: bool,
) -> tuple[int, tuple[Balance, ...], dict[tuple[str, str, str], int]]:
    """The position that is known, balances, and slices where they are wanted."""
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position)
        if when.as_json():
            found = then.balances(db, at, premium, scheme_year)
        else:
            found = now.balances(db, premium, scheme_year)
        pieces: dict[tuple[str, str, str], int] = {
            (one.premium, one.account, one.slice): one.pence
            for of in ({one.premium for one in found} if slices else ())
            for one in then.slices(db, at, of)
        }
    return at.known, found, pieces
