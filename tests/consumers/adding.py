"""Adds up what a ledger's events say, leg by leg, and what the open files say."""

import csv
import json
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

Sums = dict[tuple[str, str, str], int]
"""What, body or scheme year, month or account -> pence, those of zero left out."""


def ledger_says(events: Iterable[Any]) -> Sums:
    """What was spent in each body's month, and paid and passed on for each year."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for event in events:
        data = event["data"]
        for leg in data["legs"]:
            year, body = data["premium"]["scheme_year"], data["premium"]["body"]
            account, pence = leg["account"], leg["pence"]
            if account.startswith(("group:spent:", "group:passed-on:")):
                sums["spent", body, leg["effective_on"][:7]] += pence
            if account.startswith("group:passed-on:"):
                sums["granted", year, "passed-on"] += pence
            if account == "group:held" and "disbursement" in event["type"]:
                sums["granted", year, "paid"] += pence
    return {what: pence for what, pence in sums.items() if pence}


def files_say(folder: Path) -> Sums:
    """The same, from the files of a simulated ledger."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for path in (folder / "spending-over-25000").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                sums["spent", path.parent.name, path.stem[-7:]] += _pence(row[-1])
    for path in (folder / "360giving").glob("*.json"):
        said = json.loads(path.read_bytes(), parse_float=str)
        for grant in said["grants"]:
            kind = "passed-on" if "-passed-on-" in grant["id"] else "paid"
            pence = _pence(grant["amountAwarded"])
            sums["granted", path.stem[-7:], kind] += pence
    return {what: pence for what, pence in sums.items() if pence}


def _pence(amount: str) -> int:
    return int(Decimal(amount) * 100)
