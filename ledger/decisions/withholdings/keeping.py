"""Keeping back part of an award by decision, and letting it go."""

from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, NamedTuple

from pydantic import AfterValidator

from ledger.decisions.disbursements.requests import BeyondPayable
from ledger.decisions.fields import Account, Label, PositivePence
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
    Commitment,
    Ground,
    LegalBasis,
    WithholdingDecided,
    WithholdingProposed,
    WithholdingRefused,
)
from ledger.money import GivenRate, Pence, pounds, round_half_up
from ledger.premium.account import PremiumAccount, Withholding, pro_rata
from ledger.request import Asked, Decision
from ledger.values import Prose, value

LAST = "what was decided of it"

BASES: dict[Ground, tuple[LegalBasis, ...]] = {
    "quality-indicators": ("assessment",),
    "financial-requirements": (
        "4(1)(a)",
        "4(1)(b)",
        "4(1)(c)",
        "4(1)(d)",
        "4(1)(e)",
        "4(1)(h)",
    ),
    "constitution-standards": ("4(1)(f)", "4(1)(g)"),
    "serious-quality-failure": ("assessment",),
}
"""Ground -> what it can rest on.

Limbs (a) to (e) of regulation 4(1) of SI 2013/474 are spending, capital and revenue
limits and directions on them, (h) is guidance on managing resources; (f) is treatments,
choice and waiting times under the Standing Rules, (g) duties under the Constitution. No
limb speaks of quality, so there the assessment itself decides. Source: dossier 14.
"""


def _part(rate: Fraction | None) -> Fraction | None:
    if rate is not None and not 0 < rate <= 1:
        raise ValueError("a share is above 0 and at most 1: write a quarter as 1/4")
    return rate


@value
class ProposeWithholding:
    """Put forward to keep back a share or amount of the award, or what is payable."""

    NAME: ClassVar[str] = "propose-withholding"

    account: Account
    withholding: Label
    """An id within the account."""
    ground: Ground
    """Why it may be kept back."""
    legal_basis: LegalBasis
    """What that rests on: a limb of the regulations, or the assessment itself."""
    discretion: Prose
    """How the discretion to keep it back was used."""
    share: Annotated[GivenRate | None, AfterValidator(_part)] = None
    """The share of the award, above 0 and at most 1, such as 1/4."""
    amount_pence: PositivePence | None = None


@value
class DecideWithholding:
    """Keep back what another person proposed to keep back."""

    NAME: ClassVar[str] = "decide-withholding"

    account: Account
    withholding: Label
    """The id under which it was proposed."""


@value
class RefuseWithholding:
    """Refuse to keep back what another person proposed to keep back."""

    NAME: ClassVar[str] = "refuse-withholding"

    account: Account
    withholding: Label
    """The id under which it was proposed."""
    reason: Prose
    """Why it is not kept back."""


@value
class WithholdingIdTaken:
    """The id stands for another withholding of the account."""

    NAME: ClassVar[str] = "withholding-id-taken"

    withholding: str
    ground: str

    def __str__(self) -> str:
        return (
            f"{self.withholding} is a withholding for {self.ground}: "
            "give another one an id of its own"
        )


@value
class LegalBasisNotForGround:
    """A withholding on that ground cannot rest on that."""

    NAME: ClassVar[str] = "legal-basis-not-for-ground"

    ground: Ground
    legal_basis: LegalBasis
    allowed: tuple[LegalBasis, ...]

    def __str__(self) -> str:
        return (
            f"{self.ground} cannot rest on {self.legal_basis}: "
            f"it rests on {' or '.join(self.allowed)}"
        )


@value
class NoSuchWithholding:
    """The account has no withholding of that id."""

    NAME: ClassVar[str] = "no-such-withholding"

    withholding: str

    def __str__(self) -> str:
        return f"the account has no withholding {self.withholding!r}"


@value
class WithholdingNotSo:
    """The withholding is not where it must be for this."""

    NAME: ClassVar[str] = "withholding-not-so"

    withholding: str
    state: str
    needed: str

    def __str__(self) -> str:
        return f"{self.withholding} is {self.state}; it must be {self.needed}"


@value
class NoAward:
    """No award is confirmed from which anything could be kept back."""

    NAME: ClassVar[str] = "no-award"

    account: str

    def __str__(self) -> str:
        return f"no award of {self.account} is confirmed: nothing can be kept back"


@value
class BeyondMaximum:
    """More is to be kept back than any award could ever leave."""

    NAME: ClassVar[str] = "beyond-maximum"

    maximum_pence: Pence
    asked_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.asked_pence)} is to be kept back, and no award can be above "
            f"the maximum of {pounds(self.maximum_pence)}: propose less"
        )


REFUSALS = (
    AccountNotOpen,
    WithholdingIdTaken,
    LegalBasisNotForGround,
    BeyondMaximum,
    NoSuchWithholding,
    WithholdingNotSo,
    SamePerson,
    NoAward,
    DateRunsBackwards,
    BeyondPayable,
)


