"""`premium diff`: what changed between two points of a clock, by what, and why."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from typing import Any, NamedTuple

from interfaces.cli import clocks, printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.known import account as account_meant
from interfaces.cli.known import year_meant
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import key, money
from interfaces.cli.options import YEAR, Year
from interfaces.cli.session import Session
from ledger.events import AccountId
from ledger.premium.account import PremiumAccount, stage
from ledger.premium.evolve import evolve
from ledger.recorded import Recorded, account_parts, account_stream
from ledger.wording import counted
from projections.questions.causes import GROUNDED, causes
from projections.story.sentences.every import sentence
from projections.story.words import Lookup
from projections.views import periods
from projections.views.clocks import Clocks, changed_by, changes
from projections.views.clocks import balances as stood

_AT_ONCE = 2_000
"""Records read at a time."""

_POINTS = {(1, 0), (2, 0), (1, 1), (2, 1), (0, 2), (1, 2)}
"""How often --known and --effective may be given."""

_NAMED = 20
"""Causes that a text names; a JSON document names all."""

_COLUMNS = (
    *columns.PREMIUM,
    key("ledger_account", "account"),
    money("before_pence", "before", total=False),
    money("after_pence", "after", total=False),
    money("change_pence", "change", total=False),
)


class _Between(NamedTuple):
    """Two points of one clock, the earlier one first, and which accounts are meant."""

    before: Clocks
    after: Clocks
    account: AccountId | None
    scheme: str | None
    scheme_year: str | None

    def meant(self, account: str) -> bool:
        """Whether an account is one of those that are meant."""
        scheme, of_year, _ = account_parts(account)
        alike = self.scheme in (None, scheme) and self.scheme_year in (None, of_year)
        return alike and self.account in (None, account)


def diff(
    account: str | None = None,
    /,
    *,
    known: tuple[str, ...] = (),
    effective: tuple[date, ...] = (),
    year: Year = YEAR,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Show what changed between two points in balances and awards, by what, and why.

    The points are two of one clock: what had been recorded, or what counted. Why is
    told by the results and rules that the facts between them rest on. A fact that moved
    money for a day that was closed before it is marked.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id; otherwise all accounts.
    known
        A position, an instant, or a day, which means its end: twice, or once to compare
        with now. Beside two days of --effective, as known then.
    effective
        Twice: what came to count after the first of these days and by the second. Once:
        count only money that is effective on this day or before.
    """
    asked = _asked(session, known, effective)
    account_id = None
    if account is not None:
        account_id = account_meant(session, year, account)
    else:
        year_meant(session, year.scheme, year.chosen())
    between = _Between(*asked, account_id, year.scheme, year.chosen())
    before, after = asked
    rows = _balances(session, between)
    facts = list(_facts(session, between))
    moved = {str(one["account"]) for one in (*rows, *facts)}
    awards = [
        {**printing.years(one), "before": was, "after": now}
        for one in sorted(moved)
        for was, now in (_awards(session, one, before.known, after.known),)
        if was != now
    ]
    because = _causes(session, between, facts)
    about: dict[str, Any] = {"before": before.known, "position": after.known}
    if before.effective != after.effective:
        about["effective_before"] = before.effective
    about |= clocks.TwoClocks(effective=after.effective).as_json()
    about |= {"awards": awards, "facts": facts, "causes": because}
    says = f"positions {before.known + 1} to {after.known}"
    if before.effective != after.effective:
        says = f"what counts after {before.effective} and by {after.effective}"
    title, empty = f"What changed in {says}", "no account changed"
    made = written.List("balances", title, _COLUMNS, rows, about, empty)
    written.write(session, shape, made)
    if shape.form == "table":
        _print(session, awards, facts, because)
    return Exit.OK


def _asked(
    session: Session, known: tuple[str, ...], effective: tuple[date, ...]
) -> tuple[Clocks, Clocks]:
    """The two points that are asked for, the earlier one first."""
    if (len(known), len(effective)) not in _POINTS:
        raise Misused(
            "give two points of one clock: --known twice, or once to compare with now; "
            "or --effective twice"
        )
    points = [clocks.point(session, one)[0] for one in known]
    if len(effective) == 2:
        at = points[0] if points else session.ledger.head()
        return Clocks(at, min(effective)), Clocks(at, max(effective))
    points = sorted([*points, session.ledger.head()][:2])
    day = effective[0] if effective else None
    return Clocks(points[0], day), Clocks(points[1], day)


