"""Replies to inbound messages: what each led to, as a CloudEvent, and how it is sent.

A reply is sent and acknowledged before the message's offset is saved. Killed between
the two, the message comes again and so does its reply. Its id is where the message
was and what it came to, so replies with one id say the same, and a reader ignores what
it knows; of two that differ the later one counts.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json, to_jsonable_python

from consumers.kafka.sending import Sending
from consumers.loop import Message
from ledger.excerpts import shortened
from ledger.money import exact_text
from ledger.request import Appended, Outcome, Refusal, Refused, Repeated
from ledger.values import Fault
from projections.feed.events.fields import Origin
from projections.feed.events.message import CONTENT_TYPE, PREFIX
from projections.feed.topics import REPLIES, Broker

TYPE = f"{PREFIX}reply.v1"

LONGEST = 200
"""Characters of what a message calls itself, and bytes of its key; more is cut off."""


class Form(BaseModel):
    """Part of a reply. Readers ignore fields that they do not know."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Whereabouts(Form):
    """Where the message was that is answered."""

    topic: str
    """The whole name of its topic, such as `premium.results.v1`."""
    partition: int
    """Its partition, from 0."""
    offset: int
    """Its offset within the partition, from 0."""


class Why(Form):
    """Why the ledger said no."""

    name: str
    """The refusal's name, such as `wrong-state`."""
    numbers: Mapping[str, Any]
    """What explains it; pence are integers, exact numbers and dates are text."""
    says: str
    """One sentence for people."""


class Wrong(Form):
    """What is wrong with one field of a message that cannot be read."""

    field: str
    """Such as `data.amount_pence`; empty for the whole message."""
    value: str
    """The value as given, at most 80 characters of it."""
    remedy: str
    """What to do about it."""


class MadeRecord(Form):
    """A published record that was made; its event on the feed has the same id."""

    id: str
    """`stream@version`."""
    position: int
    """In the whole ledger: 1, 2 and so on, without gaps."""


class Data(Form):
    """What a message led to."""

    outcome: str
    """`appended`, `refused`, `repeated` or `unreadable`; may become more."""
    first: str | None = None
    """If it is `repeated`: what it was at first. Otherwise null."""
    message_source: str | None = None
    """The message's source, cut short where it is too long; null if there is none."""
    message_id: str | None = None
    """The message's id, cut short where it is too long; null if there is none."""
    at: Whereabouts
    """Where the message was."""
    command: str | None = None
    """The id of its command in the ledger; null if it could not be read."""
    records: tuple[MadeRecord, ...] = ()
    """What was recorded and is published; empty where all was so already."""
    refusal: Why | None = None
    """Why the ledger said no; null unless it did."""
    faults: tuple[Wrong, ...] = ()
    """If it is `unreadable`: everything that is wrong with it."""


class Reply(Form):
    """A CloudEvent 1.0 in structured mode."""

    specversion: Literal["1.0"] = "1.0"
    """The version of CloudEvents."""
    id: str
    """`topic/partition/offset/` and appended, refused or unreadable."""
    source: str
    """The ledger, by its URI."""
    type: str = TYPE
    """Always the same: what a reply is."""
    subject: str | None
    """The id of the message's command; null if it could not be read."""
    datacontenttype: Literal["application/json"] = "application/json"
    """The media type of `data`."""
    correlationid: str | None
    """The id of the message that is answered, as `message_id`."""
    origin: Origin
    data: Data
    """What the message led to."""


class Sender(Protocol):
    """Where replies go."""

    def send(self, key: bytes | None, reply: Reply) -> None:
        """Send one, behind those before it of its key; it may still be under way."""
        ...

    def flush(self) -> None:
        """Wait until all that was sent is kept; an error where it is not known."""
        ...


class Replies:
    """Replies to the topic of a broker.

    Args:
        wait_s: How long the brokers may take until they have what was sent, seconds.

    Raises:
        KafkaError: Here and in every call: end the process and start another.
    """

    def __init__(self, broker: Broker, wait_s: int = 30) -> None:
        self._sending = Sending(broker, wait_s)

    def send(self, key: bytes | None, reply: Reply) -> None:
        """Send one."""
        headers = [
            ("content-type", CONTENT_TYPE),
            ("ce_id", reply.id.encode()),
            ("ce_type", TYPE.encode()),
        ]
        key = key if key is None else key[:LONGEST]
        self._sending.send(REPLIES, key, to_json(reply), headers)

    def flush(self) -> None:
        """Wait until the brokers have all that was sent."""
        self._sending.flush()

    def close(self) -> None:
        """Let go of the broker."""
        self._sending.close()


class Answers:
    """Makes the replies of one ledger.

    Args:
        source: The URI of the ledger.
    """

    def __init__(self, source: str, origin: Origin) -> None:
        self._source = source
        self.origin = origin

    def answer(
        self, message: Message, sent: tuple[str, str], outcome: Outcome
    ) -> Reply:
        """The reply to a message that was read.

        Args:
            sent: The message's own source and id.
        """
        first = outcome.first if isinstance(outcome, Repeated) else outcome
        assert isinstance(first, Appended | Refused), "each was given on its own"
        was = _word(first)
        data = Data(
            outcome="repeated" if first is not outcome else was,
            first=was if first is not outcome else None,
            message_source=sent[0],
            message_id=sent[1],
            at=_at(message),
            command=outcome.id,
            records=_made(first),
            refusal=None if isinstance(first, Appended) else why(first.refusal),
        )
        return self._reply(was, data)

    def unreadable(
        self, message: Message, fields: Mapping[str, Any], faults: tuple[Fault, ...]
    ) -> Reply:
        """The reply to a message that could not be read, and was parked."""
        source, id = fields.get("source"), fields.get("id")
        data = Data(
            outcome="unreadable",
            message_source=_claim(source),
            message_id=_claim(id),
            at=_at(message),
            faults=tuple(
                Wrong(field=one.field, value=one.value, remedy=one.remedy)
                for one in faults
            ),
        )
        return self._reply(data.outcome, data)

    def _reply(self, was: str, data: Data) -> Reply:
        at = data.at
        return Reply(
            id=f"{at.topic}/{at.partition}/{at.offset}/{was}",
            source=self._source,
            subject=data.command,
            correlationid=data.message_id,
            origin=self.origin,
            data=data,
        )


def _claim(value: Any) -> str | None:
    """What a message that cannot be read says of itself, if it is text; short."""
    if not isinstance(value, str):
        return None
    return value if len(value) <= LONGEST else shortened(value)


def why(refusal: Refusal) -> Why:
    """A refusal as a reply tells it: exact numbers and dates as text."""
    numbers = {
        one.name: to_jsonable_python(getattr(refusal, one.name), fallback=exact_text)
        for one in fields(refusal)  # type: ignore[arg-type]
    }
    return Why(name=refusal.NAME, numbers=numbers, says=str(refusal))


def _word(first: Appended | Refused) -> str:
    return "appended" if isinstance(first, Appended) else "refused"


def _made(first: Appended | Refused) -> tuple[MadeRecord, ...]:
    if isinstance(first, Refused):
        return ()
    return tuple(
        MadeRecord(id=one.id, position=one.position)
        for one in first.records
        if type(one.fact).PUBLIC
    )


def _at(message: Message) -> Whereabouts:
    return Whereabouts(
        topic=message.topic, partition=message.partition, offset=message.offset
    )
