"""What many decisions ask first: is it open, is it another person, do dates run on."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from ledger.events import PartyId
from ledger.money import Pence
from ledger.values import value

PositivePence = Annotated[Pence, Field(gt=0)]


Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""An id given from outside, within its account."""


@value
class AccountNotOpen:
    """The body has no open premium for that scheme year."""

    NAME: ClassVar[str] = "account-not-open"

    account: str

    def __str__(self) -> str:
        return f"{self.account} is not open: open it first"


@value
class SamePerson:
    """Whoever put something forward cannot also decide it."""

    NAME: ClassVar[str] = "same-person"

    person: PartyId
    what: str

    def __str__(self) -> str:
        return f"{self.person} {self.what}: another person must decide"


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
