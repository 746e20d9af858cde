"""`premium diff`: what changed between two known points, and by which facts."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

from interfaces.cli import clocks, printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import YEAR, Json, Year
from interfaces.cli.session import Session
from ledger.events import AccountId
from ledger.premium.account import stage
from ledger.premium.evolve import folded
from ledger.recorded import account_stream
from projections.views import periods
from projections.views.clocks import Clocks, changes
from projections.views.clocks import balances as stood

_AT_ONCE = 2_000
"""Records read at a time."""


def diff(
    account: str | None = None,
    /,
    *,
    known: tuple[str, ...] = (),
    effective: date | None = None,
    year: Year = YEAR,
    json: Json = False,
    session: Session,
) -> int:
    """Show what changed between two known points in balances and awards, and by what.

    A fact that moved money for a day that was closed before it is marked.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id; otherwise all accounts.
    known
        Give it twice: a position, an instant, or a day, which means its end.
    effective
        Count only money that is effective on this day or before; otherwise all.
    """
    if len(known) not in (1, 2):
        raise Misused("give --known twice, or once to compare with now")
    account_id = year.account(account) if account is not None else None
    before = clocks.point(session, known[0])[0]
    after = clocks.point(session, known[1])[0] if known[1:] else session.ledger.head()
    if before > after:
        before, after = after, before
    balances = _balances(session, before, after, effective, account_id)
    facts = list(_facts(session, before, after, account_id))
    moved = {str(one["account"]) for one in (*balances, *facts)}
    awards = [
        {**printing.years(one), "before": was, "after": now}
        for one in sorted(moved)
        for was, now in ((_award(session, one, before), _award(session, one, after)),)
        if was != now
    ]
    if json:
        content: dict[str, Any] = {"before": before, "position": after}
        content |= clocks.TwoClocks(effective=effective).as_json()
        content |= {"balances": balances, "awards": awards, "facts": facts}
        printing.document(session, content)
    else:
        _print(session, f"positions {before + 1} to {after}", balances, awards, facts)
    return Exit.OK


def _balances(
    session: Session,
    before: int,
    after: int,
    effective: date | None,
    account_id: str | None,
) -> list[dict[str, Any]]:
    """Each account's pence at both points, where they differ."""
    then, now = Clocks(before, effective), Clocks(after, effective)
    with closing(session.views()) as views, views.reading() as db:
        found = changes(db, then, now, account_id)
        was = {
            (one.premium, one.account): one.pence
            for premium in dict.fromkeys(one.premium for one in found)
            for one in stood(db, then, premium)
        }
    rows = []
    for one in found:
        pence = was.get((one.premium, one.account), 0)
        rows.append(
            {
                **printing.years(one.premium),
                "ledger_account": one.account,
                "before_pence": pence,
                "after_pence": pence + one.pence,
                "change_pence": one.pence,
            }
        )
    return rows


def _facts(
    session: Session, before: int, after: int, account_id: str | None
) -> Iterator[dict[str, Any]]:
    """The records of accounts that came between, in the order of the ledger."""
    with closing(session.views()) as views, views.reading() as db:
        marks = periods.marks(db, before, after)
    while before < after:
        rows = session.ledger.raw(before, min(_AT_ONCE, after - before))
        for row in rows:
            kind, _, of = row.stream.partition("/")
            if kind == "account" and account_id in (None, of):
                yield {
                    "position": row.position,
                    "record": f"{row.stream}@{row.version}",
                    "topic": row.topic,
                    "account": of,
                    "closed_through": marks.get(row.position),
                }
        before = rows[-1].position


def _award(session: Session, account_id: str, known: int) -> dict[str, Any] | None:
    """How far an award had got; None before its account was open."""
    records = session.ledger.stream(account_stream(account_id))
    state = folded(
        AccountId(account_id), (one for one in records if one.position <= known)
    )
    if state.opened is None:
        return None
    fact = state.proposal.fact if state.proposal else None
    return {
        "stage": stage(state),
        "maximum_pence": state.opened.maximum_pence,
        "determination": fact.determination if fact else None,
        "proposed_pence": fact.total_pence if fact else None,
        "confirmed_pence": state.confirmed.total_pence if state.confirmed else None,
    }


def _print(
    session: Session,
    says: str,
    balances: list[dict[str, Any]],
    awards: list[dict[str, Any]],
    facts: list[dict[str, Any]],
) -> None:
    columns = (
        "body, scheme_year as scheme year, ledger_account as account,"
        "before_pence as £ before, after_pence as £ after, change_pence as £ change"
    )
    title = session.titled(f"What changed in {says}")
    printing.listing(session, title, columns, balances)
    changed = [
        (
            *(one["body"], one["scheme_year"], name),
            *(printing.shown(name, was.get(name)), printing.shown(name, now)),
        )
        for one in awards
        for was in (one["before"] or {},)
        for name, now in one["after"].items()
        if was.get(name) != now
    ]
    names = ("body", "scheme year", "of the award", "before", "after")
    printing.table(session, "Awards", names, changed)
    columns = printing.with_marks("position as #position, topic as fact, record", facts)
    printing.listing(session, "By these facts", columns, facts)
