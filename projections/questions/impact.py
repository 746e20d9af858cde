"""What one changed result would move, in every account that it counts for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger import events
from ledger.decisions.assessments.attributing import ever_attributed, subject_for
from ledger.events import AccountId, BodyCode, PartyId, RecordId
from ledger.premium.account import stage
from ledger.recorded import (
    account_parts,
    attribution_stream,
    part,
    result_stream,
    stream_and_version,
)
from ledger.rules.assess import Key
from ledger.rules.outlook import Compared, Outlook, compared, keys
from ledger.wording import counted
from projections.questions.breakdown import CAME_BACK, PAID, breakdown
from projections.questions.outlook import AccountNow, now_recorded, outlook_of, values
from projections.questions.replay import Records

APPROVALS = frozenset({"award-confirmed", "disbursement-approved"})
"""Decisions by which somebody let money go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """A recorded decision that a result stands behind."""

    record: RecordId
    topic: str
    who: PartyId
    effective_on: date
    says: str  # What it decided: a measure, a disbursement, a determination.
    amount_pence: int | None  # None if it decides no money.


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one account's award would be if a result were another."""

    account: AccountId
    stage: str  # open, assessed, proposed, confirmed or paid.
    rulebook: RecordId
    rests: tuple[Rests, ...]  # In the order recorded.
    before: Outlook  # On the results now recorded.
    after: Outlook
    lines: tuple[Compared, ...]  # Those that move.
    confirmed_pence: int | None
    parts: dict[str, int]  # Of what was confirmed, in pence; they add up to it.
    paid_pence: int  # Less what came back; set off against another year is paid too.
    overpaid_pence: int  # Paid beyond the most that the award could then be.

    @property
    def change_pence(self) -> tuple[int, int | None]:
        """What the award would gain at its worst and best; negative: lose.

        The second is None if no maximum is known before or after.
        """
        best = None
        if self.before.best_pence is not None and self.after.best_pence is not None:
            best = self.after.best_pence - self.before.best_pence
        return self.after.worst_pence - self.before.worst_pence, best

    @property
    def approved_by(self) -> tuple[PartyId, ...]:
        """Whose confirmations and approvals rest on the result, each once."""
        who = (one.who for one in self.rests if one.topic in APPROVALS)
        return tuple(dict.fromkeys(who))


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What one changed result would move; nothing of it is recorded."""

    stream: str
    recorded: RecordId | None  # Its latest record, or None if there is none yet.
    value_before: Fraction | None
    value_after: Fraction
    attributed: tuple[BodyCode, ...]  # For whom it counts besides its own body.
    accounts: tuple[Moved, ...]  # Those that read it, in the order of their ids.
    derived: tuple[RecordId, ...]  # Results of these bodies that are derived from it.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A result as it would be, and for whom it counts."""

    key: Key
    subject: BodyCode
    value: Fraction
    on: date
    bodies: dict[BodyCode, bool]  # As `reading` gives them.

    @property
    def stream(self) -> str:
        return result_stream(self.key[0], self.subject, self.key[1])


def impact(
    log: Records, key: Key, subject: BodyCode, value: Fraction, on: date
) -> Impact:
    """What would move if a result were another, account by account.

    Args:
        key: The indicator (or population) and the period.
        subject: Whose result it is: a group, or a provider that it is attributed by.
        on: The day it is judged as of.
    """
    bodies = reading(log, key, subject)
    change = _Change(key=key, subject=subject, value=value, on=on, bodies=bodies)
    stream = log.stream(change.stream)
    latest = stream[-1].fact if stream else None
    assert latest is None or isinstance(latest, events.Result)
    return Impact(
        stream=change.stream,
        recorded=stream[-1].id if stream else None,
        value_before=latest.value if latest else None,
        value_after=value,
        attributed=tuple(
            one for one, counts in bodies.items() if counts and one != subject
        ),
        accounts=tuple(
            moved
            for account in accounts(log, bodies)
            if (moved := _moved(log, account, change))
        ),
        derived=tuple(_derived(log, bodies, change.stream)),
    )


def reading(log: Records, key: Key, subject: BodyCode) -> dict[BodyCode, bool]:
    """Whose award a result can stand behind -> whether it counts for them now.

    Its own body, and every body that it was ever attributed to.
    """
    published = log.stream(attribution_stream(*key))
    named = dict.fromkeys((subject, *ever_attributed(published, subject)))
    return {body: subject_for(published, body) == subject for body in sorted(named)}


