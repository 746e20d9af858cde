"""Replays the decisions of a whole log, or those of one account."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Protocol

from ledger import events
from ledger.decisions.replay import Replay, cited
from ledger.events import AccountId
from ledger.limits import normal_reference
from ledger.recorded import (
    LEDGER_STREAM,
    Recorded,
    account_parts,
    account_stream,
    body_stream,
    part,
    party_stream,
    payment_reference_stream,
    result_stream,
    rulebook_stream,
    stream_and_version,
)
from projections.following.position import Progress

BATCH = 2_000
"""Records read at once."""


class Records(Protocol):
    """What replaying needs of the ledger. All calls read; none waits for a writer."""

    def head(self) -> int:
        """The last position; 0 when nothing is recorded."""
        ...

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` records after a position, in order; empty at the head."""
        ...

    def stream(self, name: str) -> Sequence[Recorded]:
        """A stream's records in order of version; empty if there is none."""
        ...

    def streams(self, prefix: str) -> Sequence[str]:
        """The names of the streams that begin so."""
        ...


def replay_all(log: Records, progress: Progress | None = None) -> Replay:
    """Every decision of the log, decided again, up to its head when called.

    Raises:
        Unreadable: If a record cannot be decoded.
    """
    replay = Replay()
    for records in _commands(_log(log, progress)):
        replay.apply(records)
    return replay


def replay_account(log: Records, account: AccountId) -> Replay:
    """Every decision on one account, from the streams that can concern it.

    Accounts that it was decided together with, in a payment run, by a set-off or under
    one reference, are followed, and nothing of theirs alone is decided again.
    """
    scheme, scheme_year, body = account_parts(account)
    own = log.stream(account_stream(account))
    streams = {LEDGER_STREAM, rulebook_stream(scheme, scheme_year), body_stream(body)}
    streams |= {
        stream_and_version(one)[0] for recorded in own for one in cited(recorded.fact)
    }
    references = {
        payment_reference_stream(normal_reference(recorded.fact.reference))
        for recorded in own
        if isinstance(
            recorded.fact,
            events.DisbursementPaid
            | events.RecoveryReceived
            | events.LapseProposed
            | events.Lapsed,
        )
    }
    streams |= references
    heir = body_stream(body)
    while succeeded := _succeeded(log.stream(heir)):
        streams.add(heir := body_stream(succeeded))
    for party in {name for recorded in own for name in _parties(recorded)}:
        streams |= {party_stream(party), body_stream(party.upper())}
    streams |= set(results_of(log, body)) | set(attributed_to(log, body))
    runs = {
        recorded.fact.run
        for recorded in own
        if isinstance(recorded.fact, events.DisbursementApproved) and recorded.fact.run
    }
    streams |= runs
    streams |= {account_stream(one) for one in _others(log, own, runs | references)}
    streams -= {account_stream(account)}
    records = [*own, *(one for stream in streams for one in log.stream(stream))]
    replay = Replay()
    for command in _commands(sorted(records, key=lambda one: one.position)):
        of = {getattr(one.fact, "account", None) for one in command} - {None}
        if account in of or not of:
            replay.apply(command)
        else:
            for one in command:
                replay.known.take(one)
    return replay


def _others(
    log: Records, own: Sequence[Recorded], together: Iterable[str]
) -> Iterator[AccountId]:
    """The accounts that one was decided together with; itself may be among them.

    Args:
        together: Streams of payment runs and of references that it shares with them.
    """
    for stream in together:
        for recorded in log.stream(stream):
            match recorded.fact:
                case events.PaymentRunProposed(items=listed):
                    yield from (one.account for one in listed)
                case events.PaymentReferenceTaken(parts=parts):
                    yield from (one.account for one in parts)
    for recorded in own:
        match recorded.fact:
            case events.DebtSetOff(against=other) | events.PayableSetOff(debtor=other):
                yield other
            case events.LapseProposed(parts=parts):
                yield from (one.account for one in parts)


def _succeeded(stream: Sequence[Recorded]) -> str | None:
    for one in stream:
        if isinstance(one.fact, events.BodySucceeded):
            return one.fact.successor
    return None


def _parties(recorded: Recorded) -> Iterator[str]:
    """Who acted, and who was paid."""
    yield recorded.meta.actor
    if (payee := getattr(recorded.fact, "payee", None)) is not None:
        yield payee


def results_of(log: Records, body: str) -> Iterator[str]:
    """The streams of a body's results, populations included."""
    for name in log.streams("result/"):
        if name.split("/")[2] == part(body):
            yield name


def attributed_to(log: Records, body: str) -> Iterator[str]:
    """Where it stands whose results count for a body, and the streams of these."""
    for name in log.streams("attribution/"):
        for recorded in log.stream(name):
            fact = recorded.fact
            assert isinstance(fact, events.AttributionPublished)
            if body in fact.bodies:
                yield name
                yield result_stream(fact.measure, fact.provider, fact.period)


def _commands(records: Iterable[Recorded]) -> Iterator[Sequence[Recorded]]:
    """Records of one command together; they stand side by side in the log."""
    for _, facts in groupby(records, key=lambda one: one.meta.command_id):
        yield tuple(facts)


def _log(log: Records, progress: Progress | None) -> Iterator[Recorded]:
    position, head = 0, log.head()
    while position < head:
        records = log.read(position, min(BATCH, head - position))
        yield from records
        position = records[-1].position
        if progress is not None:
            progress(position, head)
