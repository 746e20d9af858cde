"""What a body says against an award or a withholding, and the answer.

No appeals procedure was ever published (dossier section 4), so a representation stops
nothing, and its answer moves nothing: what follows from it is decided by itself.
"""

from typing import ClassVar, Literal

from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    Label,
    SamePerson,
)
from ledger.events import (
    AccountId,
    Commitment,
    RepresentationDecided,
    RepresentationMade,
)
from ledger.premium.account import PremiumAccount
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class MakeRepresentation:
    """Speak against an award that was proposed, or against a withholding."""

    NAME: ClassVar[str] = "make-representation"

    account: AccountId
    representation: Label
    about: Literal["award", "withholding"]
    subject: str
    grounds: Prose


@value
class DecideRepresentation:
    """Answer a representation that another person made."""

    NAME: ClassVar[str] = "decide-representation"

    account: AccountId
    representation: Label
    outcome: Literal["upheld", "upheld-in-part", "dismissed"]
    reason: Prose


@value
class RepresentationIdTaken:
    """The id stands for another representation of the account."""

    NAME: ClassVar[str] = "representation-id-taken"

    representation: str

    def __str__(self) -> str:
        return (
            f"{self.representation} was made before: give another representation "
            "an id of its own"
        )


@value
class NothingToSpeakAgainst:
    """There is no such award or withholding."""

    NAME: ClassVar[str] = "nothing-to-speak-against"

    about: str
    subject: str

    def __str__(self) -> str:
        return f"the account has no {self.about} {self.subject!r} to speak against"


@value
class NoSuchRepresentation:
    """The account has no representation of that id."""

    NAME: ClassVar[str] = "no-such-representation"

    representation: str

    def __str__(self) -> str:
        return f"the account has no representation {self.representation!r}"


@value
class AnsweredOtherwise:
    """The representation has another answer, and it stands."""

    NAME: ClassVar[str] = "answered-otherwise"

    representation: str
    outcome: str

    def __str__(self) -> str:
        return (
            f"{self.representation} was {self.outcome.replace('-', ' ')}, and stays "
            "so: what is new is a representation of its own"
        )


RepresentationRefusal = (
    AccountNotOpen
    | RepresentationIdTaken
    | NothingToSpeakAgainst
    | NoSuchRepresentation
    | AnsweredOtherwise
    | SamePerson
    | DateRunsBackwards
)


def make_representation(
    command: MakeRepresentation, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a representation is on record."""
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if command.representation in account.representations:
        return RepresentationIdTaken(representation=command.representation)
    if command.about == "withholding":
        known = command.subject in account.withholdings
    else:
        latest = account.proposal.fact.determination if account.proposal else 0
        known = command.subject in {str(one) for one in range(1, latest + 1)}
    if not known:
        return NothingToSpeakAgainst(about=command.about, subject=command.subject)
    return (
        RepresentationMade(
            account=command.account,
            representation=command.representation,
            about=command.about,
            subject=command.subject,
            grounds=Commitment(command.grounds),
        ),
    )


def decide_representation(
    command: DecideRepresentation, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a representation is answered; the same answer adds nothing."""
    made = account.representations.get(command.representation)
    if made is None:
        return NoSuchRepresentation(representation=command.representation)
    if made.decided is not None:
        if made.decided.outcome == command.outcome:
            return ()
        return AnsweredOtherwise(
            representation=command.representation, outcome=made.decided.outcome
        )
    if asked.by.party == made.made_by:
        return SamePerson(person=made.made_by, what=f"made {command.representation}")
    if asked.effective_on < made.made_on:
        return DateRunsBackwards(
            what="an answer",
            on=asked.effective_on,
            follows="the representation",
            followed_on=made.made_on,
        )
    return (
        RepresentationDecided(
            account=command.account,
            representation=command.representation,
            outcome=command.outcome,
            reason=Commitment(command.reason),
        ),
    )
