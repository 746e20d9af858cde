"""`premium impact`: what would one changed result move, before it is recorded?"""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import unquote

from interfaces.cli import known, printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import Row, data, money, text
from interfaces.cli.lists.written import List
from interfaces.cli.questions.compare import (
    cells,
    line_json,
    outlook_json,
    span,
)
from interfaces.cli.questions.compare_all import exact_number
from interfaces.cli.session import Session
from ledger.calendar import both_years
from ledger.events import AccountId, BodyCode
from ledger.money import pounds
from ledger.recorded import account_parts, body_stream
from ledger.rules.assess import Key
from ledger.wording import counted
from projections.questions.breakdown import in_words
from projections.questions.impact import Impact, Moved
from projections.questions.impact import impact as impact_of


class _OfAccount(Protocol):
    """What is said of one account."""

    @property
    def account(self) -> AccountId: ...


OfAccount = TypeVar("OfAccount", bound=_OfAccount)


_COLUMNS = (
    *columns.PREMIUM,
    text("stage"),
    text("rulebook", shown=False),
    money("worst_before_pence", "now, at worst", total=False),
    money("best_before_pence", "now, at best", total=False),
    money("worst_after_pence", "then, at worst", total=False),
    money("best_after_pence", "then, at best", total=False),
    money("change_worst_pence", "change, at worst"),
    money("change_best_pence", "change, at best"),
    money("confirmed_pence", shown=False),
    money("payable_pence", shown=False),
    money("committed_pence", shown=False),
    money("paid_pence", shown=False),
    money("overpaid_pence", "overpaid"),
    text("approved_by", "approved by"),
    *(data(field) for field in ("before", "after", "lines", "parts", "change")),
    data("rests"),
)


