"""What is published of a body's premium: terms, assessments, awards, withholdings."""

from datetime import date
from typing import ClassVar

from ledger.money import Pence
from projections.feed.events.fields import Fact, Move, Public, Rate, Slices


class AgreedTest(Public):
    """A measure's test as agreed with one body: one comparison of one indicator."""

    measure: str  # The rulebook's measure whose test is left to agreement.
    title: str
    indicator: str
    period: str
    comparison: str  # `at-least`, `at-most`, `more-than` or `less-than`.
    threshold: Rate  # Of the level, or of the change where there is a baseline.
    baseline_period: str | None = None
    change: str | None = None  # `percent-rise`, `percent-fall`, `rise` or `fall`.


class AgreedTarget(Public):
    """A level agreed with one body for a test whose threshold the rules leave open."""

    clause: str  # The rulebook's test that asks for it.
    target: Rate


class MenuPick(Public):
    """A measure picked from a menu, and its weight as agreed."""

    menu: str
    measure: str
    weight_percent: Rate


class TermsAgreed(Fact):
    """What a rulebook leaves to agreement was agreed; the latest terms count.

    Who agreed is not published: nothing keeps a person's id from being among them.
    """

    TYPE: ClassVar[str] = "terms-agreed.v1"

    agreed_on: date
    tests: tuple[AgreedTest, ...] = ()
    targets: tuple[AgreedTarget, ...] = ()
    picks: tuple[MenuPick, ...] = ()


class AccountOpened(Fact):
    """A body's premium for a scheme year began: its maximum, measure by measure."""

    TYPE: ClassVar[str] = "account-opened.v1"

    heads: int
    heads_basis: (
        str  # The population's measure, such as `population.registered.gp-list`.
    )
    heads_as_at: date
    heads_result: str  # The population result; never recomputed.
    rulebook: str
    rulebook_hash: str
    value_per_head_pence: Pence
    maximum_pence: Pence
    slices: Slices  # Add up to maximum.


class PopulationCorrected(Fact):
    """An account's heads were corrected, and with them its maximum and slices.

    Before an award is confirmed the difference is posted here; after that, with the
    next award, for none of it is potential any more (ADR 0009).
    """

    TYPE: ClassVar[str] = "population-corrected.v1"

    heads: int
    heads_basis: str
    heads_as_at: date
    heads_result: str
    rulebook: str
    rulebook_hash: str
    maximum_pence: Pence
    slices: Slices  # Add up to maximum; they replace those before.
    moves: tuple[Move, ...]  # What is posted now; may be empty.


class TargetRebased(Fact):
    """A threshold agreed with a body was set anew; the terms that follow hold it."""

    TYPE: ClassVar[str] = "target-rebased.v1"

    clause: str  # The test clause, or the measure whose whole test was agreed.
    before: Rate
    target: Rate
    terms: str  # Those that counted until now.
    agreed_on: date
    document: str | None = None


class IndicatorAssessed(Fact):
    """A measure was judged against its test, unrounded."""

    TYPE: ClassVar[str] = "indicator-assessed.v1"

    measure: str
    earned: Rate  # Share of the measure's weight: 1 met, 0 not met.
    evidence: tuple[str, ...]  # Every result and agreement used, in order of use.
    clauses: tuple[str, ...]  # Every clause used.
    rulebook: str
    rulebook_hash: str
    engine: str


class GateAssessed(Fact):
    """A gate, or a standard whose miss reduces the award, was judged."""

    TYPE: ClassVar[str] = "gate-assessed.v1"

    gate: str  # The clause's id, such as `constitution.rtt`.
    passed: bool
    evidence: tuple[str, ...]
    clauses: tuple[str, ...]
    rulebook: str
    rulebook_hash: str
    engine: str


class AssessmentSuperseded(Fact):
    """A judgement that a confirmed award rests on no longer counts: one follows."""

    TYPE: ClassVar[str] = "assessment-superseded.v1"

    item: str  # The measure, or the gate's clause.
    assessment: str
    determination: int  # The confirmed award that rests on it.


class AwardLine(Public):
    """One measure's part of an award."""

    measure: str
    earned: Rate  # Share of the measure's weight.
    maximum_pence: Pence  # Its slice.
    earned_pence: Pence  # Before reductions.
    payable_pence: Pence  # After them.


class AwardReduction(Public):
    """What one clause took off, in the order of the rules."""

    clause: str
    percent: Rate  # As the rulebook states it; 100 for a failed gate.
    pence: Pence  # What it took, after those before it.


