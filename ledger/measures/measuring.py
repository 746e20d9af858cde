"""A measure of every group, held against a test: who met it, and who missed by least.

The test is a clause of a rulebook, applied to whatever window is asked for, or a
reading of ours where no rulebook recorded has one. Either way the answer is our
reading of real results, and no determination of anybody's.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Literal

from ledger.events import BodyCode
from ledger.measures import margins
from ledger.measures.groups import Group
from ledger.measures.margins import Against
from ledger.measures.windows import Lacking, Measured, Over, Window, over, scale_of
from ledger.values import value

LABELS = {
    "real": "Real results under our reading of the test; not NHS England's "
    "determinations.",
    "simulated": "Simulated results under our reading of the test; nobody's "
    "determinations.",
}
"""The origin of a ledger -> what its results are."""


@value
class Standing:
    """One group's result, and how it stands to the test."""

    body: BodyCode
    name: str
    now: Over
    before: Over | None  # None where nothing is compared with.
    change: Fraction | None  # As `Measures.change_in` says; a fall is below zero.
    margin: Fraction | None  # From the threshold: zero or more is met; None: no test.
    met: bool | None
    within_rounding: bool  # What was cut off in print could turn the outcome.


@value
class Missing:
    """A group that was open on the last day and has no result, and why."""

    body: BodyCode
    name: str
    why: str


@value
class Measures:
    """Every group's result over a window, against another and against a test."""

    measure: str
    unit: str
    days: Window
    baseline: Window | None
    against: Against | None
    change_in: Literal["percent", "unit"]
    standings: tuple[Standing, ...]  # Missed by least first, then met by least.
    missing: tuple[Missing, ...]  # In order of codes.
    england: Standing | None  # Of these groups together, where counts can be summed.

    def met(self) -> int:
        """How many met the test."""
        return sum(one.met is True for one in self.standings)

    def missed(self) -> int:
        """How many did not."""
        return sum(one.met is False for one in self.standings)


def measured(
    measure: str,
    groups: Sequence[Group],
    *,
    now: Iterable[Measured],
    days: Window,
    before: Iterable[Measured] = (),
    baseline: Window | None = None,
    against: Against | None = None,
) -> Measures:
    """Hold every group's result over a window against a test, unrounded.

    Args:
        now: Results of the measure that lie within the window, in order of days.
        before: The same of the window that is compared with, if any.
        against: None to show values alone. A test of a change needs a baseline.
    """
    parts, earlier = _by_subject(now), _by_subject(before)
    units = sorted({one.unit for found in parts.values() for one in found})
    half_unit = _half_unit((parts, earlier))
    standings: list[Standing] = []
    missing: list[Missing] = []
    for group in sorted(groups, key=lambda one: one.body):
        found = over(parts.get(group.body, ()), days)
        base = over(earlier.get(group.body, ()), baseline) if baseline else None
        if isinstance(found, Lacking) or isinstance(base, Lacking):
            if group.is_open(days.last):
                lacks = found if isinstance(found, Lacking) else base
                where = days if isinstance(found, Lacking) else baseline
                assert isinstance(lacks, Lacking)
                why = f"{lacks.why} in {where}"
                missing.append(Missing(body=group.body, name=group.name, why=why))
            continue
        standings.append(_standing(group, found, base, against, half_unit))
    standings.sort(key=_nearest)
    return Measures(
        measure=measure,
        unit=" and ".join(units),
        days=days,
        baseline=baseline,
        against=against,
        change_in=margins.change_in(against.test if against else None),
        standings=tuple(standings),
        missing=tuple(missing),
        england=_england(standings, units, against),
    )


def _standing(
    group: Group,
    now: Over,
    before: Over | None,
    against: Against | None,
    half_unit: Fraction,
) -> Standing:
    test = against.test if against else None
    base = before.value if before else None
    margin = None if test is None else margins.margin(test, now.value, base)
    met = None if test is None or margin is None else margins.met(test, now.value, base)
    turns = False
    if test is not None and margin is not None:
        nows = _printed(now, half_unit)
        bases = (None,) if before is None else _printed(before, half_unit)
        ends = [margins.margin(test, a, b) for a, b in product(nows, bases)]
        turns = len({end >= 0 for end in ends if end is not None}) > 1
    return Standing(
        body=group.body,
        name=group.name,
        now=now,
        before=before,
        change=margins.change(now.value, base, margins.change_in(test)),
        margin=margin,
        met=met,
        within_rounding=turns,
    )


def _nearest(one: Standing) -> tuple[bool, Fraction, str]:
    """Missed by least first, then met by least."""
    if one.margin is None:
        return (one.met is not False, -(one.change or one.now.value), one.body)
    return (one.met is not False, abs(one.margin), one.body)


def _by_subject(results: Iterable[Measured]) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}
    for one in results:
        found.setdefault(one.subject, []).append(one)
    return found


def _half_unit(parts: Sequence[Mapping[str, Sequence[Measured]]]) -> Fraction:
    """Half a unit of the last decimal that values without two numbers are printed with.

    The last decimal is that of the value with most of them.
    """
    places = [
        _places(one.value)
        for found in parts
        for results in found.values()
        for one in results
        if one.numerator is None
    ]
    return Fraction(1, 2 * 10 ** max(places)) if places else Fraction(0)


def _places(value: Fraction) -> int:
    """Decimals of a terminating decimal; 0 for a number without end."""
    for places in range(19):
        if (value * 10**places).denominator == 1:
            return places
    return 0


def _printed(value: Over, half_unit: Fraction) -> tuple[Fraction, ...]:
    """Between which two a value lies that may have been cut off in print."""
    if value.numerator is not None:
        return (value.value,)
    return (value.value - half_unit, value.value + half_unit)


def _england(
    standings: Sequence[Standing], units: Sequence[str], against: Against | None
) -> Standing | None:
    now = _together([one.now for one in standings], units)
    befores = [one.before for one in standings if one.before is not None]
    before = _together(befores, units) if befores else None
    if now is None or (befores and before is None):
        return None
    group = Group(body=BodyCode("england"), name="England (these groups together)")
    return _standing(group, now, before, against, Fraction(0))


def _together(results: Sequence[Over], units: Sequence[str]) -> Over | None:
    scale = scale_of(units[0]) if len(units) == 1 else None
    if scale is None or not results:
        return None
    numerator = denominator = Fraction(0)
    for one in results:
        if one.numerator is None or one.denominator is None:
            return None
        numerator += one.numerator
        denominator += one.denominator
    return Over(
        value=scale * numerator / denominator,
        numerator=numerator,
        denominator=denominator,
        records=(),
    )