def impact(
    result: str,
    /,
    *,
    value: str,
    details: bool = False,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Show what one changed result would move, before it is recorded.

    Whose money, which assessments and awards, and which approvals rest on it: of its
    own body, and of every body that it is attributed to. Nothing is recorded.

    Parameters
    ----------
    result
        The result: measure/subject/period, its stream, or one of its records.
    value
        What it would be: a whole number, a decimal, or an exact fraction such as 1/3.
    details
        Every account's clauses and decisions, where there are several.
    """
    key, body = key_and_subject(result)
    number = exact_number(value)
    if key[0].startswith("population.") and (number <= 0 or number.denominator != 1):
        raise Misused(f"{value} is not a number of heads: it must be whole and above 0")
    found = impact_of(session.ledger, key, body, number, session.today)
    if found.recorded is None and not found.accounts:
        _known(session, found, body)
    about = {
        "position": session.ledger.head(),
        "recorded": False,
        "result": found.stream,
        "record": found.recorded,
        "value_before": found.value_before,
        "value_after": found.value_after,
        "derived": found.derived,
        "attributed": found.attributed,
    }
    rows = [{**_moved_json(one), "moved": one} for one in found.accounts]

    def told(rows: Sequence[Row]) -> None:
        kept = tuple(one["moved"] for one in rows)
        whole = len(kept) == len(found.accounts)
        _print(session, found, kept, details=details or len(kept) == 1, whole=whole)

    title = _title(found)
    empty = f"no account of {body} reads it, so no money would move"
    made = List("accounts", title, _COLUMNS, rows, about, empty, told=told)
    written.write(session, shape, made)
    if shape.form == "table" and not found.accounts:
        _print_derived(session, found)
    return Exit.OK


def _known(session: Session, found: Impact, body: BodyCode) -> None:
    """Stop where no result is of that measure, or the body is not known."""
    _, measure, subject, _ = found.stream.split("/")
    parts = [one.split("/") for one in session.ledger.streams("result/")]
    there = session.ledger.stream(body_stream(body))
    if any(one[1] == measure for one in parts) and (
        there or any(one[2] == subject for one in parts)
    ):
        return
    alike = [one for one in parts if one[1] == measure or one[2] == subject]
    says = f"{found.stream} is not recorded, and no account reads it"
    names = [unquote("/".join(one)) for one in alike]
    raise known.none(says, found.stream, names, f"no result of {body} comes near")


def _title(found: Impact) -> str:
    stood = "not recorded"
    if found.value_before is not None:
        stood = str(printing.plain(found.value_before))
    would_be = printing.plain(found.value_after)
    return f"{found.stream}: {stood}, and would be {would_be}"


def _print(
    session: Session,
    found: Impact,
    accounts: tuple[Moved, ...],
    *,
    details: bool,
    whole: bool,
) -> None:
    """What would move.

    Args:
        accounts: Those that are wanted; at least one.
        whole: Whether they are all that read it.
    """
    session.say(session.titled(_title(found)))
    if found.attributed:
        says = counted(len(found.attributed), "attributed group")
        session.say(f"  It counts for {says}.")
    if len(accounts) > 1:
        _print_all(session, accounts, whole=whole)
    for one in accounts if details else ():
        _print_moved(session, one)
    _print_derived(session, found)


def _print_derived(session: Session, found: Impact) -> None:
    for derived in found.derived:
        session.say(f"  {derived} is derived from it and would be out of date.")
    session.say("  Nothing was recorded.")


def _print_all(session: Session, accounts: tuple[Moved, ...], *, whole: bool) -> None:
    """Who moves and by how much, an account a line, each year with its sum."""
    moving = sum(bool(one.lines) for one in accounts)
    of = "that read it" if whole else "asked for"
    session.say(f"  {moving} of {counted(len(accounts), 'account')} {of} would move.")
    names = (
        *("body", "stage", "£ now", "£ then", "£ change", "£ overpaid"),
        "approved by",
    )
    for title, of_year in by_year(accounts).items():
        rows: list[tuple[str, ...]] = [
            (
                account_parts(one.account)[2],
                one.stage,
                span(one.before.worst_pence, one.before.best_pence),
                span(one.after.worst_pence, one.after.best_pence),
                _change(*one.change_pence),
                pounds(one.overpaid_pence),
                ", ".join(one.approved_by),
            )
            for one in of_year
        ]
        worst = sum(one.change_pence[0] for one in of_year)
        best = [one.change_pence[1] for one in of_year]
        known = [pence for pence in best if pence is not None]
        change = _change(worst, sum(known) if len(known) == len(best) else None)
        overpaid = pounds(sum(one.overpaid_pence for one in of_year))
        rows.append(("total", "", "", "", change, overpaid, ""))
        printing.table(session, session.titled(title), names, rows)


def by_year(accounts: Sequence[OfAccount]) -> dict[str, list[OfAccount]]:
    """Those of each scheme and year together, under a heading with both years."""
    found: dict[str, list[OfAccount]] = {}
    for one in accounts:
        scheme, scheme_year, _ = account_parts(one.account)
        found.setdefault(f"{scheme} {both_years(scheme_year)}", []).append(one)
    return found


def signed(pence: int) -> str:
    """For people, what is gained or lost: `+£1.00`, `-£1.00`, `£0.00`."""
    return f"+{pounds(pence)}" if pence > 0 else pounds(pence)


def _change(worst: int, best: int | None) -> str:
    """What an award gains; two sums where its ends change differently."""
    if best is None:
        return "not known"
    if worst == best:
        return signed(worst)
    return f"{signed(worst)} to {signed(best)}"


def key_and_subject(text: str) -> tuple[Key, BodyCode]:
    """Indicator and period of a result, and whose it is."""
    name, _, version = text.removeprefix("result/").rpartition("@")
    parts = (name if version.isdecimal() else text.removeprefix("result/")).split("/")
    if len(parts) != 3 or not all(parts):
        raise Misused(
            f"{text!r} is not a result: write measure/subject/period, such as "
            "rtt-incomplete/10C/2013-04-01..2014-03-31"
        )
    measure, subject, period = (unquote(part) for part in parts)
    return (measure, period), cast("BodyCode", subject)


def _moved_json(moved: Moved) -> dict[str, Any]:
    return {
        **printing.years(moved.account),
        "stage": moved.stage,
        "rulebook": moved.rulebook,
        "worst_before_pence": moved.before.worst_pence,
        "best_before_pence": moved.before.best_pence,
        "worst_after_pence": moved.after.worst_pence,
        "best_after_pence": moved.after.best_pence,
        "change_worst_pence": moved.change_pence[0],
        "change_best_pence": moved.change_pence[1],
        "before": outlook_json(moved.before),
        "after": outlook_json(moved.after),
        "lines": [line_json(one) for one in moved.lines],
        "confirmed_pence": moved.confirmed_pence,
        "payable_pence": moved.parts["payable"],
        "committed_pence": moved.parts["committed"],
        "parts": {f"{name}_pence": pence for name, pence in moved.parts.items()},
        "paid_pence": moved.paid_pence,
        "overpaid_pence": moved.overpaid_pence,
        "change": {
            "worst_pence": moved.change_pence[0],
            "best_pence": moved.change_pence[1],
        },
        "approved_by": moved.approved_by,
        "rests": moved.rests,
    }


def _print_moved(session: Session, moved: Moved) -> None:
    session.say(printing.account_title(session, moved.account))
    was = span(moved.before.worst_pence, moved.before.best_pence)
    would_be = span(moved.after.worst_pence, moved.after.best_pence)
    change = "would stay" if was == would_be else f"would become {would_be}, from"
    session.say(f"  It is {moved.stage}. The award {change} {was}.")
    if moved.lines:
        rows = [
            (one.id, *cells(one.before, moved.before), *cells(one.after, moved.after))
            for one in moved.lines
        ]
        names = ("clause", "now", "£ now", "then", "£ then")
        printing.table(session, "What moves", names, rows)
    if moved.rests:
        fields = "topic as decision, says as of, amount_pence as £, who as by, record"
        printing.listing(session, "What rests on it", fields, moved.rests)
    if moved.confirmed_pence is not None:
        parts = {f"{name}_pence": pence for name, pence in moved.parts.items()}
        session.say(
            f"  Confirmed {pounds(moved.confirmed_pence)}: {in_words(parts)}; "
            f"{pounds(moved.overpaid_pence)} of what was paid would be overpaid."
        )
