"""The elements of a rulebook: what is at stake, what is judged, and what it decides."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from ledger.calendar import Period
from ledger.limits import BASIS, SOMETIME, Counted, Label, Line, Paragraphs, Whole
from ledger.money import Pence
from ledger.rules.clauses import (
    Clause,
    Divisor,
    GateTest,
    MeasureTest,
    Points,
    Weight,
)

Domain = Literal[
    "quality", "outcomes", "inequalities", "experience", "safety", "demand", "finance"
]
WholePence = Annotated[Pence, Field(ge=0)]


class Multiplier(Clause):
    """A factor on points: a result of the body over a figure of the scheme.

    Such as its list over the average list, or its prevalence over the nation's.
    """

    name: Line
    """Its name, for people."""
    indicator: Label
    """The indicator by which it multiplies."""
    period: Period
    """The period of its result."""
    divided_by: Divisor
    measures: tuple[Label, ...] = ()
    """Whose points it changes; of all where empty."""


class Value(Clause):
    """What the maximum is reckoned from; None while a figure is not yet set."""

    kind: Literal["per-head", "contract-share", "points", "outcomes"] = "per-head"
    """What the maximum is reckoned from."""
    pence_per_head: WholePence | None = None
    """What a head is worth, in pence."""
    percent_of_contract: Weight | None = None
    """The share of the contract, in percent."""
    pence_per_point: WholePence | None = None
    """What a point is worth, in pence."""
    pence_per_outcome: WholePence | None = None
    """What an outcome is worth, in pence."""
    outcomes_at_most: Whole | None = None
    """How many outcomes are paid for at most."""
    cap_pence: WholePence | None = None
    """No maximum is above it."""
    multipliers: tuple[Multiplier, ...] = ()
    """What it is multiplied by."""


class Population(Clause):
    """Whose heads count, or which contract's value: the preferred one first."""

    bases: Annotated[
        tuple[
            Annotated[str, Field(max_length=80, pattern=BASIS)],
            ...,
        ],
        Field(min_length=1),
    ]
    """The populations on which an account may be opened."""


class Menu(Clause):
    """How many parts of a measure a body takes, and how its weight is split."""

    least: Counted
    """How many parts a body takes at least."""
    most: Counted
    """How many parts a body takes at most."""
    split: Literal["agreed", "equal"]
    """Whether the weights are agreed, or equal."""


class MeasurePart(Clause):
    """A part of a measure that is judged, and earns, on its own."""

    name: Line
    """Its name, for people."""
    share_percent: Weight | None = None
    """Of its measure; None on a menu."""
    test: MeasureTest
    """How it is tested."""


class Measure(Clause):
    """What is measured, the share of the maximum it stands for, and its test.

    A measure has a test, or parts with tests of their own; with a menu, only the
    parts that a body has picked count.
    """

    name: Line
    """Its name, for people."""
    domain: Domain
    """The part of the outcomes framework it belongs to."""
    weight_percent: Weight | None = None
    """None where points stand."""
    points: Points | None = None
    """Its points, where the scheme counts points."""
    test: MeasureTest | None = None
    """How it is tested; None if its parts are."""
    menu: Menu | None = None
    """How many of its parts a body takes, if it picks."""
    parts: tuple[MeasurePart, ...] = ()
    """The parts that are judged one by one."""


class Reduction(Clause):
    """A standard whose miss takes a percentage off."""

    name: Line
    """Its name, for people."""
    percent: Weight
    """What a miss takes off, in percent."""
    test: GateTest
    """How it is tested."""
    provider: Label | None = None
    """The kind of provider whose result decides, if any."""


class ReductionBase(Clause):
    """What a reduction's percentage is of: what was earned, or the maximum."""

    reading: Literal["earned", "maximum"]
    """Whether a percentage is taken of what is earned, or of the maximum."""


class ReductionCombination(Clause):
    """Whether several reductions add up, or each takes from what the others leave."""

    reading: Literal["additive", "multiplicative"]
    """Whether percentages are added, or multiplied."""


class Gate(Clause):
    """A test without which nothing is paid, or a percentage less of what is left."""

    name: Line
    """Its name, for people."""
    test: GateTest
    """How it is tested."""
    percent: Weight = Fraction(100)
    """What a miss takes off, in percent."""
    discretion: Paragraphs | None = None
    """Who may decide otherwise, and on what ground."""


class Rounding(Clause):
    """How the award becomes whole pence."""

    reading: Literal["half-up-once", "down-once"]
    """How pence are rounded, once, at the end."""


class Purpose(Clause):
    """What the money may be spent on; spending names it by its id."""

    name: Line
    """Its name, for people."""


class Restriction(Clause):
    """What the money may not be spent on, or only on a condition."""

    name: Line
    """Its name, for people."""


class Stage(Clause):
    """A step on the way of the money: forecast, award, payment, adjustment."""

    name: Line
    """Its name, for people."""


class Disclosure(Clause):
    """What the body must publish about its spending; None where no rule was found."""

    content: tuple[Paragraphs, ...] = ()
    """What must be published."""
    due: Paragraphs | None = None
    """By when."""
    form: Paragraphs | None = None
    """In which form."""
    place: Paragraphs | None = None
    """Where."""


class Participation(Clause):
    """What is recorded of the interests of those who decide."""


class Moment(Clause):
    """Something that happened to the rules: announced, valued, published, re-issued.

    It is about the rules and no rule: canonical content leaves it out, so that a date
    learnt later changes no hash.
    """

    kind: Literal["announced", "value-set", "published", "re-issued", "re-based"]
    """What happened to the rules."""
    on: Annotated[str, Field(pattern=SOMETIME)] | None = None
    """As far as known: a day, a month or a year; None where no source gives one."""
