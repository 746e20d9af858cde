"""Business dates in London, and the two years that every premium has."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, WithJsonSchema

LONDON = ZoneInfo("Europe/London")


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
    match = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError(f"{text!r} is not a scheme year: write it as 2013-14")
    return text


SchemeYear = Annotated[
    str,
    AfterValidator(scheme_year),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}$",
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
