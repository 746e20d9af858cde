"""The fields of a list: how each is called, written and shown.

A field is called the same in a JSON document, NDJSON lines and a CSV file, where pence
are whole numbers; a table shows pounds.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from ledger.calendar import both_years
from ledger.money import exact_text, pounds

Kind = Literal["text", "year", "pence", "count", "number", "day", "flag", "data"]
Row = Mapping[str, Any]
"""Field -> value: text, whole pence, whole number, exact number, day, flag or None.

What a JSON document alone shows may be anything that `printing.plain` can write.
"""


class Column(NamedTuple):
    """A field of a list."""

    field: str
    heading: str = ""
    """For people, where it is not the field's own words."""
    kind: Kind = "text"
    key: bool = False
    """Whether it tells a row from the others: never cut."""
    shown: bool = True
    """Whether the table shows it unasked."""
    total: bool = False
    """Whether adding it up says something."""

    @property
    def plain(self) -> str:
        """What people call it: without its unit."""
        return self.field.removesuffix("_pence")

    @property
    def title(self) -> str:
        """Its heading in a table, as `printing.table` takes it."""
        says = self.heading or self.plain.replace("_", " ")
        match self.kind:
            case "pence":
                return says if says.startswith("£") else f"£ {says}"
            case "count" | "number":
                return f"#{says}"
            case _:
                return says


def text(field: str, heading: str = "", *, shown: bool = True) -> Column:
    """A field of words."""
    return Column(field, heading, shown=shown)


def key(field: str, heading: str = "", *, shown: bool = True) -> Column:
    """A field that tells a row from the others."""
    return Column(field, heading, key=True, shown=shown)


def year(*, key: bool = True, shown: bool = True) -> Column:
    """The year measured; people are shown the year paid beside it."""
    return Column("scheme_year", "year", "year", key=key, shown=shown)


def day(field: str, heading: str = "", *, shown: bool = True) -> Column:
    """A day."""
    return Column(field, heading, "day", shown=shown)


def money(
    field: str, heading: str = "", *, shown: bool = True, total: bool = True
) -> Column:
    """Whole pence, as a field called `..._pence`."""
    assert field.endswith("_pence")
    return Column(field, heading, "pence", shown=shown, total=total)


def count(
    field: str, heading: str = "", *, shown: bool = True, total: bool = False
) -> Column:
    """A whole number."""
    return Column(field, heading, "count", shown=shown, total=total)


def number(field: str, heading: str = "", *, shown: bool = True) -> Column:
    """An exact number."""
    return Column(field, heading, "number", shown=shown)


def flag(field: str, heading: str = "", *, shown: bool = True) -> Column:
    """Yes or no."""
    return Column(field, heading, "flag", shown=shown)


def data(field: str) -> Column:
    """What only a JSON document shows: a list, or an object."""
    return Column(field, "", "data", shown=False)


PREMIUM = (
    key("account", "premium", shown=False),
    key("scheme", shown=False),
    key("body"),
    year(),
    key("payment_year", shown=False),
)
"""The fields of an account's id, as `printing.years` gives them."""


def with_adjusted(columns: Sequence[Column], rows: Iterable[Row]) -> tuple[Column, ...]:
    """Columns of which the prior-period adjustments are shown where there are any."""
    adjusted = any(one["prior_period_pence"] for one in rows)
    return tuple(
        one._replace(shown=adjusted) if one.field == "prior_period_pence" else one
        for one in columns
    )


def cell(value: Any) -> str | int | None:
    """A value as a cell of a CSV file holds it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | None:
            return value
        case Fraction():
            return exact_text(value)
        case tuple() | list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def shown(column: Column, value: Any) -> str:
    """A value for people."""
    match column.kind, value:
        case _, None:
            return ""
        case "pence", _:
            return pounds(value)
        case "count", int():
            return f"{value:,}"
        case "year", _:
            return both_years(value)
        case "number", Fraction():
            return _cut(value)
        case _:
            return str(cell(value))


_PLACES = 5


def _cut(number: Fraction) -> str:
    """An exact number for people; cut off, never rounded: 91.999999 is not 92."""
    cut = abs(number.numerator) * 10**_PLACES // number.denominator
    if Fraction(cut, 10**_PLACES) == abs(number):
        return exact_text(number)
    sign = "-" if number < 0 else ""
    return f"{sign}{cut // 10**_PLACES:,}.{cut % 10**_PLACES:0{_PLACES}d}\u2026"
