"""Every fact that can be recorded, on one page.

This page is a storage format. What stands here is written to logs that outlive
the program, so a fact is changed only by a new version beside the old one: the
old golden file stays (tests/golden), and the mapper reads v1 as v2.

A fact holds what a decider decided, its account or body included, so that its
stream follows from it. When, by whom and in which order is `Meta` and
`Recorded`. Money is whole pence and always positive: the direction is in the
name. There is no prose and no name of a person in any fact: free text and
personal names lie beside the log, and a fact holds their commitment.
"""

from typing import Annotated, ClassVar, Literal, NewType, get_args

from pydantic import AfterValidator, Field, StringConstraints

from ledger.calendar import Period, RecordedDay, SchemeYear, dated_account
from ledger.limits import (
    ACCOUNT,
    BODY_CODE,
    RECORD,
    AccountName,
    Counted,
    Heads,
    Label,
    Line,
    Name,
    Reference,
    SchemeId,
    Sha256,
    Whole,
)
from ledger.money import Pence, Rate
from ledger.values import value

AccountId = NewType(
    "AccountId",
    Annotated[
        str,
        StringConstraints(max_length=100, pattern=ACCOUNT),
        AfterValidator(dated_account),
        Field(json_schema_extra={"format": "account"}),
    ],
)
"""`scheme/scheme year/body`, such as `quality-premium/2013-14/10C`."""

BodyCode = NewType("BodyCode", Annotated[str, StringConstraints(pattern=BODY_CODE)])
"""A group, practice or provider by its ODS code, such as `10C`."""

PartyId = NewType("PartyId", Label)
"""A person or organisation by id; a name, if any, lies in `parties`."""

RecordId = NewType(
    "RecordId", Annotated[str, StringConstraints(max_length=1_200, pattern=RECORD)]
)
"""`stream@version`: one record for ever."""

DocumentId = NewType("DocumentId", Sha256)
"""SHA-256 of a source document's bytes, in hexadecimal."""

Commitment = NewType("Commitment", Sha256)
"""Salted SHA-256 of a text or a name that lies beside the log, in hexadecimal."""


@value
class Slice:
    """The pence of the maximum that one measure stands for."""

    measure: Label
    """The measure, by its id in the rulebook."""
    pence: Pence
    """Above zero: a slice of nothing is left out."""


Slices = tuple[Slice, ...]
"""In the order of the rulebook's measures; each measure at most once."""


@value
class Move:
    """Pence that go from one account to another, measure by measure."""

    source: AccountName
    """Such as `premium:potential`; see postings."""
    target: AccountName
    """Such as `premium:payable`."""
    slices: Slices


@value
class Draw:
    """What was taken from one receipt: by a spending, or to be handed back."""

    receipt: Label
    """The receipt drawn on."""
    slices: Slices


@value
class CarriedCredit:
    """A credit as it stands under a correction: its day and its pence stay."""

    credit: Label
    """The credit, by its id within the spending."""
    credited_on: RecordedDay
    """Its own day."""
    draws: tuple[Draw, ...]
    """What it gave back to each receipt."""


# The ledger ---------------------------------------------------------------------------


@value
class LedgerOpened:
    """A ledger began; it is real or simulated as a whole. Always position 1."""

    TOPIC: ClassVar[str] = "ledger-opened.v1"
    PUBLIC: ClassVar[bool] = True

    name: Name
    """What the ledger is called."""
    origin: Literal["real", "simulated"]
    """Real or simulated, for good."""
    currency: Literal["GBP"] = "GBP"
    """Always pounds."""
    time_zone: Literal["Europe/London"] = "Europe/London"
    """Where its days begin and end."""


# Rules --------------------------------------------------------------------------------


@value
class RulebookPublished:
    """The rules of a scheme year, whole; a change in mid-year is a new version."""

    TOPIC: ClassVar[str] = "rulebook-published.v1"
    PUBLIC: ClassVar[bool] = True

    scheme: SchemeId
    """The scheme, such as `quality-premium`."""
    scheme_year: SchemeYear
    """The year measured, such as `2013-14`."""
    rulebook_version: Counted
    """From 1; the version of the rules, not of the stream."""
    applies_from: RecordedDay
    """Decisions dated on or after it use this version."""
    content: str
    """Canonical JSON of the whole rulebook."""
    content_hash: Sha256
    """SHA-256 of content in UTF-8, in hexadecimal."""
    document: DocumentId | None = None
    """The file it was read from."""


# Bodies -------------------------------------------------------------------------------


@value
class BodyRegistered:
    """A group, practice or provider became known to this ledger.

    The names of groups and providers are public and stand here. A practice often
    bears its doctors' names, so its name lies in `parties` (ADR 0005).
    """

    TOPIC: ClassVar[str] = "body-registered.v1"
    PUBLIC: ClassVar[bool] = True

    body: BodyCode
    kind: Literal["group", "practice", "provider"]
    """A group, practice or provider."""
    name: Name | None
    """None for a practice."""
    name_commitment: Commitment | None = None
    """For a practice."""
    opened_on: RecordedDay | None = None
    """The day it came into being, if known."""
    closed_on: RecordedDay | None = None
    """The day it ceased to be, if it has."""
    ons_code: Label | None = None
    """Its code in the statistics office."""
    area_team: Label | None = None
    """Code of the area team of April 2013."""
    region: Line | None = None
    """Code of its region."""
    document: DocumentId | None = None


@value
class BodySucceeded:
    """A body's functions passed to another on a day. Accounts never move."""

    TOPIC: ClassVar[str] = "body-succeeded.v1"
    PUBLIC: ClassVar[bool] = True

    body: BodyCode
    successor: BodyCode
    on: RecordedDay
    """The day the functions passed."""
    document: DocumentId | None = None


