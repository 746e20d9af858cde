"""`premium spend list`: what bodies spent, out of what, and who decided on it."""

from typing import Any

from interfaces.cli import clocks, known, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import data, day, flag, key, money, text
from interfaces.cli.options import YEAR, AnyAccount, Year
from interfaces.cli.session import Session
from projections.questions.spent import Interested, Spent, spent
from projections.story.words import FORGOTTEN

_COLUMNS = (
    *columns.PREMIUM,
    key("spending"),
    day("spent_on", "spent on"),
    text("payee"),
    text("payee_name", shown=False),
    text("purpose"),
    flag("passed_on", "passed on", shown=False),
    text("service"),
    money("amount_pence", "spent"),
    money("credited_pence", "came back"),
    text("transaction", shown=False),
    text("requests", "out of"),
    text("approved_by", "approved by"),
    text("recorded_by", "recorded by"),
    text("interests", "interests in the payee"),
    text("record", shown=False),
    data("interested"),
)


def list_(
    account: AnyAccount = None,
    /,
    *,
    year: Year = YEAR,
    when: TwoClocks = NOW,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """List what was spent or passed on, of one account, a year or all.

    Each as it now counts, with the payments it draws on, who approved those, who
    recorded it, and the interests that people of the body had in its payee on the day.
    """
    session = clocks.at(session, when)
    chosen = known.accounts_meant(session, year, account)
    found = tuple(spent(session.ledger, chosen, when.effective))
    rows = [_row(session, one) for one in found]
    title = f"Spendings{when.heading()}"
    about = {"position": session.ledger.head(), **when.as_json()}
    empty = "nothing is recorded as spent"
    made = written.List("spendings", title, _COLUMNS, rows, about, empty, True)
    written.write(session, shape, made)
    return Exit.OK


def _row(session: Session, one: Spent) -> dict[str, Any]:
    return {
        **one._asdict(),
        **printing.years(one.account),
        "payee_name": session.ledger.name(one.payee),
        "service": session.ledger.text(one.service) or FORGOTTEN,
        "requests": ", ".join(one.requests),
        "approved_by": ", ".join(one.approved_by),
        "interests": "; ".join(map(_words, one.interests)) or None,
        "interested": [each._asdict() for each in one.interests],
    }


def _words(one: Interested) -> str:
    """An interest in a cell: whose, of which kind, and what the person did."""
    did = "part not recorded" if one.part is None else one.part
    return f"{one.person} ({one.kind}): {did}"
