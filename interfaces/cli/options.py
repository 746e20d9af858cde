"""Options that many words share: which year, how to write, as JSON.

The two clocks of a read, --known and --effective, are in clocks.py.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli.exits import Misused
from ledger.calendar import scheme_year, scheme_year_paid_in
from ledger.events import AccountId
from ledger.recorded import account_id, account_parts

SCHEME = "quality-premium"
"""The scheme meant where none is named."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Year:
    """Which year is meant: the one measured or, one later, the one paid."""

    scheme_year: str | None = None
    """The year measured, such as 2013-14."""
    payment_year: str | None = None
    """The year paid, one later, such as 2014-15; in place of --scheme-year."""
    scheme: str | None = None
    """The scheme; where one is needed and none is named, quality-premium."""

    @property
    def scheme_meant(self) -> str:
        """The scheme, where one is needed."""
        return SCHEME if self.scheme is None else self.scheme

    def chosen(self) -> str | None:
        """The scheme year; None where neither is given."""
        if self.scheme_year is None and self.payment_year is None:
            return None
        if self.scheme_year is not None and self.payment_year is not None:
            raise Misused("give --scheme-year or --payment-year, not both of them")
        try:
            if self.scheme_year is not None:
                return scheme_year(self.scheme_year)
            assert self.payment_year is not None
            return scheme_year_paid_in(scheme_year(self.payment_year))
        except ValueError:
            given = self.scheme_year or self.payment_year
            raise Misused(f"{given!r} is not a year: write it as 2013-14") from None

    def needed(self) -> str:
        """The scheme year; stops where neither is given."""
        year = self.chosen()
        if year is None:
            raise Misused(
                "which year? give --scheme-year 2013-14 (the year measured) or "
                "--payment-year 2014-15 (the year paid)"
            )
        return year

    def account(self, text: str) -> AccountId:
        """The account that is meant: a body's code with a year, or a whole id."""
        if "/" not in text:
            return account_id(self.scheme_meant, self.needed(), text)
        try:
            scheme, year, body = account_parts(text)
            scheme_year(year)
        except ValueError as reason:
            raise Misused(str(reason)) from None
        if self.chosen() not in (None, year):
            raise Misused(
                f"{text!r} names scheme year {year}: give no other year beside it"
            )
        return account_id(scheme, year, body)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Write:
    """What every command that records something takes."""

    dry_run: bool = False
    """Show the facts and legs that would be recorded, and record nothing."""
    id: str | None = None
    """Id of the command; give the same one again to repeat it safely."""
    effective_on: date | None = None
    """Accounting date; otherwise today in London."""
    decided_on: date | None = None
    """The day people decided, if earlier."""
    if_version: int | None = None
    """Refuse unless the stream stands at this version."""
    json: bool = False
    """Print one JSON document."""


YEAR = Year()
WRITE = Write()
Json = Annotated[bool, Parameter(name="--json", help="Print one JSON document.")]

_ACCOUNT = Parameter(help="Body code, such as 10C, or a whole account id.")
Account = Annotated[str, _ACCOUNT]
AnyAccount = Annotated[str | None, _ACCOUNT]
Run = Annotated[
    int, Parameter(help="The number of the run within the scheme year, such as 1.")
]
