"""What the job `states` sent, and what the ledger's own views say."""

import json
from collections.abc import Sequence
from typing import Any

from ledger.service import Ledger
from projections.feed.events.rows import Row
from projections.feed.topics import AWARDS, BALANCES, Topic
from projections.views import awards, balances

NAMES = ("state", "determination", "earned_pence", "total_pence")


class Died(Exception):
    """The process is gone."""


class Topics:
    """State topics in memory."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.dies_in = 0
        """In which call the process dies; 0: in none."""
        self.percent = 100
        """How many of that call's rows are kept."""

    def put(self, rows: Sequence[Row]) -> None:
        """Keep rows."""
        self.dies_in -= 1
        if self.dies_in == 0:
            self.rows += rows[: len(rows) * self.percent // 100]
            raise Died
        self.rows += rows

    def last(self, topic: Topic) -> dict[str, Any]:
        """Key -> the last row."""
        found = [one for one in self.rows if one.topic == topic]
        return {one.key: json.loads(one.value) for one in found}

    def says(self) -> "Stands":
        """What stands by the last rows."""
        return said(self.last(BALANCES), self.last(AWARDS))


Stands = tuple[dict[str, tuple[int, int]], dict[str, list[Any]]]
"""Key -> pence and position; premium -> its latest determination, by NAMES."""


def right(ledger: Ledger) -> Stands:
    """What the ledger's own views say."""
    by_slice, by_account = balances.VIEW.plain(), awards.VIEW.plain()
    for record in ledger.read(0, ledger.head()):
        by_slice.apply(record)
        by_account.apply(record)
    stands: dict[str, tuple[int, int]] = {}
    for premium, account, _, moved, at in by_slice.rows()["balances"]:
        key = f"{premium}|{account}"
        pence, position = stands.get(key, (0, 0))
        stands[key] = (pence + moved, max(at, position))
    rows = [
        dict(zip(awards.AWARDS.columns, row, strict=True))
        for row in by_account.rows()["awards"]
    ]
    return stands, {
        row["account"]: [row[name] for name in NAMES]
        for row in rows
        if row["determination"] is not None
    }


def said(last_balances: dict[str, Any], last_awards: dict[str, Any]) -> Stands:
    """The same of rows by key."""
    return (
        {key: (row["pence"], row["position"]) for key, row in last_balances.items()},
        {key: [row[name] for name in NAMES] for key, row in last_awards.items()},
    )