@value
class PracticeSeen:
    """A source shows a practice in a group, or in none, on a day: a sighting.

    It says nothing of any other day. The same practice, group and day is recorded
    once, whichever source says so again; days come in any order.
    """

    TOPIC: ClassVar[str] = "practice-seen.v1"
    PUBLIC: ClassVar[bool] = True

    practice: BodyCode
    group: BodyCode | None
    """The group it was seen in; None if the source says that it was in none."""
    observed_on: RecordedDay
    """The day for which the source says so."""
    document: DocumentId | None = None
    """The first source that said so."""


# Parties ------------------------------------------------------------------------------

PartyKind = Literal["person", "organisation"]
"""A person may act, declare and be paid; an organisation is paid."""


@value
class PartyRegistered:
    """A person or organisation became known, or bears another name from here.

    The first one fixes the kind of the party and how its id is spelled; of names the
    latest counts (ADR 0021).
    """

    TOPIC: ClassVar[str] = "party-registered.v1"
    PUBLIC: ClassVar[bool] = False  # It may be about a person.

    party: PartyId
    kind: PartyKind
    """A person or an organisation, for good."""
    name: Commitment | None = None


# Evidence and claims ------------------------------------------------------------------


@value
class DocumentRecorded:
    """A source document became known: a file by its bytes, and where it is from."""

    TOPIC: ClassVar[str] = "document-recorded.v1"
    PUBLIC: ClassVar[bool] = True

    document: DocumentId
    title: Line
    """Its title, as on its first page."""
    publisher: Line | None = None
    """Who published it."""
    url: Line | None = None
    """Where it was fetched."""
    published_on: RecordedDay | None = None
    """The day it was published, if known."""
    licence: Line | None = None
    """The licence it is under, such as `OGL-3.0`."""


@value
class ResultRecorded:
    """A measured result of a body for a period; populations are results too.

    A correction is a later fact of the same stream, never a change to this one.
    """

    TOPIC: ClassVar[str] = "result-recorded.v1"
    PUBLIC: ClassVar[bool] = True

    measure: Label
    """Such as `rtt-incomplete` or `population.registered.gp-list`."""
    subject: BodyCode
    """May be a provider whose result decides many groups."""
    period: Period
    """`2013-04-01..2014-03-31`, or one day: `2013-04-01`."""
    value: Rate
    """Unrounded: numerator / denominator where both are known."""
    unit: Label
    """`percent`, `per-100000`, `cases`, `heads`, `yes-no` (1 or 0), ..."""
    numerator: Rate | None = None
    """What was counted, for a rate."""
    denominator: Rate | None = None
    """Of how many, for a rate."""
    published_on: RecordedDay | None = None
    """The day it was published, if known."""
    status: Literal["published", "derived"] = "published"
    """Derived: ours."""
    derived_from: tuple[RecordId, ...] = ()
    document: DocumentId | None = None
    row: Counted | None = None
    """Line in the document, the header being line 1."""


@value
class ResultCorrected:
    """A result was published or measured again: from here this value counts.

    It stands in the stream of what it corrects. What was decided on the value before
    stays as it was decided, until it is judged again.
    """

    TOPIC: ClassVar[str] = "result-corrected.v1"
    PUBLIC: ClassVar[bool] = True

    measure: Label
    """The indicator."""
    subject: BodyCode
    period: Period
    """Its period, as first recorded."""
    corrects: RecordId
    """The record of the stream that counted until now."""
    value: Rate
    """The value, exact."""
    unit: Label
    """What the value counts."""
    reason: Commitment
    numerator: Rate | None = None
    """What was counted, for a rate."""
    denominator: Rate | None = None
    """Of how many, for a rate."""
    published_on: RecordedDay | None = None
    """The day it was published, if known."""
    document: DocumentId | None = None
    row: Counted | None = None
    """The line of the document, from 1."""


@value
class AttributionPublished:
    """One provider's result counts as that of many groups; the latest one counts."""

    TOPIC: ClassVar[str] = "attribution-published.v1"
    PUBLIC: ClassVar[bool] = True

    measure: Label
    """The indicator."""
    period: Period
    """The period of the results."""
    provider: BodyCode
    bodies: tuple[BodyCode, ...]
    """Sorted, each once; empty: no longer any."""
    published_on: RecordedDay | None = None
    """The day it was published, if known."""
    document: DocumentId | None = None


@value
class ClaimRecorded:
    """A figure that somebody published. Never evidence for an award."""

    TOPIC: ClassVar[str] = "claim-recorded.v1"
    PUBLIC: ClassVar[bool] = True

    claim: Label
    """An id of ours, such as `paid-2013-14-england`."""
    about: Line
    """A body's code, or `england`."""
    scheme: SchemeId
    """The scheme, such as `quality-premium`."""
    scheme_year: SchemeYear
    """The year measured, such as `2013-14`."""
    quantity: Label
    """`maximum`, `paid`, `not-paid`, `share-of-maximum`, ..."""
    as_published: Line
    """The figure as it was printed."""
    source: Line
    """Address or title of where it was printed."""
    status: Label
    """How far the reading can be trusted; see the rulebook's statuses."""
    amount_pence: Pence | None = None
    value: Rate | None = None
    """For a share or a number that is not money."""
    rounded_to_pence: Pence | None = None
    """100_000: printed in thousands of pounds."""
    published_on: RecordedDay | None = None
    """The day it was published, if known."""
    document: DocumentId | None = None
    row: Counted | None = None
    """The line of the document, from 1."""


# The account --------------------------------------------------------------------------