def accounts(log: Records, bodies: dict[BodyCode, bool]) -> Iterator[AccountId]:
    """Every account of these bodies, of any scheme year, in the order of their ids."""
    wanted = {part(body) for body in bodies}
    for stream in log.streams("account/"):
        if stream.rpartition("/")[2] in wanted:
            yield AccountId(stream.removeprefix("account/"))


def _moved(log: Records, account: AccountId, change: _Change) -> Moved | None:
    """What would move of one account, or None if it does not read the result."""
    of = now_recorded(log, account, change.on)
    if of is None:
        return None
    key, value, name = change.key, change.value, change.stream
    body = account_parts(account)[2]
    wanted = keys(of.rulebook, of.state.terms)
    counts_heads = stream_and_version(of.opened.heads_result)[0] == name
    rests = tuple(_rests(of, name, counts_heads=counts_heads))
    reads = change.bodies[body] and key in wanted
    if not reads and not rests:
        return None
    known = values(log, body, wanted)
    heads = None
    if counts_heads and value.denominator == 1:
        heads = value.numerator
    before = outlook_of(of, known, change.on)
    changed = {**known, key: value} if reads else known
    after = outlook_of(of, changed, change.on, heads=heads)
    balances = of.state.balances
    parts = breakdown(balances)
    counts = (*(one for one in PAID if one not in CAME_BACK), "set_off")
    paid = sum(parts[name] for name in counts)
    confirmed = of.state.confirmed
    return Moved(
        account=account,
        stage=stage(of.state),
        rulebook=of.rulebook_record,
        rests=rests,
        before=before,
        after=after,
        lines=tuple(one for one in compared(before, after) if one.moves),
        confirmed_pence=confirmed.total_pence if confirmed else None,
        parts=parts,
        paid_pence=paid,
        overpaid_pence=max(0, paid - (after.best_pence or 0)),
    )


def _rests(of: AccountNow, stream: str, *, counts_heads: bool) -> Iterator[Rests]:
    """Decisions of an account that stand on a result, the money behind them too."""
    assessed: set[str] = set()
    shaken = counts_heads
    for recorded in of.records:
        fact = recorded.fact
        says: str
        amount: int | None = None
        match fact:
            case events.AccountOpened() if counts_heads:
                says, amount = counted(fact.heads, "head"), fact.maximum_pence
            case events.IndicatorAssessed() | events.GateAssessed():
                if not any(_of(one, stream) for one in fact.evidence):
                    continue
                assessed.add(recorded.id)
                says = _named(fact)
            case events.AwardProposed():
                shaken = counts_heads or not assessed.isdisjoint(fact.assessments)
                if not shaken:
                    continue
                says, amount = f"determination {fact.determination}", fact.total_pence
            case events.AwardConfirmed() if shaken:
                says, amount = f"determination {fact.determination}", fact.total_pence
            case (
                events.DisbursementRequested()
                | events.DisbursementApproved()
                | events.DisbursementPaid()
            ) if shaken:
                says, amount = fact.disbursement, fact.amount_pence
            case _:
                continue
        yield Rests(
            record=recorded.id,
            topic=fact.TOPIC.partition(".")[0],
            who=recorded.meta.actor,
            effective_on=recorded.meta.effective_on,
            says=says,
            amount_pence=amount,
        )


def _named(fact: events.IndicatorAssessed | events.GateAssessed) -> str:
    return fact.measure if isinstance(fact, events.IndicatorAssessed) else fact.gate


def _of(record: RecordId, stream: str) -> bool:
    return stream_and_version(record)[0] == stream


def _derived(
    log: Records, bodies: dict[BodyCode, bool], stream: str
) -> Iterator[RecordId]:
    """Results that were worked out from it and still count, in order of their names."""
    wanted = {part(body) for body in bodies}
    for name in log.streams("result/"):
        if name.split("/")[2] not in wanted:
            continue
        for recorded in log.stream(name)[-1:]:
            fact = recorded.fact
            if not isinstance(fact, events.ResultRecorded):
                continue  # A correction is measured, not derived.
            if any(_of(one, stream) for one in fact.derived_from):
                yield recorded.id
