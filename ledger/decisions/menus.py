"""Weights that are settled with a body: the parts it picks from a menu of the rules."""

from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar

from ledger.events import MenuPick, TermsAgreed
from ledger.money import exact_text
from ledger.premium.account import PremiumAccount
from ledger.rules.book import Rulebook
from ledger.rules.elements import Measure
from ledger.rules.stakes import open_menus, picks_of, unknown_weights
from ledger.values import value


@value
class WeightsNotKnown:
    """No source says what a measure weighs, so nothing can be shared by weight."""

    NAME: ClassVar[str] = "weights-not-known"

    named: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the weight of {', '.join(self.named)} is not known from any source: "
            "nothing is reckoned with a guess, and a later version may state it"
        )


@value
class TermsNotAgreed:
    """The rules have a menu, and what the body takes of it is not agreed."""

    NAME: ClassVar[str] = "terms-not-agreed"

    menus: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"what is picked from {', '.join(self.menus)} is not agreed, so its weight "
            "cannot be shared: record the terms first"
        )


@value
class NotOnMenu:
    """The menu has no such part, or it was picked already."""

    NAME: ClassVar[str] = "not-on-menu"

    menu: str
    picked: str
    choices: tuple[str, ...]  # Those that can still be picked.

    def __str__(self) -> str:
        return (
            f"{self.picked!r} cannot be picked from {self.menu}: left to pick are "
            f"{', '.join(self.choices) or 'none'}"
        )


@value
class WrongNumberOfPicks:
    """A menu is filled by no fewer and no more parts than the rules say."""

    NAME: ClassVar[str] = "wrong-number-of-picks"

    menu: str
    picked: int
    least: int
    most: int

    def __str__(self) -> str:
        asked = (
            str(self.least)
            if self.least == self.most
            else f"{self.least} to {self.most}"
        )
        return f"{self.picked} parts are picked from {self.menu}: it takes {asked}"


@value
class WrongSplit:
    """The weights picked do not split the menu's weight as the rules say."""

    NAME: ClassVar[str] = "wrong-split"

    menu: str
    weight_percent: Fraction  # The menu's.
    picked_percent: Fraction  # The picks' together.
    split: str  # As the rules say: agreed, or equal.

    def __str__(self) -> str:
        parts = "parts above nothing"
        if self.split == "equal":
            parts = "equal parts"
        return (
            f"{self.menu} splits {exact_text(self.weight_percent)}% of the maximum "
            f"into {parts}: the picks split {exact_text(self.picked_percent)}%"
        )


@value
class PicksInUse:
    """The account was opened on the picks as they stand: its slices are fixed."""

    NAME: ClassVar[str] = "picks-in-use"

    menu: str

    def __str__(self) -> str:
        return (
            f"the account was opened on what was picked from {self.menu}: "
            "other picks would change slices that are fixed"
        )


MenuRefusal = NotOnMenu | WrongNumberOfPicks | WeightsNotKnown | WrongSplit | PicksInUse


def weights_unsettled(
    rulebook: Rulebook, terms: TermsAgreed | None
) -> WeightsNotKnown | TermsNotAgreed | None:
    """Why nothing can be weighed for a body; None where every weight is settled."""
    unknown = unknown_weights(rulebook)
    if unknown:
        return WeightsNotKnown(named=unknown)
    menus_open = open_menus(rulebook, terms)
    return TermsNotAgreed(menus=menus_open) if menus_open else None


def menus(rulebook: Rulebook) -> dict[str, Measure]:
    """The measures whose parts a body picks, by id."""
    return {one.id: one for one in rulebook.measures if one.menu is not None}


def picks_amiss(
    rulebook: Rulebook, picks: Iterable[MenuPick], account: PremiumAccount
) -> MenuRefusal | None:
    """The first reason why picks cannot be agreed; menus without picks are left open.

    Args:
        picks: From menus that the rulebook has.
        account: Whose picks they are; once it is open they stay as they are.
    """
    given = tuple(picks)
    for menu in menus(rulebook).values():
        picked = tuple(one for one in given if one.menu == menu.id)
        refusal = _amiss(menu, picked) if picked else None
        if refusal is not None:
            return refusal
        before = picks_of(menu, account.terms)
        if account.opened is not None and set(before) != set(picked):
            return PicksInUse(menu=menu.id)
    return None


def _amiss(measure: Measure, picks: tuple[MenuPick, ...]) -> MenuRefusal | None:
    menu, whole = measure.menu, measure.weight_percent
    assert menu is not None
    left = [part.id for part in measure.parts]
    for pick in picks:
        if pick.measure not in left:
            return NotOnMenu(menu=measure.id, picked=pick.measure, choices=tuple(left))
        left.remove(pick.measure)
    if not menu.least <= len(picks) <= menu.most:
        return WrongNumberOfPicks(
            menu=measure.id, picked=len(picks), least=menu.least, most=menu.most
        )
    if not isinstance(whole, Fraction):
        return WeightsNotKnown(named=(measure.id,))
    weights = [pick.weight_percent for pick in picks]
    uneven = menu.split == "equal" and len(set(weights)) > 1
    if sum(weights) != whole or min(weights) <= 0 or uneven:
        return WrongSplit(
            menu=measure.id,
            weight_percent=whole,
            picked_percent=sum(weights, Fraction(0)),
            split=menu.split,
        )
    return None