@value
class AgreedTest:
    """A measure's test as agreed with one body: one comparison of one indicator."""

    measure: Label
    """The rulebook's measure whose test is left to agreement."""
    title: Line
    """What the measure is called, for people."""
    indicator: Label
    """The indicator whose result is judged."""
    period: Period
    """The period of that result, such as `2013-04-01..2014-03-31`."""
    comparison: Literal["at-least", "at-most", "more-than", "less-than"]
    """How the result, or its change, is compared with the threshold."""
    threshold: Rate
    """Of the level, or of the change where there is a baseline."""
    baseline_period: Period | None = None
    """The period of the baseline, if a change is judged."""
    change: Literal["percent-rise", "percent-fall", "rise", "fall"] | None = None
    """How the change from the baseline is taken, if one is judged."""


@value
class AgreedTarget:
    """A level agreed with one body for a test whose threshold the rules leave open."""

    clause: Label
    """The rulebook's test that asks for it."""
    target: Rate


@value
class MenuPick:
    """A measure picked from a menu, and its weight as agreed."""

    menu: Label
    """The measure whose parts are picked."""
    measure: Label
    """The part that was picked."""
    weight_percent: Rate


@value
class TermsAgreed:
    """What a rulebook leaves to agreement was agreed; the latest terms count."""

    TOPIC: ClassVar[str] = "terms-agreed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    agreed_on: RecordedDay
    """The day it was agreed."""
    agreed_by: tuple[PartyId, ...]
    """The organisations that agreed."""
    tests: tuple[AgreedTest, ...] = ()
    targets: tuple[AgreedTarget, ...] = ()
    picks: tuple[MenuPick, ...] = ()


@value
class AccountOpened:
    """A body's premium for a scheme year began: its maximum, measure by measure."""

    TOPIC: ClassVar[str] = "account-opened.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    heads: Heads
    """How many people it is paid for."""
    heads_basis: (
        str  # The population's measure, such as `population.registered.gp-list`.
    )
    """The population that was counted, by its measure."""
    heads_as_at: RecordedDay
    """The day it was counted for."""
    heads_result: RecordId
    """The population result; never recomputed."""
    rulebook: RecordId
    rulebook_hash: Sha256
    """SHA-256 of the rulebook, in hexadecimal."""
    value_per_head_pence: Pence
    """What a head was worth, by the rules."""
    maximum_pence: Pence
    slices: Slices
    """Add up to maximum."""


@value
class PopulationCorrected:
    """An account's heads were corrected, and with them its maximum and slices.

    Before an award is confirmed the difference is posted here; after that, with the
    next award, for none of it is potential any more (ADR 0009).
    """

    TOPIC: ClassVar[str] = "population-corrected.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    heads: Heads
    """How many people it is paid for."""
    heads_basis: Label
    """The population that was counted, by its measure."""
    heads_as_at: RecordedDay
    """The day it was counted for."""
    heads_result: RecordId
    rulebook: RecordId
    rulebook_hash: Sha256
    """SHA-256 of the rulebook, in hexadecimal."""
    maximum_pence: Pence
    slices: Slices
    """Add up to maximum; they replace those before."""
    moves: tuple[Move, ...]
    """What is posted now; may be empty."""
    reason: Commitment


@value
class TargetRebased:
    """A threshold agreed with a body was set again; the terms that follow hold it."""

    TOPIC: ClassVar[str] = "target-rebased.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    clause: Label
    """The test clause, or the measure whose whole test was agreed."""
    before: Rate
    target: Rate
    terms: RecordId
    """Those that counted until now."""
    agreed_on: RecordedDay
    """The day it was agreed."""
    agreed_by: tuple[PartyId, ...]
    reason: Commitment
    document: DocumentId | None = None


# Assessment ---------------------------------------------------------------------------


@value
class IndicatorAssessed:
    """A measure was judged against its test, unrounded."""

    TOPIC: ClassVar[str] = "indicator-assessed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    measure: Label
    """The measure that was judged."""
    earned: Rate
    """Share of the measure's weight: 1 met, 0 not met."""
    evidence: tuple[RecordId, ...]
    """Every result and agreement used, in order of use."""
    clauses: tuple[Label, ...]
    """Every clause used."""
    rulebook: RecordId
    rulebook_hash: Sha256
    """SHA-256 of the rulebook, in hexadecimal."""
    engine: Label
    """The version of the rules engine that decided."""


@value
class GateAssessed:
    """A gate, or a standard whose miss reduces the award, was judged."""

    TOPIC: ClassVar[str] = "gate-assessed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    gate: Label
    """The clause's id, such as `constitution.rtt`."""
    passed: bool
    """Whether its test was met."""
    evidence: tuple[RecordId, ...]
    clauses: tuple[Label, ...]
    """The clauses it rests on: the gate first, then those of its test."""
    rulebook: RecordId
    rulebook_hash: Sha256
    """SHA-256 of the rulebook, in hexadecimal."""
    engine: Label
    """The version of the rules engine that decided."""


@value
class AssessmentSuperseded:
    """A judgement that a confirmed award rests on no longer counts: one follows."""

    TOPIC: ClassVar[str] = "assessment-superseded.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    item: Label
    """The measure, or the gate's clause."""
    assessment: RecordId
    determination: Counted
    """The confirmed award that rests on it."""


# Award --------------------------------------------------------------------------------


@value
class AwardLine:
    """One measure's part of an award."""

    measure: Label
    """The measure of the line."""
    earned: Rate
    """Share of the measure's weight."""
    maximum_pence: Pence
    """Its slice."""
    earned_pence: Pence
    """Before reductions."""
    payable_pence: Pence
    """After them."""


@value
class AwardReduction:
    """What one clause took off, in the order of the rules."""

    clause: Label
    """The clause of the reduction or gate."""
    percent: Rate
    """As the rulebook states it; 100 for a failed gate."""
    pence: Pence
    """What it took, after those before it."""


