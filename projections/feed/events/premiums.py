"""What is published of a body's premium: terms, assessments, awards."""

from datetime import date
from typing import ClassVar

from ledger.limits import Counted, Heads
from projections.feed.events.fields import (
    Clauses,
    Determination,
    Document,
    Engine,
    Evidence,
    Fact,
    Measure,
    Move,
    Pence,
    Period,
    Public,
    Rate,
    Rulebook,
    RulebookHash,
    Slices,
)


class AgreedTest(Public):
    """A measure's test as agreed with one body: one comparison of one indicator."""

    measure: str
    """The rulebook's measure whose test is left to agreement."""
    title: str
    """What people call the test."""
    indicator: str
    """The measure whose result is compared."""
    period: Period
    comparison: str
    """`at-least`, `at-most`, `more-than` or `less-than`."""
    threshold: Rate
    """The level to reach, or the change where there is a baseline: exact."""
    baseline_period: str | None = None
    """The period that it is compared with. Null if a level is tested."""
    change: str | None = None
    """`percent-rise`, `percent-fall`, `rise` or `fall`. Null if a level is tested."""


class AgreedTarget(Public):
    """A level agreed with one body for a test whose threshold the rules leave open."""

    clause: str
    """The rulebook's test that asks for it, by its id."""
    target: Rate
    """The level agreed: exact, in the unit of the test's measure."""


class MenuPick(Public):
    """A measure picked from a menu, and its weight as agreed."""

    menu: str
    """The rulebook's menu, by its id."""
    measure: Measure
    weight_percent: Rate
    """Its weight, an exact percentage of the premium: 12.5."""


class TermsAgreed(Fact):
    """What a rulebook leaves to agreement was agreed; the latest terms count.

    Who agreed is not published: nothing keeps a person's id from being among them.
    """

    TYPE: ClassVar[str] = "terms-agreed.v1"

    agreed_on: date
    """The day they were agreed."""
    tests: tuple[AgreedTest, ...] = ()
    """The tests agreed; empty where the rules leave none open."""
    targets: tuple[AgreedTarget, ...] = ()
    """The levels agreed; empty where the rules leave none open."""
    picks: tuple[MenuPick, ...] = ()
    """The measures picked from menus; empty where the rules have none."""


class AccountOpened(Fact):
    """A body's premium for a scheme year began: its maximum, measure by measure."""

    TYPE: ClassVar[str] = "account-opened.v1"

    heads: Heads
    """The population, in whole persons, that the maximum is worked out from."""
    heads_basis: str
    """The population's measure, such as `population.registered.gp-list`."""
    heads_as_at: date
    """The day on which the population was counted."""
    heads_result: str
    """The event id of the population's result; never recomputed."""
    rulebook: Rulebook
    rulebook_hash: RulebookHash
    value_per_head_pence: Pence
    """Whole pence a head, such as 500."""
    maximum_pence: Pence
    """The most that can be earned, in whole pence."""
    slices: Slices
    """Each measure's pence of the maximum; they add up to it."""


class PopulationCorrected(Fact):
    """An account's heads were corrected, and with them its maximum and slices.

    Before an award is confirmed the difference is posted here; after that, with the
    next award, for none of it is potential any more (ADR 0009).
    """

    TYPE: ClassVar[str] = "population-corrected.v1"

    heads: Heads
    """The corrected population, in whole persons."""
    heads_basis: str
    """The population's measure, such as `population.registered.gp-list`."""
    heads_as_at: date
    """The day on which the population was counted."""
    heads_result: str
    """The event id of the population's result that counts now."""
    rulebook: Rulebook
    rulebook_hash: RulebookHash
    maximum_pence: Pence
    """The most that can be earned now, in whole pence."""
    slices: Slices
    """Each measure's pence of the maximum; they replace those before."""
    moves: tuple[Move, ...]
    """What is posted now; may be empty."""


