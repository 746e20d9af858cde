"""What may arrive on the inbound topics: their forms, and the command each becomes.

A contract with those who send: it is added to, never changed. A field that no form
has is refused, for it may be a misspelt one that counts. Rules are the ledger's.
"""

from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import to_json

from ledger.calendar import Day, Period
from ledger.decisions.disbursements.requests import PayDisbursement
from ledger.decisions.evidence import CorrectResult, RecordResult
from ledger.events import AccountId, BodyCode, DocumentId
from ledger.excerpts import shown
from ledger.limits import CommandId, Counted, Label, Name, Paragraphs, Reference
from ledger.measures.windows import scale_of
from ledger.money import GivenRate, Pence, exact_text
from ledger.recorded import account_id, account_parts
from ledger.request import Malformed
from ledger.strict_json import NotJson, normal, parse
from ledger.values import Fault, faults_of
from projections.feed.events.fields import Origin
from projections.feed.events.message import PREFIX
from projections.feed.topics import CONFIRMATIONS, RESULTS


def _is_account(text: str) -> str:
    if text != account_id(*account_parts(text)):
        raise ValueError("write it as events of the feed do, in premium.account")
    return text


class Arriving(BaseModel):
    """What a message says, whatever its type."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ResultMeasured(Arriving):
    """A result was measured; with `correction_reason`, it is another than recorded."""

    measure: Label
    """The measure by its id in the rulebook, such as `falls`."""
    subject: BodyCode
    """The body measured, by its code; the message's key."""
    period: Period
    """A day, or its first and last: `2013-04-01..2014-03-31`."""
    unit: Label
    """Such as `percent`, `per-100000` or `yes-no`."""
    value: GivenRate | None = None
    """Exact, as text; left out where the two numbers are given."""
    numerator: GivenRate | None = None
    """The exact number above the line, such as 25 of 200; or left out."""
    denominator: GivenRate | None = None
    """The exact number below the line, above zero; or left out."""
    published_on: Day | None = None
    """The day it was published; or left out."""
    document: DocumentId | None = None
    """The source document: SHA-256 of its bytes, in hexadecimal; or left out."""
    row: Counted | None = None
    """Line of the document; its header is line 1. Or left out."""
    correction_reason: Paragraphs | None = None
    """Why it corrects what is recorded, in words, without names; or left out."""
    effective_on: Day | None = None
    """The accounting date; null: the London day it is recorded."""

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        worked_out = self._worked_out()
        if worked_out is None and self.value is None:
            raise ValueError("give value, or numerator and denominator")
        if None not in (worked_out, self.value) and worked_out != self.value:
            raise ValueError(
                f"value is not exactly what the two numbers give, "
                f"{exact_text(self.exact)} {self.unit}: leave it out; or leave them "
                "out, if it is standardised"
            )
        if self.unit == "yes-no" and self.exact not in (0, 1):
            raise ValueError("value: give 1 for yes, 0 for no")
        return self

    def _worked_out(self) -> Fraction | None:
        if self.numerator is None or self.denominator is None:
            return None
        if self.denominator <= 0:
            raise ValueError("denominator must be above zero")
        scale = scale_of(self.unit)
        if scale is None:
            raise ValueError(
                "unit is not a known ratio: give value, and leave numerator and "
                "denominator out"
            )
        return self.numerator / self.denominator * scale

    @property
    def exact(self) -> Fraction:
        """The value: worked out where its two numbers are given, or as given."""
        found = self._worked_out()
        found = self.value if found is None else found
        assert found is not None, "the form has one of them"
        return found

    def key(self) -> str:
        """The key that its message must have."""
        return self.subject

    def command(self) -> RecordResult | CorrectResult:
        """What is asked of the ledger."""
        fields: dict[str, Any] = {
            "measure": self.measure,
            "subject": self.subject,
            "period": self.period,
            "value": self.exact,
            "unit": self.unit,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "published_on": self.published_on,
            "document": self.document,
            "row": self.row,
        }
        if self.correction_reason is None:
            return RecordResult(**fields)
        return CorrectResult(**fields, reason=self.correction_reason)


