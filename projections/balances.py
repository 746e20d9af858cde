"""What stands in each account now, slice by slice."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ledger.events import AccountId
from ledger.postings import legs
from ledger.recorded import Recorded, part
from projections.tables import Database, Row, Table, View

BALANCES = Table(
    "balances",
    {
        "premium": "TEXT NOT NULL",
        "account": "TEXT NOT NULL",
        "slice": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=3,
)
STANDING = Table(
    "standing",
    {
        "premium": "TEXT NOT NULL",
        "account": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)
"""The same with all slices of an account together: what is read most."""

_ADD_SUM = (
    f"{STANDING.insert()} ON CONFLICT (premium, account) DO UPDATE "
    "SET pence = standing.pence + excluded.pence, position = excluded.position"
)
_UPSERT = (
    f"{BALANCES.insert()} ON CONFLICT (premium, account, slice) DO UPDATE "
    "SET pence = balances.pence + excluded.pence, position = excluded.position"
)

Sums = dict[tuple[AccountId, str, str], list[int]]
"""Premium, account and slice -> pence, and the last position that moved them."""


class Balance(NamedTuple):
    """What stands in one account of a premium; zero where all has gone again."""

    premium: AccountId
    account: str
    pence: int


class SliceBalance(NamedTuple):
    """What stands in one account of a premium, of one measure's pence."""

    premium: AccountId
    account: str
    slice: str
    pence: int


class Balances:
    """What stands in each account now, slice by slice."""

    def __init__(self) -> None:
        self.position = 0
        self._sums: Sums = {}

    def apply(self, recorded: Recorded) -> None:
        """Take in one more record; one applied before changes nothing."""
        if recorded.position <= self.position:
            return
        self.position = recorded.position
        _add((recorded,), self._sums)

    def rows(self) -> Mapping[str, list[Row]]:
        """Balances as their table holds them."""
        return {
            BALANCES.name: _rows(self._sums),
            STANDING.name: _together(self._sums),
        }


def _add(batch: Iterable[Recorded], sums: Sums) -> None:
    """Add the legs of records to sums, in place."""
    for recorded in batch:
        position = recorded.position
        for premium, account, measure, pence, _ in legs(
            recorded.fact, recorded.meta.effective_on
        ):
            key = (premium, account, measure)
            known = sums.get(key)
            if known is None:
                sums[key] = [pence, position]
            else:
                known[0] += pence
                known[1] = position


def _rows(sums: Sums) -> list[Row]:
    return [(*key, pence, position) for key, (pence, position) in sums.items()]


def _together(sums: Sums) -> list[Row]:
    whole: dict[tuple[str, str], list[int]] = {}
    for (premium, account, _), (pence, position) in sums.items():
        known = whole.setdefault((premium, account), [0, 0])
        known[0] += pence
        known[1] = max(known[1], position)
    return [(*key, pence, position) for key, (pence, position) in whole.items()]


def take(db: Database, batch: Sequence[Recorded]) -> None:
    """Add to the balances what records that follow the saved position moved."""
    sums: Sums = {}
    _add(batch, sums)
    db.executemany(_UPSERT, _rows(sums))
    db.executemany(_ADD_SUM, _together(sums))


VIEW = View("balances", (BALANCES, STANDING), (), Balances, take)


def balances(
    db: Database,
    premium: str | None = None,
    scheme_year: str | None = None,
) -> tuple[Balance, ...]:
    """Balances by premium and account, in that order.

    Args:
        premium: Of one premium account alone.
        scheme_year: Of one scheme year alone, such as `2013-14`.
    """
    conditions, values = ["1 = 1"], []
    if premium is not None:
        conditions.append("premium = ?")
        values.append(premium)
    if scheme_year is not None:
        # The year is the second of the id's three parts, and no part holds a slash.
        conditions.append("REPLACE(premium, ?, '') <> premium")
        values.append(f"/{part(scheme_year)}/")
    rows = db.execute(
        "SELECT premium, account, pence FROM standing "
        f"WHERE {' AND '.join(conditions)} ORDER BY premium, account",
        values,
    )
    return tuple(map(Balance._make, rows))


def slices(db: Database, premium: str) -> tuple[SliceBalance, ...]:
    """Balances of one premium account by account and slice, in that order."""
    rows = db.execute(
        "SELECT premium, account, slice, pence FROM balances WHERE premium = ? "
        "ORDER BY account, slice",
        (premium,),
    )
    return tuple(SliceBalance(*row) for row in rows)
