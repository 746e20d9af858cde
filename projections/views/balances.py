"""What stands in each account now, slice by slice, and each premium in one row.

All that stands is read most. A row an account made 15,000 tuples of 630 premiums, and
the garbage collector kept walking over them; a row a premium makes 630 dicts of plain
values.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ledger.events import AccountId
from ledger.postings import legs
from ledger.recorded import Recorded
from projections.views.view import (
    Database,
    Kept,
    KeptRow,
    Plain,
    Row,
    Table,
    View,
    of_premium,
)

BALANCES = Kept(
    Table(
        "balances",
        {
            "premium": "TEXT NOT NULL",
            "account": "TEXT NOT NULL",
            "slice": "TEXT NOT NULL",
            "pence": "INTEGER NOT NULL",
            "position": "INTEGER NOT NULL",
        },
        keys=3,
    ),
    keep="sum",
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


class Balance(NamedTuple):
    """What stands in one account of a premium; zero where all has gone again."""

    premium: AccountId
    account: str
    pence: int


PremiumBalances = dict[AccountId, dict[str, int]]
"""Premium -> pence by account, both in order; zero where all has gone again."""


class SliceBalance(NamedTuple):
    """What stands in one account of a premium, of one measure's pence."""

    premium: AccountId
    account: str
    slice: str
    pence: int


def rows(recorded: Recorded) -> Iterator[KeptRow]:
    """A row for each leg of a record."""
    for premium, account, measure, pence, _ in legs(
        recorded.fact, recorded.meta.effective_on
    ):
        yield BALANCES(premium, account, measure, pence, recorded.position)


VIEW = View.of_rows("balances", (BALANCES,), rows)


class _Standing(Plain):
    """What stands in all accounts of each premium."""

    def __init__(self) -> None:
        super().__init__()
        self.premiums: dict[str, dict[str, int]] = {}
        self._positions: dict[str, int] = {}  # The last that moved any.

    def _apply(self, recorded: Recorded) -> None:
        for premium, account, _, pence, _ in legs(
            recorded.fact, recorded.meta.effective_on
        ):
            accounts = self.premiums.setdefault(premium, {})
            accounts[account] = accounts.get(account, 0) + pence
            self._positions[premium] = recorded.position

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """Premiums as their table holds them."""
        return {
            STANDING.name: [
                (
                    premium,
                    json.dumps(accounts, sort_keys=True, separators=(",", ":")),
                    self._positions[premium],
                )
                for premium, accounts in self.premiums.items()
            ]
        }


def _apply_batch(db: Database, batch: Sequence[Recorded]) -> None:
    """Add what the batch moved to the premiums that it moved."""
    moved = _Standing()
    for recorded in batch:
        moved.apply(recorded)
    premiums = list(moved.premiums)
    for start in range(0, len(premiums), _AT_ONCE):
        asked = premiums[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(asked))
        stored = db.execute(
            f"SELECT premium, accounts FROM standing WHERE premium IN ({marks})", asked
        )
        for premium, text in stored.fetchall():
            accounts = moved.premiums[premium]
            for account, pence in json.loads(text).items():
                accounts[account] = accounts.get(account, 0) + pence
    db.executemany(STANDING.replace(), moved.rows()[STANDING.name])


STANDING_VIEW = View("standing", (STANDING,), _Standing, _apply_batch)


def standing(
    db: Database, premium: str | None = None, scheme_year: str | None = None
) -> PremiumBalances:
    """What stands in each premium's accounts.

    Args:
        premium: Of one premium account alone.
        scheme_year: Of one scheme year alone, such as `2013-14`.
    """
    conditions, values = of_premium(premium, scheme_year)
    rows = db.execute(
        f"SELECT premium, accounts FROM standing WHERE 1 = 1{conditions} "
        "ORDER BY premium",
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
