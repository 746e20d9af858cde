"""What stood in each account at any two clocks: known by then, effective by then.

Slices are added up, so one body is a short scan of rows keyed by account and position.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger.events import AccountId
from ledger.postings import legs
from ledger.recorded import Recorded
from projections.views import clock_totals
from projections.views.balances import Balance, SliceBalance
from projections.views.journal import Entry
from projections.views.view import Database, Plain, Row, Table, View, of_premium

MOVED = Table(
    "moved",
    {
        "position": "INTEGER NOT NULL",
        "account": "TEXT NOT NULL",
        "effective_on": "TEXT NOT NULL",
        "premium": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",
    },
    keys=3,
)
"""What one record moved in one account for one day, all slices together."""

EVER = "9999-12-31"
"""No leg is effective later."""


class Clocks(NamedTuple):
    """The two clocks of a question."""

    known: int  # The last position that counts.
    effective: date | None = None  # The last day whose legs count; None: all of them.

    @property
    def day(self) -> str:
        """The last day whose legs count, as tables hold it."""
        return EVER if self.effective is None else self.effective.isoformat()


class _Moved(Plain):
    """What each record moved, and its sums over blocks of the ledger."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def _apply(self, recorded: Recorded) -> None:
        self._rows += _rows(recorded)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """What was moved, and its sums, as their tables hold them."""
        return {MOVED.name: self._rows, **clock_totals.rows(self._rows, self.position)}


def _rows(recorded: Recorded) -> list[Row]:
    sums: dict[tuple[str, date], int] = {}
    premium: AccountId | None = None
    for premium, account, _, pence, day in legs(  # noqa: B007
        recorded.fact, recorded.meta.effective_on
    ):
        sums[account, day] = sums.get((account, day), 0) + pence
    return [
        (recorded.position, account, day.isoformat(), premium, pence)
        for (account, day), pence in sums.items()
    ]


def _apply_batch(db: Database, batch: Sequence[Recorded]) -> None:
    """Add what the batch moved, and close the blocks that end in it."""
    rows = [row for recorded in batch for row in _rows(recorded)]
    db.executemany(MOVED.insert(), rows)
    clock_totals.apply_batch(db, rows, batch[0].position - 1, batch[-1].position)


VIEW = View(
    "clocks",
    (MOVED, clock_totals.LINES, clock_totals.CELLS),
    _Moved,
    _apply_batch,
    (
        "CREATE INDEX moved_by_premium ON moved "
        "(premium, position, account, effective_on, pence)",
    ),
)


# Reading ------------------------------------------------------------------------------


def balances(
    db: Database,
    clocks: Clocks,
    premium: str | None = None,
    scheme_year: str | None = None,
) -> tuple[Balance, ...]:
    """What stood in accounts, by premium and account; none of what had not moved.

    Args:
        premium: Of one premium account alone.
        scheme_year: Of one scheme year alone, such as `2013-14`.
    """
    conditions, values = of_premium(premium, scheme_year)
    rows = db.execute(
        "SELECT premium, account, SUM(pence) FROM moved "
        f"WHERE position <= ? AND effective_on <= ?{conditions} "
        "GROUP BY premium, account ORDER BY premium, account",
        (clocks.known, clocks.day, *values),
    )
    return tuple(Balance(*row) for row in rows)


def slices(db: Database, clocks: Clocks, premium: str) -> tuple[SliceBalance, ...]:
    """What stood in one premium account, by account and slice."""
    rows = db.execute(
        "SELECT premium, account, slice, SUM(pence) FROM legs WHERE premium = ? "
        "AND position <= ? AND effective_on <= ? "
        "GROUP BY premium, account, slice ORDER BY account, slice",
        (premium, clocks.known, clocks.day),
    )
    return tuple(SliceBalance(*row) for row in rows)


def changes(
    db: Database,
    before: Clocks,
    after: Clocks,
    premium: str | None = None,
) -> tuple[Balance, ...]:
    """What changed in accounts between two points of a clock; zeros are left out.

    The other clock is the same of both. The pence are what was added.
    """
    window, values = _between(before, after, premium)
    rows = db.execute(
        f"SELECT premium, account, SUM(pence) FROM moved WHERE {window} "
        "GROUP BY premium, account HAVING SUM(pence) <> 0 ORDER BY premium, account",
        values,
    )
    return tuple(Balance(*row) for row in rows)


def changed_by(
    db: Database, before: Clocks, after: Clocks, premium: str | None = None
) -> tuple[int, ...]:
    """The positions of what moved money between two points of a clock, in order."""
    window, values = _between(before, after, premium)
    rows = db.execute(
        f"SELECT DISTINCT position FROM moved WHERE {window} ORDER BY position", values
    )
    return tuple(position for (position,) in rows)


def _between(
    before: Clocks, after: Clocks, premium: str | None
) -> tuple[str, tuple[str | int, ...]]:
    """The rows of `moved` that count at one point and not yet at the other."""
    values: tuple[str | int, ...]
    if before.effective == after.effective:
        window = "position > ? AND position <= ? AND effective_on <= ?"
        values = (before.known, after.known, after.day)
    else:
        assert before.known == after.known, "one clock is moved at a time"
        window = "position <= ? AND effective_on > ? AND effective_on <= ?"
        values = (after.known, before.day, after.day)
    if premium is not None:
        window, values = f"{window} AND premium = ?", (*values, premium)
    return window, values


def known_entries(entries: Iterable[Entry], clocks: Clocks) -> Iterator[Entry]:
    """Of entries in the order of the ledger, those known, with the legs that count."""
    last = date.max if clocks.effective is None else clocks.effective
    for entry in entries:
        if entry.position > clocks.known:
            return
        kept = tuple(leg for leg in entry.legs if leg.effective_on <= last)
        if kept:
            yield entry._replace(legs=kept)
