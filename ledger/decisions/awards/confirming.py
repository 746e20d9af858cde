"""Deciding on a proposed award: confirming it, the first or a later one, or not."""

from typing import ClassVar

from ledger.decisions.awards.redetermining import Posted, posted
from ledger.decisions.fields import Account
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    SamePerson,
    before,
    same_person,
)
from ledger.events import (
    AwardConfirmed,
    AwardProposed,
    AwardRefused,
    Commitment,
    Slices,
)
from ledger.limits import Counted
from ledger.money import Pence, pounds
from ledger.premium.account import PremiumAccount, Proposal
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class ConfirmAward:
    """Confirm an award that another person put forward."""

    NAME: ClassVar[str] = "confirm-award"

    account: Account
    determination: Counted
    """The number of the calculation that was proposed."""


@value
class RefuseAward:
    """Refuse an award that another person put forward; the one before stands."""

    NAME: ClassVar[str] = "refuse-award"

    account: Account
    determination: Counted
    """The number of the calculation that was proposed."""
    reason: Prose
    """Why it is refused."""


@value
class NoSuchProposal:
    """No award with that number is waiting to be confirmed."""

    NAME: ClassVar[str] = "no-such-proposal"

    account: str
    determination: int
    proposed: int | None  # The number that is waiting, if any.

    def __str__(self) -> str:
        waiting = (
            "no award is proposed"
            if self.proposed is None
            else f"determination {self.proposed} is proposed"
        )
        return f"determination {self.determination} of {self.account}: {waiting}"


@value
class AssessedSince:
    """Something was assessed again after the award was put forward."""

    NAME: ClassVar[str] = "assessed-since"

    determination: int
    named: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{', '.join(self.named)} was assessed again after determination "
            f"{self.determination} was proposed: propose again"
        )


@value
class PopulationCorrectedSince:
    """The heads were corrected after the award was put forward."""

    NAME: ClassVar[str] = "population-corrected-since"

    determination: int
    proposed_pence: Pence
    maximum_pence: Pence

    def __str__(self) -> str:
        return (
            f"determination {self.determination} was proposed on a maximum of "
            f"{pounds(self.proposed_pence)}, which is {pounds(self.maximum_pence)} "
            "since the population was corrected: propose again"
        )


@value
class AwardAlreadyConfirmed:
    """A later award is confirmed than the one named."""

    NAME: ClassVar[str] = "award-already-confirmed"

    account: str
    determination: int

    def __str__(self) -> str:
        return (
            f"determination {self.determination} of {self.account} is confirmed and "
            "stands: only a later one can take its place"
        )


REFUSALS = (
    AccountNotOpen,
    AwardAlreadyConfirmed,
    NoSuchProposal,
    SamePerson,
    AssessedSince,
    PopulationCorrectedSince,
    DateRunsBackwards,
)


def confirm_award(
    command: ConfirmAward, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether an award is confirmed: by another person, and posted.

    Returns:
        One confirmation; nothing if that very determination is confirmed already;
        otherwise a refusal. The first posts its proposal's moves. A later one posts
        what differs, after what it cancels and no longer withholds; then what was
        handed back before settles the debt that it leaves.

    Source: DESIGN 5 (a lower award after payment is never refused); ADR 0009.
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if account.confirmed is not None:
        if account.confirmed.determination == command.determination:
            return _decided_before(command, account, asked) or ()
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
    what = "its proposal" if follows == proposal.effective_on else "what stands"
    if early := before(asked.effective_on, follows, "a confirmation", what):
        return early

    # From here on the confirmation must succeed.
    again = Posted(before=(), moves=proposal.fact.moves, after=())
    if account.confirmed is not None:
        again = posted(account, proposal.fact, asked.effective_on)
    confirmed = AwardConfirmed(
        account=command.account,
        determination=command.determination,
        proposal=proposal.record,
        total_pence=proposal.fact.total_pence,
        moves=again.moves,
    )
    return (*again.before, confirmed, *again.after)


def refuse_award(
    command: RefuseAward, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a proposed award is refused; the one before it stands."""
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if account.refused == command.determination:
        return _decided_before(command, account, asked) or ()
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


def _decided_before(
    command: ConfirmAward | RefuseAward, account: PremiumAccount, asked: Asked
) -> SamePerson | None:
    """The refusal if who asks proposed what is decided already."""
    proposer = account.hands["award", str(command.determination)][0]
    what = f"proposed determination {command.determination}"
    return same_person(asked, proposer, what)


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
    what = f"proposed determination {command.determination}"
    return same_person(asked, proposal.proposed_by, what) or proposal


def _same_maximum(proposed: AwardProposed, slices: Slices) -> bool:
    """Whether a proposal was calculated on the slices that now count."""
    lines = {one.measure: one.maximum_pence for one in proposed.lines}
    now = {one.measure: one.pence for one in slices}
    return {m: pence for m, pence in lines.items() if pence} == now


HANDLES = (
    on_account(
        ConfirmAward,
        confirm_award,
        by="approver",
        records=AwardConfirmed,
        not_who=("proposed it",),
    ),
    on_account(
        RefuseAward,
        refuse_award,
        by="approver",
        records=AwardRefused,
        not_who=("proposed it",),
    ),
)
