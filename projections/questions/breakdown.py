"""What became of a confirmed award: parts that add up to it, whatever happened.

Per premium, what was confirmed is withheld, payable, committed, paid and where that
went, less what was paid beyond it; what never was part of it stands elsewhere.
"""

from collections.abc import Mapping
from typing import Any

from ledger.money import pounds
from ledger.postings import (
    COMMITTED,
    DISALLOWED,
    FUNDING,
    HELD,
    IN_TRANSIT,
    NOT_EARNED,
    OVERPAID,
    OWN_FUNDS,
    PAYABLE,
    POTENTIAL,
    RECOVERED,
    RETURNED,
    SET_OFF,
    SETTLED,
)

PARTS = {
    "withheld": "premium:withheld:",
    "payable": PAYABLE,
    "committed": COMMITTED,
    "in_transit": IN_TRANSIT,
    "held": HELD,
    "spent": "group:spent:",
    "passed_on": "group:passed-on:",
    "disallowed": DISALLOWED,
    "returned": RETURNED,
    "recovered": RECOVERED,
    "own_funds": OWN_FUNDS,
    "set_off": SET_OFF,
    "settled": SETTLED,
    "overpaid": OVERPAID,
}
"""The parts of an award, in order -> the account, or how its accounts begin."""

ALWAYS = ("payable", "committed", "in_transit", "held", "spent")
"""The parts that are said even of nothing."""

_WORDS = {
    "own_funds": "paid back from own funds",
    "settled": "debt settled",
    "overpaid": "debt outstanding",
    "later": "counts only later",
}

_OUTSIDE = (FUNDING, POTENTIAL, NOT_EARNED, "premium:reduced:")


def breakdown(balances: Mapping[str, int]) -> dict[str, int]:
    """Each part of what was awarded, in pence, from all that moved of a premium.

    Raises:
        ValueError: For an account that no part names.
    """
    found = dict.fromkeys(PARTS, 0)
    for account, pence in balances.items():
        if not account.startswith(_OUTSIDE):
            found[_part(account)] += pence
    return found


def in_words(parts: Mapping[str, Any]) -> str:
    """Parts with their pounds: `held £5.00, spent £2.00, less debt settled £1.00`.

    Args:
        parts: By name with `_pence` behind it; what else it holds is not said.
    """
    said = []
    for name in (*PARTS, "later"):
        pence = parts.get(f"{name}_pence", 0)
        if pence or name in ALWAYS:
            less = "less " if pence < 0 else ""
            words = _WORDS.get(name, name.replace("_", " "))
            said.append(f"{less}{words} {pounds(abs(pence))}")
    return ", ".join(said)


def _part(account: str) -> str:
    for part, start in PARTS.items():
        if account == start or (start.endswith(":") and account.startswith(start)):
            return part
    raise ValueError(f"{account} belongs to no part of an award")
