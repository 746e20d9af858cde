"""What stands in each account now, slice by slice, and each premium in one row.

All that stands is read most. A row an account made 15,000 tuples of 630 premiums, and
the garbage collector kept walking over them; a row a premium makes 630 dicts of plain
values.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ledger.events import AccountId
from ledger.postings import legs
from ledger.recorded import Recorded, part
from projections.views.view import Database, Row, Table, View

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
        "accounts": "TEXT NOT NULL",  # JSON: account -> pence, in order of accounts.
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)
"""The same with all slices of an account together, and all accounts of a premium."""

_AT_ONCE = 500
"""Premiums that one statement asks for."""

_DENSE = (",", ":")
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


Standing = dict[AccountId, dict[str, int]]
"""Premium -> pence by account, both in order; zero where all has gone again."""


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
            STANDING.name: _rows_together(_together(self._sums)),
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


Together = dict[str, tuple[dict[str, int], int]]
"""Premium -> pence by account, and the last position that moved any."""


def _together(sums: Sums) -> Together:
    whole: Together = {}
    for (premium, account, _), (pence, position) in sums.items():
        accounts, last = whole.get(premium, ({}, 0))
        accounts[account] = accounts.get(account, 0) + pence
        whole[premium] = (accounts, max(last, position))
    return whole


def _rows_together(whole: Together) -> list[Row]:
    return [
        (premium, json.dumps(accounts, sort_keys=True, separators=_DENSE), position)
        for premium, (accounts, position) in whole.items()
    ]


def take(db: Database, batch: Sequence[Recorded]) -> None:
    """Add to the balances what records that follow the saved position moved."""
    sums: Sums = {}
    _add(batch, sums)
    db.executemany(_UPSERT, _rows(sums))
    whole = _together(sums)
    premiums = list(whole)
    for start in range(0, len(premiums), _AT_ONCE):
        asked = premiums[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(asked))
        stood = db.execute(
            f"SELECT premium, accounts FROM standing WHERE premium IN ({marks})", asked
        )
        for premium, text in stood.fetchall():
            accounts = whole[premium][0]
            for account, pence in json.loads(text).items():
                accounts[account] = accounts.get(account, 0) + pence
    db.executemany(STANDING.replace(), _rows_together(whole))


VIEW = View("balances", (BALANCES, STANDING), (), Balances, take)


def standing(
    db: Database, premium: str | None = None, scheme_year: str | None = None
) -> Standing:
    """What stands in each premium's accounts.

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
        "SELECT premium, accounts FROM standing "
        f"WHERE {' AND '.join(conditions)} ORDER BY premium",
        values,
    )
    found = rows.fetchall()
    # Read as one text: names of accounts that come again are made once.
    accounts = json.loads(f"[{','.join(text for _, text in found)}]")
    return dict(zip((of for of, _ in found), accounts, strict=True))


def balances(
    db: Database,
    premium: str | None = None,
    scheme_year: str | None = None,
) -> tuple[Balance, ...]:
    """As `standing`, a row an account: by premium and account, in that order."""
    return tuple(
        Balance(of, account, pence)
        for of, accounts in standing(db, premium, scheme_year).items()
        for account, pence in accounts.items()
    )


def slices(db: Database, premium: str) -> tuple[SliceBalance, ...]:
    """Balances of one premium account by account and slice, in that order."""
    rows = db.execute(
        "SELECT premium, account, slice, pence FROM balances WHERE premium = ? "
        "ORDER BY account, slice",
        (premium,),
    )
    return tuple(SliceBalance(*row) for row in rows)
