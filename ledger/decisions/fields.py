"""What fields of many commands hold, each described once."""

from typing import Annotated

from pydantic import Field

from ledger import calendar, limits
from ledger.events import AccountId, BodyCode, DocumentId, PartyId
from ledger.money import Pence
from ledger.values import PartyAs

Account = Annotated[
    AccountId,
    Field(
        description="The account of a premium, such as quality-premium/2013-14/10C; "
        "the command line takes its body's code, such as 10C, as well."
    ),
]
Body = Annotated[BodyCode, Field(description="The body's ODS code, such as 10C.")]

PositivePence = Annotated[Pence, Field(gt=0, description="Whole pence, above zero.")]
NotNegativePence = Annotated[Pence, Field(ge=0, description="Whole pence, or zero.")]

Label = Annotated[limits.Label, Field(description="An id given from outside.")]
Reference = Annotated[
    limits.Reference,
    Field(description="The payment's reference: at least one letter or digit."),
]
Period = Annotated[
    calendar.Period,
    Field(
        description="The day, or the first and last day, such as "
        "2013-04-01..2014-03-31."
    ),
]
Scheme = Annotated[
    limits.SchemeId, Field(description="The scheme, such as quality-premium.")
]
Year = Annotated[
    calendar.SchemeYear, Field(description="The scheme year, such as 2013-14.")
]
Document = Annotated[
    DocumentId | None,
    Field(description="SHA-256 of the source document's bytes, in hexadecimal."),
]
Row = Annotated[
    limits.Counted | None, Field(description="The line of the document, from 1.")
]
Payee = Annotated[
    PartyId, PartyAs(kind="organisation"), Field(description="Who was paid, by id.")
]
Party = Annotated[PartyId, PartyAs(kind=None), Field(description="The party, by id.")]
Person = Annotated[
    PartyId, PartyAs(kind="person", only=True), Field(description="The person, by id.")
]
Agreeing = Annotated[
    tuple[PartyId, ...], PartyAs(kind=None), Field(description="Who agreed, by id.")
]
