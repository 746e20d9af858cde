"""`premium assertions`: what others say stood in accounts, beside what stood there."""

from contextlib import closing
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli import clocks, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.options import YEAR, Json, Year
from interfaces.cli.session import Session
from ledger.calendar import both_years
from ledger.events import AccountId
from ledger.money import pounds
from ledger.recorded import account_parts, account_stream
from projections.questions.asserted import asserted


def assertions(
    account: str | None = None,
    /,
    *,
    failing: Annotated[bool, Parameter(negative="")] = False,
    year: Year = YEAR,
    when: TwoClocks = NOW,
    json: Json = False,
    session: Session,
) -> int:
    """Hold every asserted balance against the ledger, of one account, a year or all.

    Each is held against the end of its own day. Ends with exit code 1 if one differs.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    failing
        List only those that differ.
    """
    if when.effective is not None:
        raise Stop(
            Exit.USAGE, "an assertion has a day of its own: leave --effective out"
        )
    if account is not None:
        chosen = [year.account(account)]
    else:
        start, scheme_year = account_stream(""), year.chosen()
        ids = (name.removeprefix(start) for name in session.ledger.streams(start))
        chosen = [
            AccountId(one)
            for one in ids
            if scheme_year in (None, account_parts(one)[1])
        ]
    with closing(session.views()) as views, views.reading() as db:
        known = clocks.clocks(session, when, views.position).known
        log = session.ledger.known_at(known)
        found = tuple(asserted(log, db, known, chosen))
    differ = [one for one in found if one.difference_pence]
    shown = differ if failing else found
    if json:
        content = {"position": known, **when.as_json(), "asserted": len(found)}
        content["differing"] = len(differ)
        content["assertions"] = [
            {**printing.years(one.account), **one._asdict()}
            | {"difference_pence": one.difference_pence}
            for one in shown
        ]
        printing.document(session, content)
        return Exit.FOUND if differ else Exit.OK
    rows = []
    for one in shown:
        _, of_year, body = account_parts(one.account)
        words = (body, both_years(of_year), one.of, str(one.on), one.says)
        figures = (one.asserted_pence, one.stood_pence, one.difference_pence)
        rows.append((*words, *map(pounds, figures)))
    says = f"Balances asserted: {len(found)}, of which {len(differ)} differ"
    title = printing.titled(session, f"{says}{when.heading()}")
    names = ("body", "year", "account", "on", "says")
    printing.table(session, title, (*names, "£ asserted", "£ stood", "£ more"), rows)
    return Exit.FOUND if differ else Exit.OK
