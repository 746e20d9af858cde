"""`premium balances`: what stands where."""

from contextlib import closing
from datetime import date
from typing import Annotated, Any, NamedTuple

from cyclopts import Parameter

from interfaces.cli import clocks, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit
from interfaces.cli.options import YEAR, AnyAccount, Json, Year
from interfaces.cli.session import Session
from ledger.calendar import both_years
from ledger.events import AccountId
from ledger.money import pounds
from ledger.recorded import account_parts
from projections.views import balances as now
from projections.views import clocks as then
from projections.views import periods
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

    Where books were closed, it also shows what of each came in for days that were
    closed before: prior-period adjustments.

    Parameters
    ----------
    slices
        Show each measure's pence.
    """
    premium = year.account(account) if account is not None else None
    scheme_year = year.chosen()
    found = _found(session, when, premium, scheme_year, slices)
    if json:
        rows = [
            {**printing.years(one.premium), "ledger_account": one.account}
            | {"balance_pence": one.pence, "prior_period_pence": found.prior(one)}
            for one in found.balances
        ]
        content: dict[str, Any] = {"position": found.position, **when.as_json()}
        content["closed_through"] = found.closed_through
        content["balances"] = rows
        if slices:
            content["slices"] = [
                {**printing.years(of), "ledger_account": name, "slice": measure}
                | {"balance_pence": pence}
                for (of, name, measure), pence in found.slices.items()
            ]
        printing.document(session, content)
        return Exit.OK
    shown: list[tuple[str, ...]] = []
    closed = found.closed_through is not None
    for one in found.balances:
        _, of_year, body = account_parts(one.premium)
        prior = (pounds(found.prior(one)),) if closed else ()
        names = (body, both_years(of_year), one.account)
        shown.append((*names, pounds(one.pence), *prior))
        shown += [
            ("", "", f"  {measure}", pounds(pence), *("" for _ in prior))
            for (of, name, measure), pence in found.slices.items()
            if (of, name) == (one.premium, one.account) and pence
        ]
    says = f"Balances at position {found.position}{when.heading()}"
    title = session.titled(says + printing.closed(found.closed_through))
    columns = ("body", "year", "account", "£")
    more = (printing.PRIOR_PERIOD,) if closed else ()
    printing.table(session, title, (*columns, *more), shown)
    return Exit.OK


class _Found(NamedTuple):
    position: int  # The last that is known.
    balances: tuple[Balance, ...]
    slices: dict[tuple[str, str, str], int]  # Where they are wanted.
    adjusted: dict[tuple[AccountId, str], int]
    """Premium and account -> what of it came in for days that were closed before."""
    closed_through: date | None

    def prior(self, balance: Balance) -> int:
        """What of a balance came in for days that were closed before, in pence."""
        return self.adjusted.get((balance.premium, balance.account), 0)


def _found(
    session: Session,
    when: TwoClocks,
    premium: str | None,
    scheme_year: str | None,
    slices: bool,
) -> _Found:
    """Balances, slices where they are wanted, and what was adjusted."""
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
        adjusted = periods.sums(db, at.known, at.day, premium, scheme_year)
        closed = periods.closes(db, at.known)
    through = closed[-1].through if closed else None
    return _Found(at.known, found, pieces, adjusted, through)
