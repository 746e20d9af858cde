"""Closes of the books, and every leg that came in for a day closed before it.

`ledger/periods.py` says which legs those are. Most records need no more than a look
at the closes; what is kept here is read for balances and totals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger.events import AccountId, PeriodClosed, RecordId
from ledger.periods import Close, closed_before
from ledger.postings import legs
from ledger.recorded import Recorded
from projections.views.view import Database, Plain, Row, Table, View, of_premium

CLOSES = Table(
    "closes",
    {
        "position": "INTEGER NOT NULL",
        "through": "TEXT NOT NULL",  # The last day that is closed.
    },
    keys=1,
)
ADJUSTED = Table(
    "adjusted",
    {
        "position": "INTEGER NOT NULL",
        "account": "TEXT NOT NULL",
        "effective_on": "TEXT NOT NULL",
        "premium": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",
        "closed_through": "TEXT NOT NULL",
    },
    keys=3,
)
"""What one record moved in one account for one closed day, all slices together."""


class Adjustment(NamedTuple):
    """What one record added to an account for one day that was closed before."""

    position: int
    record: RecordId
    topic: str  # The fact's, such as `spending-corrected.v1`.
    premium: AccountId
    account: str
    effective_on: date  # The leg's.
    pence: int  # Not zero: what it took and gave alike is not listed.
    closed_through: date


class _Periods(Plain):
    """Closes, and what came too late for them."""

    def __init__(self) -> None:
        super().__init__()
        self._closes: list[Close] = []
        self._adjusted: list[Row] = []

    def _apply(self, recorded: Recorded) -> None:
        _apply(self._closes, self._adjusted, recorded)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """Closes and adjustments, as their tables hold them."""
        return {
            CLOSES.name: [_close_row(one) for one in self._closes],
            ADJUSTED.name: self._adjusted,
        }


def _apply(closed: list[Close], adjusted: list[Row], recorded: Recorded) -> None:
    if isinstance(recorded.fact, PeriodClosed):
        closed.append(Close(recorded.position, recorded.fact.through))
    elif closed:
        adjusted += _rows(recorded, closed)


def _close_row(close: Close) -> Row:
    return close.position, close.through.isoformat()


def _rows(recorded: Recorded, closed: Sequence[Close]) -> Iterator[Row]:
    sums: dict[tuple[str, date], int] = {}
    premiums: dict[tuple[str, date], str] = {}
    for premium, account, _, pence, day in legs(
        recorded.fact, recorded.meta.effective_on
    ):
        sums[account, day] = sums.get((account, day), 0) + pence
        premiums[account, day] = premium
    for (account, day), pence in sums.items():
        through = closed_before(recorded.position, day, closed)
        if through is not None:
            yield (
                *(recorded.position, account, day.isoformat()),
                *(premiums[account, day], pence, through.isoformat()),
            )


def _apply_batch(db: Database, batch: Sequence[Recorded]) -> None:
    """Add the batch's closes, and what of it came too late for them or earlier ones."""
    closed = list(closes(db))
    before = len(closed)
    adjusted: list[Row] = []
    for recorded in batch:
        _apply(closed, adjusted, recorded)
    db.executemany(CLOSES.insert(), [_close_row(one) for one in closed[before:]])
    db.executemany(ADJUSTED.insert(), adjusted)


VIEW = View(
    "periods",
    (CLOSES, ADJUSTED),
    _Periods,
    _apply_batch,
    ("CREATE INDEX adjusted_by_premium ON adjusted (premium, position)",),
)


# Reading ------------------------------------------------------------------------------


def closes(db: Database, known: int | None = None) -> tuple[Close, ...]:
    """Every close that is known, in order.

    Args:
        known: The last position that counts; None: all.
    """
    chosen = "" if known is None else "WHERE position <= ?"
    rows = db.execute(
        f"SELECT position, through FROM closes {chosen} ORDER BY position",
        () if known is None else (known,),
    )
    return tuple(Close(at, date.fromisoformat(through)) for at, through in rows)


def sums(
    db: Database,
    known: int,
    day: str,
    premium: str | None = None,
    scheme_year: str | None = None,
) -> dict[tuple[AccountId, str], int]:
    """Premium and account -> pence in it that came in for closed days; none at zero.

    Args:
        known: The last position that counts.
        day: The last day whose legs count, such as `2014-10-01`.
    """
    conditions, values = of_premium(premium, scheme_year, "adjusted.premium")
    rows = db.execute(
        "SELECT premium, account, SUM(pence) FROM adjusted "
        f"WHERE position <= ? AND effective_on <= ?{conditions} "
        "GROUP BY premium, account HAVING SUM(pence) <> 0 ORDER BY premium, account",
        (known, day, *values),
    )
    return {(AccountId(of), account): int(pence) for of, account, pence in rows}


def marks(db: Database, after: int, known: int) -> dict[int, date]:
    """Positions of prior-period adjustments -> the day the books were closed through.

    Args:
        after: Those behind this position.
        known: The last position that counts.
    """
    rows = db.execute(
        "SELECT position, MIN(closed_through) FROM adjusted "
        "WHERE position > ? AND position <= ? GROUP BY position",
        (after, known),
    )
    return {at: date.fromisoformat(through) for at, through in rows}


def adjustments(
    db: Database,
    close: Close,
    known: int,
    premium: str | None = None,
    scheme_year: str | None = None,
) -> tuple[Adjustment, ...]:
    """What came in behind a close for the days that it closed, in order.

    Args:
        known: The last position that counts.
    """
    conditions, values = of_premium(premium, scheme_year, "adjusted.premium")
    rows = db.execute(
        "SELECT position, record, topic, adjusted.premium, adjusted.account, "
        "adjusted.effective_on, pence, closed_through "
        "FROM adjusted JOIN entries USING (position) WHERE position > ? "
        f"AND position <= ? AND adjusted.effective_on <= ? AND pence <> 0{conditions} "
        "ORDER BY position, adjusted.account, adjusted.effective_on",
        (close.position, known, close.through.isoformat(), *values),
    )
    return tuple(
        Adjustment(
            position,
            RecordId(record),
            topic,
            AccountId(of),
            account,
            date.fromisoformat(day),
            pence,
            date.fromisoformat(through),
        )
        for position, record, topic, of, account, day, pence, through in rows
    )