class TargetRebased(Fact):
    """A threshold agreed with a body was set again; the terms that follow hold it."""

    TYPE: ClassVar[str] = "target-rebased.v1"

    clause: str
    """The test clause, or the measure whose whole test was agreed, by its id."""
    before: Rate
    """The threshold that counted before: exact."""
    target: Rate
    """The threshold that counts now: exact."""
    terms: str
    """The event id of the terms that counted before."""
    agreed_on: date
    """The day it was agreed."""
    document: Document = None


class IndicatorAssessed(Fact):
    """A measure was judged against its test, unrounded."""

    TYPE: ClassVar[str] = "indicator-assessed.v1"

    measure: Measure
    earned: Rate
    """Share of the measure's weight, exact: 1 met, 0 not met."""
    evidence: Evidence
    clauses: Clauses
    rulebook: Rulebook
    rulebook_hash: RulebookHash
    engine: Engine


class GateAssessed(Fact):
    """A gate, or a standard whose miss reduces the award, was judged."""

    TYPE: ClassVar[str] = "gate-assessed.v1"

    gate: str
    """The clause's id, such as `constitution.rtt`."""
    passed: bool
    """Whether the standard was reached."""
    evidence: Evidence
    clauses: Clauses
    rulebook: Rulebook
    rulebook_hash: RulebookHash
    engine: Engine


class AssessmentSuperseded(Fact):
    """A judgement that a confirmed award rests on no longer counts: one follows."""

    TYPE: ClassVar[str] = "assessment-superseded.v1"

    item: str
    """What was judged: the measure, or the gate's clause, by its id."""
    assessment: str
    """The event id of the judgement that no longer counts."""
    determination: Counted
    """The confirmed award that rests on it, by its number."""


class AwardLine(Public):
    """One measure's part of an award."""

    measure: Measure
    earned: Rate
    """Share of the measure's weight, exact: from 0 to 1."""
    maximum_pence: Pence
    """Its slice of the maximum, in whole pence."""
    earned_pence: Pence
    """Whole pence earned, before reductions."""
    payable_pence: Pence
    """Whole pence payable, after reductions."""


class AwardReduction(Public):
    """What one clause took off, in the order of the rules."""

    clause: str
    """The clause's id, such as `constitution.rtt`."""
    percent: Rate
    """The percentage as the rulebook states it: exact; 100 for a failed gate."""
    pence: Pence
    """Whole pence taken, after the reductions before it."""


class AwardProposed(Fact):
    """An award was calculated and put forward; it posts nothing."""

    TYPE: ClassVar[str] = "award-proposed.v1"

    determination: Determination
    maximum_pence: Pence
    """The most that could be earned, in whole pence."""
    earned_pence: Pence
    """Whole pence earned, before reductions and gates."""
    before_gates_pence: Pence
    """Whole pence after reductions, before gates."""
    total_pence: Pence
    """Whole pence put forward: after reductions and gates."""
    lines: tuple[AwardLine, ...]
    """Each measure's part, in the order of the rules."""
    reductions: tuple[AwardReduction, ...]
    """What was taken off, in the order of the rules; may be empty."""
    moves: tuple[Move, ...]
    """Out of potential; a later award posts only what differs."""
    assessments: tuple[str, ...]
    """The event id of every assessment used."""
    clauses: Clauses
    rulebook: Rulebook
    rulebook_hash: RulebookHash
    engine: Engine


class AwardConfirmed(Fact):
    """An award was confirmed by another person than proposed it; it posts.

    The first posts the moves of its proposal. A later one moves what there is to what
    its proposal says, at its own date (ADR 0009).
    """

    TYPE: ClassVar[str] = "award-confirmed.v1"

    determination: Determination
    proposal: str
    """The event id of the proposal."""
    total_pence: Pence
    """Whole pence awarded, as proposed."""
    moves: tuple[Move, ...]
    """What is posted now."""


class AwardRefused(Fact):
    """A proposed award was refused by another person; the one before counts."""

    TYPE: ClassVar[str] = "award-refused.v1"

    determination: Determination
    proposal: str
    """The event id of the proposal."""
