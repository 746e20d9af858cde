"""What every published event is made of. A contract: it is added to, never changed.

These models are the feed's own. They are read out of facts, so that a stored form may
change while what was promised to readers stays (docs/feed.md says what may change).
Nothing here names a person: prose and names do not lie in facts, and who acted is
published as a role alone. Money is whole pence; exact numbers are text.

The docstring below a field is its description in the JSON Schema, for readers of JSON:
it says null, not None. A field that many events have is described by its type, here.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, WithJsonSchema

from ledger.limits import MOST_PENCE, Counted
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

Pence = Annotated[
    int,
    Strict(),
    Field(ge=-MOST_PENCE, le=MOST_PENCE, description="Whole pence."),
]
"""Whole pence of a fact, at most 10^15; sums of facts are `SummedPence`."""

SummedPence = Annotated[int, Strict(), Field(description="Whole pence.")]
"""Whole pence of many facts together, for which no bound is promised."""

Origin = Annotated[
    Literal["real", "simulated"],
    Field(description="Whether the ledger is `real` or `simulated`, as a whole."),
]
"""A ledger is real or simulated as a whole, and each of its events says which.

It is the one closed list of the feed: other words are open, and may become more.
"""

# Codes and ids that many events have --------------------------------------------------

Scheme = Annotated[
    str, Field(description="The programme by its id, such as `quality-premium`.")
]
PaymentYear = Annotated[
    str, Field(description="The year paid, one after the scheme year: `2014-15`.")
]
Body = Annotated[
    str, Field(description="A group, practice or provider by its code, such as `10C`.")
]
PremiumId = Annotated[
    str,
    Field(
        description="The premium: `scheme/scheme year/body`, each percent-encoded, "
        "such as `quality-premium/2013-14/10C`."
    ),
]
Document = Annotated[
    str | None,
    Field(
        description="The source document: SHA-256 of its bytes, in hexadecimal. Null "
        "where none was named."
    ),
]
DocumentRow = Annotated[
    Counted | None,
    Field(description="Line of the document; its header is line 1. Null if not known."),
]
PublishedOn = Annotated[
    date | None, Field(description="The day it was published. Null if not known.")
]
Measure = Annotated[
    str, Field(description="The measure by its id in the rulebook, such as `falls`.")
]
Period = Annotated[
    str,
    Field(
        description="The time measured: `2013-04-01..2014-03-31`, or one day, "
        "`2013-04-01`."
    ),
]
Unit = Annotated[
    str,
    Field(
        description="`percent`, `per-100000`, `cases`, `heads`, `yes-no` (1 or 0), ..."
    ),
]
Clauses = Annotated[
    tuple[str, ...],
    Field(description="Every clause of the rulebook that was used, by its id."),
]
Evidence = Annotated[
    tuple[str, ...],
    Field(
        description="The event id of every result and agreement used, in order of use."
    ),
]
Rulebook = Annotated[
    str, Field(description="The rules used: the id of their event, `stream@version`.")
]
RulebookHash = Annotated[
    str,
    Field(
        description="SHA-256 of the rulebook used, in hexadecimal: its `content_hash`."
    ),
]
Engine = Annotated[
    str, Field(description="The version of the rules engine that worked it out.")
]
Determination = Annotated[
    Counted,
    Field(
        description="The award by its number: 1 for the first of the premium, then 2."
    ),
]
Preparation = Annotated[
    Counted,
    Field(description="What was prepared, by its number: 1 for the first of the year."),
]
Withholding = Annotated[
    str,
    Field(description="The withholding by its id within the premium, such as `w1`."),
]
Ground = Annotated[
    str,
    Field(
        description="Why it is kept back: `quality-indicators`, "
        "`financial-requirements`, `constitution-standards`, ..."
    ),
]
LegalBasis = Annotated[
    str,
    Field(
        description="The power to keep it back: a limb of SI 2013/474, such as "
        "`4(1)(c)`, or `assessment`."
    ),
]
Disbursement = Annotated[
    str, Field(description="The request by its id within the premium, such as `d1`.")
]
Receipt = Annotated[
    str,
    Field(
        description="The money received, by its id within the premium, such as `r1`."
    ),
]
RequestedEffectiveOn = Annotated[
    date,
    Field(
        description="The accounting date of the request: its legs are reversed there."
    ),
]
Recovery = Annotated[
    str, Field(description="The order to pay back, by its id within the premium.")
]
SetOff = Annotated[
    str,
    Field(description="The set-off by its id; the other premium's event has the same."),
]
Spending = Annotated[
    str,
    Field(
        description="The spending by its id within the premium; ids of money passed on "
        "are among them."
    ),
]
Credit = Annotated[
    str, Field(description="The credit by its id within the spending or passing-on.")
]
Payee = Annotated[
    str, Field(description="Who was paid, by an id of the body's own; never a name.")
]
Purpose = Annotated[
    str,
    Field(
        description="What it was spent on: a permitted purpose of the rulebook, such "
        "as `a`."
    ),
]
Transaction = Annotated[
    str | None,
    Field(description="The body's own number for the payment. Null if not given."),
]
Run = Annotated[
    Counted,
    Field(description="The run by its number: 1 for the first of the scheme year."),
]


class Public(BaseModel):
    """Part of a published event. Readers ignore fields that they do not know."""

    model_config = ConfigDict(
        from_attributes=True,
        frozen=True,
        extra="ignore",
        defer_build=True,
    )


class Fact(Public):
    """What happened, past tense; each kind has a type that never changes meaning."""

    TYPE: ClassVar[str]


class Slice(Public):
    """The pence of the maximum that one measure stands for."""

    measure: Measure
    pence: Pence
    """Whole pence, above zero: a slice of nothing is left out."""


Slices = tuple[Slice, ...]
"""In the order of the rulebook's measures; each measure at most once."""

RequestSlices = Annotated[
    Slices,
    Field(
        description="Each measure's pence that the request drew, in the order of the "
        "rules."
    ),
]


EndsDebt = Annotated[
    Slices,
    Field(
        description="The part of the slices that ends a debt of the same measures "
        "instead, on the fact's own day."
    ),
]


class Move(Public):
    """Pence that go from one account to another, measure by measure."""

    source: str
    """The account that they leave, such as `premium:potential`."""
    target: str
    """The account that they go to, such as `premium:payable`."""
    slices: Slices
    """Each measure's pence, in the order of the rules."""


class Draw(Public):
    """What was taken from one receipt."""

    receipt: Receipt
    slices: Slices
    """Each measure's pence taken from it, in the order of the rules."""


class Leg(Public):
    """One account's part of a posting; the legs of an event add up to zero."""

    account: str
    """An account of the premium, such as `premium:payable`."""
    measure: str
    """The measure whose pence of the maximum these are, such as `falls`."""
    pence: Pence
    """Whole pence: added to the account, or taken from it if negative."""
    effective_on: date
    """The accounting date on which the leg counts."""


class Premium(Public):
    """One body's premium for one scheme year: the account that an event is about."""

    account: PremiumId
    scheme: Scheme
    scheme_year: str
    """The year measured, such as `2013-14`."""
    payment_year: PaymentYear
    body: Body
