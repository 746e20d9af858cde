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

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, NewType

from pydantic import ConfigDict

from ledger.calendar import SchemeYear
from ledger.money import Pence, Rate

AccountId = NewType("AccountId", str)
"""`scheme/scheme year/body`, such as `quality-premium/2013-14/10C`."""

BodyCode = NewType("BodyCode", str)
"""A group, practice or provider by its ODS code, such as `10C`."""

PartyId = NewType("PartyId", str)
"""A person or organisation by id; a name, if any, lies in `parties`."""

RecordId = NewType("RecordId", str)
"""`stream@version`: one record for ever."""

DocumentId = NewType("DocumentId", str)
"""SHA-256 of a source document's bytes, in hexadecimal."""

Commitment = NewType("Commitment", str)
"""Salted SHA-256 of a text or a name that lies beside the log, in hexadecimal."""


class Closed:
    """A dataclass that has no fields but its own: others are refused when read."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(Closed):
    """The pence of the maximum that one measure stands for."""

    measure: str
    pence: Pence  # Above zero: a slice of nothing is left out.


Slices = tuple[Slice, ...]
"""In the order of the rulebook's measures; each measure at most once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Closed):
    """Pence that go from one account to another, measure by measure."""

    source: str  # Such as `premium:potential`; see postings.
    target: str
    slices: Slices


# The ledger ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerOpened(Closed):
    """A ledger began; it is real or simulated as a whole. Always position 1."""

    TOPIC: ClassVar[str] = "ledger-opened.v1"
    PUBLIC: ClassVar[bool] = True

    name: str
    origin: Literal["real", "simulated"]
    currency: Literal["GBP"] = "GBP"
    time_zone: Literal["Europe/London"] = "Europe/London"


# Rules --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookPublished(Closed):
    """The rules of a scheme year, whole; a change in mid-year is a new version."""

    TOPIC: ClassVar[str] = "rulebook-published.v1"
    PUBLIC: ClassVar[bool] = True

    scheme: str
    scheme_year: SchemeYear
    rulebook_version: int  # From 1; the version of the rules, not of the stream.
    applies_from: date  # Decisions dated on or after it use this version.
    content: str  # Canonical JSON of the whole rulebook.
    content_hash: str  # SHA-256 of content in UTF-8, in hexadecimal.
    document: DocumentId | None = None  # The file it was read from.


# Bodies -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRegistered(Closed):
    """A group, practice or provider became known to this ledger.

    The names of groups and providers are public and stand here. A practice often
    bears its doctors' names, so its name lies in `parties` (ADR 0005).
    """

    TOPIC: ClassVar[str] = "body-registered.v1"
    PUBLIC: ClassVar[bool] = True

    body: BodyCode
    kind: Literal["group", "practice", "provider"]
    name: str | None  # None for a practice.
    name_commitment: Commitment | None = None  # For a practice.
    opened_on: date | None = None
    closed_on: date | None = None
    ons_code: str | None = None
    area_team: str | None = None  # Code of the area team of April 2013.
    region: str | None = None
    document: DocumentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySucceeded(Closed):
    """A body's functions passed to another on a day. Accounts never move."""

    TOPIC: ClassVar[str] = "body-succeeded.v1"
    PUBLIC: ClassVar[bool] = True

    body: BodyCode
    successor: BodyCode
    on: date
    document: DocumentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeJoined(Closed):
    """A practice was first observed as a member of a group; it may be so longer."""

    TOPIC: ClassVar[str] = "practice-joined.v1"
    PUBLIC: ClassVar[bool] = True

    practice: BodyCode
    group: BodyCode
    observed_on: date
    document: DocumentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeLeft(Closed):
    """A practice was first observed as no longer a member of a group."""

    TOPIC: ClassVar[str] = "practice-left.v1"
    PUBLIC: ClassVar[bool] = True

    practice: BodyCode
    group: BodyCode
    observed_on: date
    document: DocumentId | None = None


