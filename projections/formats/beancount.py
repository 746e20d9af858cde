"""The journal as a Beancount file, so that another program can re-add it.

One transaction an entry and effective date; amounts are exact pounds written from
whole pence. Balances are asserted at the end, to the penny.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import unquote

from ledger.postings import Leg
from projections.views.journal import Entry

ROOTS = {
    "board:funding": "Equity",
    "board:in-transit": "Assets",
    "board:returned": "Equity",
    "board:recovered": "Equity",
    "board:set-off": "Equity",
    "premium:potential": "Assets",
    "premium:payable": "Assets",
    "premium:committed": "Assets",
    "premium:overpaid": "Liabilities",
    "premium:settled": "Liabilities",
    "premium:not-earned": "Equity",  # It never left the board.
    "premium:reduced": "Equity",
    "premium:withheld": "Equity",
    "group:held": "Assets",
    "group:disallowed": "Assets",
    "group:own-funds": "Equity",
    "group:spent": "Expenses",
    "group:passed-on": "Expenses",
}
"""The first two parts of an account -> where Beancount has it (DESIGN 5)."""

_PARTS = {"group:spent": 4}
"""Parts of an account where there are more than three: purpose and payee."""


def account_name(premium: str, account: str) -> str:
    """The one Beancount account that an account of a premium is written as.

    Different accounts have different names, and none is the parent of another.

    Raises:
        KeyError: For an account that has no place in ROOTS.
    """
    kind = ":".join(account.split(":", 2)[:2])
    pieces = (*premium.split("/"), *pieces_of(account))
    return ":".join((ROOTS[kind], *map(component, pieces)))


def pieces_of(account: str) -> list[str]:
    """The parts of an account; a purpose and a payee as they are called."""
    kind = ":".join(account.split(":", 2)[:2])
    pieces = account.split(":", _PARTS.get(kind, 3) - 1)
    called = kind in ("group:spent", "group:passed-on")  # They are encoded there.
    return [unquote(one) for one in pieces] if called else pieces


def component(text: str) -> str:
    """Text as one part of a Beancount account name, from which it can be read back.

    Beancount wants a capital or digit, then letters, digits and hyphens. So a small
    first letter is made a capital, and a capital one is led by `Z`; a point is `--`;
    any other character is `Z` and two hexadecimal digits a byte of UTF-8. `Z` alone
    is empty text. `10C` stays, `constitution.red-1` is `Constitution--red-1`.
    """
    return "".join(_encoded(text, at) for at in range(len(text))) or "Z"


def _encoded(text: str, at: int) -> str:
    char = text[at]
    if at == 0:
        if "a" <= char <= "y":
            return char.upper()
        if "A" <= char <= "Z":
            return f"Z{char}"
    elif char == ".":
        return "--"
    elif char == "-":
        # Beside a point or another hyphen it would make a run read two ways.
        beside = text[at - 1] + text[at + 1 : at + 2]
        if not set(beside) & {"-", "."}:
            return char
    plain = "[0-9]" if at == 0 else "[A-Ya-z0-9]"
    if re.fullmatch(plain, char):
        return char
    return "".join(f"Z{byte:02x}" for byte in char.encode())


def amount(pence: int) -> str:
    """Exact pounds: `1234.56`, `-0.05`."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def beancount(
    entries: Iterable[Entry], *, title: str, simulated: bool
) -> Iterator[str]:
    """The lines of a Beancount file.

    Args:
        entries: In the order of the ledger; all are held until the last is known.
        title: Of the file, such as the name of the ledger.
        simulated: Whether the ledger is; the title says so then.
    """
    known = list(entries)
    yield f'option "title" {_quoted(f"SIMULATED: {title}" if simulated else title)}'
    yield 'option "operating_currency" "GBP"'
    yield ""
    names: dict[tuple[str, str], str] = {}
    first: dict[str, date] = {}
    totals: dict[str, int] = {}
    last = date.min
    for entry in known:
        for leg in entry.legs:
            key = (leg.premium, leg.account)
            name = names.get(key) or names.setdefault(key, account_name(*key))
            first[name] = min(first.get(name, leg.effective_on), leg.effective_on)
            totals[name] = totals.get(name, 0) + leg.pence
            last = max(last, leg.effective_on)
    for (premium, account), name in sorted(names.items(), key=lambda item: item[1]):
        yield f"{first[name]} open {name} GBP"
        yield f"  account: {_quoted(account)}"
        yield f"  premium: {_quoted(premium)}"
    for entry in known:
        for day, group in groupby(entry.legs, key=lambda leg: leg.effective_on):
            yield ""
            yield from _transaction(entry, day, group, names)
    yield ""
    for name in sorted(totals):
        # At the beginning of the day after the last one, without any tolerance.
        day = last + timedelta(days=1)
        yield f"{day} balance {name} {amount(totals[name])} ~ 0 GBP"


def _transaction(
    entry: Entry, day: date, legs: Iterable[Leg], names: dict[tuple[str, str], str]
) -> Iterator[str]:
    yield f"{day} * {_quoted(entry.topic)} {_quoted(entry.legs[0].premium)}"
    yield f"  record-id: {_quoted(entry.record_id)}"
    yield f"  position: {entry.position}"
    yield f"  recorded-at: {_quoted(entry.recorded_at.isoformat())}"
    if entry.closed_through is not None:
        says = f"closed through {entry.closed_through}"
        yield f"  prior-period-adjustment: {_quoted(says)}"
    for leg in legs:
        yield f"  {names[leg.premium, leg.account]}  {amount(leg.pence)} GBP"
        if leg.slice:
            yield f"    slice: {_quoted(leg.slice)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