class PaymentMade(Arriving):
    """An approved request was paid, as the bank or payments system says."""

    account: Annotated[AccountId, AfterValidator(_is_account)]
    """The premium, such as `quality-premium/2013-14/10C`."""
    disbursement: Label
    """The request by its id within the premium, such as `d1`."""
    reference: Reference
    """The payment's reference; used once in the whole ledger."""
    kind: Literal["allocation-adjustment", "cash"]
    """How it was paid."""
    value_date: Day
    """The day the money counts at the receiver."""
    amount_pence: Annotated[Pence, Field(gt=0)]
    """Whole pence paid; must be what was approved."""
    effective_on: Day | None = None
    """The day it was paid; null: its value date, or today while that lies ahead."""

    def key(self) -> str:
        """The key that its message must have: the body."""
        return account_parts(self.account)[2]

    def command(self) -> PayDisbursement:
        """What is asked of the ledger."""
        return PayDisbursement(
            account=self.account,
            disbursement=self.disbursement,
            reference=self.reference,
            kind=self.kind,
            value_date=self.value_date,
        )


Content = TypeVar("Content", bound=Arriving)


class Sent(BaseModel, Generic[Content]):
    """A message: a structured CloudEvent, or these fields alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    id: CommandId
    """With `source`: one message for ever, however often it is sent."""
    source: Name
    """Who sends it; a URI in a CloudEvent."""
    type: str
    """The message's type; it says which fields `data` has."""
    data: Content
    """What the sender says."""
    specversion: Literal["1.0"] | None = None
    """The version of CloudEvents; or left out."""
    origin: Origin | None = None
    """If given, a ledger of the other origin refuses the message."""


FORMS: dict[str, tuple[type[Arriving], str]] = {
    f"{PREFIX}result-measured.v1": (ResultMeasured, RESULTS.name),
    f"{PREFIX}payment-made.v1": (PaymentMade, CONFIRMATIONS.name),
}
"""Type -> its form, and the topic on which alone it may arrive: rights are by topic."""


@cache
def _adapter(kind: str) -> TypeAdapter[Sent[Any]]:
    form, _ = FORMS[kind]
    return TypeAdapter(Sent[form])  # type: ignore[valid-type]


def read(value: bytes | None, topic: str) -> Sent[Any]:
    """A message from its value.

    Args:
        topic: Where it arrived; its whole name.

    Raises:
        Malformed: With every fault found: its field, its value, and what to do.
    """
    try:
        fields = normal(parse(value or b"null"))
    except NotJson as reason:
        remedy = f"{reason}; {_OBJECT}"
        raise Malformed((Fault(field="", value=shown(value), remedy=remedy),)) from None
    if not isinstance(fields, dict) or not fields:
        raise Malformed((Fault(field="", value=shown(value), remedy=_OBJECT),))
    here = [kind for kind, (_, name) in FORMS.items() if topic.endswith(f".{name}")]
    kind = fields.get("type")
    if kind not in here:
        remedy = f"on this topic it must be {' or '.join(here) or 'none at all'}"
        raise Malformed((Fault(field="type", value=shown(kind), remedy=remedy),))
    try:
        sent: Sent[Any] = _adapter(kind).validate_json(to_json(fields))
    except ValidationError as error:
        raise Malformed(faults_of(error)) from None
    return sent


_OBJECT = "send a JSON object with id, source, type and data"


def claimed(value: bytes | None) -> dict[str, Any]:
    """The fields of a value that may not be readable; none if it is not an object."""
    try:
        found = normal(parse(value or b"null"))
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}


def command_id(source: str, id: str) -> str:
    """The id of a message's command: the same whenever and wherever it arrives."""
    return f"inbound/{sha256(to_json([source, id])).hexdigest()}"
