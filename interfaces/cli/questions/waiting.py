"""`premium waiting`: what waits for somebody, for whom, and how it is given."""

from collections.abc import Iterator
from typing import Any

from interfaces.acting import acting
from interfaces.cli import clocks, decided, known, printing
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import Row, day, key, money, text
from interfaces.cli.options import YEAR, AnyAccount, Year
from interfaces.cli.session import Session
from interfaces.cli.ways_on import given
from ledger.decisions.every import HANDLES
from ledger.recorded import account_parts
from ledger.request import By
from projections.questions import things
from projections.questions.things import KINDS, Waiting

COLUMNS = (
    *columns.PREMIUM,
    key("kind", "what"),
    key("id"),
    text("state"),
    money("amount_pence", total=False),
    day("since"),
    text("role", "waits for"),
    text("not_by", "not by"),
    text("give", shown=False),
    text("opens", shown=False),
)


def waiting(
    account: AnyAccount = None,
    /,
    *,
    year: Year = YEAR,
    when: History = WHOLE,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """List what waits for somebody: since when, for which role, and who may not.

    With --as, only what that person may give in that role; otherwise everything. The
    command of each is printed beneath, and stands in the field `give`. Payment runs and
    certificates are shown by `payment-run` and `certificate`.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id; otherwise all.
    """
    then = clocks.at(session, when)
    who = session.settings.acting and acting(session.settings.acting)
    found = things.waiting(
        then.ledger, known.accounts_meant(then, year, account), when.effective
    )
    rows = [_row(one) for one in found if not who or _may(one, who)]
    about: dict[str, Any] = {"position": then.ledger.head(), **when.as_json()}
    about |= decided.said(session, when)
    title = f"Waiting{when.heading()}"
    empty = clocks.why_empty(session, when) or "nothing waits for anybody"
    if who:
        title = f"Waiting for {who.role} {who.party}{when.heading()}"
        empty = "nothing waits that this person may give in this role"
    made = written.List("waiting", title, COLUMNS, rows, about, empty)
    written.write(session, shape, made)
    if shape.plain:
        for give in dict.fromkeys(_commands(rows)):
            session.say(f"    {give}")
        decided.say(session, when)
    return Exit.OK


def _commands(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        yield from row["give"]


def _row(one: Waiting) -> Row:
    kind = KINDS[one.kind].id
    premium = one.thing["account"]
    return {
        **printing.years(premium),
        "kind": "award" if kind == "determination" else kind,
        "id": str(one.thing[kind]),
        "state": one.thing["state"],
        "amount_pence": one.thing.get("amount_pence", one.thing.get("total_pence")),
        "since": one.since,
        "role": " or ".join(HANDLES[one.commands[0]].by),
        "not_by": one.barred,
        "give": tuple(given(one, command) for command in one.commands),
        "opens": one.thing["opens"],
    }


def _may(one: Waiting, who: By) -> bool:
    """Whether a person may give what something waits for."""
    handles = HANDLES[one.commands[0]]
    if who.role not in handles.by:
        return False
    body = account_parts(one.thing["account"])[2]
    if who.role == "finance-officer" and who.on_behalf_of != body:
        return False
    return who.party.casefold() not in {name.casefold() for name in one.barred}
