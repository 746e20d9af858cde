"""What a body says against an award or a withholding, and the answer.

No appeals procedure was ever published (dossier section 4), so a representation stops
nothing, and its answer moves nothing: what follows from it is decided by itself.
"""

from typing import ClassVar, Literal

from ledger.decisions.fields import Account, Label
from ledger.decisions.handling import on_account
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    SamePerson,
    before,
    same_person,
)
from ledger.events import (
    Commitment,
    RepresentationDecided,
    RepresentationMade,
)
from ledger.premium.account import PremiumAccount, Representation
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class MakeRepresentation:
    """Speak against an award that was proposed, or against a withholding."""

    NAME: ClassVar[str] = "make-representation"

    account: Account
    representation: Label
    """An id within the account."""
    about: Literal["award", "withholding"]
    """An award that was proposed, or a withholding."""
    subject: Label
    """The number of the award, or the id of the withholding."""
    grounds: Prose
    """What the body says against it."""


@value
class DecideRepresentation:
    """Answer a representation that another person made."""

    NAME: ClassVar[str] = "decide-representation"

    account: Account
    representation: Label
    """The id under which it was made."""
    outcome: Literal["upheld", "upheld-in-part", "dismissed"]
    """Whether it is upheld, in part or whole, or dismissed."""
    reason: Prose
    """Why it is answered so."""


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


REFUSALS = (
    AccountNotOpen,
    RepresentationIdTaken,
    NothingToSpeakAgainst,
    NoSuchRepresentation,
    AnsweredOtherwise,
    SamePerson,
    DateRunsBackwards,
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
    """Decide whether a representation is answered; the same answer adds nothing.

    Who answers it neither made it, nor proposed or decided what it disputes.
    """
    made = account.representations.get(command.representation)
    if made is None:
        return NoSuchRepresentation(representation=command.representation)
    if no := _took_part(made, account, asked):
        return no
    if made.decided is not None:
        if made.decided.outcome == command.outcome:
            return ()
        return AnsweredOtherwise(
            representation=command.representation, outcome=made.decided.outcome
        )
    if early := before(
        asked.effective_on, made.made_on, "an answer", "the representation"
    ):
        return early
    return (
        RepresentationDecided(
            account=command.account,
            representation=command.representation,
            outcome=command.outcome,
            reason=Commitment(command.reason),
        ),
    )


def _took_part(
    made: Representation, account: PremiumAccount, asked: Asked
) -> SamePerson | None:
    """The refusal if this person made it, or proposed or decided what it disputes."""
    fact = made.fact
    if no := same_person(asked, made.made_by, f"made {fact.representation}"):
        return no
    for person in account.hands.get((fact.about, fact.subject), ()):
        what = f"proposed or decided {fact.about} {fact.subject}"
        if no := same_person(asked, person, what):
            return no
    return None


HANDLES = (
    on_account(
        MakeRepresentation,
        make_representation,
        by="finance-officer",
        records=RepresentationMade,
    ),
    on_account(
        DecideRepresentation,
        decide_representation,
        by="approver",
        records=RepresentationDecided,
        not_who=("made it", "proposed what it disputes", "decided what it disputes"),
    ),
)
