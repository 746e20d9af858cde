"""An account's story in plain English, cause before effect.

The view `trail` stores which records a story holds. Sentences are written at reading,
one small function a fact, so they can be bettered without a rebuild.
"""

from datetime import date, datetime
from typing import NamedTuple

from ledger import events
from ledger.events import RecordId
from ledger.periods import closes, prior_period
from ledger.recorded import LEDGER_STREAM, Recorded, document_stream
from projections.story.links import Links
from projections.story.sentences.every import sentence
from projections.story.words import Lookup, Sources
from projections.views import decided
from projections.views.trail import record_ids, rests_on
from projections.views.view import Database


class Step(NamedTuple):
    """One record of an account's story."""

    position: int
    record_id: RecordId
    recorded_at: datetime  # UTC.
    effective_on: date
    decided_on: date | None  # Where people decided on an earlier day.
    who: str  # Role and party.
    sentence: str
    because: tuple[RecordId, ...]  # Earlier steps it follows from; may be empty.
    closed_through: date | None  # Of a prior-period adjustment.


def story(
    sources: Sources,
    db: Database,
    account: str,
    known: int | None = None,
    by: date | None = None,
) -> tuple[Step, ...]:
    """An account's story in the order of the ledger, so cause before effect.

    It holds the account's own records and what they rest on: rules, results, and
    what those were derived and read from. Empty if there is no such account.

    Args:
        known: The last position that counts, for sources too; None: all.
        by: The day by which it had been decided, in place of `known`; None: all. What
            was decided later is told where something decided by then rests on it.

    Raises:
        LookupError: If a record that the story rests on is not in the log: run
            `premium verify`.
    """
    records: dict[RecordId, Recorded] = {}
    if by is None:
        wanted = [*record_ids(db, account, known)]
    else:
        wanted = [*decided.record_ids(db, by, account)]
    while wanted:
        record_id = wanted.pop()
        if record_id in records:
            continue
        found = sources.record(record_id)
        if found is None:
            raise LookupError(f"{account} rests on {record_id}, which is not there")
        records[record_id] = found
        wanted += (*rests_on(found.fact), *_sources_of(found.fact, sources))
    lookup, links = Lookup(sources), Links()
    closed = closes(sources.stream(LEDGER_STREAM))
    steps = []
    for one in sorted(records.values(), key=lambda record: record.position):
        because = (
            *rests_on(one.fact),
            *_sources_of(one.fact, sources),
            *links.follow(one),
        )
        steps.append(
            Step(
                one.position,
                one.id,
                one.meta.recorded_at,
                one.meta.effective_on,
                one.meta.decided_on,
                lookup.who(one.meta),
                sentence(one.fact, lookup),
                tuple(dict.fromkeys(because)),
                prior_period(one, closed),
            )
        )
    return tuple(steps)


def _sources_of(fact: events.Fact, sources: Sources) -> list[RecordId]:
    """What a result or rulebook was derived and read from, as far as recorded."""
    found: list[RecordId]
    match fact:
        case events.ResultRecorded(derived_from=derived_from):
            found = [*derived_from]
        case events.ResultCorrected(corrects=corrects):
            found = [corrects]
        case events.RulebookPublished() | events.AttributionPublished():
            found = []
        case _:
            return []
    if fact.document is not None:
        documents = sources.stream(document_stream(fact.document))
        found += [recorded.id for recorded in documents[:1]]
    return found
