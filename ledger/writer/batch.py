"""One batch of requests, decided in order; what it would write is gathered.

The writer makes a batch under the log's lock and writes what was gathered in the
same transaction; a rehearsal throws it away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ledger.calendar import business_date
from ledger.decisions.every import CommandIdReused, decide, usual_day
from ledger.decisions.parties import RegisterParty, present_name, spelled
from ledger.events import Fact
from ledger.proof import row_digest
from ledger.recorded import Meta, Recorded, party_stream, stream_of
from ledger.request import (
    Appended,
    Asked,
    NotTried,
    Outcome,
    Refusal,
    Refused,
    Repeated,
    Request,
)
from ledger.store.contract import Reading
from ledger.store.mapper import decode, encode, encode_meta
from ledger.store.rows import (
    CommandRow,
    EventRow,
    Head,
    PartyRow,
    TextRow,
    check,
)
from ledger.values import value
from ledger.writer.commitments import Kept, SaltSource, commit, request_hash, same_texts
from ledger.writer.refusals import decode_refusal, encode_refusal
from ledger.writer.states import KeptStates, StateBroken


@value
class _Mark:
    """How much a batch had gathered before a group of it."""

    events: int
    commands: int
    texts: int
    parties: int
    answers: int


class Batch:
    """What the requests of one transaction come to.

    Args:
        reading: The log as it stands.
        states: Brought up to that head; facts decided here are put on them.
        answered: The rows of those requests that were answered in earlier batches.
        recorded_at: UTC; one for the whole batch.
        instant: The same as rows hold it.
    """

    def __init__(
        self,
        *,
        reading: Reading,
        head: Head,
        states: KeptStates,
        answered: Mapping[str, CommandRow],
        recorded_at: datetime,
        instant: str,
        salt: SaltSource,
    ):
        self.events: list[EventRow] = []
        self.commands: list[CommandRow] = []
        self.texts: list[TextRow] = []
        self.parties: list[PartyRow] = []
        self._said: dict[str, str] = {}  # By commitment, of this batch.
        self._answers: dict[str, tuple[str, Appended | Refused]] = {}
        self._reading = reading
        self._head = head
        self._states = states
        self._answered = answered
        self._recorded_at = recorded_at
        self._instant = instant
        self._today = business_date(recorded_at)
        self._salt = salt

    def each(self, request: Request) -> Outcome:
        """Answer one request on its own; later ones see what it recorded."""
        self._reading.still_deciding()
        hashed = request_hash(request)
        return self._before(request, hashed) or self._decide(request, hashed)

    def group(self, requests: Sequence[Request]) -> tuple[Outcome, ...]:
        """Answer requests of which all are recorded, or none.

        Returns:
            One outcome a request, in their order. Where one is refused it alone is
            recorded, as a refusal. Those recorded in an earlier transaction stay
            `Repeated`; the others are not tried, and may be asked again under
            the same ids.
        """
        if len(requests) == 1:
            return (self.each(requests[0]),)
        mark = self._mark()
        self._states.begin_group()
        outcomes: list[Outcome] = []
        try:
            for request in requests:
                outcomes.append(self.each(request))
                if _is_no(outcomes[-1]):
                    break
            else:
                self._states.commit_group()
                return tuple(outcomes)
        except Exception:
            self._roll_back(mark)
            raise
        self._roll_back(mark)
        return self._not_done(requests, outcomes)

    def _not_done(
        self, requests: Sequence[Request], outcomes: Sequence[Outcome]
    ) -> tuple[Outcome, ...]:
        last, refused = outcomes[-1], requests[len(outcomes) - 1]
        if isinstance(last, Refused) and not isinstance(last.refusal, CommandIdReused):
            self._refuse(refused, request_hash(refused), last.refusal)
        earlier = [
            outcome
            if isinstance(outcome, Repeated) and request.id in self._answered
            else NotTried(id=request.id, refused=refused.id)
            for request, outcome in zip(requests, outcomes[:-1], strict=False)
        ]
        later = [
            NotTried(id=request.id, refused=refused.id)
            for request in requests[len(outcomes) :]
        ]
        return (*earlier, last, *later)

    def _before(self, request: Request, hashed: str) -> Outcome | None:
        """What the id was answered, in this batch or an earlier one; None if new."""
        if request.id in self._answers:
            first_hash, first = self._answers[request.id]
        elif request.id in self._answered:
            row = self._answered[request.id]
            first_hash, first = row.hash, self._first(row)
        else:
            return None
        if first_hash != hashed or not self._says_the_same(request, first):
            return Refused(id=request.id, refusal=CommandIdReused(id=request.id))
        return Repeated(id=request.id, first=first)

    def _says_the_same(self, request: Request, first: Appended | Refused) -> bool:
        if not isinstance(first, Appended):
            return True
        facts = [one.fact for one in first.records]
        return same_texts(request.command, facts, self._opened)

    def _opened(self, commitment: str) -> str | None:
        """The text or name of a commitment, of this batch or an earlier one."""
        return self._said.get(commitment) or self._reading.text(commitment)

    def _present(self, command: Any) -> dict[str, tuple[str, str]]:
        """The name that a party to be named bears now, and its commitment."""
        if not isinstance(command, RegisterParty) or command.name is None:
            return {}
        records = self._states.records(party_stream(command.party))
        commitment = present_name(records)
        name = None if commitment is None else self._opened(commitment)
        if commitment is None or name is None:
            return {}
        return {"name": (name, commitment)}

    def _first(self, row: CommandRow) -> Appended | Refused:
        if row.refusal is not None:
            return Refused(id=row.id, refusal=decode_refusal(row.refusal))
        if row.first_position is None:
            return Appended(id=row.id, records=())
        rows = self._reading.events(row.first_position - 1, row.count)
        return Appended(id=row.id, records=tuple(decode(*one) for one in rows))

    def _decide(self, request: Request, hashed: str) -> Outcome:
        request = spelled(request, self._states)
        present = self._present(request.command)
        command, kept = commit(request.command, self._salt, present)
        request = replace(request, command=command)
        asked = Asked(
            by=request.by,
            effective_on=request.effective_on or usual_day(command, self._today),
            decided_on=request.decided_on or self._today,
            recorded_on=self._today,
        )
        decision = decide(request, asked, self._states)
        if isinstance(decision, tuple):
            return self._record(request, hashed, asked, decision, kept)
        return self._refuse(request, hashed, decision)

    def _record(
        self,
        request: Request,
        hashed: str,
        asked: Asked,
        facts: tuple[Fact, ...],
        kept: tuple[Kept, ...],
    ) -> Appended:
        by = request.by
        meta = Meta(
            recorded_at=self._recorded_at,
            effective_on=asked.effective_on,
            decided_on=request.decided_on,
            actor=by.party,
            role=by.role,
            on_behalf_of=by.on_behalf_of,
            command_id=request.id,
            request_hash=hashed,
            correlation_id=request.correlation_id or request.id,
            causation_id=request.causation_id,
        )
        records, rows = self._placed(meta, facts)
        try:
            for recorded in records:
                self._states.apply(recorded)
        except Exception as reason:
            raise StateBroken(f"command {request.id} was decided wrongly") from reason
        self.events += rows
        for one in kept:
            self._keep(one, rows)
        outcome = Appended(id=request.id, records=records)
        first = records[0].position if records else None
        self._answer(hashed, outcome, first_position=first, count=len(records))
        return outcome

    def _placed(
        self, meta: Meta, facts: tuple[Fact, ...]
    ) -> tuple[tuple[Recorded, ...], list[EventRow]]:
        encoded = encode_meta(meta) if facts else b""
        position = self._head.position + len(self.events)
        versions: dict[str, int] = {}
        records, rows = [], []
        for fact in facts:
            stream = stream_of(fact)
            version = versions.get(stream) or self._states.version(stream)
            position, versions[stream] = position + 1, version + 1
            state = encode(fact, encoded)
            row = EventRow(position, stream, version + 1, fact.TOPIC, state)
            check(row)  # Here it concerns this request alone.
            rows.append(row)
            records.append(
                Recorded(
                    position=position,
                    stream=stream,
                    version=version + 1,
                    meta=meta,
                    fact=fact,
                )
            )
        return tuple(records), rows

    def _keep(self, one: Kept, rows: Sequence[EventRow]) -> None:
        """Keep a text or name whose commitment stands in a fact, and no other."""
        commitment = one.commitment.encode()
        if not any(commitment in row.state for row in rows):
            return
        self._said[one.commitment] = one.text
        if one.party is None:
            self.texts.append(TextRow(one.commitment, one.salt, one.text))
        else:
            self.parties.append(PartyRow(one.party, one.commitment, one.salt, one.text))

    def _refuse(self, request: Request, hashed: str, refusal: Refusal) -> Refused:
        outcome = Refused(id=request.id, refusal=refusal)
        self._answer(hashed, outcome, refusal=encode_refusal(refusal))
        return outcome

    def _answer(
        self,
        hashed: str,
        outcome: Appended | Refused,
        *,
        first_position: int | None = None,
        count: int = 0,
        refusal: str | None = None,
    ) -> None:
        columns = (
            self._head.number + len(self.commands) + 1,
            outcome.id,
            hashed,
            "appended" if refusal is None else "refused",
            self._instant,
            first_position,
            count,
            refusal,
        )
        self.commands.append(CommandRow(*columns, row_digest(columns)))
        self._answers[outcome.id] = (hashed, outcome)

    def _mark(self) -> _Mark:
        return _Mark(
            events=len(self.events),
            commands=len(self.commands),
            texts=len(self.texts),
            parties=len(self.parties),
            answers=len(self._answers),
        )

    def _roll_back(self, mark: _Mark) -> None:
        self._states.roll_back_group()
        del self.events[mark.events :]
        del self.commands[mark.commands :]
        del self.texts[mark.texts :]
        del self.parties[mark.parties :]
        while len(self._answers) > mark.answers:
            self._answers.popitem()


def _is_no(outcome: Outcome) -> bool:
    if isinstance(outcome, Repeated):
        return isinstance(outcome.first, Refused)
    return isinstance(outcome, Refused)
