"""The value of one cell, or a fault noted on its row with what to write instead.

Every reader returns a stand-in where it notes a fault; a row with faults makes
no command, so no stand-in is ever recorded. Figures are exact: no float.
"""

import re
from collections.abc import Collection
from datetime import date
from fractions import Fraction

from ledger.calendar import scheme_year
from ledger.events import BodyCode
from ledger.intake.table import Row
from ledger.limits import BODY_CODE, LINE, MOST_HEADS, MOST_PENCE
from ledger.money import exact_text

_CODE = re.compile(BODY_CODE)
_WORD = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOOSE_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_LONGEST_TEXT = 500
LONGEST_WORD = 80
_LINE = re.compile(LINE)


def text(row: Row, column: str) -> str:
    """Any text but none."""
    if not row.given(column):
        row.fault(column, "is empty and must not be")
    return optional_text(row, column) or ""


def optional_text(row: Row, column: str) -> str | None:
    """Any text, without line breaks and other control characters."""
    given = row.given(column)
    if given and not _LINE.fullmatch(given):
        row.fault(
            column,
            "holds a line break or a character that does not show: take it out",
        )
    elif len(given) > _LONGEST_TEXT:
        row.fault(column, f"is over {_LONGEST_TEXT} characters: is a quote left open?")
    return given or None


def code(row: Row, column: str) -> BodyCode:
    """The ODS code of a body, such as `10C`."""
    found = optional_code(row, column)
    if not row.given(column):
        row.fault(column, "is empty: write the body's ODS code, such as 10C")
    return found or BodyCode("")


def optional_code(row: Row, column: str) -> BodyCode | None:
    """The ODS code of a body, or none."""
    given = row.given(column)
    if not given:
        return None
    if not _CODE.fullmatch(given):
        if _CODE.fullmatch(given.upper()):
            row.fault(column, f"write it as {given.upper()}")
        else:
            row.fault(
                column, "is not an ODS code: write capitals and digits, such as 10C"
            )
    return BodyCode(given)


def word(row: Row, column: str) -> str:
    """A word of the ledger, such as `rtt-incomplete`: it becomes part of an id."""
    given = row.given(column)
    if not given:
        row.fault(column, "is empty: write a word, such as per-100000")
    elif len(given) > LONGEST_WORD:
        row.fault(column, f"is over {LONGEST_WORD} characters: write a word")
    elif not _WORD.fullmatch(given):
        written = _hyphened(given)
        write = f"as {written}" if _WORD.fullmatch(written) else "such as per-100000"
        row.fault(column, f"write small letters, digits and hyphens, {write}")
    return given


def hyphened(row: Row, column: str) -> str:
    """Small letters and digits of a text, with a hyphen for anything between them."""
    written = _hyphened(text(row, column))
    if not written and not row.faulty(column):
        row.fault(column, "holds no letter from A to Z and no digit: write a word")
    return written


def _hyphened(given: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", given.lower()).strip("-.")


def one_of(row: Row, column: str, allowed: Collection[str]) -> str:
    """One of some words."""
    if row.given(column) not in allowed:
        row.fault(column, f"is none of: {', '.join(allowed)}")
    return row.given(column)


def year(row: Row, column: str) -> str:
    """A scheme year or financial year, such as `2013-14`."""
    given = row.given(column)
    try:
        return scheme_year(given if given.isascii() else "")
    except ValueError:
        loose = re.fullmatch(r"([0-9]{4})[/ -]?(?:20)?([0-9]{2})", given)
        if loose and (int(loose[1]) + 1) % 100 == int(loose[2]):
            row.fault(column, f"write it as {loose[1]}-{loose[2]}")
        else:
            row.fault(column, "write two years that follow, such as 2013-14")
        return "1900-01"


def day(row: Row, column: str) -> date:
    """A day as year-month-day."""
    if not row.given(column):
        row.fault(column, "is empty: write a day, such as 2014-03-31")
    return optional_day(row, column) or date.min


def optional_day(row: Row, column: str) -> date | None:
    """A day as year-month-day, or none."""
    given = row.given(column)
    if not given:
        return None
    match = _DAY.fullmatch(given)
    found = _date(match[1], match[2], match[3]) if match else None
    if found is None:
        row.fault(column, _other_day(given))
    return found


def _date(year: str, month: str, day: str) -> date | None:
    """A day between 1900 and 2100, or None where there is no such day."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None


def _other_day(given: str) -> str:
    """What to write for a day that is not written as year-month-day."""
    match = _LOOSE_DAY.fullmatch(given)
    if match:
        day_first = _date(match[3], match[2], match[1])
        month_first = _date(match[3], match[1], match[2])
        if day_first and month_first and day_first != month_first:
            return (
                f"write it as {day_first} if it is day/month/year, "
                f"as {month_first} if it is month/day/year"
            )
        if day_first or month_first:
            return f"write it as {day_first or month_first}"
    if _DAY.fullmatch(given):
        return "there is no such day between 1900 and 2100: check it"
    return "write it as year-month-day, such as 2014-03-31"


def number(row: Row, column: str) -> Fraction | None:
    """An exact decimal number, or none."""
    given = row.given(column)
    if not given:
        return None
    if _NUMBER.fullmatch(given):
        return Fraction(given)
    bare = re.sub(r"[£,%\s']", "", given)
    if bare != given and _NUMBER.fullmatch(bare):
        row.fault(column, f"write it as {bare}, without separators or signs")
    else:
        row.fault(column, "is not a number: write digits and a point, such as 1234.5")
    return Fraction(0)


def half_unit(given: str) -> Fraction:
    """Half a unit of the last decimal that a number is printed with."""
    return Fraction(1, 2 * 10 ** len(given.partition(".")[2]))


def heads(row: Row, column: str) -> Fraction:
    """A whole number of people, zero or more."""
    found = number(row, column)
    if found is None:
        row.fault(column, "is empty: write a whole number of people")
        return Fraction(0)
    if found < 0 or found.denominator != 1:
        row.fault(column, "people are a whole number, zero or more: check it")
    if found > MOST_HEADS:
        row.fault(column, f"more than {MOST_HEADS:,} people: check it")
    return found


def optional_pence(row: Row, column: str) -> int | None:
    """Whole pence of an amount in pounds, zero or more, or none."""
    pounds = number(row, column)
    if pounds is None:
        return None
    if pounds < 0:
        write = exact_text(-pounds)
        row.fault(column, f"write it as {write}: the direction is in the quantity")
    if (pounds * 100).denominator != 1:
        row.fault(column, "is finer than a penny: write pounds with two decimals")
        return 0
    if abs(pounds * 100) > MOST_PENCE:
        row.fault(column, "is more than the ledger holds: check it")
        return 0
    return (pounds * 100).numerator
