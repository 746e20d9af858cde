"""Deciding again: every decision on an account, from what it cites.

A decision is decided twice more. First from exactly the results and the rulebook it
cites, the account as it then stood: it must come out as recorded. Then from all
that was recorded before it: if that comes out differently, it overlooked something.
What was recorded since is never used, only listed.

Refusals are not replayed: they changed nothing, and their requests are not kept.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal

from ledger import events
from ledger.calendar import business_date
from ledger.decisions.every import HANDLES, decide
from ledger.decisions.handling import Handles
from ledger.events import AccountId, Fact, RecordId
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import evolve
from ledger.recorded import (
    Recorded,
    account_parts,
    account_stream,
    result_stream,
    stream_and_version,
)
from ledger.request import Asked, By, Decision, Request, States
from ledger.rules.award import ENGINE
from ledger.values import value

Why = Literal["differs", "overlooked", "not recorded", "not decidable"]
"""How a replay can differ from the record; see `ReplayDifference`."""

COMMAND_OF: dict[type, Handles] = {
    one.records: one for one in HANDLES.values() if one.records is not None
}
"""What a command records -> its handling."""

ALONGSIDE = frozenset(
    {
        events.AssessmentSuperseded,  # Before the assessment that takes its place.
        events.WithholdingForgone,  # Before the award that takes what was kept back.
        events.DisbursementCancelled,
        events.PayableSetOff,  # After the debt that it settles.
        events.DebtSettled,  # Beside the award or the lapse that lets it.
    }
)
"""Facts of an account that are only recorded with another of the table above."""


def leading(records: Sequence[Recorded]) -> Recorded:
    """Of the facts of one command, the one that says which command it was."""
    return next((one for one in records if type(one.fact) in COMMAND_OF), records[0])


def command_of(fact: Fact, alongside: Sequence[Recorded] = ()) -> Any | None:
    """The command that a decision on an account came of; None for another fact.

    Where a text was given, its commitment stands, as the deciders had it.

    Args:
        alongside: All records of the command: the parts of a reference lie among them,
            where the fact itself does not state them.
    """
    if type(fact) not in COMMAND_OF:
        return None
    handles = COMMAND_OF[type(fact)]
    if isinstance(fact, events.WithholdingVaried) and fact.proposal is not None:
        handles = HANDLES["decide-variation"]
    form: Any = handles.command
    taken = [
        one.fact.parts
        for one in alongside
        if isinstance(one.fact, events.PaymentReferenceTaken)
    ]
    said = {} if hasattr(fact, "parts") else {"parts": taken[0] if taken else ()}
    return form(
        **{
            one.name: said[one.name]
            if one.name in said
            else getattr(fact, handles.renamed.get(one.name, one.name))
            for one in fields(form)
        }
    )


def cited(fact: Fact) -> tuple[RecordId, ...]:
    """The rulebook and results a decision rests on, by record.

    Empty for a decision that cites none: it follows from its account alone.
    """
    match fact:
        case events.AccountOpened() | events.PopulationCorrected():
            return (fact.rulebook, fact.heads_result)
        case events.IndicatorAssessed() | events.GateAssessed():
            results = (one for one in fact.evidence if one.startswith("result/"))
            return (fact.rulebook, *results)
        case events.AwardProposed():
            return (fact.rulebook,)
        case _:
            return ()


# What was known -----------------------------------------------------------------------


@dataclass(slots=True)
class SoFar:
    """All records so far, as deciders read them."""

    streams: dict[str, list[Recorded]] = field(default_factory=dict)
    accounts: dict[str, PremiumAccount] = field(default_factory=dict)

    def records(self, stream: str) -> Sequence[Recorded]:
        """A stream's records in order of version; empty where there is none."""
        return self.streams.get(stream, ())

    def account(self, account: str) -> PremiumAccount:
        """An account's state; a new, unopened one where there is no record."""
        found = self.accounts.get(account)
        if found is None:
            found = self.accounts[account] = PremiumAccount(account=AccountId(account))
        return found

    def take(self, recorded: Recorded) -> None:
        """Take in one more record; raises KeyError where its fact cannot follow."""
        account = getattr(recorded.fact, "account", None)
        if account is not None and recorded.stream == account_stream(account):
            evolve(self.account(account), recorded)
        else:
            self.streams.setdefault(recorded.stream, []).append(recorded)


class _OnlyCited:
    """What was known, but of results and rulebooks only the records cited."""

    def __init__(self, known: SoFar, records: Sequence[Recorded]) -> None:
        self._known = known
        self._records = {one.stream: (one,) for one in records}
        self.account = known.account

    def records(self, stream: str) -> Sequence[Recorded]:
        if stream.startswith(("result/", "rulebook/")):
            return self._records.get(stream, ())
        return self._known.records(stream)


# What replaying found -----------------------------------------------------------------


@value
class ReplayDifference:
    """A decision that does not come out as it is recorded, with both outcomes.

    `differs`: from what it cites; `overlooked`: from all that was recorded before
    it; `not recorded`: it cites what was not recorded before it; `not decidable`:
    the rules or the account cannot be read so that it could be decided.
    """

    decision: RecordId
    position: int
    account: AccountId
    why: Why
    recorded: tuple[Fact, ...]
    decided: Decision | None  # None where it could not be decided.
    says: str  # What is not recorded, or why it is not decidable; otherwise empty.


@value
class Later:
    """A record that decisions before it could not know, and that concerns them."""

    record: RecordId
    position: int
    topic: str
    decisions: tuple[RecordId, ...]  # In the order they were recorded.


