"""What can be wrong with a rulebook, said so that its author can put it right."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic_core import ErrorDetails

from ledger.excerpts import printable
from ledger.limits import NUMBER, REMEDIES
from ledger.money import exact, exact_text
from ledger.rules.catalogue import named, of_finance
from ledger.rules.clauses import shape
from ledger.values import Fault, remedy_of


class RulebookError(ValueError):
    """A rulebook that cannot be used; every fault at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def broken_promises(data: Any, file: str) -> tuple[Fault, ...]:
    """What is wrong between clauses, each of which may be well formed.

    Every id stands once; every source is described; a measure has a test or parts,
    and a menu that its parts can fill; and a measure of finance has no weight,
    because the reward is for quality and not for saving money. What a measure is
    about follows from the indicators it names, not from the domain it is given.

    Args:
        data: The rulebook as read, well formed or not.

    Source: DESIGN 6 (a rulebook that gives positive weight to finance is refused).
    """
    faults: list[Fault] = []
    seen: set[str] = set()
    sources = data.get("sources")
    known = sorted(sources) if isinstance(sources, dict) else []
    for clause in _raw_clauses({**data, "sources": None}):
        name = str(clause.get("id", "rulebook"))
        if name in seen:
            remedy = "an id stands for one clause only: give this one another"
            faults.append(fault(file, name, "id", name, remedy))
        seen.add(name)
        source = clause.get("source")
        if isinstance(source, str) and source not in known:
            remedy = f"describe it under sources, or name one of: {', '.join(known)}"
            faults.append(fault(file, name, "source", source, remedy))
    measures = _tables(data.get("measures"))
    if measures and not any(map(_weighs, measures)):
        remedy = "no measure has any weight: nothing could be earned, so give one some"
        faults.append(fault(file, "rulebook", "measures", None, remedy))
    for number, measure in enumerate(measures):
        place = ("measures", number)
        for field, value, remedy in _amiss(measure):
            faults.append(fault(file, *_place(data, (*place, field)), value, remedy))
        for at, part in enumerate(_tables(measure.get("parts"))):
            for field, value, remedy in _part_amiss(part, measure):
                within = _place(data, (*place, "parts", at, field))
                faults.append(fault(file, *within, value, remedy))
    return tuple(faults)


def _tables(data: Any) -> list[dict[str, Any]]:
    """The tables of a list; none where it is malformed, which is a fault already."""
    given = data if isinstance(data, list | tuple) else ()
    return [one for one in given if isinstance(one, dict)]


