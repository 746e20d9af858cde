"""How a result stands to a test of a level or of a change: its margin, unrounded."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from ledger.calendar import first_day, last_day
from ledger.measures.windows import Window
from ledger.rules.assess import judge
from ledger.rules.book import Rulebook, clauses
from ledger.rules.clauses import FIRMNESS, Level, Shift
from ledger.values import value

Held = Level | Shift
"""A test that can be held against any window: a level, or a change."""


@value
class Against:
    """The test that is held against results, and where it stands."""

    test: Held
    scheme_year: str  # The year whose rules it is from.
    source: str  # Title and address.
    rulebook: str | None  # Record of the rulebook; None for a reading of ours.


def test_for(
    measure: str,
    days: Window,
    baseline: Window | None,
    rulebooks: Mapping[str, tuple[str, Rulebook]],
) -> Against | None:
    """The clause that asks for a measure, of all rulebooks recorded.

    One that asks for these very windows comes first, the firmest of several; otherwise
    that of the year in which the window ends, or of the nearest year.

    Args:
        rulebooks: Scheme year -> the rulebook's record, and the rulebook.
    """
    found: list[Against] = []
    for record, rulebook in rulebooks.values():
        for one in clauses(rulebook):
            if not isinstance(one, Level | Shift) or one.indicator != measure:
                continue
            if isinstance(one.threshold, Fraction):
                source = rulebook.sources[one.source]
                found.append(
                    Against(
                        test=one,
                        scheme_year=rulebook.scheme_year,
                        source=f"{source.title}, {source.url}",
                        rulebook=record,
                    )
                )

    def order(one: Against) -> tuple[bool, int, int]:
        asked = _asks_for(one.test, days, baseline)
        firmness = FIRMNESS.index(one.test.status) if asked else 0
        return (not asked, firmness, _years_off(one.scheme_year, days))

    return min(found, key=order, default=None)


def _asks_for(test: Held, days: Window, baseline: Window | None) -> bool:
    before = test.baseline_period if isinstance(test, Shift) else None
    return (test.period, before) == (str(days), str(baseline) if baseline else None)


def _years_off(year: str, days: Window) -> int:
    """Days between a window's end and a scheme year; 0 within it."""
    if days.last < first_day(year):
        return (first_day(year) - days.last).days
    return max(0, (days.last - last_day(year)).days)


def met(test: Held, now: Fraction, before: Fraction | None) -> bool | None:
    """What the rules' own engine makes of a result; None where a baseline lacks."""
    values = {(test.indicator, test.period): now}
    if isinstance(test, Shift):
        if before is None:
            return None
        base = (test.baseline_indicator or test.indicator, test.baseline_period)
        values[base] = before
    return judge(test, values, None).met


def margin(test: Held, now: Fraction, before: Fraction | None) -> Fraction | None:
    """How far a result lies on the right side of the threshold; below 0: missed."""
    assert isinstance(test.threshold, Fraction)
    amount = now
    if isinstance(test, Shift):
        if before is None or (before == 0 and test.change.startswith("percent")):
            return None
        amount = before - now if test.change.endswith("fall") else now - before
        if test.change.startswith("percent"):
            amount = 100 * amount / before
    if test.comparison in ("at-least", "more-than"):
        return amount - test.threshold
    return test.threshold - amount


def change_in(test: Held | None) -> Literal["percent", "unit"]:
    """In what a change is told: in per cent of the baseline, unless the test is not."""
    absolute = isinstance(test, Shift) and not test.change.startswith("percent")
    return "unit" if absolute else "percent"


def change(
    now: Fraction, before: Fraction | None, told_in: Literal["percent", "unit"]
) -> Fraction | None:
    """The change from a baseline, below zero where it fell; None without one."""
    if before is None:
        return None
    if told_in == "unit":
        return now - before
    return None if before == 0 else 100 * (now - before) / before
