"""National totals at any two clocks, in time that grows with the logarithm.

Positions lie in blocks of 4,096 and of each power of two above. A whole block keeps,
for each scheme year and line, its sum up to each day. Up to any known position there
is at most one block of each size, and a rest of less than the smallest.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from ledger.recorded import part
from projections.views.view import Database, Row, Table

BLOCK = 4_096
"""Positions in the smallest block."""

LINES = Table(
    "lines",
    {
        "scheme_year": "TEXT NOT NULL",  # With its scheme: quality-premium/2013-14.
        "line": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",  # Where it first came up.
    },
    keys=2,
)
CELLS = Table(
    "cells",
    {
        "size": "INTEGER NOT NULL",  # Positions in the block.
        "position": "INTEGER NOT NULL",  # Its last one.
        "scheme_year": "TEXT NOT NULL",
        "line": "TEXT NOT NULL",
        "effective_on": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",  # Of the block's legs up to that day.
    },
    keys=5,
)

_NAMED = {"group:spent": 3, "group:passed-on": 2}
"""Accounts that end with a payee -> how many of their parts a line keeps."""

Sums = dict[tuple[str, str, str], int]
"""Scheme year, line and day -> pence moved on that day."""


class Total(NamedTuple):
    """What stood in one line of a scheme year, of all bodies together."""

    scheme: str
    scheme_year: str
    line: str  # An account, without payees.
    pence: int


@lru_cache(maxsize=16_384)
def line_of(account: str) -> str:
    """The line that an account is part of: the account, without its payee."""
    pieces = account.split(":")
    return ":".join(pieces[: _NAMED.get(":".join(pieces[:2]), len(pieces))])


def year_of(premium: str) -> str:
    """Scheme and scheme year of a premium account's id."""
    return premium.rpartition("/")[0]


# The plain form -----------------------------------------------------------------------