@value
class AwardProposed:
    """An award was calculated and put forward; it posts nothing."""

    TOPIC: ClassVar[str] = "award-proposed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    determination: Counted
    """From 1, within the account."""
    maximum_pence: Pence
    earned_pence: Pence
    """Before reductions and gates."""
    before_gates_pence: Pence
    """After reductions, before gates."""
    total_pence: Pence
    """What is awarded."""
    lines: tuple[AwardLine, ...]
    reductions: tuple[AwardReduction, ...]
    moves: tuple[Move, ...]
    """Out of potential; a later award posts what differs."""
    assessments: tuple[RecordId, ...]
    """Every assessment used."""
    clauses: tuple[Label, ...]
    """Every clause the figure rests on, in the order it is worked out."""
    rulebook: RecordId
    rulebook_hash: Sha256
    """SHA-256 of the rulebook, in hexadecimal."""
    engine: Label
    """The version of the rules engine that decided."""


@value
class AwardConfirmed:
    """An award was confirmed by another person than proposed it; it posts.

    The first posts the moves of its proposal; a later one moves what stands to what
    its proposal says, at its own date (ADR 0009).
    """

    TOPIC: ClassVar[str] = "award-confirmed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    determination: Counted
    """The number of the calculation, from 1."""
    proposal: RecordId
    total_pence: Pence
    """What is awarded."""
    moves: tuple[Move, ...]


@value
class AwardRefused:
    """A proposed award was refused by another person; the one before stands."""

    TOPIC: ClassVar[str] = "award-refused.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    determination: Counted
    """The number of the calculation, from 1."""
    proposal: RecordId
    reason: Commitment


@value
class RepresentationMade:
    """A body spoke against an award or a withholding; that stands meanwhile."""

    TOPIC: ClassVar[str] = "representation-made.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    representation: Label
    """An id within the account."""
    about: Literal["award", "withholding"]
    """What the body speaks against."""
    subject: Label
    """The determination's number, or the withholding's id."""
    grounds: Commitment


@value
class RepresentationDecided:
    """A representation was answered; what follows from it is decided by itself."""

    TOPIC: ClassVar[str] = "representation-decided.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    representation: Label
    """The id under which it was made."""
    outcome: Literal["upheld", "upheld-in-part", "dismissed"]
    """The answer."""
    reason: Commitment


# Withholding --------------------------------------------------------------------------

Ground = Literal[
    "quality-indicators",
    "financial-requirements",
    "constitution-standards",
    "serious-quality-failure",
]
"""Why part of an award is kept back by decision."""

LegalBasis = Literal[
    "4(1)(a)",
    "4(1)(b)",
    "4(1)(c)",
    "4(1)(d)",
    "4(1)(e)",
    "4(1)(f)",
    "4(1)(g)",
    "4(1)(h)",
    "assessment",
]
"""A limb of regulation 4(1) of SI 2013/474, or the assessment itself."""


@value
class WithholdingProposed:
    """It was put forward to keep back part or all of an award; it posts nothing."""

    TOPIC: ClassVar[str] = "withholding-proposed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    withholding: Label
    """An id within the account."""
    ground: Ground
    """Why it is kept back."""
    legal_basis: LegalBasis
    """What that rests on."""
    share: Rate | None
    """Of the award, above 0 and at most 1; or"""
    amount_pence: Pence | None
    """an amount; neither: all that is payable."""
    discretion: Commitment
    """Why it is considered appropriate."""


@value
class WithholdingDecided:
    """Part or all of an award was kept back, by another person than proposed it."""

    TOPIC: ClassVar[str] = "withholding-decided.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    withholding: Label
    """The id under which it was proposed."""
    proposal: RecordId
    ground: Ground
    """Why it is kept back."""
    legal_basis: LegalBasis
    """What that rests on."""
    determination: Counted
    """The award from which it is kept back."""
    award_pence: Pence
    """That award: the figure before the gate."""
    payable_pence: Pence
    """What was payable of it before."""
    amount_pence: Pence
    """What is kept back."""
    slices: Slices
    """Which measures' pence; add up to amount."""


@value
class WithholdingVaried:
    """Less is kept back from this day, or more, as another person proposed.

    What is let go is payable, or ends a debt; what is taken was payable.
    """

    TOPIC: ClassVar[str] = "withholding-varied.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    withholding: Label
    """The id under which it was proposed."""
    before_pence: Pence
    """What was kept back before."""
    amount_pence: Pence
    """Kept back from this day."""
    moves: tuple[Move, ...]
    reason: Commitment
    """Why less is kept back; of more, the reason of its proposal."""
    proposal: RecordId | None
    """Of more: what another person proposed."""


@value
class VariationProposed:
    """It was put forward to keep back more than before; it posts nothing."""

    TOPIC: ClassVar[str] = "variation-proposed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    withholding: Label
    """The id under which it was proposed."""
    before_pence: Pence
    """What was kept back then."""
    amount_pence: Pence
    """What is to be kept back in all: more than before."""
    reason: Commitment


@value
class VariationRefused:
    """To keep back more was refused by another person; what is kept back stays."""

    TOPIC: ClassVar[str] = "variation-refused.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    withholding: Label
    """The id under which it was proposed."""
    proposal: RecordId
    reason: Commitment


@value
class WithholdingReleased:
    """All that was still kept back was let go: it is payable from this day."""

    TOPIC: ClassVar[str] = "withholding-released.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    withholding: Label
    """The id under which it was proposed."""
    ground: Ground
    """Why it is kept back."""
    slices: Slices
    """That withholding's own."""
    reason: Commitment
    ends_debt: Slices
    """The part of them that ends a debt of the same measures instead, on its own day.
    """


@value
class WithholdingRefused:
    """A proposed withholding was refused by another person."""

    TOPIC: ClassVar[str] = "withholding-refused.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    withholding: Label
    """The id under which it was proposed."""
    reason: Commitment


@value
class WithholdingForgone:
    """A lower award took pence that were kept back; less is withheld from this day."""

    TOPIC: ClassVar[str] = "withholding-forgone.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    withholding: Label
    """The id under which it was proposed."""
    ground: Ground
    """Why it is kept back."""
    determination: Counted
    """The award that takes them, of the same command."""
    slices: Slices


