"""What is measured of the simulated groups, and what each measure comes to.

Results are drawn so that each test is met or missed by choice; the choice is what the
award is reckoned from (see awards.py), so nothing is asked of the ledger.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from interfaces.simulation.given import ANALYST, Given
from interfaces.simulation.groups import Group
from interfaces.simulation.rules import moved

MEASURES = {
    "pyll": 125,
    "emergency-admissions": 250,
    "friends-and-family": 125,
    "infection": 125,
    "local-1": 125,
    "local-2": 125,
    "local-3": 125,
}
"""Measure -> thousandths of the maximum."""

STANDARDS = {
    "constitution.rtt": ("rtt-incomplete", 9200),
    "constitution.a-and-e": ("a-and-e-4-hours", 9500),
    "constitution.cancer-62-day": ("cancer-62-day", 8500),
    "constitution.red-1": ("red-1", 7500),
}
"""Standard -> its indicator, and hundredths of a percent to reach."""

GATES = {
    "gate.financial": "finance.within-resource-limit",
    "gate.quality": "quality.no-serious-failure",
}
"""Gate -> its indicator."""

_YEAR = "2013-04-01..2014-03-31"
_BEFORE = "2012-04-01..2013-03-31"
_SERIES = (
    ("pyll", "pyll-amenable", "2013-01-01..2013-12-31", "per-100000"),
    ("emergency-admissions", "avoidable-emergency-admissions", _YEAR, "per-100000"),
    ("friends-and-family", "fft-score", "2013-04-01..2013-06-30", "score"),
    ("local-2", "diabetes-admissions", _BEFORE, "cases"),
)
"""Measure, indicator, first baseline and unit; a year's result is the next's baseline.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a group's year came to, by choice."""

    met: frozenset[str]  # Measures.
    missed: frozenset[str]  # Standards and gates.

    @property
    def thousandths(self) -> int:
        """Of the maximum: what was earned."""
        return sum(MEASURES[one] for one in self.met)


def outcome(random: Random, group: Group, year: int, last: int) -> Outcome:
    """Choose a year's outcome.

    The first local measure is always met and at most two standards are missed, so that
    only a gate takes all. Groups whose award is lowered later have no reduction in the
    first year, nor in the one whose award their debt is set off against.
    """
    met = {one for one in MEASURES if one == "local-1" or random.random() < 0.6}
    missed = {one for one in STANDARDS if random.random() < 0.35}
    missed = set(sorted(missed)[:2])
    if group.fate.startswith("corrected") and year in (0, last):
        missed = set()
    if group.fate == "overspent":
        missed.add("gate.quality" if year % 2 else "gate.financial")
    return Outcome(met=frozenset(met), missed=frozenset(missed))


def published_on(period: str) -> date:
    """The first 30 September after a period."""
    end = date.fromisoformat(period[-10:])
    return date(end.year + (end.month > 9), 9, 30)


def measured(
    given: Given, random: Random, group: Group, outcomes: tuple[Outcome, ...]
) -> None:
    """Record every result of a group that its outcomes ask for."""
    for measure, indicator, first, unit in _SERIES:
        value = random.randint(1_500, 2_500)
        tells = (given, group, indicator)
        _tell(*tells, first, (f"{value}", unit))
        for year, one in enumerate(outcomes, start=1):
            better = measure in one.met
            if indicator == "fft-score":
                value += 7 if better else -3
            else:
                value = value * (94 if better else 102) // 100
            _tell(*tells, moved(first, year), (f"{value}", unit))
    for year, one in enumerate(outcomes):
        _plain(given, random, group, year, one)


def _plain(
    given: Given, random: Random, group: Group, year: int, outcome: Outcome
) -> None:
    """Results that are not the baseline of any year."""
    period, met = moved(_YEAR, year), outcome.met
    dementia = random.randint(6_000, 7_500)
    smokers = random.randint(850, 1_400) if "local-3" in met else 849
    cases = random.randint(3, 14) if "infection" in met else 15
    _tell(given, group, "fft-rollout-assured", period, ("1", "yes-no"))
    _tell(given, group, "mrsa-bacteraemia", period, ("0", "cases"))
    _tell(given, group, "c-difficile", period, (f"{cases}", "cases"))
    _tell(given, group, "dementia-diagnosis", period, (_percent(dementia), "percent"))
    late = group.fate == "late-evidence"
    _tell(given, group, "smokers-stopped", period, (f"{smokers}", "people"), late=late)
    for standard, (indicator, level) in STANDARDS.items():
        value = level - random.randint(1, 300)
        if standard not in outcome.missed:
            value = level + random.randint(0, 300)
        _tell(given, group, indicator, period, (_percent(value), "percent"))
    for gate, indicator in GATES.items():
        kept = "0" if gate in outcome.missed else "1"
        _tell(given, group, indicator, period, (kept, "yes-no"))


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _tell(
    given: Given,
    group: Group,
    indicator: str,
    period: str,
    reading: tuple[str, str],
    *,
    late: bool = False,
) -> None:
    value, unit = reading
    on = published_on(period)
    if late:  # After the others of its year were judged.
        on = date(int(period[:4]) + 2, 11, 30)
    given.give(
        f"{group.code}/result/{indicator}/{period}",
        "record-result",
        ANALYST,
        on,
        measure=indicator,
        subject=group.code,
        period=period,
        value=value,
        unit=unit,
        published_on=on.isoformat(),
    )


def moved_year(year: int) -> str:
    """The period of a scheme year, counted from 0."""
    return moved(_YEAR, year)
