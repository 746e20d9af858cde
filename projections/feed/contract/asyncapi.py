"""One AsyncAPI document of the feed: its topics, operations, messages and schemas."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from projections.feed import topics
from projections.feed.contract.schemas import Described
from projections.feed.events.fields import Public
from projections.feed.events.message import CONTENT_TYPE, PREFIX, TYPES, event_form
from projections.feed.events.rows import Award, Balance, State

ASYNCAPI = "3.1.0"
BINDING = "0.5.0"
"""Of AsyncAPI's description of Kafka."""

_REF = "#/components/schemas/{model}"
_KEY = "Only messages with the same key keep their order."
_ABOUT = """\
What a ledger of quality premiums publishes: every public fact, once, a CloudEvent in
structured mode, with what it does to money.

Read with isolation.level=read_committed: on the default of many clients,
read_uncommitted, a reader also sees events of transactions that were undone, and
counts them twice.

Within v1 the contract is only added to: fields that may be left out, and types of
events. No field or type goes, changes its meaning, its unit or its form, or becomes
needed. Let fields go by that you do not know. Words in text fields are open and may
become more; the one closed list is origin. What is more than an addition is a new
type, such as award-confirmed.v2.

Money is whole pence, an integer. Exact numbers are text: 12.5 or 1/3. No person is
named.\
"""


class RelayPosition(Public):
    """How far the relay has sent the ledger; the latest of a key counts."""

    position: int  # The last position sent; all before it were.
    leaf: str  # Leaf hash (RFC 9162) of the record there, in hexadecimal.
    at: str  # When it got there, RFC 3339, UTC.


class Inbound(NamedTuple):
    """What may be sent to the ledger, and what it answers: one model a topic."""

    result: type[BaseModel]
    confirmation: type[BaseModel]
    reply: type[BaseModel]


class _Said(NamedTuple):
    """One topic in the document."""

    channel: str  # Its name in the document.
    topic: topics.Topic
    key: str
    operation: str
    action: str  # `send` or `receive`, as the ledger does it.
    summary: str
    messages: Mapping[str, Mapping[str, Any]]
    replies: str | None = None  # The channel on which each message is answered.


def document(inbound: Inbound) -> dict[str, Any]:
    """The whole document."""
    said = _topics(inbound)
    read: list[type[BaseModel]] = [
        *(event_form(name) for name in TYPES),
        RelayPosition,
        Balance,
        Award,
        inbound.result,
        inbound.confirmation,
    ]
    _, schemas = models_json_schema(
        # A reply has no older form: all that is written now is always there.
        [*((form, "validation") for form in read), (inbound.reply, "serialization")],
        ref_template=_REF,
        schema_generator=Described,
    )
    messages: dict[str, Any] = {}
    for one in said:
        messages |= one.messages
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
        "channels": {one.channel: _channel(one) for one in said},
        "operations": {one.operation: _operation(one) for one in said},
        "components": {
            "messages": messages,
            "schemas": {**schemas["$defs"], "Headers": _HEADERS},
        },
    }


def _channel(said: _Said) -> dict[str, Any]:
    return {
        "address": "{prefix}." + said.topic.name,
        "summary": said.topic.holds,
        "parameters": {
            "prefix": {
                "description": "Before the names of a ledger's topics.",
                "default": topics.Broker("").prefix,
            }
        },
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in said.messages
        },
        "bindings": {
            "kafka": {
                "partitions": said.topic.partitions,
                "topicConfiguration": _configuration(said.topic.config),
                "bindingVersion": BINDING,
            }
        },
    }


def _configuration(config: Mapping[str, str]) -> dict[str, Any]:
    """A topic's configuration, as AsyncAPI types it."""
    typed: dict[str, Any] = {
        name: json.loads(value)
        for name, value in config.items()
        if name != "cleanup.policy"
    }
    return {"cleanup.policy": config["cleanup.policy"].split(","), **typed}


def _operation(said: _Said) -> dict[str, Any]:
    at = f"#/channels/{said.channel}"
    made: dict[str, Any] = {
        "action": said.action,
        "channel": {"$ref": at},
        "summary": said.summary,
        "messages": [{"$ref": f"{at}/messages/{name}"} for name in said.messages],
    }
    if said.action == "send":
        made["x-isolation-level"] = "read_committed"
    if said.replies is not None:
        made["reply"] = {"channel": {"$ref": f"#/channels/{said.replies}"}}
    return made


def _message(
    form: type[BaseModel], title: str, key: str, more: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "title": title,
        "summary": " ".join((form.__doc__ or "").split("\n\n")[0].split()),
        "payload": {"$ref": _REF.format(model=form.__name__)},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"{key}. {_KEY}"},
                "bindingVersion": BINDING,
            }
        },
        **more,
    }


_HEADERS = {
    "type": "object",
    "description": "Of Kafka. They repeat the value, for whoever sorts without it.",
    "required": ["content-type", "ce_id", "ce_type", "ce_sequence"],
    "properties": {
        "content-type": {"type": "string", "const": CONTENT_TYPE.decode()},
        "ce_id": {"type": "string", "description": "The value's id."},
        "ce_type": {"type": "string", "description": "The value's type."},
        "ce_sequence": {"type": "string", "pattern": r"^\d{20}$"},
    },
}


def _events(key: str) -> dict[str, Any]:
    headed = {
        "contentType": CONTENT_TYPE.decode(),
        "headers": {"$ref": "#/components/schemas/Headers"},
    }
    return {
        event_form(name).__name__: _message(
            event_form(name), name, key, {"name": PREFIX + name, **headed}
        )
        for name in TYPES
    }


def _topics(inbound: Inbound) -> tuple[_Said, ...]:
    body = "A body's code, otherwise the id of the thing that an event is about"
    same = "As the message that it answers"

    def plain(form: type[BaseModel], key: str) -> dict[str, Any]:
        is_bare = issubclass(form, RelayPosition | State)
        kind = "application/json" if is_bare else CONTENT_TYPE.decode()
        name = form.__name__
        return {name: _message(form, name, key, {"contentType": kind})}

    return (
        _Said(
            *("events", topics.EVENTS, body, "sendEvents", "send"),
            "Every public fact, once, in order within its key; read only what is "
            "committed.",
            _events(body),
        ),
        _Said(
            *("positions", topics.POSITIONS, "The ledger", "sendPositions", "send"),
            "How far the events go, in the same transaction as they.",
            plain(RelayPosition, "The ledger: the events' source"),
        ),
        _Said(
            *("balances", topics.BALANCES, "Premium, a bar, and account"),
            *("sendBalances", "send"),
            "What stands in each account, kept from the events by the job `states`.",
            plain(Balance, "`premium|account`"),
        ),
        _Said(
            *("awards", topics.AWARDS, "The premium", "sendAwards", "send"),
            "How each award stands, kept from the events by the job `states`.",
            plain(Award, "`premium`"),
        ),
        _Said(
            *("results", topics.RESULTS, "The subject", "receiveResults", "receive"),
            "Measured results, to be recorded. docs/inbound.md says how.",
            plain(inbound.result, "The subject's code"),
            "replies",
        ),
        _Said(
            *("confirmations", topics.CONFIRMATIONS, "The body"),
            *("receiveConfirmations", "receive"),
            "Payments that were made, to be recorded. docs/inbound.md says how.",
            plain(inbound.confirmation, "The body's code"),
            "replies",
        ),
        _Said(
            *("replies", topics.REPLIES, same, "sendReplies", "send"),
            "What became of each message that came in.",
            plain(inbound.reply, same),
        ),
    )
