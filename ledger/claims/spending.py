"""A published list of spending held against the spending that is recorded.

One invoice may be published in several lines, and recorded for several purposes; lines
and spendings of one transaction and payee are added up before they are compared. What
came back of a spending is published as a line below zero, under the number of a credit
note, or together with what it came back of. The list is never evidence, and nothing is
forced to fit.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from ledger.claims.numbers import number_of, shortened_span
from ledger.values import value

WITHIN_DAYS = 45
"""How far the day of a list, often the end of a month, may be from the recorded one."""

THRESHOLD_PENCE = 25_000_00
"""What a payment comes to, or more, that bodies publish."""

_FEW = 20  # A month with fewer lines than a twentieth of the fullest is a stray's.
_WORDS = {"ltd": "limited", "&": "and", "plc": "public limited company"}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"})
_OF_ANY_BODY = frozenset(
    ("nhs", "ccg", "clinical", "commissioning", "group", "trust", "simulated")
)

Month = tuple[int, int]
Compared = Literal["same", "near", "unsaid", "other"]


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

    @property
    def differs(self) -> tuple[str, ...]:
        """In what the two differ; none where they agree."""
        apart = abs((self.listed.on - self.recorded.on).days)
        found = {
            "amount": self.more_pence != 0,
            "payee": _payee(self.listed, self.recorded) == "other",
            "day": apart > WITHIN_DAYS,
            "transaction number": _numbers(self.listed, self.recorded) == "other",
        }
        return tuple(name for name, differs in found.items() if differs)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is written otherwise and makes no difference, for people."""
        remarks = []
        if _payee(self.listed, self.recorded) == "near":
            remarks.append(f"payee recorded as {self.recorded.payee}")
        if shortened_span(self.listed.transaction) and self.recorded.transaction:
            remarks.append("transaction number damaged by a spreadsheet")
        return tuple(remarks)


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
    """A payee's name in its normal form: its spelling makes no other payee of it."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    words = re.findall(r"[^\W_]+|&", re.sub("['`\u00b4\u2018-\u201b\u02bc]", "", plain))
    return " ".join(_WORDS.get(word, word) for word in words)


def is_of(entity: str, code: str, name: str) -> bool:
    """Whether a list that names an entity may be that of a body."""
    words = set(known_as(entity).split())
    if known_as(code) in words:
        return True
    return words - _OF_ANY_BODY <= set(known_as(name).split())


def months_of(days: Iterable[date]) -> frozenset[Month]:
    """The months that a list is of; a stray line makes it no list of its month."""
    lines = Counter((one.year, one.month) for one in days)
    most = max(lines.values(), default=0)
    return frozenset(one for one, count in lines.items() if count * _FEW >= most)


def published(
    payments: Sequence[tuple[str, int]], from_pence: int = THRESHOLD_PENCE
) -> list[bool]:
    """Whether each payment is large enough to be published.

    A payment split over lines keeps one transaction number, and is in scope by its
    total (HM Treasury's guidance). Exactly the threshold is published.

    Args:
        payments: Transaction numbers, empty where there is none, and pence.
    """
    totals: Counter[str] = Counter()
    for number, pence in payments:
        totals[number] += pence
    return [
        abs(totals[number] if number else pence) >= from_pence
        for number, pence in payments
    ]


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
    return number_of(one.transaction)


def _numbers(listed: Item, recorded: Item) -> Compared:
    """How the transaction numbers of both sides compare."""
    one, other = _number(listed), _number(recorded)
    span = shortened_span(listed.transaction)
    if span and other and not recorded.credit:
        low, high = span
        return "near" if other.isdecimal() and low <= int(other) <= high else "other"
    if not one or not other:
        return "unsaid"
    if one == other:
        return "same"
    return "unsaid" if recorded.credit else "other"


def _payee(listed: Item, recorded: Item) -> Compared:
    """How the payees of both sides compare; one written longer is near the other."""
    if not listed.payees or not recorded.payees:
        return "unsaid"
    if listed.payees & recorded.payees:
        return "same"
    for one in listed.payees:
        for other in recorded.payees:
            words, others = set(one.split()), set(other.split())
            if words <= others or others <= words:
                return "near"
    return "other"


def _same_number(listed: Item, recorded: Item) -> bool:
    if _numbers(listed, recorded) != "same" or not _same_way(listed, recorded):
        return False
    return _payee(listed, recorded) != "other"


def _same_number_of_another(listed: Item, recorded: Item) -> bool:
    alike = listed.pence == recorded.pence or _near(listed, recorded)
    same = _numbers(listed, recorded) == "same"
    return same and alike and _same_way(listed, recorded)


def _same_way(listed: Item, recorded: Item) -> bool:
    """Both went out, or both came back."""
    return (listed.pence < 0) == (recorded.pence < 0)


def _same_shortened_number(listed: Item, recorded: Item) -> bool:
    near = _numbers(listed, recorded) == "near" and listed.pence == recorded.pence
    return near and _payee(listed, recorded) != "other"


def _same_payee_and_pence(listed: Item, recorded: Item) -> bool:
    return _same_payee(listed, recorded) and listed.pence == recorded.pence


def _same_pence(listed: Item, recorded: Item) -> bool:
    """Where the list does not say whom, or writes the name longer or shorter."""
    if _payee(listed, recorded) not in ("unsaid", "near"):
        return False
    return listed.pence == recorded.pence and _may_be(listed, recorded)


def _same_payee(listed: Item, recorded: Item) -> bool:
    if not _same_way(listed, recorded):
        return False
    return _payee(listed, recorded) == "same" and _may_be(listed, recorded)


def _same_but_for_the_number(listed: Item, recorded: Item) -> bool:
    alike = _payee(listed, recorded) in ("same", "near") and _near(listed, recorded)
    return alike and listed.pence == recorded.pence


def _may_be(listed: Item, recorded: Item) -> bool:
    """Not two transactions where both sides say which, and not far apart."""
    return _numbers(listed, recorded) != "other" and _near(listed, recorded)


def _near(listed: Item, recorded: Item) -> bool:
    return abs((listed.on - recorded.on).days) <= WITHIN_DAYS


_RULES: tuple[Callable[[Item, Item], bool], ...] = (
    _same_number,
    _same_number_of_another,
    _same_shortened_number,
    _same_payee_and_pence,
    _same_pence,
    _same_payee,
    _same_but_for_the_number,
)
"""By which a payment is known again, the surest first."""


def held(
    listed: Sequence[Item],
    recorded: Sequence[Item],
    *,
    from_pence: int = THRESHOLD_PENCE,
    months: Collection[Month],
) -> Held:
    """Hold a list against what is recorded.

    Args:
        from_pence: The list holds what comes to this, credit notes as well.
        months: Those that the list is of. What is recorded outside of them may be
            found in the list, and is not missed there.
    """
    left, free = list(listed), list(recorded)
    pairs = _net(left, free)
    places = _places(free)
    may_be = {
        at: sorted({place for key in _keys(one) for place in places.get(key, ())})
        for at, one in enumerate(left)
    }
    taken: set[int] = set()
    for rule in _RULES:
        for at in tuple(may_be):
            one = left[at]
            same = [
                place
                for place in may_be[at]
                if place not in taken and rule(one, free[place])
            ]
            if same:
                nearest = min(same, key=lambda place: _apart(left[at], free[place]))
                pairs.append(Pair(listed=one, recorded=free[nearest]))
                taken.add(nearest)
                del may_be[at]
    free = [one for place, one in enumerate(free) if place not in taken]
    left = [left[at] for at in may_be]
    due = [one for one in free if (one.on.year, one.on.month) in months]
    large = _large(recorded, from_pence)
    return Held(
        agree=tuple(pair for pair in pairs if not pair.differs),
        differ=tuple(pair for pair in pairs if pair.differs),
        listed_only=tuple(left),
        recorded_only=tuple(one for one in due if one.names in large),
        below=tuple(one for one in due if one.names not in large),
    )


def _keys(one: Item) -> list[tuple[str, object]]:
    """What two items have in common, at least in one, where any rule holds."""
    keys: list[tuple[str, object]] = [("pence", one.pence)]
    keys += [("payee", payee) for payee in one.payees]
    return [*keys, ("number", number)] if (number := _number(one)) else keys


def _places(items: Sequence[Item]) -> dict[tuple[str, object], list[int]]:
    """Where the items of each key lie, so that long lists are held in no time."""
    places: dict[tuple[str, object], list[int]] = {}
    for place, one in enumerate(items):
        for key in _keys(one):
            places.setdefault(key, []).append(place)
    return places


def _apart(listed: Item, recorded: Item) -> tuple[bool, bool, int]:
    """How far a recorded payment is from a listed one: amount, payee, then day."""
    return (
        listed.pence != recorded.pence,
        _payee(listed, recorded) != "same",
        abs((listed.on - recorded.on).days),
    )


def _large(recorded: Sequence[Item], from_pence: int) -> set[tuple[str, ...]]:
    """The names of the recorded payments that a list of their month holds."""
    payments = [
        (f"{number} {one.on:%Y-%m}" if (number := _number(one)) else "", one.pence)
        if not one.credit
        else ("", one.pence)
        for one in recorded
    ]
    large = published(payments, from_pence)
    return {
        one.names for one, is_large in zip(recorded, large, strict=True) if is_large
    }


def _net(left: list[Item], free: list[Item]) -> list[Pair]:
    """Payments listed less what came back of them, taken out of both sides."""
    pairs = []
    numbers = {_number(other) for other in free if other.credit} - {""}
    for one in tuple(left):
        if _number(one) not in numbers:
            continue
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