def propose_withholding(
    command: ProposeWithholding, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a withholding is put forward, also before there is an award.

    Where both a share and an amount are given, the amount counts. What could not be
    kept back if it were decided on that day is not put forward either; before there is
    an award, what is beyond the maximum.
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    taken = account.withholdings.get(command.withholding)
    if taken is not None:
        return WithholdingIdTaken(
            withholding=command.withholding, ground=taken.fact.ground
        )
    allowed = BASES[command.ground]
    if command.legal_basis not in allowed:
        return LegalBasisNotForGround(
            ground=command.ground, legal_basis=command.legal_basis, allowed=allowed
        )
    if account.confirmed is not None:
        kept = _kept(command, account, account.confirmed, asked.effective_on)
        if isinstance(kept, BeyondPayable):
            return kept
    elif (command.amount_pence or 0) > account.opened.maximum_pence:
        return BeyondMaximum(
            maximum_pence=account.opened.maximum_pence,
            asked_pence=command.amount_pence or 0,
        )
    return (
        WithholdingProposed(
            account=command.account,
            withholding=command.withholding,
            ground=command.ground,
            legal_basis=command.legal_basis,
            share=command.share,
            amount_pence=command.amount_pence,
            discretion=Commitment(command.discretion),
        ),
    )


def decide_withholding(
    command: DecideWithholding, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether something is kept back: by another person than proposed it.

    Returns:
        The pence kept back, pro rata to what is payable of each measure at every
        date from that day; the last pence of all where all is taken. Nothing if it is
        kept back already; otherwise the first refusal that applies.

    Source: SI 2013/474 reg 4(1) (may withhold or reduce, if appropriate); DESIGN 5.
    """
    withholding = decidable(command.withholding, account, asked, "proposed", "decided")
    if not isinstance(withholding, Withholding):
        return withholding
    if account.confirmed is None:
        return NoAward(account=command.account)
    if early := before(
        asked.effective_on, withholding.changed_on, "a withholding", LAST
    ):
        return early
    proposed = withholding.fact
    kept = _kept(proposed, account, account.confirmed, asked.effective_on)
    if isinstance(kept, BeyondPayable):
        return kept
    return (
        WithholdingDecided(
            account=command.account,
            withholding=command.withholding,
            proposal=withholding.record,
            ground=proposed.ground,
            legal_basis=proposed.legal_basis,
            determination=account.confirmed.determination,
            award_pence=account.confirmed.total_pence,
            payable_pence=sum(kept.payable.values()),
            amount_pence=kept.pence,
            slices=pro_rata(kept.pence, kept.payable),
        ),
    )


class _Kept(NamedTuple):
    """What is kept back, of what."""

    pence: int
    payable: dict[str, int]  # Measure -> pence payable at every date from that day.


def _kept(
    proposed: ProposeWithholding | WithholdingProposed,
    account: PremiumAccount,
    confirmed: AwardConfirmed,
    on: date,
) -> _Kept | BeyondPayable:
    """What a proposal keeps back of a confirmed award, if it is decided on a day."""
    payable = account.lowest_payable(on)
    payable_pence = sum(payable.values())
    if proposed.amount_pence is not None:
        pence = proposed.amount_pence
    elif proposed.share is not None:
        pence = round_half_up(proposed.share * confirmed.total_pence)
    else:
        pence = payable_pence
    if not 0 < pence <= payable_pence:
        return BeyondPayable(payable_pence=payable_pence, asked_pence=pence)
    return _Kept(pence, payable)


def refuse_withholding(
    command: RefuseWithholding, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a proposed withholding is refused: by another person."""
    withholding = decidable(command.withholding, account, asked, "proposed", "refused")
    if not isinstance(withholding, Withholding):
        return withholding
    return (
        WithholdingRefused(
            account=command.account,
            withholding=command.withholding,
            reason=Commitment(command.reason),
        ),
    )


def decidable(
    named: str,
    account: PremiumAccount,
    asked: Asked,
    needed: str,
    already: str | None = None,
) -> Withholding | NoSuchWithholding | WithholdingNotSo | SamePerson | tuple[()]:
    """The withholding, if it is in the state needed and another person proposed it.

    Returns:
        An empty tuple if it is `already` so; otherwise the refusal.
    """
    withholding = account.withholdings.get(named)
    if withholding is None:
        return NoSuchWithholding(withholding=named)
    if no := same_person(asked, withholding.proposed_by, f"proposed {named}"):
        return no
    if withholding.state == already:
        return ()
    if withholding.state != needed:
        return WithholdingNotSo(
            withholding=named, state=withholding.state, needed=needed
        )
    return withholding


HANDLES = (
    on_account(
        ProposeWithholding,
        propose_withholding,
        by="analyst",
        records=WithholdingProposed,
    ),
    on_account(
        DecideWithholding,
        decide_withholding,
        by="approver",
        records=WithholdingDecided,
        not_who=("proposed it",),
    ),
    on_account(
        RefuseWithholding,
        refuse_withholding,
        by="approver",
        records=WithholdingRefused,
        not_who=("proposed it",),
    ),
)
