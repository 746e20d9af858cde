"""What is published of the ledger itself, its rules, bodies, results and claims."""

from datetime import date
from typing import ClassVar

from ledger.calendar import SchemeYear
from ledger.money import Pence
from projections.feed.events.fields import Fact, Origin, Rate


class LedgerOpened(Fact):
    """A ledger began; it is real or simulated as a whole. Always position 1."""

    TYPE: ClassVar[str] = "ledger-opened.v1"

    name: str
    origin: Origin
    currency: str = "GBP"
    time_zone: str = "Europe/London"


class RulebookPublished(Fact):
    """The rules of a scheme year, whole; a change in mid-year is a new version."""

    TYPE: ClassVar[str] = "rulebook-published.v1"

    scheme: str
    scheme_year: SchemeYear
    rulebook_version: int  # From 1; the version of the rules, not of the stream.
    applies_from: date  # Decisions dated on or after it use this version.
    content: str  # Canonical JSON of the whole rulebook.
    content_hash: str  # SHA-256 of content in UTF-8, in hexadecimal.
    document: str | None = None  # The file it was read from.


class BodyRegistered(Fact):
    """A group, practice or provider became known to this ledger.

    The names of groups and providers are public and stand here. A practice often
    bears its doctors' names, so its name lies in `parties` (ADR 0005).
    """

    TYPE: ClassVar[str] = "body-registered.v1"

    body: str
    kind: str  # `group`, `practice` or `provider`.
    name: str | None  # None for a practice.
    opened_on: date | None = None
    closed_on: date | None = None
    ons_code: str | None = None
    area_team: str | None = None  # Code of the area team of April 2013.
    region: str | None = None
    document: str | None = None


class BodySucceeded(Fact):
    """A body's functions passed to another on a day. Accounts never move."""

    TYPE: ClassVar[str] = "body-succeeded.v1"

    body: str
    successor: str
    on: date
    document: str | None = None


class PracticeJoined(Fact):
    """A practice was first observed as a member of a group; it may be so longer."""

    TYPE: ClassVar[str] = "practice-joined.v1"

    practice: str
    group: str
    observed_on: date
    document: str | None = None


class PracticeLeft(Fact):
    """A practice was first observed as no longer a member of a group."""

    TYPE: ClassVar[str] = "practice-left.v1"

    practice: str
    group: str
    observed_on: date
    document: str | None = None


class DocumentRecorded(Fact):
    """A source document became known: a file by its bytes, and where it is from."""

    TYPE: ClassVar[str] = "document-recorded.v1"

    document: str
    title: str
    publisher: str | None = None
    url: str | None = None
    published_on: date | None = None
    licence: str | None = None


class ResultRecorded(Fact):
    """A measured result of a body for a period; populations are results too.

    A correction is a later fact of the same stream, never a change to this one.
    """

    TYPE: ClassVar[str] = "result-recorded.v1"

    measure: str  # Such as `rtt-incomplete` or `population.registered.gp-list`.
    subject: str  # May be a provider whose result decides many groups.
    period: str  # `2013-04-01..2014-03-31`, or one day: `2013-04-01`.
    value: Rate  # Unrounded: numerator / denominator where both are known.
    unit: str  # `percent`, `per-100000`, `cases`, `heads`, `yes-no` (1 or 0), ...
    numerator: Rate | None = None
    denominator: Rate | None = None
    published_on: date | None = None
    status: str = "published"  # Or `derived`, by the ledger's own arithmetic.
    derived_from: tuple[str, ...] = ()
    document: str | None = None
    row: int | None = None  # Line in the document, the header being line 1.


class ResultCorrected(Fact):
    """A result was published or measured anew: from here on this value counts.

    It stands in the stream of what it corrects. What was decided on the value before
    stays as it was decided, until it is judged again.
    """

    TYPE: ClassVar[str] = "result-corrected.v1"

    measure: str
    subject: str
    period: str
    corrects: str  # The record of the stream that counted until now.
    value: Rate
    unit: str
    numerator: Rate | None = None
    denominator: Rate | None = None
    published_on: date | None = None
    document: str | None = None
    row: int | None = None


class AttributionPublished(Fact):
    """One provider's result counts as that of many groups; the latest one counts."""

    TYPE: ClassVar[str] = "attribution-published.v1"

    measure: str
    period: str
    provider: str
    bodies: tuple[str, ...]  # Sorted, each once; empty: no longer any.
    published_on: date | None = None
    document: str | None = None


class ClaimRecorded(Fact):
    """A figure that somebody published. Never evidence for an award."""

    TYPE: ClassVar[str] = "claim-recorded.v1"

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
    document: str | None = None
    row: int | None = None


class PeriodClosed(Fact):
    """The books were closed through a day; what comes later for it is marked."""

    TYPE: ClassVar[str] = "period-closed.v1"

    through: date
