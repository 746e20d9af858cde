"""Each spending as it counts: out of which payments, and who decided on it.

Beside it stand the interests that people of the body had in its payee on the day, and
what they did when it was decided on. Whether that was right is for people to judge.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from ledger.events import (
    AccountId,
    Commitment,
    InterestDeclared,
    InterestEnded,
    InterestKind,
    ParticipationRecorded,
    PartyId,
    RecordId,
    TookPart,
)
from ledger.limits import Label
from ledger.premium.account import Disbursement, PremiumAccount, Spending
from ledger.premium.draws import pence_of
from ledger.premium.evolve import folded
from ledger.recorded import Recorded, account_parts, account_stream, interests_stream


class Streams(Protocol):
    """A log, as far as it is known."""

    def stream(self, name: str) -> Sequence[Recorded]:
        """A stream's records in order of version; empty if there is none."""
        ...


class Interested(NamedTuple):
    """A person of the body with an interest in the payee on the day."""

    person: PartyId
    interest: Label
    kind: InterestKind
    declared_on: date
    part: TookPart | None
    """What the person did when it was decided on; None: nothing says."""


class Spent(NamedTuple):
    """One spending or passing-on, as it now counts."""

    record: RecordId
    account: AccountId
    spending: Label
    passed_on: bool
    spent_on: date
    payee: PartyId
    purpose: Label
    service: Commitment
    transaction: str | None
    amount_pence: int
    credited_pence: int
    requests: tuple[Label, ...]
    """The payments that it draws on, by the ids of their requests."""
    approved_by: tuple[PartyId, ...]
    """Who approved those, each once."""
    recorded_by: PartyId
    interests: tuple[Interested, ...]


def spent(
    log: Streams, accounts: Iterable[AccountId], effective: date | None = None
) -> Iterator[Spent]:
    """Every spending and passing-on, by account, then in the order first recorded.

    Args:
        log: What is known.
        effective: The last day whose spendings and credits count; None: all.
    """
    for account in accounts:
        records = log.stream(account_stream(account))
        actors = {one.id: one.meta.actor for one in records}
        state = folded(account, records)
        register = log.stream(interests_stream(account_parts(account)[2]))
        for one in state.spendings.values():
            if effective is None or one.spent_on <= effective:
                yield _spent(state, one, actors[one.record], register, effective)


def _spent(
    state: PremiumAccount,
    one: Spending,
    actor: PartyId,
    register: Sequence[Recorded],
    effective: date | None,
) -> Spent:
    fact = one.fact
    drawn = [_request(state, draw.receipt) for draw in fact.draws]
    paid = [(name, request.approved_by) for name, request in drawn]
    back = (
        pence_of(credit.draws)
        for credit in one.credits
        if effective is None or credit.credited_on <= effective
    )
    return Spent(
        record=one.record,
        account=state.account,
        spending=fact.spending,
        passed_on=one.passed_on,
        spent_on=one.spent_on,
        payee=fact.payee,
        purpose=fact.purpose,
        service=fact.service,
        transaction=fact.transaction,
        amount_pence=fact.amount_pence,
        credited_pence=sum(back),
        requests=tuple(dict.fromkeys(name for name, _ in paid)),
        approved_by=tuple(dict.fromkeys(by for _, by in paid if by is not None)),
        recorded_by=actor,
        interests=tuple(_interested(state.account, one, register)),
    )


def _request(state: PremiumAccount, receipt: str) -> tuple[Label, Disbursement]:
    """The request whose payment gave a receipt."""
    return next(
        (Label(name), one)
        for name, one in state.disbursements.items()
        if one.receipt == receipt
    )


def _interested(
    account: AccountId, one: Spending, register: Iterable[Recorded]
) -> Iterator[Interested]:
    """Who had an interest in the payee on the day of the decision, else of spending."""
    declared: dict[str, tuple[InterestDeclared, date]] = {}
    ended: dict[str, date] = {}
    parts: dict[str, ParticipationRecorded] = {}
    for recorded in register:
        match recorded.fact:
            case InterestDeclared() as fact if _same(fact.payee, one.fact.payee):
                declared[fact.interest] = (fact, recorded.meta.effective_on)
            case InterestEnded() as fact:
                ended[fact.interest] = fact.ended_on
            case ParticipationRecorded(premium=premium, use=use) as fact:
                if (premium, use) == (account, one.fact.spending):
                    parts[fact.person.casefold()] = fact
    for interest, (fact, declared_on) in declared.items():
        part = parts.get(fact.person.casefold())
        on = one.spent_on if part is None else part.on
        if fact.since <= on <= ended.get(interest, date.max):
            took = None if part is None else part.part
            yield Interested(fact.person, fact.interest, fact.kind, declared_on, took)


def _same(party: PartyId, other: PartyId) -> bool:
    """Whether two ids are one party's: capitals make no difference."""
    return party.casefold() == other.casefold()
