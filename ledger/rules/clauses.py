"""What a rulebook is made of: sources, clauses, and the tests of measures."""

import re
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    WithJsonSchema,
)

from ledger.money import exact, exact_text

Status = Literal[
    "confirmed", "reported-from-draft", "inferred", "assumed", "conflicting"
]
"""How far a clause can be trusted; the firmest first (dossier, section 0)."""

FIRMNESS: tuple[Status, ...] = (
    "confirmed",
    "reported-from-draft",
    "inferred",
    "assumed",
    "conflicting",
)
"""The statuses in order, the firmest first."""

Comparison = Literal["at-least", "at-most", "more-than", "less-than"]
Change = Literal["percent-fall", "percent-rise", "fall", "rise"]


class Part(BaseModel):
    """Any part of a rulebook: unknown fields are refused, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Part):
    """A document that clauses rest on, and what of it was read."""

    title: str
    publisher: str
    url: str
    read: str  # What of it was read, in our words.
    published: str | None = None  # As far as known: `2013-03-04` or `2012-12`.
    gateway_reference: str | None = None


class Clause(Part):
    """One rule, where it is from, and how far it can be trusted."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
    says: str  # The rule in our own words.
    source: str  # A key of the rulebook's sources.
    status: Status


def period(text: str) -> str:
    """Check a period: `2013-04-01..2014-03-31`, or one day.

    Raises:
        ValueError: If a day does not exist, or the period ends before it begins.
    """
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?", text)
    try:
        if match is None:
            raise ValueError
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2] or match[1])
    except ValueError:
        raise ValueError(
            f"{text!r} is no period: write 2013-04-01..2014-03-31, or one day"
        ) from None
    if last < first:
        raise ValueError(f"{text!r} ends before it begins")
    return text


Period = Annotated[str, AfterValidator(period)]


def _threshold(given: Any) -> Fraction | str:
    return given if given == "agreed" else exact(given)


def _threshold_text(threshold: Fraction | str) -> str:
    return threshold if isinstance(threshold, str) else exact_text(threshold)


Threshold = Annotated[
    Fraction | Literal["agreed"],
    BeforeValidator(_threshold),
    PlainSerializer(_threshold_text, return_type=str),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "description": "An exact number as text, or 'agreed' with each body.",
        }
    ),
]
"""An exact number, or `agreed`: the target agreed with a body for this clause."""


class Level(Clause):
    """A result compared with a threshold, unrounded."""

    kind: Literal["level"]
    indicator: str
    period: Period
    comparison: Comparison
    threshold: Threshold


class Shift(Clause):
    """The change of a result from its baseline compared with a threshold, unrounded.

    A fall is positive where the result went down. A percentage is of the baseline.
    """

    kind: Literal["change"]
    indicator: str
    period: Period
    baseline_period: Period
    change: Change
    comparison: Comparison
    threshold: Threshold  # In per cent for percent-fall and percent-rise.


class Yes(Clause):
    """A yes-no result that must be yes, recorded as 1."""

    kind: Literal["yes"]
    indicator: str
    period: Period


class AllOf(Part):
    """Every one of these tests must be met."""

    all: Annotated[tuple["Test", ...], Field(min_length=1)]


class AnyOf(Part):
    """One of these tests is enough."""

    any: Annotated[tuple["Test", ...], Field(min_length=1)]


_SHAPES: tuple[tuple[type, str], ...] = (
    (AllOf, "all"),
    (AnyOf, "any"),
    (Level, "level"),
    (Shift, "change"),
    (Yes, "yes"),
    (str, "agreed"),
)


def _shape(given: Any) -> str | None:
    """Which test is meant: its tag in the unions below, or None."""
    if isinstance(given, dict):
        for shape in ("all", "any"):
            if shape in given:
                return shape
        kind = given.get("kind")
        return kind if isinstance(kind, str) else None
    return next((shape for kind, shape in _SHAPES if isinstance(given, kind)), None)


Leaf = Level | Shift | Yes
"""A test that is a clause of its own."""

Test = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Level, Tag("level")]
    | Annotated[Shift, Tag("change")]
    | Annotated[Yes, Tag("yes")],
    Discriminator(_shape),
]
"""`{all = [...]}`, `{any = [...]}`, or a leaf whose `kind` is level, change or yes."""


MeasureTest = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Level, Tag("level")]
    | Annotated[Shift, Tag("change")]
    | Annotated[Yes, Tag("yes")]
    | Annotated[Literal["agreed"], Tag("agreed")],
    Discriminator(_shape),
]
"""A test, or `agreed`: with each body, in its terms."""


def leaves(test: Test) -> tuple[Leaf, ...]:
    """The leaves of a test, in the order of the rulebook."""
    match test:
        case AllOf(all=tests) | AnyOf(any=tests):
            return tuple(leaf for inner in tests for leaf in leaves(inner))
        case _:
            return (test,)