# Evidence and claims ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecorded(Closed):
    """A source document became known: a file by its bytes, and where it is from."""

    TOPIC: ClassVar[str] = "document-recorded.v1"
    PUBLIC: ClassVar[bool] = True

    document: DocumentId
    title: str
    publisher: str | None = None
    url: str | None = None
    published_on: date | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRecorded(Closed):
    """A measured result of a body for a period; populations are results too.

    A correction is a later fact of the same stream, never a change to this one.
    """

    TOPIC: ClassVar[str] = "result-recorded.v1"
    PUBLIC: ClassVar[bool] = True

    measure: str  # Such as `rtt-incomplete` or `population.registered.gp-list`.
    subject: BodyCode  # May be a provider whose result decides many groups.
    period: str  # `2013-04-01..2014-03-31`, or one day: `2013-04-01`.
    value: Rate  # Unrounded: numerator / denominator where both are known.
    unit: str  # `percent`, `per-100000`, `cases`, `heads`, `yes-no` (1 or 0), ...
    numerator: Rate | None = None
    denominator: Rate | None = None
    published_on: date | None = None
    status: Literal["published", "derived"] = "published"  # Derived: ours.
    derived_from: tuple[RecordId, ...] = ()
    document: DocumentId | None = None
    row: int | None = None  # Line in the document, the header being line 1.


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecorded(Closed):
    """A figure that somebody published. Never evidence for an award."""

    TOPIC: ClassVar[str] = "claim-recorded.v1"
    PUBLIC: ClassVar[bool] = True

    claim: str  # An id of ours, such as `paid-2013-14-england`.
    about: str  # A body's code, or `england`.
    scheme: str
    scheme_year: SchemeYear
    quantity: str  # `maximum`, `paid`, `not-paid`, `share-of-maximum`, ...
    as_published: str  # The figure as it was printed.
    source: str  # Address or title of where it was printed.
    status: str  # How far the reading can be trusted; see the rulebook's statuses.
    amount_pence: Pence | None = None
    value: Rate | None = None  # For a share or a number that is no money.
    rounded_to_pence: Pence | None = None  # 100_000: printed in thousands of pounds.
    published_on: date | None = None
    document: DocumentId | None = None
    row: int | None = None


