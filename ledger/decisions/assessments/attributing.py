"""Whose results count for whom: one provider's for many groups."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator

from ledger.calendar import HappenedOn
from ledger.decisions.bodies import BodyRecords, UnknownBody, known_bodies
from ledger.decisions.fields import Document, Label, Period
from ledger.decisions.handling import on_stream
from ledger.events import (
    AttributionPublished,
    BodyCode,
    RecordId,
)
from ledger.recorded import Recorded, account_parts, attribution_stream, result_stream
from ledger.request import Asked, Decision, States
from ledger.values import value


class Found(NamedTuple):
    """Where a result was looked for, and why there."""

    stream: Sequence[Recorded]  # Empty where no result is recorded.
    attribution: RecordId | None = None  # Where it is a provider's.


class Attributed(NamedTuple):
    """The attribution by which a provider's result counts for a body."""

    record: RecordId
    fact: AttributionPublished


def _each_once(bodies: tuple[BodyCode, ...]) -> tuple[BodyCode, ...]:
    return tuple(sorted(set(bodies)))


@value
class PublishAttribution:
    """Say for which groups one provider's result counts as their own."""

    NAME: ClassVar[str] = "publish-attribution"

    measure: Label
    """The indicator, such as mrsa."""
    period: Period
    provider: BodyCode
    """The provider whose result counts, by its ODS code."""
    bodies: Annotated[tuple[BodyCode, ...], AfterValidator(_each_once)]
    """The groups for which it counts; none if it counts for none any more."""
    published_on: HappenedOn | None = None
    """The day it was published."""
    document: Document = None


@value
class AttributedOtherwise:
    """Another provider's result counts for a body already."""

    NAME: ClassVar[str] = "attributed-otherwise"

    body: BodyCode
    provider: BodyCode

    def __str__(self) -> str:
        return (
            f"the result of {self.provider} counts for {self.body}: "
            "publish its attribution without that body first"
        )


REFUSALS = (UnknownBody, AttributedOtherwise)


def attribution(published: Sequence[Recorded], body: BodyCode) -> Attributed | None:
    """The attribution that counts for a body, if a provider's result is its own.

    Args:
        published: The records of the attributions of one measure and period. Of
            each provider the latest counts.
    """
    seen: set[BodyCode] = set()
    for recorded in reversed(published):
        fact = recorded.fact
        assert isinstance(fact, AttributionPublished)
        if fact.provider not in seen and body in fact.bodies:
            return Attributed(recorded.id, fact)
        seen.add(fact.provider)
    return None


def counting(
    records: Callable[[str], Sequence[Recorded]], body: BodyCode
) -> Callable[[str, str], Found]:
    """Where the results that count for a body are found.

    A provider's, where one is attributed to the body; otherwise the body's own.

    Args:
        records: The records of a stream, by its name.
    """

    def find(measure: str, period: str) -> Found:
        attributed = attribution(records(attribution_stream(measure, period)), body)
        subject = body if attributed is None else attributed.fact.provider
        stream = records(result_stream(measure, subject, period))
        return Found(stream, None if attributed is None else attributed.record)

    return find


def subject_for(published: Sequence[Recorded], body: BodyCode) -> BodyCode:
    """Whose result counts for a body: a provider's, or its own."""
    attributed = attribution(published, body)
    return body if attributed is None else attributed.fact.provider


def ever_attributed(
    published: Sequence[Recorded], provider: BodyCode
) -> tuple[BodyCode, ...]:
    """Every body that a provider's result was ever said to count for, each once."""
    named: dict[BodyCode, None] = {}
    for recorded in published:
        fact = recorded.fact
        assert isinstance(fact, AttributionPublished)
        if fact.provider == provider:
            named |= dict.fromkeys(fact.bodies)
    return tuple(named)


def publish_attribution(
    command: PublishAttribution,
    published: Sequence[Recorded],
    asked: Asked,
    *,
    known: BodyRecords,
) -> Decision:
    """Decide for whom a provider's result counts; the same again adds nothing.

    Args:
        published: The records of the attributions of the measure and period.
        known: The streams of bodies.

    Source: dossier section 3 (one provider's result hits many groups, and the mapping
        is itself data).
    """
    for code in (command.provider, *command.bodies):
        if not known(code):
            return UnknownBody(body=code)
    for body in command.bodies:
        attributed = attribution(published, body)
        if attributed is not None and attributed.fact.provider != command.provider:
            return AttributedOtherwise(body=body, provider=attributed.fact.provider)
    given = {one.name: getattr(command, one.name) for one in fields(command)}
    new = AttributionPublished(**given)
    before = [one.fact for one in published]
    latest = next(
        (
            fact
            for fact in reversed(before)
            if isinstance(fact, AttributionPublished)
            and fact.provider == command.provider
        ),
        None,
    )
    return () if latest == new else (new,)


def results_of(
    command: Any, asked: Asked, states: States
) -> Callable[[str, str], Found]:
    """Where the results that count for an account's body are found."""
    return counting(states.records, BodyCode(account_parts(command.account)[2]))


HANDLES = (
    on_stream(
        PublishAttribution,
        publish_attribution,
        lambda given: attribution_stream(given.measure, given.period),
        by="analyst",
        known=known_bodies,
    ),
)
