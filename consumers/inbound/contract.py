"""What may be sent to the ledger and what it answers, for the contract of the feed."""

from typing import Any, Literal

from pydantic import create_model

from consumers.inbound.messages import FORMS, Sent
from consumers.inbound.replies import TYPE, Reply
from projections.feed.contract.asyncapi import Inbound, Message
from projections.feed.events.message import PREFIX
from projections.feed.topics import CONFIRMATIONS, RESULTS, Topic


def inbound() -> Inbound:
    """The message of each topic."""
    # A reply has no older form: all that is written now is always there.
    reply = Message(TYPE.removeprefix(PREFIX), Reply, "serialization")
    return Inbound(_arriving(RESULTS), _arriving(CONFIRMATIONS), reply)


def _arriving(topic: Topic) -> Message:
    """The message that may arrive on a topic: each has one type."""
    [(name, form)] = [
        (name, form) for name, (form, where) in FORMS.items() if where == topic.name
    ]
    data: Any = form
    kind: Any = Literal[name]
    whole = create_model(
        f"{form.__name__}Message",
        __base__=Sent[data],
        __doc__=form.__doc__,
        type=(kind, ...),
    )
    return Message(name.removeprefix(PREFIX), whole)
