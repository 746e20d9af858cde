"""How a list is asked for: which rows, which fields, in which order and form.

People write pounds: in `--where paid=1250.50`, the field `paid_pence` is meant.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from interfaces.cli import amounts
from interfaces.cli.exits import Misused
from interfaces.cli.lists.columns import Column, Row


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Shape:
    """Which rows of a list are wanted, in which order and form."""

    format: Literal["table", "json", "csv", "ndjson"] = "table"
    """For people, one document, a file of a spreadsheet, or one object a line."""
    json: bool = False
    """The same as --format json."""
    columns: str | None = None
    """These fields, with commas, in this order; `all` for every one."""
    where: tuple[str, ...] = ()
    """Only rows of which this holds: FIELD=VALUE, also != < <= > >= and ~ (contains);
    amounts in pounds. Give it again for more."""
    sort: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None
    """By these fields, with commas; -FIELD begins with the greatest."""
    top: int | None = None
    """Only so many rows, from the first."""
    zeros: bool = False
    """Show rows too in which every figure is zero."""

    @property
    def form(self) -> str:
        """The form that is wanted."""
        if self.json and self.format not in ("table", "json"):
            raise Misused(f"give --json or --format {self.format}, not both of them")
        return "json" if self.json else self.format

    @property
    def plain(self) -> bool:
        """Whether people want the whole answer as it is usually told."""
        return self.form == "table" and self == Shape()


SHAPE = Shape()


def chosen(shape: Shape, columns: Sequence[Column], form: str) -> tuple[Column, ...]:
    """The columns that are wanted."""
    if shape.columns is None:
        return tuple(one for one in columns if _belongs(one, form))
    columns = _flat(columns)
    if shape.columns.strip() == "all":
        return tuple(columns)
    names = [name.strip() for name in shape.columns.split(",")]
    return tuple(_column(name, columns, "--columns") for name in names)


def _belongs(column: Column, form: str) -> bool:
    """Whether a column belongs to a form, unless others are named."""
    match form:
        case "table":
            return column.shown
        case "csv":
            return column.kind != "data"
        case _:
            return True


def _flat(columns: Sequence[Column]) -> list[Column]:
    """The columns that can be named: those with one value a row."""
    return [one for one in columns if one.kind != "data"]


def _column(name: str, columns: Sequence[Column], option: str) -> Column:
    """The column of a name, with its unit or without."""
    for one in columns:
        if name in (one.field, one.plain):
            return one
    names = [one.plain for one in columns]
    near = get_close_matches(name, names, n=1)
    meant = f", did you mean {near[0]}?" if near else ";"
    raise Misused(
        f"{option}: there is no field {name!r}{meant} the fields are {', '.join(names)}"
    )


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "~": lambda value, part: part in value,
}
_WHERE = re.compile(
    r"\s*(?P<field>\w+)\s*(?P<test>!=|<=|>=|=|<|>|~)(?P<value>.*)", re.S
)


def test_of(asked: str, columns: Sequence[Column]) -> Callable[[Row], bool]:
    """The test that `--where` states."""
    match = _WHERE.fullmatch(asked)
    if match is None:
        raise Misused(
            f"--where {asked!r}: write FIELD=VALUE, such as state=paid or "
            "amount>=25000.00"
        )
    column = _column(match["field"], _flat(columns), "--where")
    sign, written = match["test"], match["value"].strip()
    holds = _TESTS[sign]
    wanted = None if written == "" else _value(column, match["field"], written)
    if wanted is None and sign not in ("=", "!="):
        raise Misused(f"--where {asked!r}: there is no value to compare with")
    if sign == "~" and column.kind not in ("text", "year"):
        raise Misused(
            f"--where {asked!r}: ~ asks of words; compare {column.plain} by ="
        )

    def test(row: Row) -> bool:
        value = row[column.field]
        if wanted is None or value in (None, ""):
            alike = (wanted is None) == (value in (None, ""))
            return alike == (sign == "=") if sign in ("=", "!=") else False
        return holds(_compared(column, value), wanted)

    return test


def _compared(column: Column, value: Any) -> Any:
    """A value as it is compared and ordered: words without regard to case."""
    if column.kind not in ("text", "year"):
        return value
    many = isinstance(value, tuple | list)
    return (", ".join(value) if many else str(value)).casefold()


def _value(column: Column, named: str, written: str) -> Any:
    """The value that people wrote for a field, as rows hold it."""
    try:
        match column.kind:
            case "pence" if named == column.plain:
                less = written.startswith("-")
                return amounts.pence(written.removeprefix("-")) * (-1 if less else 1)
            case "pence" | "count":
                return int(written.replace(",", ""))
            case "number":
                return Fraction(written)
            case "day":
                return date.fromisoformat(written)
            case "flag":
                return {"yes": True, "true": True, "no": False, "false": False}[
                    written.casefold()
                ]
            case _:
                return written.casefold()
    except (ValueError, KeyError, ZeroDivisionError):
        wanted = {
            "pence": "a whole number of pence",
            "count": "a whole number",
            "number": "a number such as 0.85 or 17/20",
            "day": "a day such as 2015-11-02",
            "flag": "yes or no",
        }[column.kind]
        raise Misused(f"--where {named}: {written!r} is not {wanted}") from None


def order_of(sort: str | None, columns: Sequence[Column]) -> list[tuple[Column, bool]]:
    """The fields to sort by, each with whether the greatest comes first."""
    columns = _flat(columns)
    names = [] if sort is None else [one.strip() for one in sort.split(",")]
    return [
        (_column(name.removeprefix("-"), columns, "--sort"), name.startswith("-"))
        for name in names
    ]


def sort(rows: list[Row], column: Column, backwards: bool) -> None:
    """Sort rows by one field, keeping the order of those alike; without it last."""

    def place(row: Row) -> tuple[bool, Any]:
        value = row[column.field]
        missing = value is None
        return missing != backwards, 0 if missing else _compared(column, value)

    rows.sort(key=place, reverse=backwards)


def says_something(row: Row, columns: Sequence[Column]) -> bool:
    """Whether any figure of a row is not zero."""
    return any(row[one.field] for one in columns if one.kind == "pence")
