"""What a sentence about a fact looks up beside it, and how it is put."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from ledger import events
from ledger.calendar import both_years
from ledger.events import Slices
from ledger.money import pounds
from ledger.recorded import Meta, Recorded, account_parts, body_stream, party_stream
from ledger.rules import rulebook

FORGOTTEN = "(forgotten)"


class Sources(Protocol):
    """Where a story is told from: the log, and what lies beside it."""

    def record(self, record_id: str) -> Recorded | None:
        """One record by its id, or None if there is none."""
        ...

    def stream(self, name: str) -> Sequence[Recorded]:
        """A stream's records in order of version; empty if there is none."""
        ...

    def text(self, commitment: str) -> str | None:
        """The prose that a commitment stands for, or None if it was forgotten."""
        ...

    def name(self, party: str) -> str | None:
        """A party's name, or None if there is none, or it was forgotten."""
        ...


class Lookup:
    """What sentences look up beside the log, in words."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def body(self, code: str) -> str:
        """A body by its public name and code."""
        for recorded in self._sources.stream(body_stream(code)):
            fact = recorded.fact
            if isinstance(fact, events.BodyRegistered) and fact.name is not None:
                return f"{fact.name} ({code})"
        return code

    def account(self, account: str) -> str:
        """An account: its body, and both years."""
        scheme, scheme_year, body = account_parts(account)
        return f"{self.body(body)}, {scheme} {both_years(scheme_year)}"

    def text(self, commitment: str) -> str:
        """A text in quotation marks, on one line: its line ends are escaped."""
        text = self._sources.text(commitment)
        if text is None:
            return FORGOTTEN
        line = text.replace("\n", "\\n")
        return f'"{line}"'

    def party(self, party: str) -> str:
        """A person or organisation, by the name it was given, if any, and its id."""
        name = self._sources.name(party)
        if name is None:
            if not any(
                _names(one) for one in self._sources.stream(party_stream(party))
            ):
                return party
            name = FORGOTTEN
        return f"{name} ({party})"

    def who(self, meta: Meta) -> str:
        """Who gave the command: role and party, and the body they acted for."""
        behalf = f" for {meta.on_behalf_of}" if meta.on_behalf_of else ""
        return f"{meta.role} {self.party(meta.actor)}{behalf}"

    def clause(self, record: str, id: str) -> str:
        """A clause of a published rulebook: its name, where it has one, and its id."""
        recorded = self._sources.record(record)
        if recorded is None or not isinstance(recorded.fact, events.RulebookPublished):
            return id
        name = _clause_names(recorded.fact.content).get(id)
        return id if name is None else f"{name} ({id})"


def _names(recorded: Recorded) -> bool:
    fact = recorded.fact
    return isinstance(fact, events.PartyRegistered) and fact.name is not None


@lru_cache(maxsize=16)
def _clause_names(content: str) -> dict[str, str]:
    named = rulebook.parse(content)
    return {
        clause.id: clause.name
        for clause in rulebook.clauses(named)
        if hasattr(clause, "name")
    }


def both(words: Iterable[str]) -> str:
    """Words one after another, `and` before the last; there must be one at least."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def sliced(slices: Slices) -> str:
    """Every slice with its pence, in their order."""
    return both(f"{pounds(one.pence)} of {one.measure}" for one in slices)


def total(slices: Slices) -> str:
    """The pence of all slices together."""
    return pounds(sum(piece.pence for piece in slices))
