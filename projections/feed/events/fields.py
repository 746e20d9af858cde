"""What every published event is made of. A contract: it is added to, never changed.

These models are the feed's own. They are read out of facts, so that a stored form may
change while what was promised to readers stays (docs/feed.md says what may change).
Nothing here names a person: prose and names do not lie in facts, and who acted is told
by role alone. Money is whole pence; exact numbers are text.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from ledger.money import Pence
from ledger.money import Rate as AnyRate

Rate = Annotated[
    AnyRate,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^-?\d+(\.\d+|/\d+)?$",
            "description": "An exact number: 12.5 where a decimal ends, otherwise 1/3.",
        }
    ),
]
"""An exact number; in the feed it is text always."""

Origin = Literal["real", "simulated"]
"""A ledger is real or simulated as a whole, and each of its events says which.

It is the one closed list of the feed: other words are open, and may become more.
"""


class Public(BaseModel):
    """Part of a published event. Readers let fields go by that they do not know."""

    model_config = ConfigDict(from_attributes=True, frozen=True, extra="ignore")


class Fact(Public):
    """What happened, past tense; each kind has a type that never changes meaning."""

    TYPE: ClassVar[str]


class Slice(Public):
    """The pence of the maximum that one measure stands for."""

    measure: str
    pence: Pence


Slices = tuple[Slice, ...]
"""In the order of the rulebook's measures; each measure at most once."""


class Move(Public):
    """Pence that go from one account to another, measure by measure."""

    source: str
    target: str
    slices: Slices


class Draw(Public):
    """What was taken from one receipt."""

    receipt: str
    slices: Slices


class Leg(Public):
    """One account's part of a posting; the legs of an event add up to zero."""

    account: str  # Such as `premium:payable`.
    measure: str  # Whose pence of the maximum these are.
    pence: Pence  # Added to the account; taken from it when below zero.
    effective_on: date


class Premium(Public):
    """One body's premium for one scheme year: the account that an event is about."""

    account: str  # `scheme/scheme year/body`, each percent-encoded.
    scheme: str
    scheme_year: str  # The year measured, such as 2013-14.
    payment_year: str  # The year paid, one later.
    body: str
