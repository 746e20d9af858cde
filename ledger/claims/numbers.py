"""Transaction numbers in their normal form, and what a spreadsheet made of them."""

import re

from ledger.limits import normal_reference

_EXPONENT = re.compile(r"([1-9])(?:\.([0-9]{1,14}))?E\+?([0-9]{1,2})")
_LONG = re.compile(r"([0-9]{15})(0{1,25})")


def number_of(transaction: str) -> str:
    """The normal form of a transaction number; empty where there is none.

    Capitals, spaces, points and leading zeros make no other number, nor does a
    spreadsheet's `451.0` or `4.51E+02`. One that it cut short is as good as none.
    """
    plain = "".join(transaction.split()).strip("'\u2019`")
    plain = re.sub(r"(?<=[0-9])\.0+$", "", plain)
    span = _span(plain)
    if span is not None:
        low, high = span
        return str(low) if low == high else ""
    normal = normal_reference(plain)
    return normal.lstrip("0") or normal[:1]


def shortened_span(transaction: str) -> tuple[int, int] | None:
    """The least and greatest number that a cut one may be; None where it is whole."""
    span = _span("".join(transaction.split()))
    return None if span is None or span[0] == span[1] else span


def _span(plain: str) -> tuple[int, int] | None:
    if match := _EXPONENT.fullmatch(plain.upper()):
        digits = match[1] + (match[2] or "")
        places = int(match[3]) - len(match[2] or "")
        if places < 0:
            return None  # A fraction, which no spreadsheet makes of a number.
        half = 10**places // 2
        middle = int(digits) * 10**places
        return middle - half, middle + half
    if match := _LONG.fullmatch(plain):
        low = int(plain)
        return low, low + 10 ** len(match[2]) - 1
    return None
