"""What a rulebook is made of: sources, clauses, and the tests of measures."""

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
    Strict,
    Tag,
    WithJsonSchema,
    model_validator,
)

from ledger.calendar import Day, Period
from ledger.limits import MOST_GIVEN, NUMBER, Label, Line, Paragraphs, SchemeId
from ledger.money import GivenRate, exact_text, given_exact

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

Comparison = Literal["at-least", "at-most", "more-than", "less-than", "equal-to"]
Change = Literal["percent-fall", "percent-rise", "fall", "rise"]


class Part(BaseModel):
    """Any part of a rulebook: unknown fields are refused, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Source(Part):
    """A document that clauses rest on, and what of it was read."""

    title: Line
    """Its title."""
    publisher: Line
    """Who published it."""
    url: Line
    """Where it was read."""
    read: Paragraphs
    """What of it was read, in our words."""
    published: Line | None = None
    """As far as known: `2013-03-04` or `2012-12`."""
    gateway_reference: Line | None = None
    """The number under which the publisher cleared it."""


class Clause(Part):
    """One rule, where it is from, and how far it can be trusted."""

    id: SchemeId
    """What the clause is called, such as constitution.rtt; once in a rulebook."""
    says: Paragraphs
    """The rule in our own words."""
    source: Label
    """A key of the rulebook's sources."""
    status: Status
    """How sure it is that the clause was so."""


def _number_or(*words: str) -> Any:
    """An exact number, or one of some words that stand where none does."""

    def read(given: Any) -> Fraction | str:
        return (
            given if isinstance(given, str) and given in words else given_exact(given)
        )

    def text(number: Fraction | str) -> str:
        return number if isinstance(number, str) else exact_text(number)

    schema = {
        "anyOf": [
            {"enum": list(words)},
            {"type": "string", "pattern": NUMBER},
            {"type": "integer", "minimum": -MOST_GIVEN, "maximum": MOST_GIVEN},
        ],
        "description": f"An exact number as text, or {' or '.join(words)}.",
    }
    return (
        BeforeValidator(read),
        PlainSerializer(text, return_type=str),
        WithJsonSchema(schema),
    )


def _percent(given: Fraction | str) -> Fraction | str:
    if isinstance(given, Fraction) and not 0 <= given <= 100:
        raise ValueError("a percentage is from 0 to 100")
    return given


def _counted(given: Fraction | str) -> Fraction | str:
    if isinstance(given, Fraction) and given < 0:
        raise ValueError("points are zero or more")
    return given


def _divides(given: Fraction | str) -> Fraction | str:
    if isinstance(given, Fraction) and given <= 0:
        raise ValueError("a figure is divided by a number above zero")
    return given


Threshold = Annotated[
    Fraction | Literal["agreed", "unknown"], *_number_or("agreed", "unknown")
]
"""An exact number, `agreed` (the target agreed with a body for this clause), or
`unknown` (no source says it: what rests on it stays open)."""

Weight = Annotated[
    Fraction | Literal["unknown"], AfterValidator(_percent), *_number_or("unknown")
]
"""A percentage, or `unknown`: no source says it, and nothing is reckoned with it."""

Points = Annotated[
    Fraction | Literal["unknown"], AfterValidator(_counted), *_number_or("unknown")
]
"""A number of points, zero or more, or `unknown`: no source says it."""

Divisor = Annotated[
    Fraction | Literal["unknown"], AfterValidator(_divides), *_number_or("unknown")
]
"""What a figure is divided by, above zero, or `unknown`: no source says it."""


class Compared(Clause):
    """A result, or its change, held against a number.

    It is compared unrounded unless the rules themselves say to how many decimal
    places; half goes up. A missing result leaves the test open, unless the rules name
    a day from which it counts as missed.
    """

    indicator: Label
    """The indicator whose result is judged, such as pyll."""
    period: Period
    """The period of that result."""
    places: Annotated[int, Strict(), Field(ge=0, le=20)] | None = None
    """To how many decimal places the result is rounded first; None if it is not."""
    missed_without_result_from: Day | None = None
    """The day from which a missing result counts as missed."""


class Level(Compared):
    """A result compared with a threshold."""

    kind: Literal["level"]
    """The result itself is compared."""
    comparison: Comparison
    """How it is compared with the threshold."""
    threshold: Threshold
    """The level to reach."""


