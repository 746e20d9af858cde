"""People and organisations: registered, named, and known by one spelling.

A party is registered by itself, or along with the first command in which it acts,
declares or is paid. So every id has one stream, whatever its capitals; what stands
in facts is its first spelling, and deciders compare plainly (ADR 0021).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from ledger.decisions.fields import Party
from ledger.decisions.handling import on_stream
from ledger.decisions.roles import Role
from ledger.events import (
    BodyCode,
    Commitment,
    Fact,
    PartyId,
    PartyKind,
    PartyRegistered,
)
from ledger.limits import Name
from ledger.recorded import Recorded, body_stream, party_stream
from ledger.request import Asked, Decision, Request, States
from ledger.values import NameOf, parties, value


@value
class RegisterParty:
    """Make a person or organisation known, or give them a name.

    A finance officer registers who is not known yet, and names an organisation that
    has no name; only an analyst names anybody else, or changes a name.
    """

    NAME: ClassVar[str] = "register-party"

    party: Party
    kind: PartyKind
    """A person or an organisation, for good; a sole trader is a person."""
    name: Annotated[Name | None, NameOf("party")] = None
    """The name, which is kept beside the log."""


@value
class PartyKindDiffers:
    """An organisation cannot act or declare, and no kind ever changes."""

    NAME: ClassVar[str] = "party-kind-differs"

    party: PartyId
    kind: PartyKind
    given: PartyKind

    def __str__(self) -> str:
        article = {"person": "a person", "organisation": "an organisation"}
        return (
            f"{self.party} is {article[self.kind]}, not {article[self.given]}: "
            "a person acts and declares, and needs an id of their own"
        )


@value
class PartyNotYoursToName:
    """A finance officer may not name a person who is known, nor change a name."""

    NAME: ClassVar[str] = "party-not-yours-to-name"

    party: PartyId

    def __str__(self) -> str:
        return f"{self.party} is known already: only an analyst names them now"


REFUSALS = (PartyKindDiffers, PartyNotYoursToName)


# What every command goes through ------------------------------------------------------


def spelled(request: Request, states: States) -> Request:
    """The request with every party spelled as it was recorded first."""
    known: dict[str, PartyId] = {}

    def spell(party: PartyId) -> PartyId:
        key = party.lower()
        if key not in known:
            known[key] = _known(party, states)[0]
        return known[key]

    by = request.by
    if (actor := spell(by.party)) != by.party:
        request = replace(request, by=replace(by, party=actor))
    command, changes = request.command, {}
    form: Any = type(command)
    for field in parties(form):
        given = getattr(command, field)
        now = tuple(map(spell, given)) if isinstance(given, tuple) else spell(given)
        if now != given:
            changes[field] = now
    return replace(request, command=replace(command, **changes)) if changes else request


def amiss(request: Request, states: States) -> PartyKindDiffers | None:
    """The refusal if an organisation acts or declares."""
    for party, kind, only in _named(request):
        known = _known(party, states)[1]
        if only and known is not None and known != kind:
            return PartyKindDiffers(party=party, kind=known, given=kind)
    return None


def along(request: Request, facts: tuple[Fact, ...], states: States) -> Decision:
    """What a command records, and behind it the parties that it makes known."""
    registered = {
        one.party.lower() for one in facts if isinstance(one, PartyRegistered)
    }
    new: list[Fact] = []
    for party, kind, _ in _named(request):
        if party.lower() in registered or _known(party, states)[1] is not None:
            continue
        registered.add(party.lower())
        new.append(PartyRegistered(party=party, kind=kind))
    return (*facts, *new)


def _named(request: Request) -> Iterator[tuple[PartyId, PartyKind, bool]]:
    """Who acts, declares or is paid; as which kind, and whether as that alone."""
    yield request.by.party, "person", True
    form: Any = type(request.command)
    for field, mark in parties(form).items():
        if mark.kind is not None:
            yield getattr(request.command, field), mark.kind, mark.only


def _known(party: PartyId, states: States) -> tuple[PartyId, PartyKind | None]:
    """How a party is spelled, and of which kind it is; None where it is not known."""
    stream = states.records(party_stream(party))
    if stream:
        first = stream[0].fact
        assert isinstance(first, PartyRegistered)
        return first.party, first.kind
    code = BodyCode(party.upper())
    if states.records(body_stream(code)):
        return PartyId(code), "organisation"
    return party, None


# The command --------------------------------------------------------------------------


def register_party(
    command: RegisterParty,
    stream: Sequence[Recorded],
    asked: Asked,
    *,
    body: Sequence[Recorded],
) -> Decision:
    """Decide whether a party becomes known, or bears another name.

    The same again adds nothing: the service gives a name that is the present one the
    commitment that it has.

    Args:
        stream: The records of the party's stream.
        body: The records of the body whose code the id is, which is an organisation.
    """
    known: PartyKind | None = None
    if stream:
        first = stream[0].fact
        assert isinstance(first, PartyRegistered)
        known = first.kind
    elif body:
        known = "organisation"
    if known is not None and known != command.kind:
        return PartyKindDiffers(party=command.party, kind=known, given=command.kind)
    named = present_name(stream)
    if known is not None and command.name in (None, named):
        return ()
    theirs = known is None or (known == "organisation" and not named and not body)
    if asked.by.role != "analyst" and not theirs:
        return PartyNotYoursToName(party=command.party)
    return (
        PartyRegistered(
            party=command.party,
            kind=command.kind,
            name=None if command.name is None else Commitment(command.name),
        ),
    )


def present_name(stream: Sequence[Recorded]) -> Commitment | None:
    """The name that counts, of the records of a party's stream; None for none."""
    return next(
        (
            one.fact.name
            for one in reversed(stream)
            if isinstance(one.fact, PartyRegistered) and one.fact.name is not None
        ),
        None,
    )


def of_person(code: BodyCode, states: States) -> PartyKindDiffers | None:
    """The refusal if a person's id is the code that a body would bear."""
    party, kind = _known(PartyId(code), states)
    if kind != "person":
        return None
    return PartyKindDiffers(party=party, kind=kind, given="organisation")


def _body(command: RegisterParty, asked: Asked, states: States) -> Sequence[Recorded]:
    return states.records(body_stream(command.party.upper()))


REGISTRARS: tuple[Role, ...] = ("analyst", "finance-officer")

HANDLES = (
    on_stream(
        RegisterParty,
        register_party,
        lambda given: party_stream(given.party),
        by=REGISTRARS,
        body=_body,
    ),
)