# Debt ---------------------------------------------------------------------------------


@value
class RecoveryProposed:
    """To order a debt to be paid back was put forward; it posts nothing."""

    TOPIC: ClassVar[str] = "recovery-proposed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    recovery: Label
    """An id within the account."""
    amount_pence: Pence
    """What is to come back."""
    reason: Commitment
    due_on: RecordedDay | None
    """The day by which it is to."""


@value
class RecoveryOrdered:
    """A body was told to pay back what it has beyond its award; it posts nothing."""

    TOPIC: ClassVar[str] = "recovery-ordered.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    recovery: Label
    """The id under which it was proposed."""
    proposal: RecordId
    amount_pence: Pence
    """What must come back."""
    reason: Commitment
    """That of the proposal."""
    due_on: RecordedDay | None
    """The day by which it must."""


@value
class RecoveryRefused:
    """To order a debt to be paid back was refused by another person."""

    TOPIC: ClassVar[str] = "recovery-refused.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    recovery: Label
    """The id under which it was proposed."""
    proposal: RecordId
    reason: Commitment


@value
class RecoveryReceived:
    """A body paid back in cash: from what it holds first, then from its own money."""

    TOPIC: ClassVar[str] = "recovery-received.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    recovery: Label
    """The order that it answers."""
    payment: Label
    """An id within the account: one payment is received once."""
    reference: Reference
    """As the bank gave it."""
    amount_pence: Pence
    """What came back."""
    slices: Slices
    """The debt that it settles; adds up to amount."""
    draws: tuple[Draw, ...]
    """What it takes of what is held; at most amount."""
    own_funds: Slices
    """What the body's own money pays, in the debt's measures: amount less draws."""


@value
class DebtSettled:
    """What a body handed back before, and nothing used since, settled a debt.

    Or no longer settles it, because a higher award took its place.
    """

    TOPIC: ClassVar[str] = "debt-settled.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    settlement: Label
    """An id within the account."""
    amount_pence: Pence
    slices: Slices
    """The debt that it settles; adds up to amount."""
    settled_on: RecordedDay
    """The day on which both the debt and what was handed back stand."""
    reverses: bool
    """Whether it takes back that much of earlier ones."""


@value
class DebtSetOff:
    """A debt was settled with what is payable in another account, or in this one."""

    TOPIC: ClassVar[str] = "debt-set-off.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    set_off: Label
    """An id within the account."""
    against: AccountId
    """Whose payable settles it; of the same body."""
    amount_pence: Pence
    """The debt that was settled."""
    slices: Slices
    """The debt that is settled."""


@value
class PayableSetOff:
    """What was payable went to settle a debt of the same body."""

    TOPIC: ClassVar[str] = "payable-set-off.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    set_off: Label
    """The id of the settlement, the same in both accounts."""
    debtor: AccountId
    amount_pence: Pence
    slices: Slices
    """Which measures' pence it takes of what is payable."""


# Disbursement -------------------------------------------------------------------------


@value
class DisbursementRequested:
    """Part of what is payable was requested, and is committed."""

    TOPIC: ClassVar[str] = "disbursement-requested.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: Label
    """An id within the account."""
    amount_pence: Pence
    slices: Slices
    """Which measures' pence it draws; adds up to amount."""


@value
class DisbursementApproved:
    """A request was approved by another person than made it; money stays committed."""

    TOPIC: ClassVar[str] = "disbursement-approved.v2"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: Label
    """The id of the request."""
    amount_pence: Pence
    run: Line | None = None
    """The stream of the payment run it was approved in."""


@value
class DisbursementRefused:
    """A request was refused; exactly what it drew is payable again, as before it."""

    TOPIC: ClassVar[str] = "disbursement-refused.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: Label
    """The id of the request."""
    reason: Commitment
    slices: Slices
    """Those of the request."""
    requested_effective_on: RecordedDay
    """The request's: its legs are reversed there."""
    ends_debt: Slices
    """The part of them that ends a debt of the same measures instead, on its own day.
    """


@value
class DisbursementPaid:
    """Money went to the body: in transit until its value date, and held from then."""

    TOPIC: ClassVar[str] = "disbursement-paid.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: Label
    """The id of the request."""
    receipt: Label
    """An id within the account."""
    kind: Literal["allocation-adjustment", "cash"]
    """An adjustment of the allocation, or cash."""
    reference: Reference
    """As given; its normal form is taken once in the whole ledger."""
    value_date: RecordedDay
    """The day the money counts at the receiver; never before the payment."""
    amount_pence: Pence
    slices: Slices
    """Those of the request."""


@value
class ReferencePart:
    """One payment, recovery or lapse that a movement of the bank is made of."""

    account: AccountId
    what: Line
    """Such as `disbursement/d1`, `recovery/p1` (its payment) or `lapse/l1`."""
    pence: Pence


@value
class PaymentReferenceTaken:
    """A reference stands for one movement of the bank, and nothing else may use it."""

    TOPIC: ClassVar[str] = "payment-reference-taken.v1"
    PUBLIC: ClassVar[bool] = True

    reference: Reference
    """In its normal form: letters and digits, upper case."""
    direction: Literal["out", "in"]
    """Whether the payer paid it, or received it."""
    total_pence: Pence
    """What the bank moved."""
    parts: tuple[ReferencePart, ...]
    """What it is made of; they add up to the total, and each is recorded once.
    """


@value
class DisbursementWithdrawn:
    """The body took its request back; exactly what it drew is payable, as before."""

    TOPIC: ClassVar[str] = "disbursement-withdrawn.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: Label
    """The id of the request."""
    reason: Commitment
    slices: Slices
    """Those of the request."""
    requested_effective_on: RecordedDay
    """The date of the request, at which it is undone."""
    ends_debt: Slices
    """The part of them that ends a debt of the same measures instead, on its own day.
    """


