"""What is published of the ledger itself, its rules, bodies, results and claims."""

from datetime import date
from typing import ClassVar

from ledger.calendar import SchemeYear
from ledger.limits import Counted
from projections.feed.events.fields import (
    Body,
    Document,
    DocumentRow,
    Fact,
    Measure,
    Origin,
    Pence,
    Period,
    PublishedOn,
    Rate,
    Scheme,
    Unit,
)


class LedgerOpened(Fact):
    """A ledger began; it is real or simulated as a whole. Always position 1."""

    TYPE: ClassVar[str] = "ledger-opened.v1"

    name: str
    """The ledger's name, as its operator chose it."""
    origin: Origin
    currency: str = "GBP"
    """Of every amount, by its code in ISO 4217."""
    time_zone: str = "Europe/London"
    """In which days begin and end, by its name in the IANA database."""


class RulebookPublished(Fact):
    """The rules of a scheme year, whole; a change in mid-year is a new version."""

    TYPE: ClassVar[str] = "rulebook-published.v1"

    scheme: Scheme
    scheme_year: SchemeYear
    rulebook_version: Counted
    """The version of the rules: 1, 2 and so on within the scheme year."""
    applies_from: date
    """Decisions dated on or after it use this version."""
    content: str
    """The whole rulebook as canonical JSON, to be parsed again."""
    content_hash: str
    """SHA-256 of `content` in UTF-8, in hexadecimal."""
    document: Document = None


class BodyRegistered(Fact):
    """A group, practice or provider became known to this ledger.

    The names of groups and providers are public, and are given here. A practice often
    bears its doctors' names, so its name lies in `parties` (ADR 0005).
    """

    TYPE: ClassVar[str] = "body-registered.v1"

    body: Body
    kind: str
    """`group`, `practice` or `provider`."""
    name: str | None
    """The body's public name; null for a practice."""
    opened_on: date | None = None
    """Its first day. Null if not known."""
    closed_on: date | None = None
    """Its last day. Null if not known, or if it is open."""
    ons_code: str | None = None
    """Its code in the ONS geography, such as `E38000001`. Null if it has none."""
    area_team: str | None = None
    """Code of the area team of April 2013. Null if not known."""
    region: str | None = None
    """Code of its region. Null if not known."""
    document: Document = None


class BodySucceeded(Fact):
    """A body's functions passed to another on a day. Accounts never move."""

    TYPE: ClassVar[str] = "body-succeeded.v1"

    body: Body
    successor: str
    """The code of the body that has its functions now."""
    on: date
    """The first day of the successor."""
    document: Document = None


class PracticeSeen(Fact):
    """A source shows a practice in a group, or in none, on a day."""

    TYPE: ClassVar[str] = "practice-seen.v1"

    practice: str
    """The practice by its code, such as `A81001`."""
    group: str | None
    """The group by its code, such as `10C`; null if the source says: in none."""
    observed_on: date
    """The day for which the source says so; it says nothing of any other day."""
    document: Document = None


class DocumentRecorded(Fact):
    """A source document became known: a file by its bytes, and where it is from."""

    TYPE: ClassVar[str] = "document-recorded.v1"

    document: str
    """SHA-256 of the file's bytes, in hexadecimal: other events name it by this."""
    title: str
    """The document's title, as it was given."""
    publisher: str | None = None
    """Who published it. Null if not known."""
    url: str | None = None
    """Where it was found. Null if not known."""
    published_on: PublishedOn = None
    licence: str | None = None
    """The licence under which it may be used. Null if not known."""


class ResultRecorded(Fact):
    """A measured result of a body for a period; populations are results too.

    A correction is a later fact of the same stream, never a change to this one.
    """

    TYPE: ClassVar[str] = "result-recorded.v1"

    measure: str
    """Such as `rtt-incomplete` or `population.registered.gp-list`."""
    subject: str
    """The body measured, by its code; a provider's result may decide many groups."""
    period: Period
    value: Rate
    """The exact value, unrounded: numerator / denominator where both are known."""
    unit: Unit
    numerator: Rate | None = None
    """The exact number above the line, such as 25 of 200. Null if not published."""
    denominator: Rate | None = None
    """The exact number below the line, such as 200. Null if not published."""
    published_on: PublishedOn = None
    status: str = "published"
    """`published`, or `derived` where the ledger worked it out."""
    derived_from: tuple[str, ...] = ()
    """The event ids of the results that a derived one was worked out from."""
    document: Document = None
    row: DocumentRow = None


class ResultCorrected(Fact):
    """A result was published or measured again: this value counts now.

    It is in the stream of what it corrects. What was decided on the value before stays
    as it was decided, until it is judged again.
    """

    TYPE: ClassVar[str] = "result-corrected.v1"

    measure: Measure
    subject: str
    """The body measured, by its code."""
    period: Period
    corrects: str
    """The event id of the result or correction that counted before."""
    value: Rate
    """The exact value that counts now, unrounded."""
    unit: Unit
    numerator: Rate | None = None
    """The exact number above the line. Null if not published."""
    denominator: Rate | None = None
    """The exact number below the line. Null if not published."""
    published_on: PublishedOn = None
    document: Document = None
    row: DocumentRow = None


class AttributionPublished(Fact):
    """One provider's result counts as that of many groups; the latest one counts."""

    TYPE: ClassVar[str] = "attribution-published.v1"

    measure: Measure
    period: Period
    provider: str
    """The provider whose result it is, by its code."""
    bodies: tuple[str, ...]
    """The groups it counts for, by code: sorted, each once. Empty: no longer any."""
    published_on: PublishedOn = None
    document: Document = None


class ClaimRecorded(Fact):
    """A figure that somebody published. Never evidence for an award."""

    TYPE: ClassVar[str] = "claim-recorded.v1"

    claim: str
    """The claim's id in the ledger, such as `paid-2013-14-england`."""
    about: str
    """Whom the figure is about: a body's code, or `england`."""
    scheme: Scheme
    scheme_year: SchemeYear
    quantity: str
    """What it states: `maximum`, `paid`, `not-paid`, `share-of-maximum`, ..."""
    as_published: str
    """The figure as it was printed, such as `£199.9m`."""
    source: str
    """Address or title of where it was printed."""
    status: str
    """How far the reading can be trusted; see the rulebook's statuses."""
    amount_pence: Pence | None = None
    """The amount in whole pence. Null if the figure is not money."""
    value: Rate | None = None
    """A share or another exact number. Null if the figure is money."""
    rounded_to_pence: Pence | None = None
    """To how many pence it was rounded: 100000 if printed in thousands of pounds."""
    published_on: PublishedOn = None
    document: Document = None
    row: DocumentRow = None
