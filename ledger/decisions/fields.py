"""What fields of many commands hold, each described once."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ledger.calendar import SchemeYear
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
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""An id given from outside, within its account."""

PositivePence = Annotated[Pence, Field(gt=0, description="Whole pence, above zero.")]
NotNegativePence = Annotated[Pence, Field(ge=0, description="Whole pence, or zero.")]

Reference = Annotated[
    str,
    StringConstraints(max_length=80, pattern=r"[A-Za-z0-9]"),
    Field(description="The payment's reference: at least one letter or digit."),
]
Period = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$"),
    Field(
        description="The day, or the first and last day, such as "
        "2013-04-01..2014-03-31."
    ),
]
Scheme = Annotated[str, Field(description="The scheme, such as quality-premium.")]
Year = Annotated[SchemeYear, Field(description="The scheme year, such as 2013-14.")]
Document = Annotated[
    DocumentId | None,
    Field(description="SHA-256 of the source document's bytes, in hexadecimal."),
]
Row = Annotated[int | None, Field(description="The line of the document, from 1.")]
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
