"""`premium compare`: what would an award be under other rules, or on other results?"""

from typing import Annotated, Any

from cyclopts import Parameter

from interfaces.cli import account_state, known, printing
from interfaces.cli.bulk import only_all
from interfaces.cli.evidence.rulebook import named
from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.options import YEAR, AnyAccount, Year
from interfaces.cli.questions import compare_all
from interfaces.cli.questions.compare_all import changed_by
from interfaces.cli.session import Session
from ledger.money import pounds
from ledger.recorded import account_parts
from ledger.rules.outlook import Compared, Outlook, Part, compared, keys
from ledger.wording import counted
from projections.questions.outlook import Values, now_recorded, outlook_of, values


def compare(
    account: AnyAccount = None,
    /,
    *,
    all: bool = False,
    rulebook: str | None = None,
    with_: Annotated[tuple[str, ...], Parameter(name="--with")] = (),
    year: Year = YEAR,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Compare an award with what it would be under other rules, or other results.

    Both sides are judged again on the results recorded; what is open stays open.
    Nothing is recorded.

    Parameters
    ----------
    all
        Every account of the year, a row each, in place of one; asked for as every list.
    rulebook
        Other rules: a packaged name, a TOML file, or a record of this ledger.
    with_
        Another result, as indicator=value or indicator@period=value; may be repeated.
    """
    if rulebook is None and not with_:
        raise Misused("compare with what? give --rulebook, --with, or both")
    if account is None or all:
        only_all(account, "--all", given=all)
        return compare_all.listed(session, year, shape, rulebook, with_)
    json = shape.form == "json"
    if not json and not shape.plain:
        raise Misused("one account is told whole, or by --json: give --all for a list")
    account_id = known.account(session, year, account)
    on = session.today
    account_state.account(session, account_id)
    of = now_recorded(session.ledger, account_id, on)
    if of is None:
        raise Stop(Exit.REFUSED, f"no rulebook applies to {account_id} on {on}")
    other = of.rulebook if rulebook is None else named(session, rulebook)
    wanted = keys(of.rulebook, of.state.terms)
    wanted_too = keys(other, of.state.terms)
    body = account_parts(account_id)[2]
    results = values(session.ledger, body, tuple(dict.fromkeys((*wanted, *wanted_too))))
    changed = changed_by(with_, wanted_too)
    before = outlook_of(of, results, on)
    after = outlook_of(of, {**results, **changed}, on, rulebook=other)
    lines = compared(before, after)
    if json:
        content = {
            "position": session.ledger.head(),
            **printing.years(account_id),
            "recorded": False,
            "rulebook": of.rulebook_record,
            "with": _values_json(changed),
            "proposed_pence": of.state.proposal.fact.total_pence
            if of.state.proposal
            else None,
            "before": outlook_json(before),
            "after": outlook_json(after),
            "lines": [line_json(one) for one in lines],
        }
        printing.document(session, content)
        return Exit.OK
    session.say(printing.account_title(session, account_id))
    for (indicator, period), value in changed.items():
        session.say(f"  With {indicator} for {period} as {printing.plain(value)}.")
    _print(session, before, after, lines)
    return Exit.OK


# For machines -------------------------------------------------------------------------


def _values_json(values: Values) -> list[dict[str, Any]]:
    return [
        {"indicator": indicator, "period": period, "value": value}
        for (indicator, period), value in values.items()
    ]


def outlook_json(outlook: Outlook) -> dict[str, Any]:
    """What an award is or can be, without its lines."""
    return {
        "rulebook": outlook.title,
        "rulebook_version": outlook.version,
        "rules_of_scheme_year": outlook.scheme_year,
        "heads": outlook.heads,
        "maximum_pence": outlook.maximum_pence,
        "worst_pence": outlook.worst_pence,
        "best_pence": outlook.best_pence,
        "open": outlook.open,
        "unsettled": outlook.unsettled,
    }


def line_json(line: Compared) -> dict[str, Any]:
    """One clause, before and after."""
    return {
        "clause": line.id,
        "name": line.name,
        "kind": line.kind,
        "moves": line.moves,
        "before": _part_json(line.before),
        "after": _part_json(line.after),
    }


def _part_json(part: Part | None) -> dict[str, Any] | None:
    if part is None:
        return None
    return {
        "outcome": part.outcome,
        "reason": part.reason,
        "worst_pence": part.worst_pence,
        "best_pence": part.best_pence,
    }


# For people ---------------------------------------------------------------------------


def span(worst: int | None, best: int | None) -> str:
    """One sum of money, or the two it lies between."""
    if worst is None or best is None:
        return "not known"
    return pounds(worst) if worst == best else f"{pounds(worst)} to {pounds(best)}"


def cells(part: Part | None, of: Outlook) -> tuple[str, str]:
    """The outcome and the money of one clause, for a table."""
    if part is None:
        return "not settled" if of.unsettled else "not in it", ""
    return part.outcome, span(part.worst_pence, part.best_pence)


def _print(
    session: Session, before: Outlook, after: Outlook, lines: tuple[Compared, ...]
) -> None:
    rows: list[tuple[str, ...]] = [
        (
            "* maximum" if before.maximum_pence != after.maximum_pence else "  maximum",
            counted(before.heads, "head"),
            span(before.maximum_pence, before.maximum_pence),
            counted(after.heads, "head"),
            span(after.maximum_pence, after.maximum_pence),
        )
    ]
    rows += [
        (
            f"{'*' if one.moves else ' '} {one.id}",
            *cells(one.before, before),
            *cells(one.after, after),
        )
        for one in lines
    ]
    was = span(before.worst_pence, before.best_pence)
    would_be = span(after.worst_pence, after.best_pence)
    rows.append(("* award" if was != would_be else "  award", "", was, "", would_be))
    columns = ("clause", "now", "£ now", "then", "£ then")
    printing.table(session, session.titled("Now, and then (* moves)"), columns, rows)
    for name, one in (("Now", before), ("Then", after)):
        session.say(f"  {name}: {one.title}, version {one.version}.")
        if one.unsettled:
            session.say(f"      Not settled: {', '.join(one.unsettled)}.")
    session.say("  Nothing was recorded.")
