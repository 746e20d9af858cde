"""Keeping back less than before, and letting all of it go."""

from typing import ClassVar

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
    WithholdingReleased,
    WithholdingVaried,
)
from ledger.money import Pence, pounds
from ledger.postings import withheld
from ledger.premium.account import PremiumAccount, Withholding, pro_rata, slices
from ledger.premium.debts import ended, payable_again
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class VaryWithholding:
    """Keep back less than before; more is proposed for another person to decide."""

    NAME: ClassVar[str] = "vary-withholding"

    account: Account
    withholding: Label
    """The id under which it was proposed."""
    amount_pence: PositivePence
    """What is kept back after the change, in pence, above zero."""
    reason: Prose
    """Why less is kept back."""


@value
class ReleaseWithholding:
    """Let go all that is still kept back."""

    NAME: ClassVar[str] = "release-withholding"

    account: Account
    withholding: Label
    """The id under which it was proposed."""
    reason: Prose
    """Why it is let go."""


@value
class OnlyLowers:
    """More would be kept back by one person alone."""

    NAME: ClassVar[str] = "only-lowers"

    withholding: str
    withheld_pence: Pence
    asked_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.withheld_pence)} is kept back by {self.withholding}, and "
            f"{pounds(self.asked_pence)} is asked for: propose what is more, for "
            "another person to decide"
        )


REFUSALS = (
    NoSuchWithholding,
    WithholdingNotSo,
    SamePerson,
    DateRunsBackwards,
    OnlyLowers,
)


def vary_withholding(
    command: VaryWithholding, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether less is kept back, from the day of the decision.

    It gives back of that withholding's own slices, pro rata to what is left of them.
    The same amount adds nothing. More needs two people, as any withholding does.

    Source: DESIGN 3 (people: vary only lowers).
    """
    withholding = decidable(command.withholding, account, asked, "decided")
    if not isinstance(withholding, Withholding):
        return withholding
    if early := before(asked.effective_on, withholding.changed_on, "a variation", LAST):
        return early
    before_pence = withholding.left_pence
    if command.amount_pence == before_pence:
        return ()
    if command.amount_pence > before_pence:
        return OnlyLowers(
            withholding=command.withholding,
            withheld_pence=before_pence,
            asked_pence=command.amount_pence,
        )
    pieces = pro_rata(before_pence - command.amount_pence, withholding.left)
    kept = withheld(withholding.fact.ground)
    return (
        WithholdingVaried(
            account=command.account,
            withholding=command.withholding,
            before_pence=before_pence,
            amount_pence=command.amount_pence,
            moves=payable_again(pieces, account, asked.effective_on, source=kept),
            reason=Commitment(command.reason),
            proposal=None,
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
        VaryWithholding,
        vary_withholding,
        by="approver",
        records=WithholdingVaried,
        not_who=("proposed it",),
    ),
    on_account(
        ReleaseWithholding,
        release_withholding,
        by="approver",
        records=WithholdingReleased,
        not_who=("proposed it",),
    ),
)
