"""Lines of reasons, and how they are shown to people and machines."""

import textwrap
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ledger.money import exact_text, pounds
from ledger.rules.clauses import Status
from ledger.values import value

WIDTH = 88
"""Characters in a line of text."""

_KEPT = "\N{NO-BREAK SPACE}"  # Keeps a mark such as `[rounding: ASSUMED]` in one piece.


@value
class Line:
    """One reason: what it says, what it comes to, and the reasons below it."""

    says: str
    result: str
    clause: str | None = None
    status: Status | None = None  # Of the clause, or of what decided; None if open.
    facts: tuple[str, ...] = ()  # Ids of records.
    arithmetic: str | None = None
    pence: int | None = None  # Added to the line above; None where it adds nothing.
    lines: tuple["Line", ...] = ()  # Where any has pence, they add up to this one's.


def shown(number: Fraction) -> str:
    """An exact number for people: in full, or cut off after four places and marked.

    A number is never rounded here: 74.99999 does not become 75.
    """
    text = exact_text(number)
    if "/" not in text:
        return text
    cut = abs(number.numerator) * 10_000 // number.denominator
    sign = "-" if number < 0 else ""
    return f"{sign}{cut // 10_000}.{cut % 10_000:04d}... ({text})"


def exact_pounds(pence: Fraction) -> str:
    """Pounds for people, with parts of a penny in full."""
    if pence.denominator == 1:
        return pounds(pence.numerator)
    whole, _, parts = shown(abs(pence) / 100).partition(".")
    return f"{'-' if pence < 0 else ''}£{int(whole):,}.{parts}"


def to_json(line: Line) -> dict[str, Any]:
    """A working for machines; what is absent is left out."""
    fields: dict[str, Any] = {"says": line.says, "result": line.result}
    for name in ("clause", "status", "arithmetic", "pence"):
        if getattr(line, name) is not None:
            fields[name] = getattr(line, name)
    if line.facts:
        fields["facts"] = list(line.facts)
    if line.lines:
        fields["lines"] = [to_json(inner) for inner in line.lines]
    return fields


def render_text(line: Line) -> str:
    """A working for people: reasons indented, results in a column at the right.

    What is assumed or conflicting is written in capitals.
    """
    return "\n".join(_rendered(line, 0, max(len(one.result) for one in _each(line))))


def _each(line: Line) -> Iterator[Line]:
    yield line
    for inner in line.lines:
        yield from _each(inner)


def _rendered(line: Line, depth: int, column: int) -> Iterator[str]:
    indent = "  " * depth
    room = WIDTH - column - 2
    said = textwrap.wrap(
        line.says,
        room,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
    ) or [indent]
    yield f"{said[0]:<{room}}  {line.result:>{column}}".rstrip()
    yield from said[1:]
    notes = [line.arithmetic] if line.arithmetic else []
    if line.clause is not None or line.status is not None:
        shaky = line.status in ("assumed", "conflicting")
        status = line.status.upper() if line.status and shaky else line.status
        mark = ": ".join(filter(None, (line.clause, status)))
        notes.append(f"[{mark}]".replace(" ", _KEPT))
    if notes:
        wrapped = textwrap.wrap(
            "  ".join(notes),
            WIDTH,
            initial_indent=indent + "    ",
            subsequent_indent=indent + "    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from (text.replace(_KEPT, " ") for text in wrapped)
    for fact in line.facts:
        yield f"{indent}    from {fact}"
    for inner in line.lines:
        yield from _rendered(inner, depth + 1, column)
