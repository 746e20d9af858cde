"""`premium assertions`: what others say stood in accounts, beside what stood there."""

from contextlib import closing

from interfaces.cli import clocks, known, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import day, key, money, text
from interfaces.cli.options import YEAR, AnyAccount, Year
from interfaces.cli.session import Session
from projections.questions.asserted import asserted

_COLUMNS = (
    *columns.PREMIUM,
    key("of", "account"),
    day("on"),
    text("says"),
    money("asserted_pence", "asserted", total=False),
    money("stood_pence", "stood", total=False),
    money("difference_pence", "more"),
    money("prior_period_pence", "prior period", shown=False, total=False),
    text("record", shown=False),
)


def assertions(
    account: AnyAccount = None,
    /,
    *,
    failing: bool = False,
    year: Year = YEAR,
    when: TwoClocks = NOW,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Hold every asserted balance against the ledger, of one account, a year or all.

    Each is held against the end of its own day. Ends with exit code 1 if one differs.

    Parameters
    ----------
    failing
        List only those that differ.
    """
    if when.effective is not None:
        raise Misused("an assertion has a day of its own: leave --effective out")
    chosen = known.accounts_meant(session, year, account)
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position).known
        log = session.ledger.known_at(at)
        found = tuple(asserted(log, db, at, chosen))
    differ = [one for one in found if one.difference_pence]
    rows: list[columns.Row] = [
        {**printing.years(one.account), **one._asdict()}
        | {"difference_pence": one.difference_pence}
        for one in (differ if failing else found)
    ]
    says = f"Balances asserted: {len(found)}, of which {len(differ)} differ"
    about = {"position": at, **when.as_json(), "asserted": len(found)}
    about["differing"] = len(differ)
    fields = columns.with_adjusted(_COLUMNS, rows)
    empty = "none of them differs" if found else "no balance is asserted"
    title = f"{says}{when.heading()}"
    written.write(
        session, shape, written.List("assertions", title, fields, rows, about, empty)
    )
    return Exit.FOUND if differ else Exit.OK
