"""How a record is stored: `{"meta": ..., "data": ...}` in JSON under a topic.

The one place that turns facts into bytes and back. A topic names one form of a
fact for ever; a fact of an old form is read as the new one, by the table OLD.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, cast

from pydantic import TypeAdapter, ValidationError

from ledger.events import (
    EVENTS,
    DisbursementApproved,
    DisbursementApprovedV1,
    Fact,
)
from ledger.recorded import Meta, Recorded
from ledger.values import value


class Unreadable(ValueError):
    """A stored record that this program cannot read; the log stays as it is.

    Either the log was written by a later program (use that one), or a byte was
    changed (`premium verify` says where).
    """

    def __init__(self, topic: str, position: int, reason: str):
        super().__init__(
            f"the record at position {position} cannot be read: "
            f"its topic is {topic!r}, and {reason}"
        )
        self.topic = topic
        self.position = position


class Old(NamedTuple):
    """A form in which a fact was once recorded, and how it is read today."""

    form: type
    read_as: Callable[[Any], Any]  # The fact in its present form.


FACTS: dict[str, type] = {fact.TOPIC: fact for fact in EVENTS}
"""Topic -> the fact that is recorded under it now."""


def _approved(old: DisbursementApprovedV1) -> DisbursementApproved:
    return DisbursementApproved(
        account=old.account,
        disbursement=old.disbursement,
        amount_pence=old.amount_pence,
        run=None,
    )


OLD: dict[str, Old] = {
    DisbursementApprovedV1.TOPIC: Old(DisbursementApprovedV1, _approved),
}
"""Topic -> a form no longer recorded. What stands here is never taken out."""

_META = TypeAdapter(Meta).serializer


def encode_meta(meta: Meta) -> bytes:
    """Meta as JSON; encoded once a command, for it is most of the work."""
    return _META.to_json(meta, warnings="error")


def encode(fact: Fact, meta: bytes) -> bytes:
    """The stored state of a fact.

    Args:
        meta: From `encode_meta`.

    Raises:
        PydanticSerializationError: If a field holds another type than it says.
    """
    form: type = type(fact)
    data: bytes = _serializer(form).to_json(fact, warnings="error")
    return b'{"meta":' + meta + b',"data":' + data + b"}"


def decode(
    position: int, stream: str, version: int, topic: str, state: bytes
) -> Recorded:
    """A record from its row.

    Raises:
        Unreadable: If the topic is unknown, or the state is not of its form; a
            field that the form has not is refused as well.
    """
    try:
        stored = _reader(topic)(state)
    except TypeError:
        reason = f"its state is {type(state).__name__}, and no bytes"
        raise Unreadable(topic, position, reason) from None
    except KeyError:
        raise Unreadable(
            topic, position, "no fact of this program has that topic"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = ".".join(str(piece) for piece in first["loc"]) or "the whole state"
        raise Unreadable(topic, position, f"{at}: {first['msg']}") from None
    fact = stored.data
    if topic in OLD:
        fact = OLD[topic].read_as(fact)
    return Recorded(
        position=position, stream=stream, version=version, meta=stored.meta, fact=fact
    )


@cache
def _serializer(form: type) -> Any:
    return TypeAdapter(form).serializer


@cache
def _form_reader(form: type) -> Callable[[bytes], Any]:
    fields = {"__annotations__": {"meta": Meta, "data": form}, "__module__": __name__}
    pair: Any = value(type(f"Stored{form.__name__}", (), fields))
    return cast(Callable[[bytes], Any], TypeAdapter(pair).validator.validate_json)


def _reader(topic: str) -> Callable[[bytes], Any]:
    """What reads a state of the topic; built when first asked for."""
    return _form_reader(FACTS[topic] if topic in FACTS else OLD[topic].form)
