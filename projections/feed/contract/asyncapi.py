"""One AsyncAPI document of the feed: its topics, operations and messages.

It refers to the JSON Schema of each message, a file beside it.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from projections.feed import topics
from projections.feed.contract.schemas import schema_of_form
from projections.feed.events.fields import Public
from projections.feed.events.message import CONTENT_TYPE, PREFIX, TYPES, event_form
from projections.feed.events.rows import Award, Balance

ASYNCAPI = "3.1.0"
BINDING = "0.5.0"
"""The version of AsyncAPI's description of Kafka."""

_ABOUT = """\
What a ledger of quality premiums publishes: every public fact, once, as a CloudEvent in
structured mode, with what it does to money.

Read with isolation.level=read_committed. On read_uncommitted, the default of many
clients, a reader also sees the events of transactions that were undone, and counts them
twice.

Within v1 the contract is only added to: optional fields, and types of events. No field
or type is removed, changes its meaning, unit or form, or becomes required. Ignore
fields that you do not know. The words in text fields are open and may become more; the
one closed list is origin. A change that is more than an addition is a new type, such as
award-confirmed.v2.

Money is whole pence, an integer. Exact numbers are text: 12.5 or 1/3. No person is
named.\
"""


class RelayPosition(Public):
    """How far the relay has sent the ledger; the latest of a key counts."""

    position: int
    """The last position sent, such as 4711; all before it were sent too."""
    leaf: str
    """Leaf hash (RFC 9162) of the record there, in hexadecimal: 64 digits."""
    at: str
    """When the relay got there: RFC 3339, UTC."""


class Message(NamedTuple):
    """One kind of message, and the model that its schema is made from."""

    name: str
    """Such as `lapsed.v1`; its schema is the file `schemas/lapsed.v1.json`."""
    form: type[BaseModel]
    mode: Literal["validation", "serialization"] = "validation"
    content_type: str = CONTENT_TYPE.decode()


class Inbound(NamedTuple):
    """What may be sent to the ledger, and what it answers: one message a topic."""

    result: Message
    confirmation: Message
    reply: Message


class Channel(NamedTuple):
    """One topic in the document."""

    name: str
    topic: topics.Topic
    key: str
    """What the key of its messages is."""
    action: Literal["send", "receive"]
    """As the ledger does it."""
    about: str
    messages: tuple[Message, ...]
    replies: str | None = None
    """The channel on which each message is answered."""

    @property
    def operation(self) -> str:
        """Such as `sendEvents`."""
        return self.action + self.name.capitalize()


def channels(inbound: Inbound) -> tuple[Channel, ...]:
    """Every topic with its messages, in the order of `topics.TOPICS`."""
    return (
        Channel(
            *("events", topics.EVENTS),
            "A body's code, otherwise the id of the thing that the event is about",
            "send",
            "Every public fact, once, in order within its key. Read only what is "
            "committed.",
            tuple(Message(name, event_form(name)) for name in TYPES),
        ),
        Channel(
            *("positions", topics.POSITIONS, "The ledger: the events' source", "send"),
            "How far the events go, written in the same transaction as they are.",
            (_plain("relay-position.v1", RelayPosition),),
        ),
        Channel(
            *("balances", topics.BALANCES, "`premium|account`", "send"),
            "The balance of each account, kept from the events by the job `states`.",
            (_plain("balance.v1", Balance),),
        ),
        Channel(
            *("awards", topics.AWARDS, "`premium`", "send"),
            "The state of each award, kept from the events by the job `states`.",
            (_plain("award.v1", Award),),
        ),
        Channel(
            *("results", topics.RESULTS, "The subject's code", "receive"),
            "Measured results, to be recorded. docs/inbound.md says how.",
            (inbound.result,),
            "replies",
        ),
        Channel(
            *("confirmations", topics.CONFIRMATIONS, "The body's code", "receive"),
            "Payments that were made, to be recorded. docs/inbound.md says how.",
            (inbound.confirmation,),
            "replies",
        ),
        Channel(
            *("replies", topics.REPLIES, "As the message that it answers", "send"),
            "What became of each message that came in.",
            (inbound.reply,),
        ),
    )


