"""Who decided on each spending, and what they had to do with its payee.

Beside the payments that it draws on, and who approved those, stand the interests that
people of the body had in the payee on the day, and what they did when it was decided
on. Whether that was right is for people to judge.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ledger import events
from ledger.events import InterestKind, PartyId, TookPart
from ledger.limits import Label
from ledger.recorded import Recorded
from projections.questions.things import counts_from

_Use = (
    events.SpendingRecorded
    | events.SpendingCorrected
    | events.PassedOn
    | events.PassedOnCorrected
)


class Interested(NamedTuple):
    """A person of the body with an interest in the payee on the day."""

    person: PartyId
    kind: InterestKind
    part: TookPart | None
    """What the person did when it was decided on; None: nothing says."""

    def __str__(self) -> str:
        part = "part not recorded" if self.part is None else self.part
        return f"{self.person} ({self.kind}): {part}"


class Deciders(NamedTuple):
    """Who decided on one spending."""

    requests: tuple[Label, ...]
    """The payments that it draws on, by the ids of their requests."""
    approved_by: tuple[PartyId, ...]
    """Who approved those, each once."""
    interests: tuple[Interested, ...]


def deciders(
    records: Iterable[Recorded], register: Iterable[Recorded], until: date
) -> Mapping[Label, Deciders]:
    """Who decided on each spending and passing-on of an account, by its id.

    Args:
        records: Of the account.
        register: Of the body's interests.
        until: The last day of which facts count.
    """
    paid: dict[str, Label] = {}
    approved: dict[Label, PartyId] = {}
    uses: dict[Label, tuple[_Use, date]] = {}
    for recorded in _by(records, until):
        match recorded.fact:
            case events.DisbursementApproved(disbursement=request):
                approved[request] = recorded.meta.actor
            case events.DisbursementPaid(disbursement=request, receipt=receipt):
                paid[receipt] = request
            case events.SpendingRecorded() | events.PassedOn() as fact:
                uses[fact.spending] = (fact, recorded.meta.effective_on)
            case events.SpendingCorrected() | events.PassedOnCorrected() as fact:
                uses[fact.spending] = (fact, fact.stands_on)
    declared = tuple(_by(register, until))
    found: dict[Label, Deciders] = {}
    for name, (fact, on) in uses.items():
        requests = dict.fromkeys(paid[draw.receipt] for draw in fact.draws)
        found[name] = Deciders(
            requests=tuple(requests),
            approved_by=tuple(dict.fromkeys(approved[one] for one in requests)),
            interests=tuple(_interested(fact, on, declared)),
        )
    return found


def _by(records: Iterable[Recorded], until: date) -> Iterator[Recorded]:
    return (one for one in records if counts_from(one) <= until)


def _interested(
    use: _Use, spent_on: date, register: Iterable[Recorded]
) -> Iterator[Interested]:
    """Who had an interest in the payee on the day of the decision, else of spending."""
    declared: dict[str, events.InterestDeclared] = {}
    ended: dict[str, date] = {}
    parts: dict[str, events.ParticipationRecorded] = {}
    for recorded in register:
        match recorded.fact:
            case events.InterestDeclared() as fact:
                if fact.payee.casefold() == use.payee.casefold():
                    declared[fact.interest] = fact
            case events.InterestEnded() as fact:
                ended[fact.interest] = fact.ended_on
            case events.ParticipationRecorded() as fact:
                if (fact.premium, fact.use) == (use.account, use.spending):
                    parts[fact.person.casefold()] = fact
    for interest, fact in declared.items():
        part = parts.get(fact.person.casefold())
        on = spent_on if part is None else part.on
        if fact.since <= on <= ended.get(interest, date.max):
            took = None if part is None else part.part
            yield Interested(fact.person, fact.kind, took)
