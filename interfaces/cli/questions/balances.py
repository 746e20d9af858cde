"""`premium balances`: what stands where."""

from contextlib import closing
from datetime import date
from typing import Annotated, Any, NamedTuple

from cyclopts import Parameter

from interfaces.cli import clocks, decided, known, printing
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import key, money
from interfaces.cli.options import YEAR, AnyAccount, Year
from interfaces.cli.session import Session
from ledger.events import AccountId
from ledger.recorded import part
from projections.views import balances as now
from projections.views import clocks as then
from projections.views import decided as decided_then
from projections.views import periods
from projections.views.balances import Balance

_ACCOUNT = (*columns.PREMIUM, key("ledger_account", "account"))
COLUMNS = (
    *_ACCOUNT,
    money("balance_pence", "£", total=False),
    money("prior_period_pence", "prior period", shown=False, total=False),
)
_SLICES = (*_ACCOUNT, key("slice", "measure"), money("balance_pence", "£", total=False))


def balances(
    account: AnyAccount = None,
    /,
    *,
    year: Year = YEAR,
    slices: Annotated[bool, Parameter(negative="--no-slices")] = False,
    when: History = WHOLE,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Show what stands in each account, of one premium, one year or all.

    Where books were closed, it also shows what of each came in for days that were
    closed before: prior-period adjustments.

    Parameters
    ----------
    slices
        Show each measure's pence in place of an account's, a row each.
    """
    if slices and when.decided is not None:
        raise Misused("--slices are not kept by --as-decided: leave one of them out")
    premium, scheme_year = None, year.chosen()
    if account is not None:
        premium = known.account(session, year, account)
    else:
        known.year_meant(session, year.scheme, scheme_year)
    found = _found(session, when, premium, scheme_year, slices)
    if year.scheme is not None and premium is None:
        of_scheme = f"{part(year.scheme)}/"
        kept = (one for one in found.balances if one.premium.startswith(of_scheme))
        found = found._replace(balances=tuple(kept))
    through = found.closed_through
    says = f"Balances at position {found.position}{when.heading()}"
    about: dict[str, Any] = {"position": found.position, **when.as_json()}
    rows: list[columns.Row] = [
        {**printing.years(one.premium), "ledger_account": one.account}
        | {"balance_pence": one.pence, "prior_period_pence": found.prior(one)}
        for one in found.balances
    ]
    about["closed_through"] = through
    about |= decided.said(session, when, premium)
    fields, name = COLUMNS, "balances"
    if through is not None:
        fields = (*COLUMNS[:-1], COLUMNS[-1]._replace(shown=True))
    if slices:
        about["balances"] = rows
        fields, name = _SLICES, "slices"
        rows = [
            {**printing.years(of), "ledger_account": ledger_account, "slice": measure}
            | {"balance_pence": pence}
            for (of, ledger_account, measure), pence in found.slices.items()
        ]
    title = says + printing.closed(through)
    empty = clocks.why_empty(session, when) or "no account had moved by then"
    made = written.List(name, title, fields, rows, about, empty, hide_zeros=True)
    written.write(session, shape, made)
    if shape.form == "table":
        decided.say(session, when, premium)
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
    when: History,
    premium: str | None,
    scheme_year: str | None,
    slices: bool,
) -> _Found:
    """Balances, slices where they are wanted, and what was adjusted."""
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position)
        if when.decided is not None:
            found = decided_then.balances(
                db, when.decided, at.day, premium, scheme_year
            )
        elif when.as_json():
            found = then.balances(db, at, premium, scheme_year)
        else:
            found = now.balances(db, premium, scheme_year)
        pieces: dict[tuple[str, str, str], int] = {
            (one.premium, one.account, one.slice): one.pence
            for of in ({one.premium for one in found} if slices else ())
            for one in then.slices(db, at, of)
        }
        if when.decided is not None:  # No books had been closed on what came later.
            return _Found(at.known, found, pieces, {}, None)
        adjusted = periods.sums(db, at.known, at.day, premium, scheme_year)
        closed = periods.closes(db, at.known)
    through = closed[-1].through if closed else None
    return _Found(at.known, found, pieces, adjusted, through)