@dataclass(slots=True)
class Replay:
    """Decides again what it is fed, in the order of the ledger."""

    known: SoFar = field(default_factory=SoFar)
    decisions: Counter[str] = field(default_factory=Counter)  # By topic.
    engines: Counter[str] = field(default_factory=Counter)  # That decided them.
    differences: list[ReplayDifference] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    _resting: dict[str, list[Recorded]] = field(default_factory=dict)
    """Stream of a result, rulebook or account -> decisions that rest on it."""

    def apply(self, records: Sequence[Recorded]) -> None:
        """Decide one command's facts again, and take them in.

        Args:
            records: All facts of one command, in order; of any subject.
        """
        first = leading(records)
        command = command_of(first.fact, records)
        if command is not None:
            self.decisions[first.fact.TOPIC] += 1
            self._decide_again(records, command)
        for recorded in records:
            later = self._concerned(recorded)
            if later:
                self.later.append(
                    Later(
                        record=recorded.id,
                        position=recorded.position,
                        topic=recorded.fact.TOPIC,
                        decisions=later,
                    )
                )
            try:
                self.known.take(recorded)
            except LookupError as reason:
                says = f"its fact cannot follow what was recorded before: no {reason}"
                self._differs(records, "not decidable", None, says)
        if command is not None:
            self._rests(first)

    def _decide_again(self, records: Sequence[Recorded], command: Any) -> None:
        first = leading(records)
        if (engine := getattr(first.fact, "engine", None)) is not None:
            self.engines[engine] += 1
        found = []
        for one in cited(first.fact):
            stream, version = stream_and_version(one)
            stood = self.known.records(stream)
            if not 1 <= version <= len(stood):
                says = f"it cites {one}, which was not recorded before it"
                self._differs(records, "not recorded", None, says)
                return
            found.append(stood[version - 1])
        wanted = tuple(_by_this_engine(one.fact) for one in records)
        ways: tuple[tuple[Why, States], ...] = (("differs", self.known),)
        if found:
            only_cited = _OnlyCited(self.known, found)
            ways = (("differs", only_cited), ("overlooked", self.known))
        for why, states in ways:
            try:
                decided = _decide(first, command, states)
            except (ValueError, LookupError) as reason:
                self._differs(records, "not decidable", None, str(reason))
                return
            if decided != wanted:
                self._differs(records, why, decided, "")
                return

    def _differs(
        self, records: Sequence[Recorded], why: Why, decided: Decision | None, says: str
    ) -> None:
        first = leading(records)
        self.differences.append(
            ReplayDifference(
                decision=first.id,
                position=first.position,
                account=getattr(first.fact, "account", AccountId("")),
                why=why,
                recorded=tuple(one.fact for one in records),
                decided=decided,
                says=says,
            )
        )

    def _rests(self, recorded: Recorded) -> None:
        """Remember what a decision rests on, for what comes later."""
        fact = recorded.fact
        streams = {stream_and_version(one)[0] for one in cited(fact)}
        match fact:
            case events.IndicatorAssessed() | events.GateAssessed():
                streams |= {stream_and_version(one)[0] for one in fact.evidence}
            case events.AccountOpened():
                terms = self.known.account(fact.account).terms
                if terms is not None and terms.picks:
                    streams.add(recorded.stream)
        for stream in streams:
            self._resting.setdefault(stream, []).append(recorded)

    def _concerned(self, recorded: Recorded) -> tuple[RecordId, ...]:
        """Decisions that rest on an earlier record of this one's subject."""
        resting = self._resting.get(recorded.stream, ())
        match recorded.fact:
            case (
                events.ResultRecorded()
                | events.ResultCorrected()
                | events.TermsAgreed()
            ):
                return tuple(one.id for one in resting)
            case events.AttributionPublished() as fact:
                return tuple(self._attributed_otherwise(fact))
            case events.RulebookPublished(applies_from=applies_from):
                return tuple(
                    one.id for one in resting if decided_on(one) >= applies_from
                )
            case _:
                return ()

    def _attributed_otherwise(
        self, fact: events.AttributionPublished
    ) -> Iterator[RecordId]:
        """Decisions on a result that does not count for their body any more."""
        for body in (fact.provider, *fact.bodies):
            stream = result_stream(fact.measure, body, fact.period)
            for one in self._resting.get(stream, ()):
                now = account_parts(one.fact.account)[2] in fact.bodies  # type: ignore[union-attr]
                if now is not (body == fact.provider):
                    yield one.id


def decided_on(recorded: Recorded) -> date:
    """The day a recorded decision was decided, which selects its rules."""
    meta = recorded.meta
    return meta.decided_on or business_date(meta.recorded_at)


def _decide(recorded: Recorded, command: Any, states: States) -> Decision:
    """Ask again as it was asked: by the same person, for the same dates."""
    meta = recorded.meta
    by = By(role=meta.role, party=meta.actor, on_behalf_of=meta.on_behalf_of)
    asked = Asked(
        by=by,
        effective_on=meta.effective_on,
        decided_on=decided_on(recorded),
        recorded_on=business_date(meta.recorded_at),
    )
    return decide(Request(id=meta.command_id, by=by, command=command), asked, states)


def _by_this_engine(fact: Fact) -> Fact:
    """The fact as this engine would have marked it; the rest is compared."""
    match fact:
        case (
            events.IndicatorAssessed() | events.GateAssessed() | events.AwardProposed()
        ) if fact.engine != ENGINE:
            return replace(fact, engine=ENGINE)
        case _:
            return fact
