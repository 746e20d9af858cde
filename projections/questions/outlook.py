"""Gathers, for one account, what an outlook needs of the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger import events
from ledger.decisions.assessments.attributing import counting
from ledger.decisions.rulebooks import in_force
from ledger.events import AccountId, BodyCode, RecordId
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import folded
from ledger.recorded import (
    Recorded,
    account_parts,
    account_stream,
    rulebook_stream,
    stream_and_version,
)
from ledger.rules.assess import Key
from ledger.rules.outlook import Outlook, outlook
from ledger.rules.rulebook import Rulebook, parse
from projections.questions.replay import Records

Values = dict[Key, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNow:
    """An open account as the log now has it, with the rules it stands under."""

    state: PremiumAccount
    records: tuple[Recorded, ...]  # Its stream.
    opened: events.AccountOpened
    rulebook: Rulebook
    rulebook_record: RecordId


def now_recorded(log: Records, account: AccountId, on: date) -> AccountNow | None:
    """An account with its rules, or None if it is not open, or has no rules.

    Its rules are those its award was proposed under; before that, those in force on
    the day asked for.
    """
    records = tuple(log.stream(account_stream(account)))
    state = folded(account, records)
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
    return AccountNow(
        state=state,
        records=records,
        opened=state.opened,
        rulebook=rulebook,
        rulebook_record=record,
    )


def values(log: Records, body: BodyCode, wanted: tuple[Key, ...]) -> Values:
    """The latest value of each result that counts for a body, a provider's included."""
    found: Values = {}
    find = counting(log.stream, body)
    for key in wanted:
        stream = find(*key).stream
        if stream:
            fact = stream[-1].fact
            assert isinstance(fact, events.Result)
            found[key] = fact.value
    return found


def outlook_of(
    of: AccountNow,
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
