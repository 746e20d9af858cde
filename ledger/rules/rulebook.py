"""The rules of a scheme year as data: read, checked, and written canonically."""

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, ValidationError, model_validator

from ledger.calendar import SchemeYear
from ledger.events import Slice, Slices
from ledger.money import Pence, Rate, exact_text, share
from ledger.rules.clauses import Clause, MeasureTest, Part, Source, Test, leaves
from ledger.rules.faults import (
    Fault,
    RulebookError,
    broken_promises,
    fault,
    misformed,
)

__all__ = [
    "Fault",
    "Gate",
    "Measure",
    "Reduction",
    "Rulebook",
    "RulebookError",
    "canonical",
    "clause",
    "clauses",
    "content_hash",
    "packaged",
    "parse",
    "read_toml",
    "slices",
    "warnings",
]

Domain = Literal[
    "quality", "outcomes", "inequalities", "experience", "safety", "finance"
]
Percent = Annotated[Rate, Field(ge=0, le=100)]


class Value(Clause):
    """What one head is worth; None while it is not yet set."""

    pence_per_head: Annotated[Pence, Field(ge=0)] | None = None


class Population(Clause):
    """Whose heads count: measures of a population, the preferred one first."""

    bases: Annotated[
        tuple[
            Annotated[str, Field(pattern=r"^population\.[a-z0-9_-]+\.[a-z0-9_-]+$")],
            ...,
        ],
        Field(min_length=1),
    ]


class Measure(Clause):
    """What is measured, the share of the maximum it stands for, and its test."""

    name: str
    domain: Domain
    weight_percent: Percent
    test: MeasureTest  # `agreed`: with each body, in its terms.


class Reduction(Clause):
    """A standard whose miss takes a percentage off."""

    name: str
    percent: Percent
    test: Test


class ReductionBase(Clause):
    """What a reduction's percentage is of: what was earned, or the maximum."""

    reading: Literal["earned", "maximum"]


class ReductionCombination(Clause):
    """Whether several reductions add up, or each takes from what the others leave."""

    reading: Literal["additive", "multiplicative"]


class Gate(Clause):
    """A test without which nothing is paid."""

    name: str
    test: Test
    discretion: str | None = None  # Who may decide otherwise, and on what ground.


class Rounding(Clause):
    """How the award becomes whole pence."""

    reading: Literal["half-up-once"]


class Purpose(Clause):
    """What the money may be spent on; spending names it by its id."""

    name: str


class Disclosure(Clause):
    """What the body must publish about its spending."""


class Rulebook(Part):
    """All rules of one scheme year, in the order of the file."""

    scheme: str
    scheme_year: SchemeYear
    version: Annotated[int, Strict(), Field(ge=1)]
    title: str
    applies_from: date  # Decisions dated on or after it use this version.
    sources: dict[str, Source]
    value: Value
    population: Population
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    reductions: tuple[Reduction, ...] = ()
    reduction_base: ReductionBase
    reduction_combination: ReductionCombination
    gates: tuple[Gate, ...] = ()
    rounding: Rounding
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    disclosure: Disclosure

    @model_validator(mode="after")
    def _keeps_its_promises(self) -> "Rulebook":
        faults = broken_promises(self.model_dump(mode="json"), "rulebook")
        if faults:
            raise ValueError("; ".join(str(fault) for fault in faults))
        return self


def read_toml(text: str, file: str) -> Rulebook:
    """Read a rulebook as people write it.

    Args:
        text: TOML; exact numbers in quotes, because a TOML float is not exact.
        file: Its name, for the faults.

    Raises:
        RulebookError: With every fault found.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as reason:
        raise RulebookError(
            (fault(file, "rulebook", "TOML", None, f"correct the syntax: {reason}"),)
        ) from None
    return _checked(data, file)


def canonical(rulebook: Rulebook) -> str:
    """The whole rulebook as JSON: sorted keys, no spaces, exact numbers as text.

    Fields that are left out stay out, so that a field added to rulebooks later
    changes no hash of today.
    """
    data = rulebook.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(content: str) -> str:
    """SHA-256 of canonical content in UTF-8, in hexadecimal."""
    return sha256(content.encode()).hexdigest()


@lru_cache(maxsize=256)
def parse(content: str) -> Rulebook:
    """Read canonical content back.

    Raises:
        RulebookError: With every fault found.
    """
    try:
        data = json.loads(content)
    except ValueError as reason:
        raise RulebookError(
            (fault("content", "rulebook", "JSON", None, str(reason)),)
        ) from None
    return _checked(data, "content")


def packaged(name: str) -> Rulebook:
    """A rulebook that comes with the program, such as `quality-premium-2013-14`.

    Raises:
        FileNotFoundError: If none of this name is packaged.
    """
    file = f"{name}.toml"
    text = files("ledger.rules").joinpath("rulebooks", file).read_text("utf-8")
    return read_toml(text, file)


def clauses(rulebook: Rulebook) -> Iterator[Clause]:
    """Every clause, in the order of the rulebook, tests after what they decide."""
    yield rulebook.value
    yield rulebook.population
    for measure in rulebook.measures:
        yield measure
        if measure.test != "agreed":
            yield from leaves(measure.test)
    for reduction in rulebook.reductions:
        yield reduction
        yield from leaves(reduction.test)
    for gate in rulebook.gates:
        yield gate
        yield from leaves(gate.test)
    yield rulebook.reduction_base
    yield rulebook.reduction_combination
    yield rulebook.rounding
    yield from rulebook.purposes
    yield rulebook.disclosure


def clause(rulebook: Rulebook, id: str) -> Clause:
    """The clause of this id.

    Raises:
        KeyError: If the rulebook has none.
    """
    for one in clauses(rulebook):
        if one.id == id:
            return one
    raise KeyError(f"{id!r} is no clause of {rulebook.title}")


def warnings(rulebook: Rulebook) -> tuple[str, ...]:
    """What is unusual but not refused, one sentence each."""
    whole = sum((one.weight_percent for one in rulebook.measures), Fraction(0))
    if whole == 100:
        return ()
    return (f"the weights of the measures add up to {exact_text(whole)}, not to 100",)


def slices(rulebook: Rulebook, maximum_pence: Pence) -> Slices:
    """Share a maximum over the measures by weight; slices of nothing are left out.

    Source: DESIGN 5 (slices are fixed at opening, by the largest remainder).
    """
    weights = [measure.weight_percent for measure in rulebook.measures]
    return tuple(
        Slice(measure=measure.id, pence=pence)
        for measure, pence in zip(
            rulebook.measures, share(maximum_pence, weights), strict=True
        )
        if pence > 0
    )


def _checked(data: Any, file: str) -> Rulebook:
    """Check data against the models and between clauses; all faults at once."""
    if not isinstance(data, dict):
        raise RulebookError((fault(file, "rulebook", "", data, "give a table"),))
    faults = list(broken_promises(data, file))
    try:
        rulebook = Rulebook.model_validate(data)
    except ValidationError as reason:
        faults.extend(misformed(data, file, reason.errors(include_url=False)))
        raise RulebookError(tuple(faults)) from None
    return rulebook
