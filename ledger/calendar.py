"""Business dates in London, and the two years that every premium has."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Strict,
    WithJsonSchema,
)

from ledger.excerpts import shown
from ledger.limits import DAYS, YEAR

LONDON = ZoneInfo("Europe/London")

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
"""Of all days that can be written."""

_A_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> date:
    """The day that a text names, year first.

    Raises:
        ValueError: If it names none from 1900 to 2100, or in another way.
    """
    if _A_DAY.fullmatch(text):
        try:
            found = date.fromisoformat(text)
        except ValueError:
            raise ValueError("there is no such day: write another") from None
        if FIRST_DAY <= found <= LAST_DAY:
            return found
    raise ValueError("write a day from 1900 to 2100, year first, such as 2014-03-31")


def _day(given: Any) -> Any:
    if type(given) is date:  # TOML has days of its own, of any year.
        given = given.isoformat()
    return day(given) if isinstance(given, str) else given


Day = Annotated[
    date,
    Strict(),
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A day from 1900 to 2100, written year first; no number is one."""


RecordedDay = Annotated[date, Strict(), Field(ge=FIRST_DAY, le=LAST_DAY)]
"""A day as the ledger wrote it: read without Python, for every record has some."""


class Happened:
    """Marks a day on which something happened: not after the day it is recorded."""


HappenedOn = Annotated[Day, Happened()]


@lru_cache(maxsize=4_096)
def period(text: str) -> str:
    """Check a period: `2013-04-01..2014-03-31`, or one day.

    Raises:
        ValueError: If a day does not exist, or the period ends before it begins.
    """
    first, dots, last = text.partition("..")
    try:
        begins, ends = day(first), day(last if dots else first)
    except ValueError:
        raise ValueError(
            f"{shown(text)} is not a period: write 2013-04-01..2014-03-31, or one day"
        ) from None
    if ends < begins:
        raise ValueError(f"{text!r} ends before it begins")
    if dots and begins == ends:
        raise ValueError(f"{text!r} is one day: write it once")
    return text


Period = Annotated[
    str,
    AfterValidator(period),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": 22,
            "pattern": DAYS,
            "format": "period",
        }
    ),
]
"""A day, or a first and a last day."""


def business_date(instant: datetime) -> date:
    """The London day an instant falls on: 31 March 23:30Z is 1 April in summer time."""
    return instant.astimezone(LONDON).date()


def end_of_day(day: date) -> datetime:
    """The first instant, in UTC, that no longer belongs to a London day."""
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), LONDON)
    return midnight.astimezone(UTC)


def scheme_year(text: str) -> str:
    """Check the year a scheme measures, such as `2013-14`.

    Raises:
        ValueError: If it is not two years that follow each other, so written.
    """
    match = re.fullmatch(YEAR, text)
    if match is None or (int(text[:4]) + 1) % 100 != int(text[5:]):
        raise ValueError(f"{shown(text)} is not a scheme year: write it as 2013-14")
    return text


@lru_cache(maxsize=4_096)
def dated_account(account: str) -> str:
    """Check the scheme year in the id of an account.

    Raises:
        ValueError: If it is not two years that follow each other.
    """
    scheme_year(account.split("/")[1])
    return account


SchemeYear = Annotated[
    str,
    AfterValidator(scheme_year),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": YEAR,
            "format": "scheme-year",
            "description": "The year measured, such as 2013-14.",
        }
    ),
]
"""The year a scheme measures, such as `2013-14`."""


def payment_year(year: str) -> str:
    """The year in which a scheme year is paid: the next one."""
    start = int(year[:4]) + 1
    return f"{start}-{(start + 1) % 100:02d}"


def scheme_year_paid_in(year: str) -> str:
    """The scheme year that is paid in a payment year: the one before."""
    start = int(year[:4]) - 1
    return f"{start}-{(start + 1) % 100:02d}"


def first_day(year: str) -> date:
    """1 April of a financial year."""
    return date(int(year[:4]), 4, 1)


def last_day(year: str) -> date:
    """31 March at the end of a financial year."""
    return date(int(year[:4]) + 1, 3, 31)


def both_years(year: str) -> str:
    """For people: `2013/14, paid in 2014/15`."""
    paid = payment_year(year)
    return f"{year.replace('-', '/')}, paid in {paid.replace('-', '/')}"