def _plain(name: str, form: type[BaseModel]) -> Message:
    return Message(name, form, content_type="application/json")


def files(inbound: Inbound) -> dict[str, Any]:
    """Every file of the contract: its path, and the JSON that it holds."""
    every = channels(inbound)
    schemas = {
        _path(one): schema_of_form(one.name, one.form, one.mode)
        for channel in every
        for one in channel.messages
    }
    return {**schemas, "asyncapi.json": document(every)}


def document(every: tuple[Channel, ...]) -> dict[str, Any]:
    """The whole document."""
    return {
        "asyncapi": ASYNCAPI,
        "id": "urn:premium-ledger:feed",
        "info": {"title": "Premium Ledger", "version": "1", "description": _ABOUT},
        "defaultContentType": CONTENT_TYPE.decode(),
        "servers": {
            "kafka": {
                "host": "{host}:{port}",
                "protocol": "kafka",
                "description": "Kafka brokers; any of them answers for all.",
                "variables": {
                    "host": {"default": "127.0.0.1"},
                    "port": {"default": "9092"},
                },
            }
        },
        "channels": {one.name: _channel(one) for one in every},
        "operations": {one.operation: _operation(one) for one in every},
        "components": {
            "messageTraits": {one.name: _trait(one) for one in every},
            "schemas": {"Headers": HEADERS},
        },
    }


def _path(message: Message) -> str:
    return f"schemas/{message.name}.json"


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": "{prefix}." + channel.topic.name,
        "summary": channel.topic.holds,
        "parameters": {
            "prefix": {
                "description": "Before the names of a ledger's topics.",
                "default": topics.Broker("").prefix,
            }
        },
        "messages": {
            one.form.__name__: {
                "name": PREFIX + one.name,
                "title": one.name,
                "summary": " ".join((one.form.__doc__ or "").split("\n\n")[0].split()),
                "traits": [{"$ref": f"#/components/messageTraits/{channel.name}"}],
                "payload": {"$ref": _path(one)},
            }
            for one in channel.messages
        },
        "bindings": {
            "kafka": {
                "partitions": channel.topic.partitions,
                "topicConfiguration": _configuration(channel.topic.config),
                "bindingVersion": BINDING,
            }
        },
    }


def _configuration(config: Mapping[str, str]) -> dict[str, Any]:
    """A topic's configuration, as AsyncAPI types it."""
    typed: dict[str, Any] = {
        name: value if value.isalpha() else json.loads(value)
        for name, value in config.items()
        if name != "cleanup.policy"
    }
    return {"cleanup.policy": config["cleanup.policy"].split(","), **typed}


def _operation(channel: Channel) -> dict[str, Any]:
    made: dict[str, Any] = {
        "action": channel.action,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "description": channel.about,
    }
    if channel.action == "send":
        made["x-isolation-level"] = "read_committed"
    if channel.replies is not None:
        made["reply"] = {"channel": {"$ref": f"#/channels/{channel.replies}"}}
    return made


def _trait(channel: Channel) -> dict[str, Any]:
    """What all messages of a topic have in common."""
    key = f"{channel.key}. Only messages with the same key keep their order."
    made: dict[str, Any] = {
        "contentType": channel.messages[0].content_type,
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": key},
                "bindingVersion": BINDING,
            }
        },
    }
    if channel.topic is topics.EVENTS:
        made["headers"] = {"$ref": "#/components/schemas/Headers"}
    return made


HEADERS = {
    "type": "object",
    "description": "Kafka's headers. They repeat the value, so that a reader can sort "
    "events without parsing it.",
    "required": ["content-type", "ce_id", "ce_type", "ce_sequence"],
    "properties": {
        "content-type": {"type": "string", "const": CONTENT_TYPE.decode()},
        "ce_id": {"type": "string", "description": "The value's id."},
        "ce_type": {"type": "string", "description": "The value's type."},
        "ce_sequence": {"type": "string", "pattern": r"^\d{20}$"},
    },
}
