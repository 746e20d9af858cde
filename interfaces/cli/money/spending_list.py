"""A published list as `premium reconcile spending` takes it, and what it doubts."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from interfaces.cli.exits import Misused, readable
from ledger.calendar import payment_year
from ledger.claims.spending import WITHIN_DAYS, Held, Item, Month, is_of
from ledger.events import AccountId
from ledger.excerpts import printable
from ledger.intake.headings import Layout
from ledger.intake.mapping import UnreadableMapping, layout_of
from ledger.intake.printed import Order
from ledger.intake.spending import Line, List, about, read_spending
from ledger.recorded import account_parts
from ledger.wording import counted

MOST_ERRORS = 50


def listed(file: Path, dates: Order | None, mapping: Path | None) -> List:
    """The list; stops where it cannot be read, with every line that is at fault."""
    with readable(file):
        content = file.read_bytes()
    listed = read_spending(file.name, content, dates, _layout(mapping))
    if listed.errors:
        more = len(listed.errors) - MOST_ERRORS
        says = [str(error) for error in listed.errors[:MOST_ERRORS]]
        says += [f"{counted(more, 'more error')}"] if more > 0 else []
        raise Misused("\npremium: ".join(says))
    return listed


def _layout(mapping: Path | None) -> Layout | None:
    """How the list is laid out; None where nobody says it."""
    if mapping is None:
        return None
    with readable(mapping):
        content = mapping.read_bytes()
    try:
        return layout_of(content)
    except UnreadableMapping as reason:
        raise Misused(f"{mapping}: {reason}") from None


def of_body(
    listed: List, code: str, name: str
) -> tuple[Sequence[Line], dict[str, int], list[str]]:
    """The lines that may be a body's, how many are another's, and what is doubtful."""
    entities = dict.fromkeys(one.entity for one in listed.lines if one.entity)
    own = {one for one in entities if is_of(one, code, name)}
    if not own and entities:
        named = ", ".join(printable(one) for one in list(entities)[:3])
        doubt = f"DOUBT: the list names {named}, and not {name}: is it another body's?"
        return listed.lines, {}, [doubt]
    lines = [one for one in listed.lines if not one.entity or one.entity in own]
    others = len(listed.lines) - len(lines)
    return lines, {"lines of other bodies": others} if others else {}, []


def meant(
    listed: List, lines: Sequence[Line], area: str, left_out: dict[str, int]
) -> tuple[Sequence[Line], list[str]]:
    """The lines that are meant, and what is to be said of the list."""
    notes = list(listed.notes)
    notes += [f"{what}: {count:,}" for what, count in left_out.items()]
    if not area:
        return lines, [*notes, *_alike(lines)]
    if not listed.has_areas:
        notes.append("the list does not say what was spent on: all lines are taken")
        return lines, [*notes, *_alike(lines)]
    meant = about(lines, area)
    notes += _alike(meant)
    notes.append(f"of {counted(len(lines), 'line')}, {len(meant):,} say {area!r}")
    if len(meant) < len(lines):
        left_out["lines on something else"] = len(lines) - len(meant)
    return meant, notes


def of_another_year(
    lines: Sequence[Line], recorded: Sequence[Item], accounts: Sequence[AccountId]
) -> list[str]:
    """A doubt where no line is near the days on which anything was, or could be, spent.

    What is recorded shows these days; otherwise the payment years, and a year after.
    """
    if recorded:
        leeway, says = timedelta(days=WITHIN_DAYS), "what is recorded was spent"
        days = sorted(one.on for one in recorded)
    else:
        leeway, says = timedelta(days=365), "nothing is recorded, and money was paid"
        years = [payment_year(account_parts(one)[1]) for one in accounts]
        starts = [int(one[:4]) for one in years]
        days = [date(min(starts), 4, 1), date(max(starts) + 1, 3, 31)]
    if any(days[0] - leeway <= one.on <= days[-1] + leeway for one in lines):
        return []
    listed = sorted(one.on for one in lines)
    return [
        f"DOUBT: the list is of {listed[0]} to {listed[-1]}, and {says} from "
        f"{days[0]} to {days[-1]}: is it another year's?"
    ]


def strays(
    lines: Sequence[Line], recorded: Sequence[Item], months: Collection[Month]
) -> list[str]:
    """Which lines are of a month of which the list is not, and what is not missed."""
    strays = [one for one in lines if (one.on.year, one.on.month) not in months]
    notes = [
        f"line {one.line} is of {one.on:%Y-%m}, of which the list says too little to "
        "miss anything in it"
        for one in strays[:MOST_ERRORS]
    ]
    outside = sum((one.on.year, one.on.month) not in months for one in recorded)
    if outside:
        notes.append(f"recorded of other months, and not missed here: {outside:,}")
    return notes


def _alike(lines: Sequence[Line]) -> list[str]:
    """Which lines say the same in everything, as a list that holds a month twice."""
    found: dict[Line, list[str]] = {}
    for one in lines:
        found.setdefault(replace(one, line=0), []).append(str(one.line))
    return [
        f"lines {', '.join(places)} say the same: is it one payment, listed again?"
        for places in found.values()
        if len(places) > 1
    ][:MOST_ERRORS]


def counts(listed: List, left_out: dict[str, int], found: Held) -> dict[str, int]:
    """Every row of the file by what became of it; they add up to its rows."""
    counts = {why: len(lines) for why, lines in listed.aside.items()} | left_out
    for what, some in (("agree", found.agree), ("differ", found.differ)):
        counts[what] = sum(len(one.listed.names) for one in some)
    counts["in the list only"] = sum(len(one.names) for one in found.listed_only)
    return counts
