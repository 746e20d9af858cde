"""A rulebook as a whole: its elements in the order of the file, clause by clause."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from ledger.calendar import Day, SchemeYear
from ledger.limits import Counted, Label, Line, SchemeId
from ledger.rules.clauses import Clause, Part, Source, leaves
from ledger.rules.elements import (
    Disclosure,
    Gate,
    Measure,
    MeasurePart,
    Moment,
    Participation,
    Population,
    Purpose,
    Reduction,
    ReductionBase,
    ReductionCombination,
    Restriction,
    Rounding,
    Stage,
    Value,
)
from ledger.rules.faults import broken_promises


class Rulebook(Part):
    """All rules of one scheme year, in the order of the file."""

    scheme: SchemeId
    """The scheme, such as quality-premium."""
    scheme_year: SchemeYear
    """The scheme year, such as 2013-14."""
    version: Counted
    """From 1; a change of the rules is the next version."""
    title: Line
    """What the rules are called."""
    applies_from: Day
    """Decisions dated on or after it use this version."""
    sources: dict[Label, Source]
    """The sources that clauses cite, by their short names."""
    value: Value
    """What the maximum of a body is reckoned from."""
    population: Population
    """The populations on which accounts are opened."""
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    """What is measured and rewarded."""
    reductions: tuple[Reduction, ...] = ()
    """What takes a percentage off."""
    reduction_base: ReductionBase
    """What a percentage is taken of."""
    reduction_combination: ReductionCombination
    """How several percentages combine."""
    gates: tuple[Gate, ...] = ()
    """What can cost all of the award."""
    rounding: Rounding
    """How pence are rounded."""
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    """What the premium may be spent for."""
    restrictions: tuple[Restriction, ...] = ()
    """What it may not be spent for."""
    stages: tuple[Stage, ...] = ()
    """The stages of a decision."""
    disclosure: Disclosure
    """What a body must publish."""
    participation: Participation | None = None
    """Which bodies take part."""
    history: Annotated[tuple[Moment, ...], Field(exclude=True)] = ()
    """What happened to the rules, in order."""

    @model_validator(mode="after")
    def _keeps_its_promises(self) -> "Rulebook":
        faults = broken_promises(self.model_dump(mode="json"), "rulebook")
        if faults:
            raise ValueError("; ".join(str(fault) for fault in faults))
        return self


def clauses(rulebook: Rulebook) -> Iterator[Clause]:
    """Every clause, in the order of the rulebook, tests after what they decide."""
    yield rulebook.value
    yield from rulebook.value.multipliers
    yield rulebook.population
    for measure in rulebook.measures:
        yield measure
        if measure.menu is not None:
            yield measure.menu
        for one in measure.parts or (measure,):
            if isinstance(one, MeasurePart):
                yield one
            if one.test is not None:
                yield from leaves(one.test)
    for consequence in consequences(rulebook):
        yield consequence
        yield from leaves(consequence.test)
    yield rulebook.reduction_base
    yield rulebook.reduction_combination
    yield rulebook.rounding
    yield from rulebook.purposes
    yield from rulebook.restrictions
    yield from rulebook.stages
    yield rulebook.disclosure
    if rulebook.participation is not None:
        yield rulebook.participation


def consequences(rulebook: Rulebook) -> tuple[Reduction | Gate, ...]:
    """What takes something off where it is missed, in the order in which it bites."""
    return (*rulebook.reductions, *rulebook.gates)


def clause(rulebook: Rulebook, id: str) -> Clause:
    """The clause of this id.

    Raises:
        KeyError: If the rulebook has none.
    """
    for one in clauses(rulebook):
        if one.id == id:
            return one
    raise KeyError(f"{id!r} is not a clause of {rulebook.title}")
