"""What is published of what is kept back, and of what a body says against decisions."""

from typing import ClassVar

from ledger.limits import Counted
from projections.feed.events.fields import (
    EndsDebt,
    Fact,
    Ground,
    LegalBasis,
    Move,
    Pence,
    Rate,
    Slices,
    Withholding,
)


class RepresentationMade(Fact):
    """A body spoke against an award or a withholding, which counts meanwhile."""

    TYPE: ClassVar[str] = "representation-made.v1"

    representation: str
    """An id within the premium, such as `r1`."""
    about: str
    """`award` or `withholding`."""
    subject: str
    """The award's number, or the withholding's id."""


class RepresentationDecided(Fact):
    """A representation was answered; what follows from it is a decision of its own."""

    TYPE: ClassVar[str] = "representation-decided.v1"

    representation: str
    """Its id within the premium, such as `r1`."""
    outcome: str
    """`upheld`, `upheld-in-part` or `dismissed`."""


class WithholdingProposed(Fact):
    """A proposal to keep back part or all of an award; it posts nothing."""

    TYPE: ClassVar[str] = "withholding-proposed.v1"

    withholding: Withholding
    ground: Ground
    legal_basis: LegalBasis
    share: Rate | None
    """Of the award: exact, above 0 and at most 1. Null: an amount, or all."""
    amount_pence: Pence | None
    """Whole pence. Null: a share; null as `share` is: all that is payable."""


class WithholdingDecided(Fact):
    """Part or all of an award was kept back, by another person than proposed it."""

    TYPE: ClassVar[str] = "withholding-decided.v1"

    withholding: Withholding
    proposal: str
    """The event id of the proposal."""
    ground: Ground
    legal_basis: LegalBasis
    determination: Counted
    """The award that it is kept back from, by its number."""
    award_pence: Pence
    """That award in whole pence: the figure before the gate."""
    payable_pence: Pence
    """Whole pence of it that were payable before."""
    amount_pence: Pence
    """Whole pence kept back."""
    slices: Slices
    """Each measure's pence kept back; they add up to the amount."""


class VariationProposed(Fact):
    """To keep back more than before was put forward; it posts nothing."""

    TYPE: ClassVar[str] = "variation-proposed.v1"

    withholding: Withholding
    before_pence: Pence
    """Whole pence kept back then."""
    amount_pence: Pence
    """Whole pence that are to be kept back in all: more than before."""


class VariationRefused(Fact):
    """To keep back more was refused by another person; what is kept back stays."""

    TYPE: ClassVar[str] = "variation-refused.v1"

    withholding: Withholding
    proposal: str
    """The event id of the proposal."""


class WithholdingVaried(Fact):
    """Less is kept back from now, or more, as another person proposed."""

    TYPE: ClassVar[str] = "withholding-varied.v1"

    withholding: Withholding
    before_pence: Pence
    """Whole pence kept back before."""
    amount_pence: Pence
    """Whole pence kept back from now."""
    moves: tuple[Move, ...]
    """The difference, as it is posted."""
    proposal: str | None
    """Of more: the event id of the proposal. Null where less is kept back."""


class WithholdingReleased(Fact):
    """All that was still kept back was let go: it is payable now."""

    TYPE: ClassVar[str] = "withholding-released.v1"

    withholding: Withholding
    ground: Ground
    slices: Slices
    """Each measure's pence that this withholding still kept back."""
    ends_debt: EndsDebt


class WithholdingRefused(Fact):
    """A proposed withholding was refused by another person."""

    TYPE: ClassVar[str] = "withholding-refused.v1"

    withholding: Withholding


class WithholdingForgone(Fact):
    """A lower award took pence that were kept back; less is withheld from now."""

    TYPE: ClassVar[str] = "withholding-forgone.v1"

    withholding: Withholding
    ground: Ground
    determination: Counted
    """The award that takes them, by its number; of the same command."""
    slices: Slices
    """Each measure's pence that are no longer kept back."""
