"""A published list of spending held against the spending that is recorded.

One invoice may be published in several lines, and recorded for several purposes; lines
and spendings of one transaction and payee are added up before they are compared. The
list is never evidence, and nothing is forced to fit.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from ledger.values import value

WITHIN_DAYS = 45
"""How far the day of a list, often the end of a month, may be from the recorded one."""

_WORDS = {"ltd": "limited", "&": "and"}


@value
class Item:
    """One payment on either side: what bears one transaction number and payee."""

    names: tuple[str, ...]  # Lines of the file, or ids of spendings.
    payees: frozenset[str]  # By which the payee is known; empty where it is not said.
    payee: str  # For people.
    transaction: str  # Empty where there is none.
    on: date
    pence: int


@value
class Pair:
    """A payment of the list and the one recorded that it is."""

    listed: Item
    recorded: Item

    @property
    def more_pence(self) -> int:
        """What is listed beyond what is recorded; zero where both agree."""
        return self.listed.pence - self.recorded.pence


@value
class Held:
    """A list held against the ledger; each item of both sides stands in one place."""

    agree: tuple[Pair, ...]
    differ: tuple[Pair, ...]
    listed_only: tuple[Item, ...]
    recorded_only: tuple[Item, ...]  # Over the threshold, of the days of the list.
    below: tuple[Item, ...]  # Recorded of those days, and too small to be listed.

    @property
    def at_odds(self) -> bool:
        """Whether list and ledger disagree in anything."""
        return bool(self.differ or self.listed_only or self.recorded_only)


def known_as(name: str) -> str:
    """A payee's name in its normal form: capitals and points make no other payee."""
    words = re.findall(r"[a-z0-9]+|&", name.casefold().replace("'", ""))
    return " ".join(_WORDS.get(word, word) for word in words)


def together(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items of one transaction and payee as one, at the first one's day and place."""
    found: dict[tuple[object, ...], Item] = {}
    for at, one in enumerate(items):
        number = _number(one)
        key = (number, one.payees) if number else (at,)
        before = found.get(key)
        if before is None:
            found[key] = one
            continue
        found[key] = Item(
            names=before.names + one.names,
            payees=before.payees,
            payee=before.payee,
            transaction=before.transaction,
            on=before.on,
            pence=before.pence + one.pence,
        )
    return tuple(found.values())


def _number(one: Item) -> str:
    return re.sub(r"[^A-Z0-9]", "", one.transaction.upper())


def _same_number(listed: Item, recorded: Item) -> bool:
    number = _number(listed)
    if not number or number != _number(recorded):
        return False
    return not listed.payees or bool(listed.payees & recorded.payees)


def _same_payee_and_pence(listed: Item, recorded: Item) -> bool:
    return _same_payee(listed, recorded) and listed.pence == recorded.pence


def _same_pence(listed: Item, recorded: Item) -> bool:
    """Where the list does not say whom."""
    return (
        not listed.payees and listed.pence == recorded.pence and _near(listed, recorded)
    )


def _same_payee(listed: Item, recorded: Item) -> bool:
    return bool(listed.payees & recorded.payees) and _near(listed, recorded)


def _near(listed: Item, recorded: Item) -> bool:
    if _number(listed) and _number(recorded) and _number(listed) != _number(recorded):
        return False  # Two transactions, and both sides say which.
    return abs((listed.on - recorded.on).days) <= WITHIN_DAYS


_RULES: tuple[Callable[[Item, Item], bool], ...] = (
    _same_number,
    _same_payee_and_pence,
    _same_pence,
    _same_payee,
)
"""By which a payment is known again, the surest first."""


def held(
    listed: Sequence[Item],
    recorded: Sequence[Item],
    *,
    over_pence: int,
    days: tuple[date, date],
) -> Held:
    """Hold a list against what is recorded.

    Args:
        over_pence: The list holds what is over this.
        days: The first and the last day that the list is of. What is recorded outside
            of them may be found in the list, and is not missed there.
    """
    left, free = list(listed), list(recorded)
    pairs: list[Pair] = []
    for rule in _RULES:
        for one in tuple(left):
            same = [other for other in free if rule(one, other)]
            if same:
                nearest = min(same, key=lambda other: abs((one.on - other.on).days))
                left.remove(one)
                free.remove(nearest)
                pairs.append(Pair(listed=one, recorded=nearest))
    first, last = days
    due = [one for one in free if first <= one.on <= last]
    return Held(
        agree=tuple(pair for pair in pairs if not pair.more_pence),
        differ=tuple(pair for pair in pairs if pair.more_pence),
        listed_only=tuple(left),
        recorded_only=tuple(one for one in due if one.pence > over_pence),
        below=tuple(one for one in due if one.pence <= over_pence),
    )
