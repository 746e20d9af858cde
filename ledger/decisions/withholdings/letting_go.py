"""Keeping back more or less than before, and letting all of it go."""

from typing import ClassVar

from ledger.decisions.disbursements.requests import BeyondPayable
from ledger.decisions.fields import Account, Label, PositivePence
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import (
    DateRunsBackwards,
    SamePerson,
    before,
)
from ledger.decisions.withholdings.keeping import (
    LAST,
    NoSuchWithholding,
    WithholdingNotSo,
    decidable,
)
from ledger.events import (
    Commitment,
    Move,
    WithholdingReleased,
    WithholdingVaried,
)
from ledger.postings import PAYABLE, withheld
from ledger.premium.account import PremiumAccount, Withholding, pro_rata, slices
from ledger.premium.debts import ended, payable_again
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class VaryWithholding:
    """Keep back more or less than before."""

    NAME: ClassVar[str] = "vary-withholding"

    account: Account
    withholding: Label
    """The id under which it was proposed."""
    amount_pence: PositivePence
    """What is kept back after the change, in pence, above zero."""
    reason: Prose
    """Why more or less is kept back."""


@value
class ReleaseWithholding:
    """Let go all that is still kept back."""

    NAME: ClassVar[str] = "release-withholding"

    account: Account
    withholding: Label
    """The id under which it was proposed."""
    reason: Prose
    """Why it is let go."""


REFUSALS = (
    NoSuchWithholding,
    WithholdingNotSo,
    SamePerson,
    DateRunsBackwards,
    BeyondPayable,
)


def vary_withholding(
    command: VaryWithholding, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether more or less is kept back, from the day of the decision.

    Less gives back of that withholding's own slices, pro rata to what is left of
    them; more takes as a new withholding would. The same amount adds nothing.
    """
    withholding = decidable(command.withholding, account, asked, "decided")
    if not isinstance(withholding, Withholding):
        return withholding
    if early := before(asked.effective_on, withholding.changed_on, "a variation", LAST):
        return early
    before_pence = withholding.left_pence
    if command.amount_pence == before_pence:
        return ()
    kept = withheld(withholding.fact.ground)
    pots = withholding.left
    if command.amount_pence > before_pence:
        pots = account.lowest_payable(asked.effective_on)
    change_pence = abs(command.amount_pence - before_pence)
    if change_pence > sum(pots.values()):
        return BeyondPayable(payable_pence=sum(pots.values()), asked_pence=change_pence)
    pieces = pro_rata(change_pence, pots)
    moves: tuple[Move, ...] = (Move(source=PAYABLE, target=kept, slices=pieces),)
    if command.amount_pence < before_pence:
        moves = payable_again(pieces, account, asked.effective_on, source=kept)
    return (
        WithholdingVaried(
            account=command.account,
            withholding=command.withholding,
            before_pence=before_pence,
            amount_pence=command.amount_pence,
            moves=moves,
            reason=Commitment(command.reason),
        ),
    )


def release_withholding(
    command: ReleaseWithholding, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether all that is still kept back is let go, from that day."""
    withholding = decidable(command.withholding, account, asked, "decided", "released")
    if not isinstance(withholding, Withholding):
        return withholding
    if early := before(asked.effective_on, withholding.changed_on, "a release", LAST):
        return early
    pieces = slices(withholding.left)
    return (
        WithholdingReleased(
            account=command.account,
            withholding=command.withholding,
            ground=withholding.fact.ground,
            slices=pieces,
            ends_debt=ended(pieces, account, asked.effective_on),
            reason=Commitment(command.reason),
        ),
    )


HANDLES = (
    on_account(
        VaryWithholding, vary_withholding, by="approver", records=WithholdingVaried
    ),
    on_account(
        ReleaseWithholding,
        release_withholding,
        by="approver",
        records=WithholdingReleased,
    ),
)
