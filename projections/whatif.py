"""Gathers, for one account or one result, what an outlook needs of the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ledger import events
from ledger.account import PremiumAccount, evolve
from ledger.decisions.rulebooks import in_force
from ledger.events import AccountId, PartyId, RecordId
from ledger.postings import COMMITTED, PAYABLE
from ledger.recorded import (
    Recorded,
    account_parts,
    account_stream,
    part,
    result_stream,
    rulebook_stream,
    stream_and_version,
)
from ledger.rules.assess import Key
from ledger.rules.rulebook import Rulebook, parse
from ledger.whatif import Compared, Outlook, compared, keys, outlook
from projections.replay import Records, results_of

Values = dict[Key, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An open account as the log now has it, with the rules it stands under."""

    state: PremiumAccount
    records: tuple[Recorded, ...]  # Its stream.
    opened: events.AccountOpened
    rulebook: Rulebook
    rulebook_record: RecordId


def standing(log: Records, account: AccountId, on: date) -> Standing | None:
    """An account with its rules; None where it is not open, or has no rules.

    Its rules are those its award was proposed under; before that, those in force on
    the day asked for.
    """
    records = tuple(log.stream(account_stream(account)))
    state = PremiumAccount(account=account)
    for recorded in records:
        evolve(state, recorded)
    if state.opened is None:
        return None
    scheme, scheme_year, _ = account_parts(account)
    stream = log.stream(rulebook_stream(scheme, scheme_year))
    if state.proposal is not None:
        _, version = stream_and_version(state.proposal.fact.rulebook)
        published = stream[version - 1]
        assert isinstance(published.fact, events.RulebookPublished)
        rulebook, record = parse(published.fact.content), published.id
    else:
        rules = in_force(stream, on)
        if rules is None:
            return None
        rulebook, record = rules.rulebook, rules.recorded.id
    return Standing(
        state=state,
        records=records,
        opened=state.opened,
        rulebook=rulebook,
        rulebook_record=record,
    )


def values(log: Records, body: str, wanted: tuple[Key, ...]) -> Values:
    """The latest value of each result of a body that is recorded."""
    found: Values = {}
    for key in wanted:
        stream = log.stream(result_stream(key[0], body, key[1]))
        if stream:
            fact = stream[-1].fact
            assert isinstance(fact, events.Result)
            found[key] = fact.value
    return found


def outlook_of(
    of: Standing,
    known: Mapping[Key, Fraction],
    on: date,
    *,
    rulebook: Rulebook | None = None,
    heads: int | None = None,
) -> Outlook:
    """What an account's award is or can be, on results, rules or heads as given."""
    return outlook(
        rulebook or of.rulebook,
        heads=of.opened.heads if heads is None else heads,
        values=known,
        terms=of.state.terms,
        on=on,
        slices=of.opened.slices,
    )


# Impact -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """A recorded decision that a result stands behind."""

    record: RecordId
    topic: str
    who: PartyId
    effective_on: date
    says: str  # What it decided: a measure, a disbursement, a determination.
    amount_pence: int | None  # None where it decides no money.


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
    payable_pence: int  # Confirmed, not yet requested.
    committed_pence: int
    paid_pence: int
    overpaid_pence: int  # Paid beyond the most that the award could then be.


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What one changed result would move; nothing of it is recorded."""

    stream: str
    recorded: RecordId | None  # Its latest record; None where there is none yet.
    value_before: Fraction | None
    value_after: Fraction
    accounts: tuple[Moved, ...]  # Those that read it, in the order of their ids.
    derived: tuple[RecordId, ...]  # Results of the body that are derived from it.


def impact(log: Records, key: Key, body: str, value: Fraction, on: date) -> Impact:
    """What would move if a body's result were another, account by account.

    Args:
        key: The indicator (or population) and the period.
        body: Whose result it is.
        on: The day it is judged as of.
    """
    name = result_stream(key[0], body, key[1])
    stream = log.stream(name)
    latest: Any = stream[-1].fact if stream else None
    return Impact(
        stream=name,
        recorded=stream[-1].id if stream else None,
        value_before=latest.value if stream else None,
        value_after=value,
        accounts=tuple(_moved(log, key, body, value, on)),
        derived=tuple(_derived(log, body, name)),
    )


def _moved(
    log: Records, key: Key, body: str, value: Fraction, on: date
) -> Iterator[Moved]:
    name = result_stream(key[0], body, key[1])
    for stream in log.streams("account/"):
        if stream.rpartition("/")[2] != part(body):
            continue
        of = standing(log, AccountId(stream.removeprefix("account/")), on)
        if of is None:
            continue
        wanted = keys(of.rulebook, of.state.terms)
        counts_heads = stream_and_version(of.opened.heads_result)[0] == name
        rests = tuple(_rests(of, name, counts_heads=counts_heads))
        if key not in wanted and not rests:
            continue
        known = values(log, body, wanted)
        heads = None
        if counts_heads and value.denominator == 1:
            heads = value.numerator
        before = outlook_of(of, known, on)
        after = outlook_of(of, {**known, key: value}, on, heads=heads)
        balances = of.state.balances
        paid = sum(
            pence for account, pence in balances.items() if account.startswith("group:")
        )
        confirmed = of.state.confirmed
        yield Moved(
            account=of.state.account,
            stage=_stage(of.state),
            rulebook=of.rulebook_record,
            rests=rests,
            before=before,
            after=after,
            lines=tuple(one for one in compared(before, after) if one.moves),
            confirmed_pence=confirmed.total_pence if confirmed else None,
            payable_pence=balances.get(PAYABLE, 0),
            committed_pence=balances.get(COMMITTED, 0),
            paid_pence=paid,
            overpaid_pence=max(0, paid - (after.best_pence or 0)),
        )


def _stage(state: PremiumAccount) -> str:
    if state.receipts:
        return "paid"
    if state.confirmed is not None:
        return "confirmed"
    if state.proposal is not None:
        return "proposed"
    return "assessed" if state.assessments else "open"


def _rests(of: Standing, stream: str, *, counts_heads: bool) -> Iterator[Rests]:
    """Decisions of an account that stand on a result, the money behind them too."""
    assessed: set[str] = set()
    shaken = counts_heads
    for recorded in of.records:
        fact: Any = recorded.fact
        says, amount = "", None
        match fact:
            case events.AccountOpened() if counts_heads:
                says, amount = f"{fact.heads:,} heads", fact.maximum_pence
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


def _derived(log: Records, body: str, stream: str) -> Iterator[RecordId]:
    for name in results_of(log, body):
        for recorded in log.stream(name)[-1:]:
            fact = recorded.fact
            if not isinstance(fact, events.ResultRecorded):
                continue  # A correction is measured, not derived.
            if any(_of(one, stream) for one in fact.derived_from):
                yield recorded.id
