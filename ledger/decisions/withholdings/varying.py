"""Keeping back more than before: one person proposes it, another decides."""

from typing import ClassVar

from ledger.decisions.disbursements.requests import BeyondPayable
from ledger.decisions.fields import Account, Label, PositivePence
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import (
    DateRunsBackwards,
    SamePerson,
    before,
    same_person,
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
    VariationProposed,
    VariationRefused,
    WithholdingVaried,
)
from ledger.money import Pence, pounds
from ledger.postings import PAYABLE, withheld
from ledger.premium.account import PremiumAccount, Variation, Withholding, pro_rata
from ledger.request import Asked, Decision, Refusal
from ledger.values import Prose, value


@value
class ProposeVariation:
    """Put forward to keep back more than before, for another person to decide."""

    NAME: ClassVar[str] = "propose-variation"

    account: Account
    withholding: Label
    """The id under which it was proposed."""
    amount_pence: PositivePence
    """What is kept back in all after the change, in pence: more than before."""
    reason: Prose
    """Why more is kept back."""


@value
class DecideVariation:
    """Keep back more, as another person proposed."""

    NAME: ClassVar[str] = "decide-variation"

    account: Account
    withholding: Label
    """The id under which it was proposed."""


@value
class RefuseVariation:
    """Refuse to keep back more, as another person proposed."""

    NAME: ClassVar[str] = "refuse-variation"

    account: Account
    withholding: Label
    """The id under which it was proposed."""
    reason: Prose
    """Why no more is kept back."""


@value
class VariationWaits:
    """More is proposed already, and waits to be decided."""

    NAME: ClassVar[str] = "variation-waits"

    withholding: str
    proposed_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.proposed_pence)} is proposed to be kept back by "
            f"{self.withholding}: decide or refuse that first"
        )


@value
class NotMore:
    """What is proposed is not more than is kept back."""

    NAME: ClassVar[str] = "not-more"

    withholding: str
    withheld_pence: Pence
    asked_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.withheld_pence)} is kept back by {self.withholding}, and "
            f"{pounds(self.asked_pence)} is not more: one person varies it to less"
        )


@value
class NothingMoreProposed:
    """Nobody proposed to keep back more, or it was decided."""

    NAME: ClassVar[str] = "nothing-more-proposed"

    withholding: str

    def __str__(self) -> str:
        return (
            f"nothing waits that would keep back more by {self.withholding}: "
            "propose it first"
        )


REFUSALS = (
    NoSuchWithholding,
    SamePerson,
    WithholdingNotSo,
    VariationWaits,
    NothingMoreProposed,
    DateRunsBackwards,
    NotMore,
    BeyondPayable,
)


def propose_variation(
    command: ProposeVariation, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether it is put forward to keep back more of what is payable.

    What could not be kept back if it were decided on that day is not put forward.

    Source: DESIGN 3 (two people: more withheld is a second proposal).
    """
    withholding = account.withholdings.get(command.withholding)
    if withholding is None:
        return NoSuchWithholding(withholding=command.withholding)
    if withholding.state != "decided":
        return WithholdingNotSo(
            withholding=command.withholding, state=withholding.state, needed="decided"
        )
    if withholding.variation is not None:
        return VariationWaits(
            withholding=command.withholding,
            proposed_pence=withholding.variation.fact.amount_pence,
        )
    if no := _not_possible(command.amount_pence, withholding, account, asked):
        return no
    return (
        VariationProposed(
            account=command.account,
            withholding=command.withholding,
            before_pence=withholding.left_pence,
            amount_pence=command.amount_pence,
            reason=Commitment(command.reason),
        ),
    )


def decide_variation(
    command: DecideVariation, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether more is kept back: by another person than proposed it.

    Returns:
        What is taken besides what is kept back now, as a new withholding would take
        it; otherwise the first refusal that applies. What was payable, or kept back,
        may have changed since the proposal: both are asked again.
    """
    withholding = decidable(command.withholding, account, asked, "decided")
    if not isinstance(withholding, Withholding):
        return withholding
    variation = _waiting(withholding, asked)
    if not isinstance(variation, Variation):
        return variation
    proposed_on, what = variation.proposed_on, "a variation"
    if early := before(asked.effective_on, proposed_on, what, "its proposal"):
        return early
    amount_pence = variation.fact.amount_pence
    if no := _not_possible(amount_pence, withholding, account, asked):
        return no
    before_pence = withholding.left_pence
    taken = pro_rata(
        amount_pence - before_pence, account.lowest_payable(asked.effective_on)
    )
    kept = withheld(withholding.fact.ground)
    return (
        WithholdingVaried(
            account=command.account,
            withholding=command.withholding,
            before_pence=before_pence,
            amount_pence=amount_pence,
            moves=(Move(source=PAYABLE, target=kept, slices=taken),),
            reason=variation.fact.reason,
            proposal=variation.record,
        ),
    )


def refuse_variation(
    command: RefuseVariation, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether to keep back more is refused: by another person."""
    withholding = decidable(command.withholding, account, asked, "decided")
    if not isinstance(withholding, Withholding):
        return withholding
    variation = _waiting(withholding, asked)
    if not isinstance(variation, Variation):
        return variation
    return (
        VariationRefused(
            account=command.account,
            withholding=command.withholding,
            proposal=variation.record,
            reason=Commitment(command.reason),
        ),
    )


def _waiting(
    withholding: Withholding, asked: Asked
) -> Variation | NothingMoreProposed | SamePerson:
    """What waits to be decided, if another person proposed it."""
    named = withholding.fact.withholding
    variation = withholding.variation
    if variation is None:
        return NothingMoreProposed(withholding=named)
    what = f"proposed more of {named}"
    return same_person(asked, variation.proposed_by, what) or variation


def _not_possible(
    amount_pence: Pence,
    withholding: Withholding,
    account: PremiumAccount,
    asked: Asked,
) -> Refusal | None:
    """Why that amount cannot be kept back from the day asked, or None if it can."""
    if early := before(asked.effective_on, withholding.changed_on, "a variation", LAST):
        return early
    before_pence = withholding.left_pence
    if amount_pence <= before_pence:
        return NotMore(
            withholding=withholding.fact.withholding,
            withheld_pence=before_pence,
            asked_pence=amount_pence,
        )
    payable_pence = account.lowest_payable_pence(asked.effective_on)
    if amount_pence - before_pence > payable_pence:
        return BeyondPayable(
            payable_pence=payable_pence, asked_pence=amount_pence - before_pence
        )
    return None


HANDLES = (
    on_account(
        ProposeVariation, propose_variation, by="analyst", records=VariationProposed
    ),
    on_account(
        DecideVariation,
        decide_variation,
        by="approver",
        not_who=("proposed the withholding", "proposed more of it"),
    ),
    on_account(
        RefuseVariation,
        refuse_variation,
        by="approver",
        records=VariationRefused,
        not_who=("proposed the withholding", "proposed more of it"),
    ),
)
