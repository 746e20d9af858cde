"""`premium list`: what there is of one kind, a row each."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from interfaces.cli import clocks, decided, known, printing
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import Column, Row, key
from interfaces.cli.options import YEAR, AnyAccount, Year
from interfaces.cli.session import Session
from ledger.events import AccountId
from ledger.limits import Label
from ledger.recorded import account_parts, account_stream, interests_stream
from projections.questions import things
from projections.questions.registers import REGISTERS
from projections.questions.spent import Deciders, deciders
from projections.questions.things import KINDS, PAYMENTS, SPENDINGS, Kind
from projections.story.words import FORGOTTEN

What = Literal[
    "accounts",
    "awards",
    "withholdings",
    "representations",
    "payments",
    "receipts",
    "recoveries",
    "spendings",
    "lapses",
    "bodies",
    "results",
    "populations",
    "documents",
    "parties",
    "commands",
]

_UNSHOWN = ("opens", "closed_through", "url", "licence", "area_team")
"""Fields that a table shows only where they are asked for."""
_MORE = {
    PAYMENTS.id: ("proposed_by",),
    SPENDINGS.id: ("requests", "approved_by", "interests"),
}
"""What is told of a kind from elsewhere than its own facts."""
_KEYS = ("body", "measure", "subject", "period", "document", "party", "command")
"""Fields that tell a row from the others, beside those of an account's things."""


def list_(
    what: What,
    account: AnyAccount = None,
    /,
    *,
    year: Year = YEAR,
    when: History = WHOLE,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """List what there is of one kind: accounts, payments, withholdings, people ...

    A row each: how far it is, and who did what when. What stands in premiums is of one
    account, of a body in all its years, of a scheme year, or of all. `opens` is what
    `premium show` takes. Rulebooks are listed by `premium rulebook list`, published
    figures by `premium claims`, what a premium owes by
    `premium balances --where ledger_account~overpaid`.

    Parameters
    ----------
    what
        Of which kind.
    account
        Body code, such as 10C, or a whole account id; otherwise all.
    """
    then = clocks.at(session, when)
    about: dict[str, Any] = {"position": then.ledger.head(), **when.as_json()}
    if what in KINDS:
        kind = KINDS[what]
        fields = of_kind(kind)
        rows = list(
            _rows(then, kind, known.accounts_meant(then, year, account), when.effective)
        )
    else:
        fields, rows = _registered(then, what, account, year, when)
    about |= decided.said(session, when)
    title = f"{what.capitalize()}{when.heading()}"
    empty = clocks.why_empty(session, when) or "none is recorded"
    made = written.List(what, title, _said(fields, rows), rows, about, empty)
    written.write(session, shape, made)
    for row in rows if shape.form == "table" else ():
        if row.get("closed_through"):
            session.say(f"{row['opens']}: {printing.mark(row['closed_through'])}")
    if shape.form == "table":
        decided.say(session, when)
    return Exit.OK


def _registered(
    session: Session, what: str, account: str | None, year: Year, when: History
) -> tuple[tuple[Column, ...], list[Row]]:
    """The rows of a register, and their columns."""
    register = REGISTERS[what]
    fields = tuple(map(_column, register.fields))
    if when.effective is not None:
        raise Misused(f"{what} have no day on which they count: leave --effective")
    if register.of_accounts:
        of = known.accounts_meant(session, year, account)
        rows: list[Row] = [
            {**one, **printing.years(one["account"])}
            for one in register.rows(session.ledger, of)
        ]
        return (*columns.PREMIUM, *fields), rows
    if year != YEAR:
        raise Misused(f"{what} are of no year: leave the year out")
    if what == "commands" and when.as_json():
        raise Misused("give --where recorded_at<=INSTANT in place of a clock")
    return fields, list(register.rows(session.ledger, account))


def of_kind(kind: Kind) -> tuple[Column, ...]:
    """The columns of a kind of thing."""
    more = _MORE.get(kind.id, ())
    return (
        *columns.PREMIUM,
        key(kind.id),
        *(_column(field) for field in (*kind.fields[1:], *more)),
    )


def _column(field: str) -> Column:
    shown = field not in _UNSHOWN
    if field.endswith("_pence"):
        return columns.money(field, shown=shown)
    if field.endswith("_on") or field in ("value_date", "closed_through"):
        return columns.day(field, shown=shown)
    if field in ("share", "value"):
        return columns.number(field, shown=shown)
    if field in ("heads", "count", "number", "version"):
        return columns.count(field, shown=shown)
    if field in _KEYS:
        return columns.key(field, shown=shown)
    return columns.text(field, shown=shown)


def _said(fields: tuple[Column, ...], rows: list[Row]) -> tuple[Column, ...]:
    """A table shows the fields that any row says something in."""
    said = {name for row in rows for name, value in row.items() if value is not None}
    return tuple(
        one._replace(shown=one.shown and (one.field in said or not rows))
        for one in fields
    )


def _rows(
    session: Session, kind: Kind, of: tuple[AccountId, ...], until: date | None
) -> Iterator[Row]:
    runs: dict[str | None, str | None] = {}
    decisions: dict[str, Mapping[Label, Deciders]] = {}
    for one in things.things(session.ledger, kind, of, until):
        row = {**one, **printing.years(one["account"])}
        if kind is PAYMENTS:
            run = one["run"]
            if run not in runs:
                runs[run] = things.proposer(session.ledger, run)
            row["proposed_by"] = runs[run]
        if kind is SPENDINGS:
            row["service"] = session.ledger.text(one["service"]) or FORGOTTEN
            if row["account"] not in decisions:
                decisions = {row["account"]: _deciders(session, row["account"], until)}
            by = decisions[row["account"]][row["spending"]]
            row["requests"] = ", ".join(by.requests)
            row["approved_by"] = ", ".join(by.approved_by)
            row["interests"] = "; ".join(map(str, by.interests)) or None
        yield row


def _deciders(
    session: Session, account: str, until: date | None
) -> Mapping[Label, Deciders]:
    """Who decided on each spending of an account."""
    body = account_parts(account)[2]
    return deciders(
        session.ledger.stream(account_stream(account)),
        session.ledger.stream(interests_stream(body)),
        until or date.max,
    )
