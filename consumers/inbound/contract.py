"""What may be sent to the ledger and what it answers, for the contract of the feed."""

from typing import Any, Literal

from pydantic import BaseModel, create_model

from consumers.inbound.messages import FORMS, Sent
from consumers.inbound.replies import Reply
from projections.feed.contract.asyncapi import Inbound
from projections.feed.topics import CONFIRMATIONS, RESULTS, Topic


def inbound() -> Inbound:
    """The forms of each topic."""
    return Inbound(_arriving(RESULTS), _arriving(CONFIRMATIONS), Reply)


def _arriving(topic: Topic) -> type[BaseModel]:
    """The whole message that may arrive on a topic: each has one type."""
    [(name, form)] = [
        (name, form) for name, (form, where) in FORMS.items() if where == topic.name
    ]
    data: Any = form
    kind: Any = Literal[name]
    return create_model(
        f"{form.__name__}Message",
        __base__=Sent[data],
        __doc__=form.__doc__,
        type=(kind, ...),
    )
