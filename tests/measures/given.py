"""Results of invented groups, and windows over them."""

from fractions import Fraction

from ledger.events import BodyCode, RecordId
from ledger.measures.groups import Group
from ledger.measures.margins import Against
from ledger.measures.windows import Measured, window
from ledger.rules.clauses import Change, Comparison, Level, Shift

GROUPS = tuple(Group(body=BodyCode(f"X0{n}"), name=f"Group {n}") for n in range(1, 5))


def month(
    when: str, numerator: int, denominator: int, body: str = "X01", unit: str = "ratio"
) -> Measured:
    """A month's result with its two numbers."""
    scale = {"ratio": 1, "percent": 100}.get(unit, 1)
    return Measured(
        subject=BodyCode(body),
        days=window(when),
        value=Fraction(scale * numerator, denominator),
        unit=unit,
        numerator=Fraction(numerator),
        denominator=Fraction(denominator),
        record=RecordId(f"result/m/{body}/{when}@1"),
    )


def rate(when: str, value: str, body: str = "X01") -> Measured:
    """A standardised rate, without its two numbers."""
    return Measured(
        subject=BodyCode(body),
        days=window(when),
        value=Fraction(value),
        unit="per-100000",
        numerator=None,
        denominator=None,
        record=RecordId(f"result/m/{body}/{when}@1"),
    )


def level(threshold: str, comparison: Comparison = "at-least") -> Against:
    """A test of a level."""
    test = Level(
        id="t.level",
        says="A level.",
        source="s",
        status="assumed",
        kind="level",
        indicator="m",
        period="2015-03-01..2015-03-31",
        comparison=comparison,
        threshold=Fraction(threshold),
    )
    return Against(test=test, scheme_year="2014-15", source="s", rulebook=None)


def shift(
    threshold: str,
    change: Change = "percent-fall",
    comparison: Comparison = "at-least",
) -> Against:
    """A test of a change."""
    test = Shift(
        id="t.change",
        says="A change.",
        source="s",
        status="confirmed",
        kind="change",
        indicator="m",
        period="2014-01-01..2014-12-31",
        baseline_period="2013-01-01..2013-12-31",
        change=change,
        comparison=comparison,
        threshold=Fraction(threshold),
    )
    return Against(test=test, scheme_year="2013-14", source="s", rulebook=None)
