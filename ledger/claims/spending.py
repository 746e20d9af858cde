"""A published list of spending held against the spending that is recorded.

One invoice may be published in several lines, and recorded for several purposes; lines
and spendings of one transaction and payee are added up before they are compared. What
came back of a spending is published as a line below zero, under the number of a credit
note, or together with what it came back of. The list is never evidence, and nothing is
forced to fit.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
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
    pence: int  # Below zero for what came back.
    credit: bool = False
    """Recorded as come back: its number is that of the spending, not its own."""


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
        key = (number, one.payees) if number and not one.credit else (at,)
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
    if not number or number != _number(recorded) or not _same_way(listed, recorded):
        return False
    return not listed.payees or bool(listed.payees & recorded.payees)


def _same_way(listed: Item, recorded: Item) -> bool:
    """Both went out, or both came back."""
    return (listed.pence < 0) == (recorded.pence < 0)


def _same_payee_and_pence(listed: Item, recorded: Item) -> bool:
    return _same_payee(listed, recorded) and listed.pence == recorded.pence


def _same_pence(listed: Item, recorded: Item) -> bool:
    """Where the list does not say whom."""
    return (
        not listed.payees and listed.pence == recorded.pence and _near(listed, recorded)
    )


def _same_payee(listed: Item, recorded: Item) -> bool:
    if not _same_way(listed, recorded):
        return False
    return bool(listed.payees & recorded.payees) and _near(listed, recorded)


def _near(listed: Item, recorded: Item) -> bool:
    both = _number(listed) and _number(recorded) and not recorded.credit
    if both and _number(listed) != _number(recorded):
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
        over_pence: The list holds what is over this, credit notes as well.
        days: The first and the last day that the list is of. What is recorded outside
            of them may be found in the list, and is not missed there.
    """
    left, free = list(listed), list(recorded)
    pairs = _net(left, free)
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
        recorded_only=tuple(one for one in due if abs(one.pence) > over_pence),
        below=tuple(one for one in due if abs(one.pence) <= over_pence),
    )


def _net(left: list[Item], free: list[Item]) -> list[Pair]:
    """Payments listed less what came back of them, taken out of both sides."""
    pairs = []
    for one in tuple(left):
        alike = [
            other for other in free if not other.credit and _same_number(one, other)
        ]
        for spending in alike[:1]:
            back = [
                other
                for other in free
                if other.credit
                and _number(other) == _number(spending)
                and other.payees == spending.payees
            ]
            pence = spending.pence + sum(other.pence for other in back)
            if back and pence == one.pence:
                names = tuple(name for other in back for name in other.names)
                net = replace(spending, names=spending.names + names, pence=pence)
                left.remove(one)
                for other in (spending, *back):
                    free.remove(other)
                pairs.append(Pair(listed=one, recorded=net))
    return pairs