@value
class DisbursementExpired:
    """A request was not paid in time; exactly what it drew is payable, as before."""

    TOPIC: ClassVar[str] = "disbursement-expired.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: Label
    """The id of the request."""
    slices: Slices
    """Those of the request."""
    requested_effective_on: RecordedDay
    """The date of the request, at which it is undone."""
    ends_debt: Slices
    """The part of them that ends a debt of the same measures instead, on its own day.
    """


@value
class DisbursementCancelled:
    """A lower award needed pence of a request not yet approved: all of it ended."""

    TOPIC: ClassVar[str] = "disbursement-cancelled.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: Label
    """The id of the request."""
    determination: Counted
    """The award that needed them, of the same command."""
    slices: Slices
    """Those of the request."""
    requested_effective_on: RecordedDay
    """The date of the request, at which it is undone."""


@value
class DisbursementReturned:
    """A payment came back from the bank, so it was never held: it was in transit.

    From the day it came back it ends what is owed of its measures; the rest is payable.
    """

    TOPIC: ClassVar[str] = "disbursement-returned.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: Label
    """The id of the request."""
    receipt: Label
    """The id of the receipt."""
    amount_pence: Pence
    slices: Slices
    """Those of the payment: out of what is held, on its value date."""
    value_date: RecordedDay
    """The payment's."""
    moves: tuple[Move, ...]
    """Where they go from transit on the day they came back: a debt first."""
    reason: Commitment


@value
class ReceiptConfirmed:
    """The body confirmed that the money arrived."""

    TOPIC: ClassVar[str] = "receipt-confirmed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    receipt: Label
    """The id of the receipt."""
    received_on: RecordedDay
    """The day the body says it arrived."""
    amount_pence: Pence


@value
class ReceiptDisputed:
    """The body denied that the money arrived as the payer says."""

    TOPIC: ClassVar[str] = "receipt-disputed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    receipt: Label
    """The id of the receipt."""
    reason: Commitment


# Payment runs -------------------------------------------------------------------------


@value
class RunItem:
    """One request in a payment run."""

    account: AccountId
    disbursement: Label
    """The id of the request."""
    amount_pence: Pence


@value
class RunExclusion:
    """One request left out of a payment run, and why."""

    account: AccountId
    disbursement: Label
    """The id of the request."""
    reason: Literal["debt", "dispute", "details-not-checked", "asked-for", "other"]
    """Why it was left out."""


@value
class PaymentRunProposed:
    """A list of requests to be paid together was put forward; the latest one counts."""

    TOPIC: ClassVar[str] = "payment-run-proposed.v1"
    PUBLIC: ClassVar[bool] = True

    scheme: SchemeId
    """The scheme, such as `quality-premium`."""
    scheme_year: SchemeYear
    """The year measured, such as `2013-14`."""
    run: Counted
    """From 1, within the scheme year."""
    items: tuple[RunItem, ...]
    """By account and disbursement."""
    excluded: tuple[RunExclusion, ...]
    total_pence: Pence
    """Of the items: the control total."""
    list_hash: Sha256
    """SHA-256 of the items, one a line; in hexadecimal."""


@value
class PaymentRunApproved:
    """A list was approved as a whole, by another person; each request is approved."""

    TOPIC: ClassVar[str] = "payment-run-approved.v1"
    PUBLIC: ClassVar[bool] = True

    scheme: SchemeId
    """The scheme, such as `quality-premium`."""
    scheme_year: SchemeYear
    """The year measured, such as `2013-14`."""
    run: Counted
    """The number of the run."""
    proposal: RecordId
    list_hash: Sha256
    """SHA-256 of the list, in hexadecimal."""
    total_pence: Pence
    """The control total of the list."""
    payments: Whole
    """How many requests were approved."""


@value
class PaymentRunClosed:
    """A payment run came to its end; what was not paid is listed."""

    TOPIC: ClassVar[str] = "payment-run-closed.v1"
    PUBLIC: ClassVar[bool] = True

    scheme: SchemeId
    """The scheme, such as `quality-premium`."""
    scheme_year: SchemeYear
    """The year measured, such as `2013-14`."""
    run: Counted
    """The number of the run."""
    paid_pence: Pence
    payments: Whole
    """That were made."""
    unpaid: tuple[RunItem, ...]


# Spending -----------------------------------------------------------------------------


@value
class SpendingRecorded:
    """A body spent part of what it received, for a permitted purpose."""

    TOPIC: ClassVar[str] = "spending-recorded.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    spending: Label
    """An id within the account."""
    payee: PartyId
    purpose: Label
    """Of the rulebook's permitted purposes: `a`, `b` or `c`."""
    service: Commitment
    """What was bought, in words that lie beside the log."""
    amount_pence: Pence
    draws: tuple[Draw, ...]
    """First in, first out; add up to amount."""
    transaction: Reference | None = None
    """The body's own number for the payment."""
    plan: Label | None = None
    """The plan it carries out, if any."""


@value
class SpendingCorrected:
    """A spending was recorded wrongly: its draws are undone, and drawn again.

    What is undone bears the date of what it undoes; what replaces it stands there too,
    unless the spending was of another day.
    """

    TOPIC: ClassVar[str] = "spending-corrected.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    spending: Label
    """The spending that is set right."""
    corrects: RecordId
    """The spending, or the correction of it that counted."""
    payee: PartyId
    purpose: Label
    """The purpose as it really was."""
    service: Commitment
    amount_pence: Pence
    """Nought: it was never spent."""
    draws: tuple[Draw, ...]
    """The same as before where the words alone were wrong."""
    stands_on: RecordedDay
    """The day it was spent: where the draws count."""
    undone_payee: PartyId
    undone_purpose: Label
    """The purpose as it was recorded."""
    undone: tuple[Draw, ...]
    """Exactly the draws that counted until now."""
    undone_effective_on: RecordedDay
    """The date of what is undone."""
    credits: tuple[CarriedCredit, ...]
    """Those of the spending until now, which go over to its payee and purpose."""
    reason: Commitment
    transaction: Reference | None = None
    """The id in the body's own books, if given."""


