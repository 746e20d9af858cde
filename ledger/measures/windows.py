"""A result over a window: as recorded for it, or summed from the periods within it."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from ledger.events import BodyCode, RecordId
from ledger.values import value

_RATIOS = {"percent": 100, "ratio": 1, "share": 1}
_PER = re.compile(r"(?:[a-z]+-)*per-([1-9][0-9]{0,8})(?:-[a-z]+)*")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@value
class Window:
    """Days from first to last, both counted."""

    first: date
    last: date

    def __str__(self) -> str:
        return (
            str(self.first) if self.first == self.last else f"{self.first}..{self.last}"
        )


@value
class Measured:
    """One recorded result, as far as a window needs it."""

    subject: BodyCode
    days: Window
    value: Fraction
    unit: str
    numerator: Fraction | None
    denominator: Fraction | None
    record: RecordId


@value
class Over:
    """A result over a window."""

    value: Fraction
    numerator: Fraction | None  # None where it was recorded without its two numbers.
    denominator: Fraction | None
    records: tuple[RecordId, ...]  # One, or one a period summed, in order of days.


@value
class Lacking:
    """Why there is no result over a window."""

    why: str


def scale_of(unit: str) -> int | None:
    """By what a numerator over its denominator is multiplied; None if unknown."""
    per = _PER.fullmatch(unit)
    return int(per[1]) if per else _RATIOS.get(unit)


def window(text: str) -> Window:
    """Read `2014`, `2015-03`, `2015-03-31`, or two of these with `..` between.

    A year or month is all of its days; `2013-14` is not a financial year here, because
    `2009-10` is October: write `2013-04..2014-03`.

    Raises:
        ValueError: If it is none of these, or ends before it begins.
    """
    first, dots, last = text.partition("..")
    days = (_days(first), _days(last if dots else first))
    if days[0] is None or days[1] is None:
        raise ValueError(
            f"{text!r} is not a period: write 2014, 2015-03, 2015-03-31, or two of "
            "these as 2016-12..2017-11"
        )
    found = Window(first=days[0].first, last=days[1].last)
    if found.last < found.first:
        raise ValueError(f"{text!r} ends before it begins: turn it round")
    return found


def over(parts: Sequence[Measured], days: Window) -> Over | Lacking:
    """One body's result over a window.

    A result recorded for exactly the window is taken as it is. Otherwise periods must
    fill it without gap or overlap, and numerators are summed over the sum of
    denominators: never a mean of ratios.

    Args:
        parts: Results of one measure and body that lie within the window.
    """
    for part in parts:
        if part.days == days:
            return Over(
                value=part.value,
                numerator=part.numerator,
                denominator=part.denominator,
                records=(part.record,),
            )
    if not parts:
        return Lacking(why="no result")
    chain: list[Measured] = []
    day = days.first
    while day <= days.last:
        starting = [one for one in parts if one.days.first == day]
        if not starting:
            return Lacking(why=f"no result that begins on {day}")
        chain.append(max(starting, key=lambda one: one.days.last))
        day = chain[-1].days.last + timedelta(days=1)
    return _summed(chain)


def _summed(chain: Sequence[Measured]) -> Over | Lacking:
    units = {one.unit for one in chain}
    scale = scale_of(chain[0].unit) if len(units) == 1 else None
    numerators = [one.numerator for one in chain if one.numerator is not None]
    denominators = [one.denominator for one in chain if one.denominator is not None]
    counted = len(numerators) == len(denominators) == len(chain)
    if scale is None or not counted or sum(denominators) == 0:
        return Lacking(why="recorded without two numbers that can be summed")
    numerator, denominator = Fraction(sum(numerators)), Fraction(sum(denominators))
    return Over(
        value=scale * numerator / denominator,
        numerator=numerator,
        denominator=denominator,
        records=tuple(one.record for one in chain),
    )


def _days(text: str) -> Window | None:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = int(match[1]), match[2], match[3]
    try:
        if month is None:
            return Window(first=date(year, 1, 1), last=date(year, 12, 31))
        if day is None:
            last = monthrange(year, int(month))[1]
            return Window(
                first=date(year, int(month), 1), last=date(year, int(month), last)
            )
        found = date(year, int(month), int(day))
    except ValueError:
        return None
    return Window(first=found, last=found)