def rows(moved: Sequence[Row], head: int) -> dict[str, list[Row]]:
    """What must stand in the tables, worked out from all that was moved.

    Args:
        moved: Rows of the table `moved`, in order.
        head: The position that the rows are brought up to.
    """
    first: dict[tuple[str, str], int] = {}
    for position, account, _, premium, _ in moved:
        first.setdefault((year_of(premium), line_of(account)), position)
    cells: list[Row] = []
    size = BLOCK
    while size <= head:
        for number, block in groupby(moved, key=lambda row: (row[0] - 1) // size):
            end = (number + 1) * size
            if end <= head:
                cells += _cells(size, end, _sums(block))
        size *= 2
    return {LINES.name: [(*key, at) for key, at in first.items()], CELLS.name: cells}


def _sums(moved: Iterable[Row]) -> Sums:
    sums: Sums = {}
    for _, account, day, premium, pence in moved:
        key = (year_of(premium), line_of(account), day)
        sums[key] = sums.get(key, 0) + pence
    return sums


def _cells(size: int, end: int, sums: Sums) -> Iterator[Row]:
    """A block's cells: its sums by day, each with those of the days before it."""
    for _, days in groupby(sorted(sums.items()), key=lambda item: item[0][:2]):
        running = 0
        for key, pence in days:
            running += pence
            yield (size, end, *key, running)


# The tables ---------------------------------------------------------------------------


def apply_batch(db: Database, moved: Sequence[Row], before: int, last: int) -> None:
    """Add new lines, and the cells of every block that ends in a batch.

    Args:
        moved: The batch's rows of the table `moved`, which stand there already.
        before: The position that the batch follows.
        last: Its last position.
    """
    first: dict[tuple[str, str], int] = {}
    for position, account, _, premium, _ in moved:
        first.setdefault((year_of(premium), line_of(account)), position)
    db.executemany(
        f"{LINES.insert()} ON CONFLICT (scheme_year, line) DO NOTHING",
        [(*key, at) for key, at in first.items()],
    )
    for end in range((before // BLOCK + 1) * BLOCK, last + 1, BLOCK):
        _close(db, end)


def _close(db: Database, end: int) -> None:
    """Write the cells of the smallest block that ends here, and of those it fills."""
    found = db.execute(
        "SELECT 0, account, effective_on, premium, pence FROM moved "
        "WHERE position > ? AND position <= ?",
        (end - BLOCK, end),
    )
    sums, size = _sums(found), BLOCK
    db.executemany(CELLS.insert(), list(_cells(size, end, sums)))
    while end % (2 * size) == 0:
        for key, pence in _stored(db, size, end - size):
            sums[key] = sums.get(key, 0) + pence
        size *= 2
        db.executemany(CELLS.insert(), list(_cells(size, end, sums)))


def _stored(
    db: Database, size: int, end: int
) -> Iterator[tuple[tuple[str, str, str], int]]:
    """What a block moved on each day, taken back out of its cells."""
    found = db.execute(
        "SELECT scheme_year, line, effective_on, pence FROM cells "
        "WHERE size = ? AND position = ? ORDER BY scheme_year, line, effective_on",
        (size, end),
    ).fetchall()
    before, running = ("", ""), 0
    for year, line, day, pence in found:
        if (year, line) != before:
            before, running = (year, line), 0
        yield (year, line, day), pence - running
        running = pence


# Reading ------------------------------------------------------------------------------

_IN_BLOCK = (
    "SELECT line, (SELECT pence FROM cells WHERE cells.size = ? "
    "AND cells.position = ? AND cells.scheme_year = lines.scheme_year "
    "AND cells.line = lines.line AND cells.effective_on <= ? "
    "ORDER BY cells.effective_on DESC LIMIT 1) FROM lines WHERE scheme_year = ?"
)
_IN_REST = (
    "SELECT RTRIM(premium, REPLACE(premium, '/', '')), account, SUM(pence) FROM moved "
    "WHERE position > ? AND position <= ? AND effective_on <= ? {chosen} GROUP BY 1, 2"
)
"""Of all scheme years in one pass: a premium, without what follows its last slash.

It goes by position: a comparison of the whole premium would invite its index instead.
"""
_OF_YEAR = "AND REPLACE(premium, ?, '') <> premium"
"""The year is the second of the id's three parts, and no part holds a slash."""


def blocks(known: int) -> Iterator[tuple[int, int]]:
    """Size and last position of the blocks that lie up to a position, in order."""
    size = BLOCK
    while size * 2 <= known:
        size *= 2
    end = 0
    while size >= BLOCK:
        if end + size <= known:
            end += size
            yield size, end
        size //= 2


def totals(
    db: Database, known: int, day: str, scheme_year: str | None = None
) -> tuple[Total, ...]:
    """What stood in each line, by scheme, scheme year and line.

    Args:
        known: The last position that counts.
        day: The last day whose legs count, such as `2014-10-01`.
        scheme_year: One scheme year alone, such as `2013-14`.
    """
    found = db.execute("SELECT DISTINCT scheme_year FROM lines ORDER BY scheme_year")
    sums: dict[str, dict[str, int]] = {
        str(year): {}
        for (year,) in found.fetchall()
        if scheme_year is None or str(year).endswith(f"/{part(scheme_year)}")
    }
    end = 0
    for size, end in blocks(known):
        for year, lines in sums.items():
            values = (size, end, day, year)
            for line, pence in db.execute(_IN_BLOCK, values).fetchall():
                if pence is not None:
                    lines[line] = lines.get(line, 0) + pence
    for year, account, pence in _rest(db, end, known, day, scheme_year):
        lines, line = sums[year.rstrip("/")], line_of(account)
        lines[line] = lines.get(line, 0) + pence
    return tuple(
        Total(scheme, of_year, line, pence)
        for year, lines in sums.items()
        for scheme, _, of_year in (year.partition("/"),)
        for line, pence in sorted(lines.items())
    )


def _rest(
    db: Database, end: int, known: int, day: str, scheme_year: str | None
) -> list[tuple[str, str, int]]:
    """What is known behind the last whole block, by scheme year and account."""
    values: list[object] = [end, known, day]
    chosen = ""
    if scheme_year is not None:
        chosen = _OF_YEAR
        values.append(f"/{part(scheme_year)}/")
    return db.execute(_IN_REST.format(chosen=chosen), values).fetchall()