@value
class SpendingCredited:
    """Part of a spending came back from the payee, and is held again from that day."""

    TOPIC: ClassVar[str] = "spending-credited.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    spending: Label
    """The spending that it was part of."""
    credit: Label
    """An id within the spending."""
    payee: PartyId
    """Of the spending, as it counts."""
    purpose: Label
    """Of the spending, as it counts."""
    amount_pence: Pence
    draws: tuple[Draw, ...]
    """What it gives back to each receipt, pro rata to what is still spent of it."""
    reason: Commitment | None = None


@value
class PassedOn:
    """A body passed money on to another that spends it; counted once, here."""

    TOPIC: ClassVar[str] = "passed-on.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    spending: Label
    """An id within the account, of spendings and passings-on."""
    payee: PartyId
    purpose: Label
    """The purpose, by its id in the rulebook."""
    service: Commitment
    amount_pence: Pence
    draws: tuple[Draw, ...]
    transaction: Reference | None = None
    """The id in the body's own books, if given."""


@value
class PassedOnCorrected:
    """A passing-on was recorded wrongly: it is set right as a spending is."""

    TOPIC: ClassVar[str] = "passed-on-corrected.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    spending: Label
    """The passing-on that is set right."""
    corrects: RecordId
    """The passing-on, or the correction of it that counted."""
    payee: PartyId
    purpose: Label
    """The purpose as it really was."""
    service: Commitment
    amount_pence: Pence
    """Nought: it was never passed on."""
    draws: tuple[Draw, ...]
    """The same as before where the words alone were wrong."""
    stands_on: RecordedDay
    """The day it was passed on: where the draws count."""
    undone_payee: PartyId
    undone_purpose: Label
    """The purpose as it was recorded."""
    undone: tuple[Draw, ...]
    """Exactly the draws that counted until now."""
    undone_effective_on: RecordedDay
    """The date of what is undone."""
    credits: tuple[CarriedCredit, ...]
    """Those of the passing-on until now, which go over to its payee and purpose."""
    reason: Commitment
    transaction: Reference | None = None
    """The id in the body's own books, if given."""


@value
class PassedOnCredited:
    """Part of what was passed on came back, and is held again from that day."""

    TOPIC: ClassVar[str] = "passed-on-credited.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    spending: Label
    """The passing-on that it was part of."""
    credit: Label
    """An id within the passing-on."""
    payee: PartyId
    """Of the passing-on, as it counts."""
    purpose: Label
    """Of the passing-on, as it counts."""
    amount_pence: Pence
    draws: tuple[Draw, ...]
    """What it gives back to each receipt, pro rata to what is still passed on."""
    reason: Commitment | None = None


@value
class UnspentDeclared:
    """A body said what it had not spent on a day. It posts nothing."""

    TOPIC: ClassVar[str] = "unspent-declared.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    on: RecordedDay
    """The day at whose end it was unspent."""
    amount_pence: Pence
    """What was not spent, or zero."""


@value
class LapseProposed:
    """That unspent money was handed back was put forward; it posts nothing."""

    TOPIC: ClassVar[str] = "lapse-proposed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    lapse: Label
    """An id within the account."""
    amount_pence: Pence
    reference: Reference
    """As the bank gave it."""
    parts: tuple[ReferencePart, ...]
    """All of the bank's movement, or none: it is the whole, or they are on record."""
    reason: Commitment


@value
class LapseRefused:
    """A proposed lapse was refused by another person; what is held stays held."""

    TOPIC: ClassVar[str] = "lapse-refused.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    lapse: Label
    """The id under which it was proposed."""
    proposal: RecordId
    reason: Commitment


@value
class Lapsed:
    """What was not spent in time was handed back, as another person proposed."""

    TOPIC: ClassVar[str] = "lapsed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    lapse: Label
    """The id under which it was proposed."""
    proposal: RecordId
    amount_pence: Pence
    draws: tuple[Draw, ...]
    reference: Reference
    """As the bank gave it."""


# Closing and checking -----------------------------------------------------------------


@value
class PeriodClosed:
    """The books were closed through a day; what comes later for it is marked."""

    TOPIC: ClassVar[str] = "period-closed.v1"
    PUBLIC: ClassVar[bool] = True

    through: RecordedDay
    """The last day that is closed."""


@value
class CertifiedPremium:
    """One premium's money in a payment year: every line of a certificate, gross.

    In transit before, with what was paid out, less what the bank returned and what was
    received, is in transit at the end. Held before, with what was received and the
    body's own funds, less what was spent, passed on, disallowed, handed back and
    recovered, is held at the end.
    """

    account: AccountId
    in_transit_before_pence: Pence
    """Paid and not yet value at the receiver, when the year began."""
    held_before_pence: Pence
    """Received and unspent, when the year began."""
    paid_out_pence: Pence
    """On the days on which the payer's bank paid."""
    bank_returned_pence: Pence
    """Paid, and given back by the bank."""
    received_pence: Pence
    """On its value dates."""
    spent_pence: Pence
    passed_on_pence: Pence
    disallowed_pence: Pence
    handed_back_pence: Pence
    """What was unspent or disallowed, and came back."""
    recovered_pence: Pence
    """Cash that came back against a debt."""
    own_funds_pence: Pence
    """What of it was the body's own money, and never held."""
    set_off_pence: Pence
    """Debt that another premium's payable settled, or the reverse: no bank moved it."""
    in_transit_pence: Pence
    """At the end of the year."""
    held_pence: Pence
    """At the end of the year."""
    debt_pence: Pence
    """Paid beyond the award and not paid back, at the end of the year."""
    bank_pence: Pence | None = None
    """What the bank says was held at the end of the year; None where it says nothing.
    """


