"""A record as a message: a structured CloudEvent, legs included.

A message rests on its record alone, so it is the same bytes whenever it is sent
again: its id is the record's id, and its sequence the record's position.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import (
    Any,
    Generic,
    Literal,
    NamedTuple,
    TypeAlias,
    TypeVar,
    get_args,
    get_origin,
)

from pydantic import Field, TypeAdapter, ValidationError, create_model
from pydantic_core import to_json

from ledger import events
from ledger.calendar import payment_year
from ledger.events import AccountFact, AccountId
from ledger.postings import legs
from ledger.recorded import Recorded, account_parts
from projections.feed.events import (
    books,
    evidence,
    money,
    premiums,
    spending,
    withholdings,
)
from projections.feed.events.fields import Fact, Leg, Origin, Premium, Public

CONTENT_TYPE = b"application/cloudevents+json"
PREFIX = "premium-ledger."
"""Before every type, as CloudEvents asks for: types of others cannot be the same."""

Happened_co = TypeVar("Happened_co", bound=Fact, covariant=True)


class Data(Public, Generic[Happened_co]):
    """What an event says, whatever its type; `fact` is its type's own."""

    position: int = Field(ge=1)
    """In the whole ledger: 1, 2 and so on, without gaps."""
    recorded_at: datetime
    """When the ledger learned it: RFC 3339, UTC."""
    effective_on: date
    """The accounting date, on which it counts."""
    decided_on: date | None
    """The day people decided it, if that was earlier; otherwise null."""
    role: str
    """The role in which it was done; by whom is not published."""
    on_behalf_of: str | None
    """The body acted for, by its code; null if the actor acted for itself."""
    command: str
    """The id of its command; facts of one command follow each other."""
    premium: Premium | None
    """The premium that it is about; null if it is not about one."""
    legs: tuple[Leg, ...]
    """What it does to money: adds up to zero; empty if it moves none."""
    fact: Happened_co
    """What happened; its fields are those of the event's type."""


class Event(Public, Generic[Happened_co]):
    """A CloudEvent 1.0 in structured mode, as it is in a message's value."""

    specversion: Literal["1.0"]
    """The version of CloudEvents."""
    id: str
    """`stream@version`: one event for ever, however often it is sent."""
    source: str
    """The ledger, by its URI."""
    type: str
    """The event's type; it says which fields `data.fact` has."""
    subject: str
    """The stream of the ledger that it is in."""
    time: datetime
    """When the ledger learned it: RFC 3339, UTC."""
    datacontenttype: Literal["application/json"]
    """The media type of `data`."""
    dataschema: str
    """The URI of the schema of its type: the `$id` of a file in docs/feed/schemas."""
    sequence: str = Field(pattern=r"^\d{20}$")
    """The position, in 20 digits so that it sorts as text."""
    partitionkey: str
    """The message's key."""
    origin: Origin
    data: Data[Happened_co]
    """What happened, and what it did to money."""


AnyEvent: TypeAlias = "Event[Fact]"
"""An event of any type; in quotes, so that its model is not made before it is used."""


class Message(NamedTuple):
    """What is sent."""

    key: str
    value: bytes
    headers: list[tuple[str, bytes]]


class NotOurs(ValueError):
    """A message that is not an event of this contract; it says why."""


_ROOMS = (evidence, premiums, withholdings, money, spending, books)
_PUBLISHED: dict[type, type[Fact]] = {
    fact: getattr(room, fact.__name__)
    for fact in events.EVENTS
    for room in _ROOMS
    if fact.PUBLIC and hasattr(room, fact.__name__)
}
"""Fact -> what is published of it. tests/feed says that none is missing."""

TYPES: dict[str, type[Fact]] = {one.TYPE: one for one in _PUBLISHED.values()}
"""Every type of event -> its own part."""

_ABOUT_A_PREMIUM = frozenset(AccountFact.__args__)


class _Form(NamedTuple):
    """How a kind of fact is published."""

    type: str
    schema: str
    is_about_a_premium: bool
    write: Any  # A serializer of the fact as it is recorded.
    fields: Any  # Which of its fields are published.


@cache
def _form_of(fact: type) -> _Form | None:
    """How a kind of fact is published, or None if it is not.

    It is written straight out of the fact, with the fields that its model names:
    making a model of each fact first takes three times as long.
    """
    model = _PUBLISHED.get(fact)
    if model is None:
        return None
    name = PREFIX + model.TYPE
    return _Form(
        name,
        schema_of(model.TYPE),
        fact in _ABOUT_A_PREMIUM,
        TypeAdapter(fact).serializer,
        _fields(model),
    )


def _fields(model: type[Public]) -> dict[str, Any]:
    """The names of a model's fields, and of those of models in them."""
    return {
        name: _within(field.annotation) for name, field in model.model_fields.items()
    }


