"""Amounts as people write them."""

import re

from interfaces.cli.exits import Misused
from ledger.money import pounds

_POUNDS = re.compile(
    r"£?(?P<pounds>\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(?P<pence>\d\d))?", re.ASCII
)


def pence(amount: str) -> int:
    """Pence of an amount in pounds: `220000`, `220,000.00` or `£1,234.56`."""
    match = _POUNDS.fullmatch(amount.strip())
    if match is None:
        raise Misused(
            f"{amount!r} is not an amount: write pounds, with two places for pence if "
            "any, such as 220000 or 1,234.56"
        )
    return int(match["pounds"].replace(",", "")) * 100 + int(match["pence"] or 0)


def as_option(pence: int) -> str:
    """An amount as it is given to an option: `1,234.56`."""
    return pounds(pence).removeprefix("£")