# The account --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedTest(Closed):
    """A measure's test as agreed with one body: one comparison of one indicator."""

    measure: str  # The rulebook's measure whose test is left to agreement.
    title: str
    indicator: str
    period: str
    comparison: Literal["at-least", "at-most", "more-than", "less-than"]
    threshold: Rate  # Of the level, or of the change where there is a baseline.
    baseline_period: str | None = None
    change: Literal["percent-rise", "percent-fall", "rise", "fall"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedTarget(Closed):
    """A level agreed with one body for a test whose threshold the rules leave open."""

    clause: str  # The rulebook's test that asks for it.
    target: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPick(Closed):
    """A measure picked from a menu, and its weight as agreed."""

    menu: str
    measure: str
    weight_percent: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsAgreed(Closed):
    """What a rulebook leaves to agreement was agreed; the latest terms count."""

    TOPIC: ClassVar[str] = "terms-agreed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    agreed_on: date
    agreed_by: tuple[PartyId, ...]  # The organisations that agreed.
    tests: tuple[AgreedTest, ...] = ()
    targets: tuple[AgreedTarget, ...] = ()
    picks: tuple[MenuPick, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened(Closed):
    """A body's premium for a scheme year began: its maximum, measure by measure."""

    TOPIC: ClassVar[str] = "account-opened.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    heads: int
    heads_basis: (
        str  # The population's measure, such as `population.registered.gp-list`.
    )
    heads_as_at: date
    heads_result: RecordId  # The population result; never recomputed.
    rulebook: RecordId
    rulebook_hash: str
    value_per_head_pence: Pence
    maximum_pence: Pence
    slices: Slices  # Add up to maximum.


# Assessment ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorAssessed(Closed):
    """A measure was judged against its test, unrounded."""

    TOPIC: ClassVar[str] = "indicator-assessed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    measure: str
    earned: Rate  # Share of the measure's weight: 1 met, 0 not met.
    evidence: tuple[RecordId, ...]  # Every result and agreement used, in order of use.
    clauses: tuple[str, ...]  # Every clause used.
    rulebook: RecordId
    rulebook_hash: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAssessed(Closed):
    """A gate, or a standard whose miss reduces the award, was judged."""

    TOPIC: ClassVar[str] = "gate-assessed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    gate: str  # The clause's id, such as `constitution.rtt`.
    passed: bool
    evidence: tuple[RecordId, ...]
    clauses: tuple[str, ...]
    rulebook: RecordId
    rulebook_hash: str
    engine: str


# Award --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardLine(Closed):
    """One measure's part of an award."""

    measure: str
    earned: Rate  # Share of the measure's weight.
    maximum_pence: Pence  # Its slice.
    earned_pence: Pence  # Before reductions.
    payable_pence: Pence  # After them.


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardReduction(Closed):
    """What one clause took off, in the order of the rules."""

    clause: str
    percent: Rate  # As the rulebook states it; 100 for a failed gate.
    pence: Pence  # What it took, after those before it.


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardProposed(Closed):
    """An award was calculated and put forward; it posts nothing."""

    TOPIC: ClassVar[str] = "award-proposed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    determination: int  # From 1, within the account.
    maximum_pence: Pence
    earned_pence: Pence  # Before reductions and gates.
    before_gates_pence: Pence  # After reductions, before gates.
    total_pence: Pence
    lines: tuple[AwardLine, ...]
    reductions: tuple[AwardReduction, ...]
    moves: tuple[Move, ...]  # What confirming it will post.
    assessments: tuple[RecordId, ...]  # Every assessment used.
    clauses: tuple[str, ...]
    rulebook: RecordId
    rulebook_hash: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardConfirmed(Closed):
    """An award was confirmed by another person than proposed it; it posts."""

    TOPIC: ClassVar[str] = "award-confirmed.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    determination: int
    proposal: RecordId
    total_pence: Pence
    moves: tuple[Move, ...]


# Disbursement -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementRequested(Closed):
    """Part of what is payable was asked for, and is set aside for it."""

    TOPIC: ClassVar[str] = "disbursement-requested.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: str  # An id within the account.
    amount_pence: Pence
    slices: Slices  # Which measures' pence it draws; adds up to amount.


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementApproved(Closed):
    """A request was approved by another person than made it; money stays set aside."""

    TOPIC: ClassVar[str] = "disbursement-approved.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: str
    amount_pence: Pence


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementRefused(Closed):
    """A request was refused; exactly what it drew is payable again, as before it."""

    TOPIC: ClassVar[str] = "disbursement-refused.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: str
    reason: Commitment
    slices: Slices  # Those of the request.
    requested_effective_on: date  # The request's: its legs are reversed there.


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementPaid(Closed):
    """Money went to the body; its receipt is what spending draws on."""

    TOPIC: ClassVar[str] = "disbursement-paid.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    disbursement: str
    receipt: str  # An id within the account.
    kind: Literal["allocation-adjustment", "cash"]
    reference: str  # As given; its normal form is taken once in the whole ledger.
    value_date: date  # The day the money counts at the receiver.
    amount_pence: Pence
    slices: Slices  # Those of the request.


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReferenceTaken(Closed):
    """A payment reference was used; no other payment of the ledger may use it."""

    TOPIC: ClassVar[str] = "payment-reference-taken.v1"
    PUBLIC: ClassVar[bool] = True

    reference: str  # In its normal form: letters and digits, upper case.
    account: AccountId
    disbursement: str


# Spending -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw(Closed):
    """What a spending took from one receipt."""

    receipt: str
    slices: Slices


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingRecorded(Closed):
    """A body spent part of what it received, for a permitted purpose."""

    TOPIC: ClassVar[str] = "spending-recorded.v1"
    PUBLIC: ClassVar[bool] = True

    account: AccountId
    spending: str  # An id within the account.
    payee: PartyId
    payee_name: Commitment | None
    purpose: str  # Of the rulebook's permitted purposes: `a`, `b` or `c`.
    service: Commitment  # What was bought, in words that lie beside the log.
    amount_pence: Pence
    draws: tuple[Draw, ...]  # First in, first out; add up to amount.
    transaction: str | None = None  # The body's own number for the payment.
    plan: str | None = None


Fact = (
    LedgerOpened
    | RulebookPublished
    | BodyRegistered
    | BodySucceeded
    | PracticeJoined
    | PracticeLeft
    | DocumentRecorded
    | ResultRecorded
    | ClaimRecorded
    | TermsAgreed
    | AccountOpened
    | IndicatorAssessed
    | GateAssessed
    | AwardProposed
    | AwardConfirmed
    | DisbursementRequested
    | DisbursementApproved
    | DisbursementRefused
    | DisbursementPaid
    | PaymentReferenceTaken
    | SpendingRecorded
)

EVENTS: tuple[type[Fact], ...] = (
    LedgerOpened,
    RulebookPublished,
    BodyRegistered,
    BodySucceeded,
    PracticeJoined,
    PracticeLeft,
    DocumentRecorded,
    ResultRecorded,
    ClaimRecorded,
    TermsAgreed,
    AccountOpened,
    IndicatorAssessed,
    GateAssessed,
    AwardProposed,
    AwardConfirmed,
    DisbursementRequested,
    DisbursementApproved,
    DisbursementRefused,
    DisbursementPaid,
    PaymentReferenceTaken,
    SpendingRecorded,
)
"""Every fact, in the order of this page."""

AccountFact = (
    TermsAgreed
    | AccountOpened
    | IndicatorAssessed
    | GateAssessed
    | AwardProposed
    | AwardConfirmed
    | DisbursementRequested
    | DisbursementApproved
    | DisbursementRefused
    | DisbursementPaid
    | SpendingRecorded
)
"""The facts of an account's stream."""
