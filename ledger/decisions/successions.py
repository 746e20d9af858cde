"""A body's functions pass to another, which acts for its accounts from that day."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from ledger.calendar import Day
from ledger.decisions.bodies import BodyRecords, UnknownBody, known_bodies, registered
from ledger.decisions.fields import Body, Document
from ledger.decisions.handling import on_stream
from ledger.decisions.preconditions import DateRunsBackwards, before
from ledger.decisions.roles import Succession
from ledger.events import BodyCode, BodySucceeded
from ledger.recorded import Recorded, body_stream
from ledger.request import Asked, Decision, States
from ledger.values import value


@value
class SucceedBody:
    """Say that a body's functions passed to another."""

    NAME: ClassVar[str] = "succeed-body"

    body: Body
    """The body whose functions passed on, by its ODS code, such as 10C."""
    successor: BodyCode
    """The body that has them now."""
    on: Day
    """The day they passed."""
    document: Document = None


@value
class SucceededOtherwise:
    """The body's succession is recorded otherwise."""

    NAME: ClassVar[str] = "succeeded-otherwise"

    body: str
    successor: str
    on: date

    def __str__(self) -> str:
        return f"{self.body} was succeeded by {self.successor} on {self.on}"


@value
class SuccessionCircle:
    """The successor's own functions passed, in the end, to the body."""

    NAME: ClassVar[str] = "succession-circle"

    body: str
    successor: str

    def __str__(self) -> str:
        return (
            f"{self.successor} was succeeded by {self.body}, or is {self.body}: nobody "
            "would act for either"
        )


REFUSALS = (UnknownBody, SucceededOtherwise, SuccessionCircle, DateRunsBackwards)


def succeed_body(
    command: SucceedBody,
    stream: Sequence[Recorded],
    asked: Asked,
    *,
    known: BodyRecords,
) -> Decision:
    """Decide whether a succession is recorded; the same one again adds nothing."""
    if not stream:
        return UnknownBody(body=command.body)
    if not known(command.successor):
        return UnknownBody(body=command.successor)
    for recorded in stream:
        fact = recorded.fact
        if isinstance(fact, BodySucceeded):
            if (fact.successor, fact.on) == (command.successor, command.on):
                return ()
            return SucceededOtherwise(
                body=command.body, successor=fact.successor, on=fact.on
            )
    if _leads_to(command.successor, command.body, known):
        return SuccessionCircle(body=command.body, successor=command.successor)
    for code in (command.body, command.successor):
        registration = registered(known(code))
        opened_on = registration.opened_on if registration is not None else None
        if opened_on is not None and (
            early := before(
                command.on, opened_on, "the succession", f"the opening of {code}"
            )
        ):
            return early
    return (
        BodySucceeded(
            body=command.body,
            successor=command.successor,
            on=command.on,
            document=command.document,
        ),
    )


def _successor(stream: Sequence[Recorded]) -> BodySucceeded | None:
    return next(
        (one.fact for one in stream if isinstance(one.fact, BodySucceeded)), None
    )


def _leads_to(code: BodyCode, body: BodyCode, known: BodyRecords) -> bool:
    """Whether a body is another, or its functions passed to it in the end."""
    at = code
    while at != body:
        succeeded = _successor(known(at))
        if succeeded is None:
            return False
        at = succeeded.successor
    return True


def succession(body: BodyCode, day: date, states: States) -> Succession | None:
    """Who acts for a body on a day, along the chain; None where it does itself."""
    found = None
    while (succeeded := _successor(states.records(body_stream(body)))) is not None:
        if succeeded.on > day:
            break
        since = succeeded.on if found is None else max(found.on, succeeded.on)
        found = Succession(successor=succeeded.successor, on=since)
        body = succeeded.successor
    return found


HANDLES = (
    on_stream(
        SucceedBody,
        succeed_body,
        lambda given: body_stream(given.body),
        by="analyst",
        known=known_bodies,
    ),
)
