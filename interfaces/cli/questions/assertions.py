"""`premium assertions`: what others say stood in accounts, beside what stood there."""

from contextlib import closing

from interfaces.cli import account_state, clocks, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import YEAR, AnyAccount, Json, Year
from interfaces.cli.session import Session
from projections.questions.asserted import asserted


def assertions(
    account: AnyAccount = None,
    /,
    *,
    failing: bool = False,
    year: Year = YEAR,
    when: TwoClocks = NOW,
    json: Json = False,
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
    if account is not None:
        chosen = [year.account(account)]
    else:
        chosen = account_state.account_ids(session, year.chosen())
    with closing(session.views()) as views, views.reading() as db:
        known = clocks.clocks(session, when, views.position).known
        log = session.ledger.known_at(known)
        found = tuple(asserted(log, db, known, chosen))
    differ = [one for one in found if one.difference_pence]
    rows = [
        {**printing.years(one.account), **one._asdict()}
        | {"difference_pence": one.difference_pence}
        for one in (differ if failing else found)
    ]
    says = f"Balances asserted: {len(found)}, of which {len(differ)} differ"
    if json:
        content = {"position": known, **when.as_json(), "asserted": len(found)}
        content |= {"differing": len(differ), "assertions": rows}
        printing.document(session, content)
    else:
        columns = (
            "body, years as year, of as account, on, says,"
            "asserted_pence as £ asserted, stood_pence as £ stood,"
            "difference_pence as £ more"
        )
        title = session.titled(f"{says}{when.heading()}")
        printing.listing(session, title, printing.with_adjusted(columns, rows), rows)
    return Exit.FOUND if differ else Exit.OK