def _balances(session: Session, between: _Between) -> list[columns.Row]:
    """Each account's pence at both points, where they differ."""
    then, now = between.before, between.after
    with closing(session.views()) as views, views.reading() as db:
        found = [
            one
            for one in changes(db, then, now, between.account)
            if between.meant(one.premium)
        ]
        was = {
            (one.premium, one.account): one.pence
            for premium in dict.fromkeys(one.premium for one in found)
            for one in stood(db, then, premium)
        }
    rows: list[columns.Row] = []
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


def _facts(session: Session, between: _Between) -> Iterator[dict[str, Any]]:
    """The records of accounts that came between, in the order of the ledger."""
    before, after = between.before, between.after
    with closing(session.views()) as views, views.reading() as db:
        marks = periods.marks(db, before.known, after.known)
        if before.known == after.known:
            positions = changed_by(db, before, after, between.account)
            marks = periods.marks(db, 0, after.known)
            runs: Iterable[tuple[int, int]] = [(one - 1, one) for one in positions]
        else:
            runs = [(before.known, after.known)]
    for start, end in runs:
        at = start
        while at < end:
            rows = session.ledger.raw(at, min(_AT_ONCE, end - at))
            for row in rows:
                kind, _, of = row.stream.partition("/")
                if kind == "account" and between.meant(of):
                    yield {
                        "position": row.position,
                        "record": f"{row.stream}@{row.version}",
                        "topic": row.topic,
                        "account": of,
                        "closed_through": marks.get(row.position),
                    }
            at = rows[-1].position


def _causes(
    session: Session, between: _Between, facts: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What the facts between rest on outside their accounts, the latest first."""
    log = session.ledger.known_at(between.after.known)
    grounded = (
        (AccountId(one["account"]), recorded.fact)
        for one in facts
        if one["topic"] in GROUNDED
        for recorded in (log.record(one["record"]),)
        if recorded is not None
    )
    lookup = Lookup(session.ledger)
    found = causes(log, grounded)
    return [
        {
            "position": one.recorded.position,
            "record": one.recorded.id,
            "topic": one.recorded.fact.TOPIC,
            "since": one.recorded.position > between.before.known,
            "says": sentence(one.recorded.fact, lookup),
            "accounts": list(one.accounts),
        }
        for one in reversed(found)
    ]


def _awards(
    session: Session, account_id: str, before: int, after: int
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """How far an award had got at two known points, the earlier one first."""
    state = PremiumAccount(account=AccountId(account_id))
    records = iter(session.ledger.stream(account_stream(account_id)))
    found: list[dict[str, Any] | None] = []
    waiting: Recorded | None = next(records, None)
    for known in (before, after):
        while waiting is not None and waiting.position <= known:
            evolve(state, waiting)
            waiting = next(records, None)
        found.append(_award(state))
    return found[0], found[1]


def _award(state: PremiumAccount) -> dict[str, Any] | None:
    """How far an award has got; None before its account is open."""
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
    awards: list[dict[str, Any]],
    facts: list[dict[str, Any]],
    because: list[dict[str, Any]],
) -> None:
    changed = [
        (
            *(one["body"], one["scheme_year"], name.removesuffix("_pence")),
            *(printing.shown(name, was.get(name)), printing.shown(name, now)),
        )
        for one in awards
        for was in (one["before"] or {},)
        for name, now in one["after"].items()
        if was.get(name) != now
    ]
    names = ("body", "scheme year", "of the award", "before", "after")
    if changed:
        printing.table(session, "Awards", names, changed)
    if facts:
        fields = "position as #position, topic as fact, record"
        fields = printing.with_marks(fields, facts)
        printing.listing(session, "By these facts", fields, facts)
    if because:
        since = sum(one["since"] for one in because)
        says = f"They rest on {counted(len(because), 'record')}, {since:,} of them new"
        rows = [
            {**one, "for": counted(len(one["accounts"]), "account")}
            for one in because[:_NAMED]
        ]
        fields = "position as #position, record, says, for"
        printing.listing(session, says, fields, rows)
        if len(because) > _NAMED:
            session.say(f"  And {len(because) - _NAMED:,} more: --json names each.")
