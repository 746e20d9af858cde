"""Which commands follow from one corrected result, account by account.

Nothing is decided here: the deciders read the log themselves, and may refuse.
"""

from dataclasses import dataclass
from datetime import date

from ledger.decisions.accounts import CorrectPopulation
from ledger.decisions.assessments.judging import AssessGate, AssessIndicator
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.rulebooks import in_force
from ledger.events import AccountId, BodyCode
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import folded
from ledger.recorded import (
    account_parts,
    account_stream,
    result_stream,
    rulebook_stream,
    stream_and_version,
)
from ledger.rules.assess import Key, needs
from ledger.rules.outlook import tests
from ledger.rules.stakes import unsettled
from projections.questions.impact import accounts, reading
from projections.questions.replay import Records

Command = CorrectPopulation | AssessIndicator | AssessGate | ProposeAward


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What of one account is to be decided again once a result is corrected."""

    account: AccountId
    commands: tuple[Command, ...]  # Population, assessments, then the proposal.
    total_pence: int | None  # Of the confirmed award, or else of the one proposed.


def follows(
    log: Records, key: Key, subject: BodyCode, *, on: date, reason: str
) -> tuple[Follows, ...]:
    """What a corrected result decides again, of every account that it counts for.

    What was judged on it is judged again, and an award that was calculated is
    calculated again. What was never judged is left alone.

    Args:
        key: The indicator (or population) and the period.
        subject: Whose result it is: a group, or a provider.
        on: The day decided on; it selects the rules.
        reason: Why heads are corrected, where the result is a population.

    Returns:
        One an account that has anything to decide again, in the order of their ids.
    """
    bodies = reading(log, key, subject)
    name = result_stream(key[0], subject, key[1])
    found = []
    for account in accounts(log, bodies):
        state = folded(account, log.stream(account_stream(account)))
        heads = _heads(state, name, reason)
        counts = bodies[account_parts(account)[2]]
        judged = _judged(log, state, key, name, on) if counts else ()
        if not heads and not judged:
            continue
        stands = state.confirmed or (state.proposal and state.proposal.fact)
        award = (ProposeAward(account=account),) if state.proposal else ()
        found.append(
            Follows(
                account=account,
                commands=(*heads, *judged, *award),
                total_pence=stands.total_pence if stands else None,
            )
        )
    return tuple(found)


def _heads(
    state: PremiumAccount, stream: str, reason: str
) -> tuple[CorrectPopulation, ...]:
    """Whether an account takes the corrected population that it was opened on."""
    opened = state.opened
    if opened is None or stream_and_version(opened.heads_result)[0] != stream:
        return ()
    return (
        CorrectPopulation(
            account=state.account,
            population=opened.heads_basis,
            as_at=opened.heads_as_at,
            reason=reason,
        ),
    )


def _judged(
    log: Records, state: PremiumAccount, key: Key, stream: str, on: date
) -> tuple[AssessIndicator | AssessGate, ...]:
    """What was judged on a result, or would be under the rules of the day."""
    scheme, scheme_year, _ = account_parts(state.account)
    rules = in_force(log.stream(rulebook_stream(scheme, scheme_year)), on)
    reads: set[str] = set()
    if rules is not None and not unsettled(rules.rulebook, state.terms):
        reads = {
            name
            for name, test in tests(rules.rulebook, state.terms)
            if test is not None and key in needs(test, state.terms)
        }
    return tuple(
        AssessGate(account=state.account, gate=name)
        if name in state.gates
        else AssessIndicator(account=state.account, measure=name)
        for name, judged in state.assessments.items()
        if name in reads
        or any(stream_and_version(one)[0] == stream for one in judged.fact.evidence)
    )
