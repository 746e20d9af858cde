"""What can be wrong with a rulebook, said so that its author can put it right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic_core import ErrorDetails

from ledger.money import exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a rulebook, and what to do about it."""

    file: str
    clause: str  # The id of the nearest clause, otherwise `rulebook`.
    field: str
    value: str  # As it was given; empty where nothing was.
    remedy: str

    def __str__(self) -> str:
        given = f" {self.value}" if self.value else ""
        return f"{self.file}: {self.clause}: {self.field}{given}: {self.remedy}"


class RulebookError(ValueError):
    """A rulebook that cannot be used; every fault at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def broken_promises(data: Any, file: str) -> tuple[Fault, ...]:
    """What is wrong between clauses, each of which may be well formed.

    Every id stands once; every source is described; and a measure of finance has
    no weight, because the reward is for quality and not for saving money.

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
        if clause.get("domain") == "finance" and not _is_zero(
            clause.get("weight_percent", 0)
        ):
            remedy = (
                "the reward is for quality, not for saving money: "
                "give a finance measure the weight 0, or make it a gate"
            )
            weight = clause["weight_percent"]
            faults.append(fault(file, name, "weight_percent", weight, remedy))
    return tuple(faults)


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
    elif isinstance(data, list):
        for value in data:
            yield from _raw_clauses(value)


def fault(file: str, clause: str, field: str, value: Any, remedy: str) -> Fault:
    """A fault whose value is shown as it was given; tables and lists are not."""
    shown = "" if value is None or isinstance(value, dict | list) else str(value)
    return Fault(file=file, clause=clause, field=field, value=shown, remedy=remedy)


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
        field = str(error["loc"][-1])
        clause = _clause_at(data, error["loc"])
        if error["type"] == "missing":
            given = None
        yield fault(file, clause, field, given, _remedy(error))


def _clause_at(data: Any, place: Sequence[int | str]) -> str:
    """The id of the nearest clause around a place, otherwise `rulebook`."""
    here, name = data, "rulebook"
    for step in place:
        # A step that is not in the file names a shape of a union.
        inside = (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        )
        if inside:
            here = here[step]
        if isinstance(here, dict) and "id" in here:
            name = str(here["id"])
    return name


def _remedy(error: ErrorDetails) -> str:
    given = error["input"]
    if isinstance(given, Decimal | float):
        return f'a number with a decimal point is not exact: write "{given}" in quotes'
    match error["type"]:
        case "missing":
            return "is missing: add it"
        case "extra_forbidden":
            return "is no field here: remove it, or correct its name"
        case "union_tag_not_found" | "union_tag_invalid":
            return (
                "give all, any, or a kind: level, change or yes; "
                "the test of a measure may also be agreed"
            )
        case _:
            return error["msg"].removeprefix("Value error, ")
