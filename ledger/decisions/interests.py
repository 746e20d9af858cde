"""Who stands to gain where: interests declared and ended, and who took part."""

from collections.abc import Sequence
from typing import ClassVar

from ledger.calendar import HappenedOn
from ledger.decisions.bodies import BodyRecords, UnknownBody, known_bodies, registered
from ledger.decisions.fields import Account, Body, Label, Payee, Person
from ledger.decisions.handling import on_stream
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    OtherBody,
    before,
    other_body,
)
from ledger.events import (
    BodyCode,
    Commitment,
    InterestDeclared,
    InterestEnded,
    InterestKind,
    ParticipationRecorded,
    PartyId,
    TookPart,
)
from ledger.premium.account import PremiumAccount
from ledger.recorded import Recorded, interests_stream
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class DeclareInterest:
    """Declare what a person of a body has to do with a payee."""

    NAME: ClassVar[str] = "declare-interest"

    body: Body
    interest: Label
    """An id within the body."""
    person: Person
    payee: Payee
    kind: InterestKind
    """Financial, professional, personal or indirect."""
    since: HappenedOn
    """The day it began."""
    nature: Prose
    """What it is, in words kept beside the log."""


@value
class EndInterest:
    """Say that a declared interest came to an end."""

    NAME: ClassVar[str] = "end-interest"

    body: Body
    interest: Label
    """The id under which it was declared."""
    ended_on: HappenedOn
    """The day it ended."""


@value
class RecordParticipation:
    """Record what part a person took in the decision on a use of the premium."""

    NAME: ClassVar[str] = "record-participation"

    body: Body
    premium: Account
    use: Label
    """The id of the spending that was decided on."""
    person: Person
    part: TookPart
    """The part they took in the decision."""
    on: HappenedOn
    """The day of the decision."""
    reason: Prose
    """Why, in words kept beside the log."""


@value
class InterestIdTaken:
    """The id stands for another interest of the body."""

    NAME: ClassVar[str] = "interest-id-taken"

    interest: str
    person: PartyId
    payee: PartyId

    def __str__(self) -> str:
        return (
            f"{self.interest} is an interest of {self.person} in {self.payee}: "
            "give another one an id of its own"
        )


@value
class NoSuchInterest:
    """The body has no interest of that id."""

    NAME: ClassVar[str] = "no-such-interest"

    interest: str

    def __str__(self) -> str:
        return f"no interest {self.interest!r} is declared: declare it first"


REFUSALS = (
    UnknownBody,
    OtherBody,
    AccountNotOpen,
    InterestIdTaken,
    NoSuchInterest,
    DateRunsBackwards,
)


def declare_interest(
    command: DeclareInterest,
    interests: Sequence[Recorded],
    asked: Asked,
    *,
    known: BodyRecords,
) -> Decision:
    """Decide whether an interest is on record, also one that began long before.

    The same again adds nothing; its nature is a text, so it may be told otherwise.

    Args:
        interests: The records of the body's interests.
        known: Where the stream of any body is found.

    Source: DESIGN 3 (interests); NHS Act 2006 s.14O (registers of interests).
    """
    if registered(known(command.body)) is None:
        return UnknownBody(body=command.body)
    there = _declared(command.interest, interests)
    if there is not None:
        said = (there.person, there.payee, there.kind, there.since)
        if said == (command.person, command.payee, command.kind, command.since):
            return ()
        return InterestIdTaken(
            interest=command.interest, person=there.person, payee=there.payee
        )
    return (
        InterestDeclared(
            body=command.body,
            interest=command.interest,
            person=command.person,
            payee=command.payee,
            kind=command.kind,
            since=command.since,
            nature=Commitment(command.nature),
        ),
    )


def end_interest(
    command: EndInterest, interests: Sequence[Recorded], asked: Asked
) -> Decision:
    """Decide whether an interest has ended; another day is the one that counts.

    Args:
        interests: The records of the body's interests.
    """
    there = _declared(command.interest, interests)
    if there is None:
        return NoSuchInterest(interest=command.interest)
    if early := before(
        command.ended_on, there.since, "its end", "the beginning of the interest"
    ):
        return early
    ended = InterestEnded(
        body=command.body, interest=command.interest, ended_on=command.ended_on
    )
    ends = [
        one.fact
        for one in interests
        if isinstance(one.fact, InterestEnded) and one.fact.interest == command.interest
    ]
    return () if ends[-1:] == [ended] else (ended,)


def record_participation(
    command: RecordParticipation,
    interests: Sequence[Recorded],
    asked: Asked,
    *,
    known: BodyRecords,
    premium: PremiumAccount,
) -> Decision:
    """Decide whether it is on record who took part; whether they should is a finding.

    Of two records about the same person and use the later one counts; the same again
    adds nothing. The use need not be recorded yet: it is decided before it is paid.
    The premium is open, and the body's own.

    Args:
        interests: The records of the body's interests.
        known: Where the stream of any body is found.
        premium: The premium that is used.
    """
    if registered(known(command.body)) is None:
        return UnknownBody(body=command.body)
    if other := other_body(command.body, command.premium):
        return other
    if premium.opened is None:
        return AccountNotOpen(account=command.premium)
    about = (command.premium, command.use, command.person)
    so_far = [
        (one.fact.part, one.fact.on)
        for one in interests
        if isinstance(one.fact, ParticipationRecorded)
        and (one.fact.premium, one.fact.use, one.fact.person) == about
    ]
    if so_far[-1:] == [(command.part, command.on)]:
        return ()
    return (
        ParticipationRecorded(
            body=command.body,
            premium=command.premium,
            use=command.use,
            person=command.person,
            part=command.part,
            on=command.on,
            reason=Commitment(command.reason),
        ),
    )


def _declared(named: str, interests: Sequence[Recorded]) -> InterestDeclared | None:
    for one in interests:
        if isinstance(one.fact, InterestDeclared) and one.fact.interest == named:
            return one.fact
    return None


def _stream(command: DeclareInterest | EndInterest | RecordParticipation) -> str:
    return interests_stream(command.body)


def _own(command: DeclareInterest | EndInterest | RecordParticipation) -> BodyCode:
    return command.body


HANDLES = (
    on_stream(
        DeclareInterest,
        declare_interest,
        _stream,
        by="finance-officer",
        of=_own,
        known=known_bodies,
    ),
    on_stream(EndInterest, end_interest, _stream, by="finance-officer", of=_own),
    on_stream(
        RecordParticipation,
        record_participation,
        _stream,
        by="finance-officer",
        of=_own,
        known=known_bodies,
        premium=lambda given, asked, states: states.account(given.premium),
    ),
)
