"""Deciding on a proposed award: confirming it, the first or a later one, or not."""

from ledger.decisions.assessments.judging import AwardAlreadyConfirmed
from ledger.decisions.awards.proposing import (
    AssessedSince,
    ConfirmAward,
    NoSuchProposal,
    PopulationCorrectedSince,
    RefuseAward,
)
from ledger.decisions.awards.redetermining import moved
from ledger.decisions.preconditions import AccountNotOpen, DateRunsBackwards, SamePerson
from ledger.events import (
    AwardConfirmed,
    AwardProposed,
    AwardRefused,
    Commitment,
    Fact,
    Slices,
)
from ledger.premium.account import PremiumAccount, Proposal
from ledger.request import Asked, Decision


def confirm_award(
    command: ConfirmAward, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether an award is confirmed: by another person, and posted.

    Returns:
        One confirmation; nothing if that very determination is confirmed already;
        otherwise a refusal. The first posts its proposal's moves. A later one posts
        what differs, after what it cancels and no longer withholds.

    Source: DESIGN 5 (a lower award after payment is never refused); ADR 0009.
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if account.confirmed is not None:
        if account.confirmed.determination == command.determination:
            return ()
        if account.confirmed.determination > command.determination:
            return AwardAlreadyConfirmed(
                account=command.account, determination=account.confirmed.determination
            )
    proposal = waiting(command, account, asked)
    if not isinstance(proposal, Proposal):
        return proposal
    rests_on = proposal.fact.assessments
    since = [n for n, a in account.assessments.items() if a.record not in rests_on]
    if since:
        return AssessedSince(determination=command.determination, named=tuple(since))
    if not _same_maximum(proposal.fact, account.opened.slices):
        return PopulationCorrectedSince(
            determination=command.determination,
            proposed_pence=proposal.fact.maximum_pence,
            maximum_pence=account.opened.maximum_pence,
        )
    follows = max(proposal.effective_on, account.determined_on or asked.effective_on)
    if asked.effective_on < follows:
        return DateRunsBackwards(
            what="a confirmation",
            on=asked.effective_on,
            follows=(
                "its proposal" if follows == proposal.effective_on else "what stands"
            ),
            followed_on=follows,
        )

    # From here on the confirmation must succeed.
    before: tuple[Fact, ...] = ()
    moves = proposal.fact.moves
    if account.confirmed is not None:
        before, moves = moved(account, proposal.fact, asked.effective_on)
    confirmed = AwardConfirmed(
        account=command.account,
        determination=command.determination,
        proposal=proposal.record,
        total_pence=proposal.fact.total_pence,
        moves=moves,
    )
    return (*before, confirmed)


def refuse_award(
    command: RefuseAward, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a proposed award is refused; the one before it stands."""
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if account.refused == command.determination:
        return ()
    proposal = waiting(command, account, asked)
    if not isinstance(proposal, Proposal):
        return proposal
    return (
        AwardRefused(
            account=command.account,
            determination=command.determination,
            proposal=proposal.record,
            reason=Commitment(command.reason),
        ),
    )


def waiting(
    command: ConfirmAward | RefuseAward, account: PremiumAccount, asked: Asked
) -> Proposal | NoSuchProposal | SamePerson:
    """The proposal that waits to be decided, if this person may decide it."""
    proposal = account.proposal
    done = {account.refused}
    if account.confirmed is not None:
        done.add(account.confirmed.determination)
    if proposal is not None and proposal.fact.determination in done:
        proposal = None
    if proposal is None or proposal.fact.determination != command.determination:
        return NoSuchProposal(
            account=command.account,
            determination=command.determination,
            proposed=proposal.fact.determination if proposal else None,
        )
    if asked.by.party == proposal.proposed_by:
        return SamePerson(
            person=asked.by.party,
            what=f"proposed determination {command.determination}",
        )
    return proposal


def _same_maximum(proposed: AwardProposed, slices: Slices) -> bool:
    """Whether a proposal was calculated on the slices that now count."""
    lines = {one.measure: one.maximum_pence for one in proposed.lines}
    now = {one.measure: one.pence for one in slices}
    return {m: pence for m, pence in lines.items() if pence} == now
