"""Source documents, measured results, and figures that somebody published."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from ledger.calendar import SchemeYear
from ledger.decisions.bodies import UnknownBody
from ledger.events import (
    BodyCode,
    ClaimRecorded,
    DocumentId,
    DocumentRecorded,
    RecordId,
    Result,
    ResultRecorded,
)
from ledger.money import Pence, Rate, exact_text
from ledger.recorded import Recorded
from ledger.request import Decision
from ledger.values import value

Period = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$"),
]
"""A day, or its first and last: `2013-04-01..2014-03-31`."""


@value
class RecordDocument:
    """Make a source document known."""

    NAME: ClassVar[str] = "record-document"

    document: DocumentId
    title: str
    publisher: str | None = None
    url: str | None = None
    published_on: date | None = None
    licence: str | None = None


@value
class RecordResult:
    """Record a measured result, a population included."""

    NAME: ClassVar[str] = "record-result"

    measure: str
    subject: BodyCode
    period: Period
    value: Rate
    unit: str
    numerator: Rate | None = None
    denominator: Rate | None = None
    published_on: date | None = None
    status: Literal["published", "derived"] = "published"
    derived_from: tuple[RecordId, ...] = ()
    document: DocumentId | None = None
    row: int | None = None


@value
class RecordClaim:
    """Record a figure that somebody published."""

    NAME: ClassVar[str] = "record-claim"

    claim: str
    about: str
    scheme: str
    scheme_year: SchemeYear
    quantity: str
    as_published: str
    source: str
    status: Literal[
        "confirmed", "reported-from-draft", "inferred", "assumed", "conflicting"
    ]
    amount_pence: Pence | None = None
    value: Rate | None = None
    rounded_to_pence: Pence | None = None
    published_on: date | None = None
    document: DocumentId | None = None
    row: int | None = None


@value
class DocumentDiffers:
    """The document is recorded with other particulars."""

    NAME: ClassVar[str] = "document-differs"

    document: str
    recorded_title: str
    field: str
    recorded: str
    given: str

    def __str__(self) -> str:
        return (
            f"document {self.document[:12]} is recorded as {self.recorded_title!r} "
            f"with {self.field} {self.recorded}, not {self.given}"
        )


@value
class ResultDiffers:
    """Another value is recorded for the same measure, subject and period."""

    NAME: ClassVar[str] = "result-differs"

    measure: str
    subject: str
    period: str
    recorded: str
    given: str

    def __str__(self) -> str:
        return (
            f"{self.measure} of {self.subject} for {self.period} is recorded as "
            f"{self.recorded}, not {self.given}: a correction has its own command"
        )


@value
class ClaimDiffers:
    """Another figure is recorded under the same claim."""

    NAME: ClassVar[str] = "claim-differs"

    claim: str
    recorded: str
    given: str

    def __str__(self) -> str:
        return (
            f"claim {self.claim} is recorded as {self.recorded!r}, not "
            f"{self.given!r}: give a contradicting figure an id of its own"
        )


EvidenceRefusal = UnknownBody | DocumentDiffers | ResultDiffers | ClaimDiffers


def record_document(command: RecordDocument, stream: Sequence[Recorded]) -> Decision:
    """Decide whether a document becomes known; known bytes again add nothing.

    A copy under another title is the same document. What is said of it besides may
    be left out, but not be other than what is recorded.
    """
    if not stream:
        return (
            DocumentRecorded(
                document=command.document,
                title=command.title,
                publisher=command.publisher,
                url=command.url,
                published_on=command.published_on,
                licence=command.licence,
            ),
        )
    recorded = stream[0].fact
    assert isinstance(recorded, DocumentRecorded)
    for name in ("publisher", "url", "published_on", "licence"):
        given = getattr(command, name)
        if given is not None and given != getattr(recorded, name):
            return DocumentDiffers(
                document=command.document,
                recorded_title=recorded.title,
                field=name,
                recorded=str(getattr(recorded, name)),
                given=str(given),
            )
    return ()


def record_result(
    command: RecordResult, stream: Sequence[Recorded], subject: Sequence[Recorded]
) -> Decision:
    """Decide whether a result is recorded; a value known already adds nothing.

    Args:
        stream: The records of the result's stream.
        subject: The records of the body it was measured on.
    """
    if not subject:
        return UnknownBody(body=command.subject)
    if not stream:
        return (
            ResultRecorded(
                **{f.name: getattr(command, f.name) for f in fields(command)}
            ),
        )
    # A file that is loaded again may hold a value that was corrected since.
    known = [one.fact for one in stream if isinstance(one.fact, Result)]
    recorded = known[-1]
    if (command.value, command.unit) not in {(one.value, one.unit) for one in known}:
        return ResultDiffers(
            measure=command.measure,
            subject=command.subject,
            period=command.period,
            recorded=f"{exact_text(recorded.value)} {recorded.unit}",
            given=f"{exact_text(command.value)} {command.unit}",
        )
    return ()


def record_claim(command: RecordClaim, stream: Sequence[Recorded]) -> Decision:
    """Decide whether a claim is recorded; the same figure again adds nothing."""
    if not stream:
        return (
            ClaimRecorded(
                **{f.name: getattr(command, f.name) for f in fields(command)}
            ),
        )
    recorded = stream[0].fact
    assert isinstance(recorded, ClaimRecorded)
    figure = (command.amount_pence, command.value, command.as_published)
    if (recorded.amount_pence, recorded.value, recorded.as_published) != figure:
        return ClaimDiffers(
            claim=command.claim,
            recorded=recorded.as_published,
            given=command.as_published,
        )
    return ()