def _amiss(measure: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """What is wrong between the fields of one measure: field, value, remedy."""
    weights = [measure.get("weight_percent"), measure.get("points")]
    if weights == [None, None]:
        yield "weight_percent", None, "is missing: add it, or points, or say unknown"
    for field, weight in zip(("weight_percent", "points"), weights, strict=True):
        if _is_zero(weight or 0):
            continue
        if measure.get("domain") == "finance":
            yield field, weight, f"{_NOT_SAVING}: {_OR_GATE}"
        elif money := [*filter(of_finance, _earns_by(measure))]:
            what = f"{money[0]} is about money, whatever the domain"
            yield field, weight, f"{_NOT_SAVING}, and {what}: {_OR_GATE}"
    parts = _tables(measure.get("parts"))
    if measure.get("test") is None and not parts:
        yield "test", None, "is missing: add it, or parts, or say unknown"
    if measure.get("test") is not None and parts:
        yield "test", None, "stands beside parts: only they are judged, so remove it"
    match measure.get("menu"):
        case {"least": int(least), "most": int(most)} if (
            not least <= most <= len(parts)
        ):
            remedy = (
                f"a menu of {len(parts)} parts lets a body take from least to most of "
                "them: correct the numbers"
            )
            yield "menu", f"{least} to {most}", remedy


_NOT_SAVING = "the reward is for quality, not for saving money"
_OR_GATE = "give a finance measure the weight 0, or make it a gate"


def _earns_by(measure: dict[str, Any]) -> Iterator[str]:
    """The indicators by which something can be earned."""
    yield from named(measure.get("test"))
    for part in _tables(measure.get("parts")):
        share = part.get("share_percent")
        if share is None or not _is_zero(share):
            yield from named(part.get("test"))


def _part_amiss(
    part: dict[str, Any], measure: dict[str, Any]
) -> Iterator[tuple[str, Any, str]]:
    share = part.get("share_percent")
    if measure.get("menu") is None and share is None:
        yield "share_percent", None, "is missing: add it, or say unknown"
    if measure.get("menu") is not None and share is not None:
        yield "share_percent", share, "the menu splits the weight: remove it"


def _weighs(measure: dict[str, Any]) -> bool:
    """Whether anything can be earned for it; what is unknown may weigh something."""
    weights = [measure.get("weight_percent"), measure.get("points")]
    whole = any(weight is not None and not _is_zero(weight) for weight in weights)
    parts = _tables(measure.get("parts"))
    shares = [part.get("share_percent") for part in parts]
    return whole and not (parts and all(_is_zero(share) for share in shares))


def _is_zero(weight: Any) -> bool:
    try:
        return exact(weight) == 0
    except ValueError:
        return False


def _raw_clauses(data: Any) -> Iterator[dict[str, Any]]:
    """Every table with an id, at any depth, in the order of the file."""
    if isinstance(data, dict):
        if "id" in data:
            yield data
        for value in data.values():
            yield from _raw_clauses(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _raw_clauses(value)


def fault(file: str, clause: str, field: str, value: Any, remedy: str) -> Fault:
    """A fault whose value is shown as it was given; tables and lists are not.

    Args:
        clause: The id of the nearest clause, otherwise `rulebook`.
    """
    text = "" if value is None or isinstance(value, dict | list) else str(value)
    if isinstance(value, Fraction):
        text = exact_text(value)
    return Fault(
        where=f"{file}: {printable(clause)}",
        field=printable(field),
        value=printable(text),
        remedy=remedy,
    )


def misformed(data: Any, file: str, errors: Sequence[ErrorDetails]) -> Iterator[Fault]:
    """The faults that the models found, each at its clause and field.

    Args:
        data: The rulebook as read.
        errors: What pydantic found in it.
    """
    for error in errors:
        given = error["input"]
        if not error["loc"]:
            continue  # The promises between clauses, which are faults already.
        if error["type"] == "too_short" and given:
            continue  # Its items are faults already.
        names_field = error["type"] in ("missing", "extra_forbidden")
        clause, field = _place(data, error["loc"], ends_in_field=names_field)
        if error["type"] == "missing":
            given = None
        yield fault(file, clause, field, given, _remedy(error))


def _place(
    data: Any, place: Sequence[int | str], *, ends_in_field: bool = True
) -> tuple[str, str]:
    """The id of the nearest clause around a place, otherwise `rulebook`; what in it.

    Args:
        ends_in_field: Whether the last step names a field, be it there or not.
    """
    here, name, within = data, "rulebook", list[int | str]()
    tag = None
    for number, step in enumerate(place, start=1):
        is_last = number == len(place)
        if step == tag and not (is_last and ends_in_field):
            tag = None  # It names the shape of a test, and is not in the file.
            continue
        inside = (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        )
        if inside:
            here = here[step]
            tag = shape(here)
        if inside or is_last:
            within.append(step)
        if inside and not is_last and isinstance(here, dict) and "id" in here:
            name, within = str(here["id"]), []
    return name, ".".join(map(str, within))


def _remedy(error: ErrorDetails) -> str:
    given = error["input"]
    if isinstance(given, Decimal | float) and error["type"] == "value_error":
        if not re.fullmatch(NUMBER, str(given)):
            return REMEDIES[NUMBER]
        return f'a number with a decimal point is not exact: write "{given}" in quotes'
    match error["type"]:
        case "missing":
            return "is missing: add it"
        case "extra_forbidden":
            return "is not a field here: remove it, or correct its name"
        case "union_tag_not_found" | "union_tag_invalid":
            return (
                "give all, any, or a kind: level, change or yes; or say unknown; "
                "the test of a measure may also be agreed, or of the kind linear"
            )
        case _:
            return remedy_of(error)
