"""Source documents, measured results, and figures that somebody published."""

from collections.abc import Sequence
from dataclasses import fields
from typing import ClassVar, Literal

from ledger.calendar import HappenedOn
from ledger.decisions.bodies import UnknownBody
from ledger.decisions.fields import Body, Document, Label, Period, Row, Scheme, Year
from ledger.decisions.handling import on_stream
from ledger.events import (
    ClaimRecorded,
    Commitment,
    DocumentId,
    DocumentRecorded,
    RecordId,
    Result,
    ResultCorrected,
    ResultRecorded,
)
from ledger.limits import Line
from ledger.measures.scales import impossible
from ledger.money import GivenRate, Pence, exact_text
from ledger.recorded import (
    Recorded,
    body_stream,
    claim_stream,
    document_stream,
    result_stream,
)
from ledger.request import Asked, Decision, States
from ledger.values import Prose, value


@value
class RecordDocument:
    """Make a source document known."""

    NAME: ClassVar[str] = "record-document"

    document: DocumentId
    """SHA-256 of its bytes, in hexadecimal."""
    title: Line
    """Its title, as on its first page."""
    publisher: Line | None = None
    """Who published it."""
    url: Line | None = None
    """Where it was fetched."""
    published_on: HappenedOn | None = None
    """The day it was published."""
    licence: Line | None = None
    """The licence it is under, such as OGL-3.0."""


@value
class RecordResult:
    """Record a measured result, a population included."""

    NAME: ClassVar[str] = "record-result"

    measure: Label
    """The indicator, such as pyll or population.registered.gp-list."""
    subject: Body
    """The body it was measured on, by its ODS code, such as 10C."""
    period: Period
    value: GivenRate
    """The value, exact, such as 2011.3 or 1/3."""
    unit: Label
    """What the value counts, such as per-100000 or percent."""
    numerator: GivenRate | None = None
    """What was counted, where the value is a rate."""
    denominator: GivenRate | None = None
    """Of how many, where the value is a rate."""
    published_on: HappenedOn | None = None
    """The day it was published."""
    status: Literal["published", "derived"] = "published"
    """As published, or derived from other results."""
    derived_from: tuple[RecordId, ...] = ()
    """The records of the results it was derived from."""
    document: Document = None
    row: Row = None


@value
class CorrectResult:
    """Record that a result is another than was recorded."""

    NAME: ClassVar[str] = "correct-result"

    measure: Label
    """The indicator, such as pyll or population.registered.gp-list."""
    subject: Body
    """The body it was measured on, by its ODS code, such as 10C."""
    period: Period
    value: GivenRate
    """The value, exact, such as 2011.3 or 1/3."""
    unit: Label
    """What the value counts, such as per-100000 or percent."""
    reason: Prose
    """Why it is another than was recorded."""
    numerator: GivenRate | None = None
    """What was counted, where the value is a rate."""
    denominator: GivenRate | None = None
    """Of how many, where the value is a rate."""
    published_on: HappenedOn | None = None
    """The day it was published."""
    document: Document = None
    row: Row = None


@value
class RecordClaim:
    """Record a figure that somebody published."""

    NAME: ClassVar[str] = "record-claim"

    claim: Label
    """An id of its own."""
    about: Line
    """The body it is about, or what else, such as all-groups."""
    scheme: Scheme
    scheme_year: Year
    quantity: Label
    """What the figure counts, such as award or maximum."""
    as_published: Line
    """The figure as it was printed, such as £1.2m."""
    source: Line
    """Who said it and where."""
    status: Literal[
        "confirmed",
        "reported-from-draft",
        "inferred",
        "assumed",
        "conflicting",
    ]
    """How sure the figure is."""
    amount_pence: Pence | None = None
    """The figure as money, in pence."""
    value: GivenRate | None = None
    """The figure as a number, where it is not money."""
    rounded_to_pence: Pence | None = None
    """To how many pence it was rounded, such as 10000000 for £0.1m."""
    published_on: HappenedOn | None = None
    """The day it was published."""
    document: Document = None
    row: Row = None


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
class ImpossibleResult:
    """No measurement of the measure can have come to this."""

    NAME: ClassVar[str] = "impossible-result"

    measure: str
    given: str
    why: str

    def __str__(self) -> str:
        return f"{self.measure} cannot be {self.given}: {self.why}"


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
class NothingToCorrect:
    """No result is recorded that could be corrected."""

    NAME: ClassVar[str] = "nothing-to-correct"

    measure: str
    subject: str
    period: str

    def __str__(self) -> str:
        return (
            f"no {self.measure} of {self.subject} for {self.period} is recorded: "
            "record it, there is nothing to correct"
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


REFUSALS = (
    UnknownBody,
    DocumentDiffers,
    ImpossibleResult,
    ResultDiffers,
    NothingToCorrect,
    ClaimDiffers,
)


def record_document(
    command: RecordDocument, stream: Sequence[Recorded], asked: Asked
) -> Decision:
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
    command: RecordResult,
    stream: Sequence[Recorded],
    asked: Asked,
    *,
    subject: Sequence[Recorded],
) -> Decision:
    """Decide whether a result is recorded; a value known already adds nothing.

    Args:
        stream: The records of the result's stream.
        subject: The records of the body it was measured on.
    """
    if not subject:
        return UnknownBody(body=command.subject)
    if no := _impossible(command):
        return no
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


def correct_result(
    command: CorrectResult, stream: Sequence[Recorded], asked: Asked
) -> Decision:
    """Decide whether a result is corrected; the value that counts adds nothing.

    Args:
        stream: The records of the result's stream.
    """
    if not stream:
        return NothingToCorrect(
            measure=command.measure, subject=command.subject, period=command.period
        )
    if no := _impossible(command):
        return no
    counts = stream[-1].fact
    assert isinstance(counts, Result)
    if (counts.value, counts.unit) == (command.value, command.unit):
        return ()
    given = {one.name: getattr(command, one.name) for one in fields(command)}
    given["reason"] = Commitment(command.reason)
    return (ResultCorrected(corrects=stream[-1].id, **given),)


def _impossible(command: RecordResult | CorrectResult) -> ImpossibleResult | None:
    why = impossible(
        command.measure,
        command.unit,
        command.value,
        command.numerator,
        command.denominator,
    )
    if why is None:
        return None
    given = f"{exact_text(command.value)} {command.unit}"
    return ImpossibleResult(measure=command.measure, given=given, why=why)


def record_claim(
    command: RecordClaim, stream: Sequence[Recorded], asked: Asked
) -> Decision:
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


def _subject(command: RecordResult, asked: Asked, states: States) -> Sequence[Recorded]:
    return states.records(body_stream(command.subject))


def _result(command: RecordResult | CorrectResult) -> str:
    return result_stream(command.measure, command.subject, command.period)


HANDLES = (
    on_stream(
        RecordDocument,
        record_document,
        lambda given: document_stream(given.document),
        by="analyst",
    ),
    on_stream(RecordResult, record_result, _result, by="analyst", subject=_subject),
    on_stream(CorrectResult, correct_result, _result, by="analyst"),
    on_stream(
        RecordClaim, record_claim, lambda given: claim_stream(given.claim), by="analyst"
    ),
)
