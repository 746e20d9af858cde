"""What became of a premium: parts that add up to what they are parts of, always.

The maximum is not yet decided, not earned, reduced, or was awarded; what was awarded is
withheld, payable, committed, paid and where that went, less what was paid beyond it.

Source: DESIGN 5 (the identities of slices; the waterfall ties to the bank).
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

_NOT_AWARDED = {
    "not_yet_decided": POTENTIAL,
    "not_earned": NOT_EARNED,
    "reduced": "premium:reduced:",
}
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

_WHOLE = {**_NOT_AWARDED, **PARTS}

PAID = (
    *("in_transit", "held", "spent", "passed_on", "disallowed"),
    *("returned", "recovered", "own_funds"),
)
"""The parts of what was paid out, less what the bank returned."""

CAME_BACK = ("returned", "recovered")
"""The parts of what was paid out that came back."""

ALWAYS = ("payable", "committed", "in_transit", "held", "spent")
"""The parts that are said even of nothing."""

_WORDS = {
    "own_funds": "paid back from own funds",
    "settled": "debt settled",
    "overpaid": "debt outstanding",
    "later": "counts only later",
    "corrected": "corrected since, counts from the next award",
}


def parts_of_maximum(balances: Mapping[str, int]) -> dict[str, int]:
    """Each part of the maximum, in pence, from all that moved of a premium.

    Args:
        balances: Pence by account, or by line (an account without its payee).

    Raises:
        ValueError: For an account that no part names.
    """
    found = dict.fromkeys(_WHOLE, 0)
    for account, pence in balances.items():
        if account != FUNDING:
            found[part_of(account)] += pence
    return found


def parts_at(
    stood: Mapping[str, int], whole: Mapping[str, int], maximum_pence: int
) -> dict[str, int]:
    """Each part of the maximum by a day, in pence; they add up to it.

    Args:
        stood: Pence by account, of what counted by the day.
        whole: The same of all that moved.
        maximum_pence: As corrected since; what is posted follows with an award.
    """
    parts = parts_of_maximum(stood)
    posted = -whole.get(FUNDING, 0)
    parts["later"] = posted - sum(parts.values())
    parts["corrected"] = maximum_pence - posted
    return parts


def breakdown(balances: Mapping[str, int]) -> dict[str, int]:
    """Each part of what was awarded, in pence, from all that moved of a premium.

    Raises:
        ValueError: For an account that no part names.
    """
    whole = parts_of_maximum(balances)
    return {name: whole[name] for name in PARTS}


def waterfall(balances: Mapping[str, int]) -> dict[str, int]:
    """The maximum, what became of it in gross lines, and what they leave: nothing.

    What came back is taken from what was paid out. What of it settled no debt was part
    of an award, and stays lost to the body: it is the last line (ADR 0023).
    """
    of = parts_of_maximum(balances)
    maximum = -balances.get(FUNDING, 0)
    lines = {
        **{name.replace("_", " "): of[name] for name in _NOT_AWARDED},
        **{name: of[name] for name in ("withheld", "payable", "committed")},
        "paid out": sum(of[name] for name in PAID),
        **{f"came back: {name}": -of[name] for name in CAME_BACK},
        "set off": of["set_off"],
        "debt outstanding": of["overpaid"],
        "handed back, not used": of["settled"] + sum(of[name] for name in CAME_BACK),
    }
    left = maximum - sum(lines.values())
    return {"maximum": maximum, **lines, "difference": left}


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
            said.append(f"{less}{words(name)} {pounds(abs(pence))}")
    return ", ".join(said)


def words(part: str) -> str:
    """What people call a part."""
    return _WORDS.get(part, part.replace("_", " "))


def part_of(account: str) -> str:
    """The part that an account, or a line of accounts, belongs to.

    Raises:
        ValueError: For an account that no part names.
    """
    for part, start in _WHOLE.items():
        if account == start.removesuffix(":"):
            return part
        if start.endswith(":") and account.startswith(start):
            return part
    raise ValueError(f"{account} belongs to no part of a premium")