class Shift(Compared):
    """The change of a result from its baseline compared with a threshold.

    A fall is positive where the result went down. A percentage is of the baseline.
    """

    kind: Literal["change"]
    """The change from a baseline is compared."""
    baseline_period: Period
    """The period of the baseline."""
    baseline_indicator: Label | None = None
    """Another series, where it was re-based."""
    change: Change
    """How the change is taken."""
    comparison: Comparison
    """How it is compared with the threshold."""
    threshold: Threshold
    """In per cent for percent-fall and percent-rise."""


class Yes(Compared):
    """A yes-no result that must be yes, recorded as 1."""

    kind: Literal["yes"]
    """The result is yes or no; yes is met."""


class Linear(Compared):
    """A share that grows evenly from nothing at one level to all of it at another.

    Of the result itself, or of its change where a baseline and a change stand. Less
    can be better: then `full_at` lies below `nothing_at`.
    """

    kind: Literal["linear"]
    """What is earned rises with the result."""
    nothing_at: GivenRate
    """The result at which nothing is earned."""
    full_at: Threshold
    """The result at which all is earned."""
    baseline_period: Period | None = None
    """The period of the baseline, if a change is judged."""
    baseline_indicator: Label | None = None
    """The indicator of the baseline, if it is another."""
    change: Change | None = None
    """How the change is taken, if a change is judged."""

    @model_validator(mode="after")
    def _is_whole(self) -> "Linear":
        if (self.baseline_period is None) is not (self.change is None):
            raise ValueError("needs both baseline_period and change, or neither")
        if self.full_at == self.nothing_at:
            raise ValueError("full_at must differ from nothing_at")
        return self


class AllOf(Part):
    """Every one of these tests must be met."""

    all: Annotated[tuple["Test", ...], Field(min_length=1)]
    """The tests that must all be met."""


class AnyOf(Part):
    """One of these tests is enough."""

    any: Annotated[tuple["Test", ...], Field(min_length=1)]
    """The tests of which one must be met."""


_SHAPES: tuple[tuple[type, str], ...] = (
    (AllOf, "all"),
    (AnyOf, "any"),
    (Level, "level"),
    (Shift, "change"),
    (Yes, "yes"),
    (Linear, "linear"),
    (str, "word"),
)


def shape(given: Any) -> str | None:
    """Which test is meant: its tag in the unions below, or None."""
    if isinstance(given, dict):
        for several in ("all", "any"):
            if several in given:
                return several
        kind = given.get("kind")
        return kind if isinstance(kind, str) else None
    return next((name for kind, name in _SHAPES if isinstance(given, kind)), None)


Leaf = Level | Shift | Yes | Linear
"""A test that is a clause of its own."""

Test = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Level, Tag("level")]
    | Annotated[Shift, Tag("change")]
    | Annotated[Yes, Tag("yes")],
    Discriminator(shape),
]
"""`{all = [...]}`, `{any = [...]}`, or a leaf whose `kind` is level, change or yes."""

GateTest = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Level, Tag("level")]
    | Annotated[Shift, Tag("change")]
    | Annotated[Yes, Tag("yes")]
    | Annotated[Literal["unknown"], Tag("word")],
    Discriminator(shape),
]
"""A test that is met or not, or `unknown`: no source says it, and it stays open."""

MeasureTest = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Level, Tag("level")]
    | Annotated[Shift, Tag("change")]
    | Annotated[Yes, Tag("yes")]
    | Annotated[Linear, Tag("linear")]
    | Annotated[Literal["agreed", "unknown"], Tag("word")],
    Discriminator(shape),
]
"""A test, which may earn in part; `agreed` with each body; or `unknown`."""

Judged = AllOf | AnyOf | Leaf | Literal["unknown"]
"""What can be judged: a test, or that none is known."""


def leaves(test: AllOf | AnyOf | Leaf | str) -> tuple[Leaf, ...]:
    """The leaves of a test, in the order of the rulebook; none of a word."""
    match test:
        case AllOf(all=tests) | AnyOf(any=tests):
            return tuple(leaf for inner in tests for leaf in leaves(inner))
        case str():
            return ()
        case _:
            return (test,)