def _within(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, Public):
        return _fields(annotation)
    found = [_within(one) for one in get_args(annotation)]
    inner = next((one for one in found if one is not True), True)
    return {"__all__": inner} if get_origin(annotation) is tuple else inner


def message(recorded: Recorded, source: str, origin: Origin) -> Message | None:
    """The message of a record, or None if it is not published.

    Args:
        source: Of `source_of`.
    """
    fact, meta = recorded.fact, recorded.meta
    kind: type = type(fact)
    form = _form_of(kind)
    if form is None:
        return None
    premium = (
        _premium(fact.account)  # type: ignore[union-attr]
        if form.is_about_a_premium
        else None
    )
    key = premium["body"] if premium is not None else _key(fact)
    sequence = f"{recorded.position:020d}"
    event = {
        "specversion": "1.0",
        "id": recorded.id,
        "source": source,
        "type": form.type,
        "subject": recorded.stream,
        "time": meta.recorded_at,
        "datacontenttype": "application/json",
        "dataschema": form.schema,
        "sequence": sequence,
        "partitionkey": key,
        "origin": origin,
        "data": {
            "position": recorded.position,
            "recorded_at": meta.recorded_at,
            "effective_on": meta.effective_on,
            "decided_on": meta.decided_on,
            "role": meta.role,
            "on_behalf_of": meta.on_behalf_of,
            "command": meta.command_id,
            "premium": premium,
            "legs": [
                {"account": to, "measure": measure, "pence": pence, "effective_on": on}
                for _, to, measure, pence, on in legs(fact, meta.effective_on)
            ],
        },
    }
    written = form.write.to_json(fact, include=form.fields)
    # Into the braces of data, behind what all events have.
    value = b"".join((to_json(event)[:-2], b',"fact":', written, b"}}"))
    headers = [
        ("content-type", CONTENT_TYPE),
        ("ce_id", recorded.id.encode()),
        ("ce_type", form.type.encode()),
        ("ce_sequence", sequence.encode()),
    ]
    return Message(key, value, headers)


@cache
def _premium(account: AccountId) -> Mapping[str, str]:
    scheme, scheme_year, body = account_parts(account)
    return {
        "account": account,
        "scheme": scheme,
        "scheme_year": scheme_year,
        "payment_year": payment_year(scheme_year),
        "body": body,
    }


def schema_of(name: str) -> str:
    """The URI of a type's schema; the file of that name is in docs/feed/schemas."""
    return f"urn:premium-ledger:schema:{name}"


def source_of(name: str, leaf: bytes) -> str:
    """The URI of a ledger: its name, and the leaf hash of its first record."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"urn:premium-ledger:ledger:{slug}:{leaf.hex()[:16]}"


def _key(fact: object) -> str:
    """Which events keep their order among each other: a body's, otherwise a thing's."""
    for field in ("body", "subject", "practice", "provider", "claim"):
        found = getattr(fact, field, None)
        if found is not None:
            return str(found)
    match fact:
        # Others have a document too, but are not about it.
        case events.DocumentRecorded():
            return str(fact.document)
        case events.RulebookPublished():
            return f"{fact.scheme}/{fact.scheme_year}"
        case events.PaymentReferenceTaken():
            return account_parts(fact.parts[0].account)[2]
        case (
            events.PaymentRunProposed()
            | events.PaymentRunApproved()
            | events.PaymentRunClosed()
        ):
            return f"{fact.scheme}/{fact.scheme_year}"
        case _:
            return "ledger"


# Reading ------------------------------------------------------------------------------


@cache
def event_form(name: str) -> type[AnyEvent]:
    """The whole event of a type."""
    fact: Any = TYPES[name]
    kind: Any = Literal[PREFIX + name]
    return create_model(
        f"{fact.__name__}Event",
        __base__=Event[fact],
        __doc__=fact.__doc__,
        type=(kind, ...),
    )


@cache
def _reader(name: str) -> Any:
    return TypeAdapter(event_form(name)).validator.validate_json


def read(value: bytes | None, kind: str | None = None) -> AnyEvent:
    """An event from a message's value.

    Args:
        kind: The type that the header `ce_type` names, if there is one; the value must
            be of the same.

    Raises:
        NotOurs: If it is not an event, or of a type that this program does not know.
    """
    if value is None:
        raise NotOurs("it has no value")
    try:
        kind = _type(value) if kind is None else kind
        name = kind.removeprefix(PREFIX)
        if name not in TYPES:
            raise NotOurs(
                f"its type is {kind!r}, which this program does not know: "
                "run a newer one, and replay it"
            )
        event: AnyEvent = _reader(name)(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = ".".join(str(piece) for piece in first["loc"]) or "the whole value"
        raise NotOurs(f"{at}: {first['msg']}") from None
    return event


class _Bare(Public):
    type: str


def _type(value: bytes) -> str:
    return _Bare.model_validate_json(value).type
