"""Sentences about rules, documents and results."""

from collections.abc import Callable
from typing import Any

from ledger import events
from ledger.calendar import both_years
from ledger.money import exact_text
from ledger.wording import counted
from projections.story.words import Lookup


def _rulebook(fact: events.RulebookPublished, lookup: Lookup) -> str:
    return (
        f"The rules of {fact.scheme} for {both_years(fact.scheme_year)} were published "
        f"as version {fact.rulebook_version}, for decisions from "
        f"{fact.applies_from}."
    )


def _document(fact: events.DocumentRecorded, lookup: Lookup) -> str:
    publisher = f" of {fact.publisher}" if fact.publisher else ""
    published = f", published on {fact.published_on}" if fact.published_on else ""
    return f'The document "{fact.title}"{publisher} was recorded{published}.'


def _result(fact: events.ResultRecorded, lookup: Lookup) -> str:
    parts = ""
    if fact.numerator is not None and fact.denominator is not None:
        parts = f" ({exact_text(fact.numerator)} / {exact_text(fact.denominator)})"
    published = f", published on {fact.published_on}" if fact.published_on else ""
    derived = ", derived by us" if fact.status == "derived" else ""
    return (
        f"{fact.measure} of {lookup.body(fact.subject)} for {fact.period} was recorded "
        f"as {exact_text(fact.value)} {fact.unit}{parts}{published}{derived}."
    )


def _corrected(fact: events.ResultCorrected, lookup: Lookup) -> str:
    published = f", published on {fact.published_on}" if fact.published_on else ""
    return (
        f"{fact.measure} of {lookup.body(fact.subject)} for {fact.period} was "
        f"corrected to {exact_text(fact.value)} {fact.unit}{published}: "
        f"{lookup.text(fact.reason)}."
    )


def _attribution(fact: events.AttributionPublished, lookup: Lookup) -> str:
    return (
        f"{fact.measure} of {lookup.body(fact.provider)} for {fact.period} was "
        f"attributed to {counted(len(fact.bodies), 'body', 'bodies')}."
    )


SENTENCES: dict[type, Callable[[Any, Lookup], str]] = {
    events.RulebookPublished: _rulebook,
    events.DocumentRecorded: _document,
    events.ResultRecorded: _result,
    events.ResultCorrected: _corrected,
    events.AttributionPublished: _attribution,
}
