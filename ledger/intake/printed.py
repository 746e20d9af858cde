"""Days and amounts as spreadsheets print them, read exactly or not at all.

What could mean two things is not guessed: the answer then says what to write.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Literal

from ledger.limits import MOST_PENCE
from ledger.values import value

Order = Literal["day-first", "month-first", "month-end"]

_TIME = re.compile(
    r"(?:\s+|(?<=[0-9])t)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:[ap]m|z)?"
)
_NUMERIC = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})")
_NAMED = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    r"([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})[.,]?[-/. ]*([0-9]{4}|[0-9]{2})"
)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_MONTH = re.compile(r"([a-z]{3,9})\.?[-/ ]*([0-9]{4}|[0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY_NOUGHT = date(1899, 12, 30)  # A spreadsheet's day 1 is 1900-01-01, but for a leap.
_FIRST_SHORT, _LAST_SHORT = 10, 39  # Years of two digits: 2010 to 2039.

_AMOUNT = re.compile(
    r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})?(?:\.[0-9]{1,2}0*)?"
)
_TOO_NARROW = "the column was too narrow when this was saved: widen it and save again"


@value
class Days:
    """How the days of a file are read."""

    order: Order | None  # None: no day of it shows, and nobody said.
    serial: bool = False  # All are numbers of a spreadsheet.
    shown_by: str = ""  # The day that shows the order; empty where it was given.

    def says(self, written: Iterable[str]) -> str:
        """How the days of a file were read, for people."""
        forms = dict.fromkeys(_form(one, self.order) for one in written)
        by = f" (as {self.shown_by} shows)" if self.shown_by else ""
        return f"days: {', '.join(filter(None, forms)) or 'none'}{by}"


def days_of(written: Collection[str], order: Order | None) -> Days:
    """How the days of a file are read, as they show where nobody says.

    Args:
        written: Every day of the file that is not empty.
    """
    if order is not None:
        return Days(order=order)
    if written and all(_SERIAL.fullmatch(one) for one in written):
        return Days(order=None, serial=True)
    for one in written:
        match = _NUMERIC.fullmatch(_bare(one))
        if match and int(match[1]) > 12:
            return Days(order="day-first", shown_by=one)
        if match and int(match[2]) > 12:
            return Days(order="month-first", shown_by=one)
    return Days(order=None)


def day_of(written: str, days: Days) -> date | str:
    """The day that is written, or what to write instead."""
    given = _bare(written)
    if re.fullmatch("#+", given):
        return _TOO_NARROW
    if _SERIAL.fullmatch(given):
        if days.serial:
            return _date(_DAY_NOUGHT + timedelta(days=int(given[:5])), "")
        return "is a spreadsheet's number of a day among days written out: format it"
    if match := _ISO.fullmatch(given):
        return _made(match[1], match[2], match[3])
    if match := _NUMERIC.fullmatch(given):
        return _numeric(match, days.order)
    if (match := _NAMED.fullmatch(given)) and _month(match[2]):
        return _made(match[3], _month(match[2]), match[1])
    if (match := _MONTH_FIRST.fullmatch(given)) and _month(match[1]):
        return _made(match[3], _month(match[1]), match[2])
    if (match := _MONTH.fullmatch(given)) and _month(match[1]):
        return _end_of(match, days.order)
    return "is not a day: write it as 2020-09-30 or 30/09/2020"


def _bare(written: str) -> str:
    """Without the time of day, in small letters, and one space between words."""
    given = " ".join(written.casefold().split())
    match = _TIME.search(given)
    return given[: match.start()] if match and match.end() == len(given) else given


def _form(written: str, order: Order | None) -> str:
    """The form of a day, for people; empty where it is not known."""
    given = _bare(written)
    if _SERIAL.fullmatch(given):
        return "numbers of a spreadsheet, 41730 being 2014-04-01"
    if _ISO.fullmatch(given):
        return "year-month-day"
    if match := _NUMERIC.fullmatch(given):
        form = "month/day/year" if order == "month-first" else "day/month/year"
        return f"{form} with years of two digits (20..)" if match[3][2:] == "" else form
    if (match := _NAMED.fullmatch(given)) and len(match[3]) == 2:
        return "months by name with years of two digits (20..)"
    if _NAMED.fullmatch(given) or _MONTH_FIRST.fullmatch(given):
        return "months by name"
    return "months alone, taken as their last day" if _MONTH.fullmatch(given) else ""


def _numeric(match: re.Match[str], order: Order | None) -> date | str:
    first, second, year = match.groups()
    if int(first) == int(second):  # The same either way.
        return _made(year, second, first)
    if order == "day-first":
        return _made(year, second, first, f", read {order}")
    if order == "month-first":
        return _made(year, first, second, f", read {order}")
    return "could be two days: give --dates day-first or month-first"


def _end_of(match: re.Match[str], order: Order | None) -> date | str:
    """The last day of a month that is named without a day, where somebody said so."""
    if order != "month-end":
        return "says no day: give --dates month-end to take the last of the month"
    first = _made(match[2], _month(match[1]), "1")
    if isinstance(first, str):
        return first
    following = first.replace(day=28) + timedelta(days=4)
    return following.replace(day=1) - timedelta(days=1)


def _month(word: str) -> str:
    """The number of a month by its name, or by its first three letters or four."""
    for at, name in enumerate(_MONTHS, start=1):
        if word == name or word == name[:3] or (word == "sept" and at == 9):
            return str(at)
    return ""


def _made(year: str, month: str, day: str, read: str = "") -> date | str:
    if len(year) == 2:
        if not _FIRST_SHORT <= int(year) <= _LAST_SHORT:
            return "its year has two digits and is not 10 to 39: write all four"
        year = f"20{year}"
    try:
        return _date(date(int(year), int(month), int(day)), read)
    except ValueError:
        return f"is not a day{read}: check it, or give --dates"


def _date(found: date, read: str) -> date | str:
    if 1990 <= found.year <= 2100:
        return found
    return f"is not a day of 1990 to 2100{read}: check it"


def pence_of(written: str) -> int | str:
    """Whole pence of an amount in pounds, or what to write instead.

    Thousands may have commas; a pound sign, read right or wrong, may stand before; what
    came back has a minus before or behind, brackets, or CR. A dash alone is zero.
    """
    given = re.sub(r"\s|£|Â(?=£)|\ufffd|gbp", "", written, flags=re.IGNORECASE)
    given = given.replace("\u2212", "-").replace("\u2013", "-").upper()
    if re.fullmatch("#+", given):
        return _TOO_NARROW
    if given == "-":
        return 0
    sign = 1
    for opening, closing in (("(", ")"), ("-", ""), ("", "-"), ("", "CR")):
        inner = given.removeprefix(opening).removesuffix(closing)
        if len(inner) == len(given) - len(opening) - len(closing):
            given, sign = inner, -1
            break
    if not re.search("[0-9]", given) or not _AMOUNT.fullmatch(given):
        if re.fullmatch(r"[0-9](?:\.[0-9]+)?E\+[0-9]+", given):
            return "was shortened by a spreadsheet: format the column as a number"
        return "is not an amount: write pounds, such as 239,142.85"
    pounds, _, part = given.replace(",", "").partition(".")
    pence = int(pounds or "0") * 100 + int(part[:2].ljust(2, "0"))
    return sign * pence if pence <= MOST_PENCE else "is more than the ledger holds"
