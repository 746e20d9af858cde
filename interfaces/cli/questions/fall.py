"""Premiums a row each: what became of the maximum, and where what was paid is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from interfaces.cli import clocks, printing
from interfaces.cli.clocks import History
from interfaces.cli.exits import Misused
from interfaces.cli.lists import columns
from interfaces.cli.lists.columns import Column, Row, key, money
from interfaces.cli.session import Session
from ledger.events import AccountId
from ledger.recorded import account_parts
from projections.questions.breakdown import PAID, parts_of_maximum, waterfall
from projections.views import balances as now
from projections.views import clocks as then
from projections.views import decided as decided_then
from projections.views.balances import Balance, SliceBalance

FALL = tuple(
    money(f"{re.sub('[:,]? ', '_', step)}_pence", step) for step in waterfall({})
)
"""A field for each line of the waterfall, in its order."""
_PLACES = tuple(one for one in PAID if one not in ("returned", "recovered"))
"""Where what was paid out is, beside what came back: with it, it is all of that."""


def _columns(*more: Column) -> tuple[Column, ...]:
    where = (money(f"{part}_pence", shown=False) for part in _PLACES)
    return (*columns.PREMIUM, *more, *FALL, *where)


_FIELDS = _columns()
_OF_MEASURES = _columns(key("slice", "measure"))


class Premiums(NamedTuple):
    """What stood in the accounts of premiums."""

    known: int
    """The last position that counts."""
    rows: tuple[Row, ...]
    """By premium, and measure where they are wanted."""
    columns: tuple[Column, ...]
    """People are shown those of which any figure is not zero: they add up."""


def fall_of(fall: Mapping[str, int]) -> dict[str, int]:
    """A waterfall as fields of a list."""
    return {
        column.field: pence for column, pence in zip(FALL, fall.values(), strict=True)
    }


def row(premium: str, balances: Mapping[str, int]) -> dict[str, Any]:
    """The fields of one premium, or of a measure's pence of it."""
    parts = parts_of_maximum(balances)
    places = {f"{part}_pence": parts[part] for part in _PLACES}
    return {**printing.years(premium), **fall_of(waterfall(balances)), **places}


def premiums(
    session: Session,
    when: History,
    *,
    scheme: str | None = None,
    scheme_year: str | None = None,
    slices: bool = False,
) -> Premiums:
    """What became of each premium of a scheme and year, each None for any.

    Args:
        slices: A row for each measure of a premium in place of one.
    """
    if slices and when.decided is not None:
        raise Misused("--slices are not kept by --as-decided: leave one of them out")
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position)
        if when.decided is not None:
            found = decided_then.balances(
                db, when.decided, at.day, scheme_year=scheme_year
            )
        elif when.as_json():
            found = then.balances(db, at, scheme_year=scheme_year)
        else:
            found = now.balances(db, scheme_year=scheme_year)
        found = tuple(
            one for one in found if scheme in (None, account_parts(one.premium)[0])
        )
        of = dict.fromkeys(one.premium for one in found)
        if slices:
            pieces = (piece for one in of for piece in then.slices(db, at, one))
            return _shown(at.known, tuple(_by_measure(pieces)), _OF_MEASURES)
    return _shown(at.known, tuple(_by_premium(found)), _FIELDS)


def _shown(known: int, rows: tuple[Row, ...], fields: tuple[Column, ...]) -> Premiums:
    """Rows with their columns: of the waterfall, those that say something are shown."""
    says = (
        one._replace(shown=any(row[one.field] for row in rows)) if one in FALL else one
        for one in fields
    )
    return Premiums(known, rows, tuple(says))


def _by_premium(found: Iterable[Balance]) -> Iterator[Row]:
    sums: dict[AccountId, dict[str, int]] = {}
    for of, account, pence in found:
        sums.setdefault(of, {})[account] = pence
    return (row(of, balances) for of, balances in sums.items())


def _by_measure(found: Iterable[SliceBalance]) -> Iterator[Row]:
    sums: dict[tuple[AccountId, str], dict[str, int]] = {}
    for of, account, measure, pence in found:
        sums.setdefault((of, measure), {})[account] = pence
    return (
        {**row(of, balances), "slice": measure}
        for (of, measure), balances in sums.items()
    )
