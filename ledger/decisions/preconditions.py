"""What many decisions ask first: is it open, is it another person, do dates run on."""

from datetime import date
from typing import ClassVar

from ledger.events import AccountId, BodyCode, PartyId
from ledger.recorded import account_parts
from ledger.request import Asked
from ledger.values import value


@value
class AccountNotOpen:
    """The body has no open premium for that scheme year."""

    NAME: ClassVar[str] = "account-not-open"

    account: str

    def __str__(self) -> str:
        return f"{self.account} is not open: open it first"


@value
class OtherBody:
    """The premium is another body's."""

    NAME: ClassVar[str] = "other-body"

    body: BodyCode
    premium: AccountId

    def __str__(self) -> str:
        return f"{self.premium} is not a premium of {self.body}: name one of its own"


@value
class SamePerson:
    """Who put something forward cannot also decide it."""

    NAME: ClassVar[str] = "same-person"

    person: PartyId
    what: str
    must: str = "decide"

    def __str__(self) -> str:
        return f"{self.person} {self.what}: another person must {self.must}"


@value
class DateRunsBackwards:
    """An accounting date lies before that of what it follows from."""

    NAME: ClassVar[str] = "date-runs-backwards"

    what: str
    on: date
    follows: str
    followed_on: date

    def __str__(self) -> str:
        return (
            f"{self.what} on {self.on} would come before {self.follows} "
            f"on {self.followed_on}"
        )


def other_body(body: BodyCode, premium: AccountId) -> OtherBody | None:
    """The refusal if a premium is not the body's own; a successor names its own body's.

    Premiums never move, so what a successor does with one is said of the body before.
    """
    if account_parts(premium)[2] == body:
        return None
    return OtherBody(body=body, premium=premium)


def same_person(
    asked: Asked, person: PartyId, what: str, must: str = "decide"
) -> SamePerson | None:
    """The refusal if the person who decides is the one who did `what` before.

    Ids are compared plainly: a request is spelled as its parties were first.

    Args:
        must: What another person must do.
    """
    if asked.by.party != person:
        return None
    return SamePerson(person=person, what=what, must=must)


def before(
    on: date, followed_on: date, what: str, follows: str
) -> DateRunsBackwards | None:
    """The refusal if a day lies before that of what it follows from."""
    if on >= followed_on:
        return None
    return DateRunsBackwards(what=what, on=on, follows=follows, followed_on=followed_on)
