"""Groups, practices and providers: registration, and sightings of practices."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar, Literal

from ledger.calendar import Day, HappenedOn
from ledger.decisions.fields import Body, Document, Label
from ledger.decisions.handling import on_stream
from ledger.decisions.parties import PartyKindDiffers, of_person
from ledger.events import (
    BodyCode,
    BodyRegistered,
    Commitment,
    Fact,
    PracticeSeen,
)
from ledger.limits import Line, Name
from ledger.recorded import Recorded, account_parts, body_stream
from ledger.request import Asked, Decision, States
from ledger.values import NameOf, value

BodyRecords = Callable[[str], Sequence[Recorded]]
"""The records of any body's stream, by its code; empty for an unknown one."""


@value
class RegisterBody:
    """Make a group or provider known."""

    NAME: ClassVar[str] = "register-body"

    body: Body
    kind: Literal["group", "provider"]
    """A group or a provider."""
    name: Name
    """Its public name."""
    opened_on: Day | None = None
    """The day it came into being."""
    closed_on: Day | None = None
    """The day it ceased to be."""
    ons_code: Label | None = None
    """Its code in the statistics office, such as E38000193."""
    area_team: Label | None = None
    """Code of the area team of April 2013, such as Q81."""
    region: Line | None = None
    """Code of its region, such as Y57."""
    document: Document = None


@value
class Sighting:
    """What a source says of a practice on a day."""

    observed_on: HappenedOn
    """The day for which the source says so."""
    group: BodyCode | None
    """The group it was in; None if the source says that it was in none."""


@value
class RegisterPractice:
    """Make a practice known, with the groups it was seen in; or add sightings."""

    NAME: ClassVar[str] = "register-practice"

    practice: Body
    """The practice by its ODS code, such as H81001."""
    name: Annotated[Name, NameOf("practice")]
    """Its name, which is kept beside the log: it may be a person's."""
    opened_on: Day | None = None
    """The day it came into being."""
    closed_on: Day | None = None
    """The day it ceased to be."""
    sightings: tuple[Sighting, ...] = ()
    """What the source says of its group, each for a day; in any order."""
    document: Document = None


@value
class UnknownBody:
    """A body that is spoken of is not registered."""

    NAME: ClassVar[str] = "unknown-body"

    body: str

    def __str__(self) -> str:
        return f"{self.body!r} is not registered: import or register it first"


@value
class BodyDiffers:
    """The body is registered otherwise."""

    NAME: ClassVar[str] = "body-differs"

    body: str
    field: str
    recorded: str
    given: str

    def __str__(self) -> str:
        return (
            f"{self.body} is registered with {self.field} {self.recorded}, "
            f"not {self.given}"
        )


REFUSALS = (
    UnknownBody,
    PartyKindDiffers,
    BodyDiffers,
)

_COMPARED = (
    "kind",
    "name",
    "opened_on",
    "closed_on",
    "ons_code",
    "area_team",
    "region",
)


def registered(stream: Sequence[Recorded]) -> BodyRegistered | None:
    """The registration in a body's stream, or None for an unknown body."""
    if not stream:
        return None
    first = stream[0].fact
    assert isinstance(first, BodyRegistered)
    return first


def register_body(
    command: RegisterBody,
    stream: Sequence[Recorded],
    asked: Asked,
    *,
    person: PartyKindDiffers | None,
) -> Decision:
    """Decide whether a group or provider becomes known; again adds nothing.

    Args:
        stream: The records of the body's stream.
        person: The refusal if the code is the id of a person.
    """
    given = BodyRegistered(
        body=command.body,
        kind=command.kind,
        name=command.name,
        opened_on=command.opened_on,
        closed_on=command.closed_on,
        ons_code=command.ons_code,
        area_team=command.area_team,
        region=command.region,
        document=command.document,
    )
    known = registered(stream)
    if known is None:
        return person or (given,)
    return _difference(known, given) or ()


def register_practice(
    command: RegisterPractice,
    stream: Sequence[Recorded],
    asked: Asked,
    *,
    known: BodyRecords,
    person: PartyKindDiffers | None,
) -> Decision:
    """Decide what becomes known of a practice: itself, and where it was seen.

    Args:
        stream: The records of the practice's stream.
        known: The streams of the groups it was seen in.
        person: The refusal if the code is the id of a person.

    Returns:
        The registration if it is new; then each sighting that is not recorded yet,
        in the order given; nothing for what is known.

    Source: ADR 0025 (a sighting is recorded, membership is asked).
    """
    facts: list[Fact] = []
    given = BodyRegistered(
        body=command.practice,
        kind="practice",
        name=None,
        name_commitment=Commitment(command.name),
        opened_on=command.opened_on,
        closed_on=command.closed_on,
        document=command.document,
    )
    already = registered(stream)
    if already is None:
        if person is not None:
            return person
        facts.append(given)
    elif (difference := _difference(already, given)) is not None:
        return difference
    seen = {
        (recorded.fact.observed_on, recorded.fact.group)
        for recorded in stream
        if isinstance(recorded.fact, PracticeSeen)
    }
    for sighting in command.sightings:
        day, group = sighting.observed_on, sighting.group
        if group is not None:
            body = registered(known(group))
            if body is None:
                return UnknownBody(body=group)
            if body.kind != "group":
                return BodyDiffers(
                    body=group, field="kind", recorded=body.kind, given="group"
                )
        if (day, group) not in seen:
            seen.add((day, group))
            facts.append(
                PracticeSeen(
                    practice=command.practice,
                    group=group,
                    observed_on=day,
                    document=command.document,
                )
            )
    return tuple(facts)


def _difference(known: BodyRegistered, other: BodyRegistered) -> BodyDiffers | None:
    for name in _COMPARED:
        recorded, given = getattr(known, name), getattr(other, name)
        if recorded != given:
            return BodyDiffers(
                body=known.body, field=name, recorded=str(recorded), given=str(given)
            )
    return None


def known_bodies(command: Any, asked: Asked, states: States) -> BodyRecords:
    """Where the stream of any body is found."""
    return lambda code: states.records(body_stream(code))


def body_of(command: Any, asked: Asked, states: States) -> Sequence[Recorded]:
    """The records of an account's body."""
    return states.records(body_stream(account_parts(command.account)[2]))


HANDLES = (
    on_stream(
        RegisterBody,
        register_body,
        lambda given: body_stream(given.body),
        by="analyst",
        person=lambda given, asked, states: of_person(given.body, states),
    ),
    on_stream(
        RegisterPractice,
        register_practice,
        lambda given: body_stream(given.practice),
        by="analyst",
        known=known_bodies,
        person=lambda given, asked, states: of_person(given.practice, states),
    ),
)