@value
class CertificatePrepared:
    """A body's money in a payment year was put forward as the ledger has it."""

    TOPIC: ClassVar[str] = "certificate-prepared.v1"
    PUBLIC: ClassVar[bool] = True

    body: BodyCode
    payment_year: SchemeYear
    """From 1 April to 31 March: the year in which money moved."""
    preparation: Counted
    """From 1, within the body's payment year."""
    premiums: tuple[CertifiedPremium, ...]
    """By account; none twice."""


@value
class CertificateApproved:
    """What was prepared was approved by another person, as the ledger then had it."""

    TOPIC: ClassVar[str] = "certificate-approved.v1"
    PUBLIC: ClassVar[bool] = True

    body: BodyCode
    payment_year: SchemeYear
    """The year in which money moved."""
    preparation: Counted
    """The number of what was prepared."""


@value
class BalanceAsserted:
    """A bank or another ledger says what stood in an account at the end of a day.

    Whether it agrees is worked out at reading; a difference is a finding.
    """

    TOPIC: ClassVar[str] = "balance-asserted.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    of: AccountName
    """An account of the premium, such as `group:held`."""
    on: RecordedDay
    """The day at whose end it stood so."""
    pence: Pence
    """Below zero only for a debt."""
    says: Literal["bank", "ledger"]
    """Who says so."""
    document: DocumentId | None = None


# Interests ----------------------------------------------------------------------------

InterestKind = Literal[
    "financial", "non-financial-professional", "non-financial-personal", "indirect"
]
"""As NHS England's guidance on managing conflicts of interest sorts them."""

TookPart = Literal["stayed", "spoke", "voted", "left"]
"""What somebody did while a use was decided on."""


@value
class InterestDeclared:
    """A person of a body declared what they have to do with a payee."""

    TOPIC: ClassVar[str] = "interest-declared.v1"
    PUBLIC: ClassVar[bool] = False  # It is about a person.

    body: BodyCode
    interest: Label
    """An id within the body."""
    person: PartyId
    payee: PartyId
    kind: InterestKind
    """Financial, professional, personal or indirect."""
    since: RecordedDay
    """It may be long before it was declared."""
    nature: Commitment


@value
class InterestEnded:
    """A declared interest came to an end; of two the later counts."""

    TOPIC: ClassVar[str] = "interest-ended.v1"
    PUBLIC: ClassVar[bool] = False

    body: BodyCode
    interest: Label
    """The id under which it was declared."""
    ended_on: RecordedDay
    """The last day on which it was held."""


@value
class ParticipationRecorded:
    """What part a person took in deciding on a use; of two the later counts."""

    TOPIC: ClassVar[str] = "participation-recorded.v1"
    PUBLIC: ClassVar[bool] = False  # It is about a person.

    body: BodyCode
    premium: AccountId
    """Whose use it is; the fact stands with the body's interests."""
    use: Label
    """The id of the spending or passing-on."""
    person: PartyId
    part: TookPart
    """What they did."""
    on: RecordedDay
    """The day of the decision."""
    reason: Commitment


Result = ResultRecorded | ResultCorrected
"""The facts of a result's stream: the latest one counts."""

AccountFact = (
    TermsAgreed
    | AccountOpened
    | PopulationCorrected
    | TargetRebased
    | IndicatorAssessed
    | GateAssessed
    | AssessmentSuperseded
    | AwardProposed
    | AwardConfirmed
    | AwardRefused
    | RepresentationMade
    | RepresentationDecided
    | WithholdingProposed
    | WithholdingDecided
    | VariationProposed
    | VariationRefused
    | WithholdingVaried
    | WithholdingReleased
    | WithholdingRefused
    | WithholdingForgone
    | RecoveryProposed
    | RecoveryOrdered
    | RecoveryRefused
    | RecoveryReceived
    | DebtSettled
    | DebtSetOff
    | PayableSetOff
    | DisbursementRequested
    | DisbursementApproved
    | DisbursementRefused
    | DisbursementPaid
    | DisbursementWithdrawn
    | DisbursementExpired
    | DisbursementCancelled
    | DisbursementReturned
    | ReceiptConfirmed
    | ReceiptDisputed
    | SpendingRecorded
    | SpendingCorrected
    | SpendingCredited
    | PassedOn
    | PassedOnCorrected
    | PassedOnCredited
    | UnspentDeclared
    | LapseProposed
    | LapseRefused
    | Lapsed
    | BalanceAsserted
)
"""The facts of an account's stream."""

Fact = (
    LedgerOpened
    | RulebookPublished
    | BodyRegistered
    | BodySucceeded
    | PracticeSeen
    | PartyRegistered
    | DocumentRecorded
    | ResultRecorded
    | ResultCorrected
    | AttributionPublished
    | ClaimRecorded
    | AccountFact
    | PaymentReferenceTaken
    | PaymentRunProposed
    | PaymentRunApproved
    | PaymentRunClosed
    | PeriodClosed
    | CertificatePrepared
    | CertificateApproved
    | InterestDeclared
    | InterestEnded
    | ParticipationRecorded
)

EVENTS: tuple[type[Fact], ...] = get_args(Fact)
"""Every fact: of rules, bodies and evidence; of accounts; of runs, books, interests."""


# Old forms ----------------------------------------------------------------------------


@value
class DisbursementApprovedV1:
    """An approval before there were payment runs; read as one outside of any."""

    TOPIC: ClassVar[str] = "disbursement-approved.v1"

    account: AccountId
    disbursement: Label
    """The id of the request."""
    amount_pence: Pence