class AwardProposed(Fact):
    """An award was calculated and put forward; it posts nothing."""

    TYPE: ClassVar[str] = "award-proposed.v1"

    determination: int  # From 1, within the account.
    maximum_pence: Pence
    earned_pence: Pence  # Before reductions and gates.
    before_gates_pence: Pence  # After reductions, before gates.
    total_pence: Pence
    lines: tuple[AwardLine, ...]
    reductions: tuple[AwardReduction, ...]
    moves: tuple[Move, ...]  # Out of potential; a later award posts what differs.
    assessments: tuple[str, ...]  # Every assessment used.
    clauses: tuple[str, ...]
    rulebook: str
    rulebook_hash: str
    engine: str


class AwardConfirmed(Fact):
    """An award was confirmed by another person than proposed it; it posts.

    The first posts the moves of its proposal; a later one moves what stands to what
    its proposal says, at its own date (ADR 0009).
    """

    TYPE: ClassVar[str] = "award-confirmed.v1"

    determination: int
    proposal: str
    total_pence: Pence
    moves: tuple[Move, ...]


class AwardRefused(Fact):
    """A proposed award was refused by another person; the one before stands."""

    TYPE: ClassVar[str] = "award-refused.v1"

    determination: int
    proposal: str


class RepresentationMade(Fact):
    """A body spoke against an award or a withholding; that stands meanwhile."""

    TYPE: ClassVar[str] = "representation-made.v1"

    representation: str  # An id within the account.
    about: str  # `award` or `withholding`.
    subject: str  # The determination's number, or the withholding's id.


class RepresentationDecided(Fact):
    """A representation was answered; what follows from it is decided by itself."""

    TYPE: ClassVar[str] = "representation-decided.v1"

    representation: str
    outcome: str  # `upheld`, `upheld-in-part` or `dismissed`.


class WithholdingProposed(Fact):
    """It was put forward to keep back part or all of an award; it posts nothing."""

    TYPE: ClassVar[str] = "withholding-proposed.v1"

    withholding: str  # An id within the account.
    ground: str  # `quality-indicators`, `financial-requirements`, ...
    legal_basis: str  # Such as `4(1)(c)` of SI 2013/474, or `assessment`.
    share: Rate | None  # Of the award, above 0 and at most 1; None: not a share.
    amount_pence: Pence | None  # None, as the share: all that is payable.


class WithholdingDecided(Fact):
    """Part or all of an award was kept back, by another person than proposed it."""

    TYPE: ClassVar[str] = "withholding-decided.v1"

    withholding: str
    proposal: str
    ground: str  # `quality-indicators`, `financial-requirements`, ...
    legal_basis: str  # Such as `4(1)(c)` of SI 2013/474, or `assessment`.
    determination: int  # The award from which it is kept back.
    award_pence: Pence  # That award: the figure before the gate.
    payable_pence: Pence  # What was payable of it before.
    amount_pence: Pence
    slices: Slices  # Which measures' pence; add up to amount.


class WithholdingVaried(Fact):
    """More or less is kept back from here on; one move, there or back."""

    TYPE: ClassVar[str] = "withholding-varied.v1"

    withholding: str
    before_pence: Pence
    amount_pence: Pence  # Kept back from here on.
    moves: tuple[Move, ...]


class WithholdingReleased(Fact):
    """All that was still kept back was let go: it is payable from here on."""

    TYPE: ClassVar[str] = "withholding-released.v1"

    withholding: str
    ground: str  # `quality-indicators`, `financial-requirements`, ...
    slices: Slices  # That withholding's own.


class WithholdingRefused(Fact):
    """A proposed withholding was refused by another person."""

    TYPE: ClassVar[str] = "withholding-refused.v1"

    withholding: str


class WithholdingForgone(Fact):
    """A lower award took pence that were kept back; less is withheld from here on."""

    TYPE: ClassVar[str] = "withholding-forgone.v1"

    withholding: str
    ground: str  # `quality-indicators`, `financial-requirements`, ...
    determination: int  # The award that takes them, of the same command.
    slices: Slices


class BalanceAsserted(Fact):
    """A bank or another ledger says what stood in an account at the end of a day.

    Whether it agrees is worked out at reading; a difference is a finding.
    """

    TYPE: ClassVar[str] = "balance-asserted.v1"

    of: str  # An account of the premium, such as `group:held`.
    on: date
    pence: Pence  # Below zero only for a debt.
    says: str  # `bank`, or `ledger`: another one.
    document: str | None = None
