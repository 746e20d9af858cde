"""What is at stake: each measure or part that is judged, and its weight."""

from collections.abc import Iterator
from fractions import Fraction

from ledger.events import MenuPick, Slice, Slices, TermsAgreed
from ledger.money import Pence, share
from ledger.rules.book import Rulebook
from ledger.rules.clauses import FIRMNESS, Status
from ledger.rules.elements import Measure, MeasurePart
from ledger.values import value


@value
class Stake:
    """A measure or part that earns on its own: what one slice stands for."""

    id: str
    name: str
    measure: Measure  # Itself, or the measure that it is a part of.
    clause: Measure | MeasurePart
    weight_percent: Fraction  # Of the maximum.

    @property
    def status(self) -> Status:
        """The weaker status of the measure and the part: the weight rests on both."""
        return max(self.measure.status, self.clause.status, key=FIRMNESS.index)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The ids that the weight rests on: measure, menu, part."""
        menu = (self.measure.menu.id,) if self.measure.menu else ()
        return tuple(dict.fromkeys((self.measure.id, *menu, self.id)))


def judged(rulebook: Rulebook) -> Iterator[Measure | MeasurePart]:
    """Whatever can earn on its own, parts that no body may have picked included."""
    for measure in rulebook.measures:
        yield from measure.parts or (measure,)


def stakes(rulebook: Rulebook, terms: TermsAgreed | None = None) -> tuple[Stake, ...]:
    """What is at stake for one body, in the order of the rulebook.

    Args:
        terms: What was agreed with the body; needed where the rules have a menu.

    Raises:
        ValueError: If a weight is not known, or a menu is not agreed.
    """
    pending = unsettled(rulebook, terms)
    if pending:
        raise ValueError(
            f"the weights of {rulebook.title} are not settled: {', '.join(pending)}"
        )
    return tuple(
        stake for measure in rulebook.measures for stake in _stakes(measure, terms)
    )


def unsettled(rulebook: Rulebook, terms: TermsAgreed | None = None) -> tuple[str, ...]:
    """Why no account can open yet: weights that are not known, menus not agreed.

    Returns:
        Ids of measures and parts, in the order of the rulebook; empty if none.
    """
    unknown = unknown_weights(rulebook)
    menus = open_menus(rulebook, terms)
    return tuple(one for one in _ids(rulebook) if one in unknown or one in menus)


def unknown_weights(rulebook: Rulebook) -> tuple[str, ...]:
    """Measures and parts whose weight no source says, or that are not yet priced."""
    unknown = [
        one.id
        for one in rulebook.measures
        if not isinstance(one.weight_percent, Fraction)
    ]
    unknown += [
        part.id
        for one in rulebook.measures
        for part in one.parts
        if isinstance(part.share_percent, str)
    ]
    return tuple(one for one in _ids(rulebook) if one in unknown)


def open_menus(rulebook: Rulebook, terms: TermsAgreed | None = None) -> tuple[str, ...]:
    """Measures with a menu for which no fitting picks are agreed."""
    return tuple(
        one.id
        for one in rulebook.measures
        if one.menu is not None and not _fit(one, picks_of(one, terms))
    )


def picks_of(measure: Measure, terms: TermsAgreed | None) -> tuple[MenuPick, ...]:
    """What a body picked from a measure's menu, in the order of its parts."""
    picks = [one for one in (terms.picks if terms else ()) if one.menu == measure.id]
    order = {part.id: place for place, part in enumerate(measure.parts)}
    return tuple(sorted(picks, key=lambda one: order.get(one.measure, len(order))))


def slices(
    rulebook: Rulebook, maximum_pence: Pence, terms: TermsAgreed | None = None
) -> Slices:
    """Share a maximum over what is at stake, by weight; nothing has no slice.

    Raises:
        ValueError: If a weight is not known, or a menu is not agreed.

    Source: DESIGN 5 (slices are fixed at opening, by the largest remainder).
    """
    at_stake = stakes(rulebook, terms)
    pence = share(maximum_pence, [one.weight_percent for one in at_stake])
    return tuple(
        Slice(measure=stake.id, pence=part)
        for stake, part in zip(at_stake, pence, strict=True)
        if part > 0
    )


def _ids(rulebook: Rulebook) -> Iterator[str]:
    for measure in rulebook.measures:
        yield measure.id
        for part in measure.parts:
            yield part.id


def _fit(measure: Measure, picks: tuple[MenuPick, ...]) -> bool:
    """Whether picks are of the menu, each once, as many and as heavy as it says."""
    menu = measure.menu
    assert menu is not None
    names = [one.measure for one in picks]
    weights = [one.weight_percent for one in picks]
    return (
        menu.least <= len(picks) <= menu.most
        and len(set(names)) == len(names)
        and set(names) <= {part.id for part in measure.parts}
        and sum(weights) == measure.weight_percent
        and all(weight > 0 for weight in weights)
        and (menu.split == "agreed" or len(set(weights)) == 1)
    )


def _stakes(measure: Measure, terms: TermsAgreed | None) -> Iterator[Stake]:
    whole = measure.weight_percent
    assert isinstance(whole, Fraction), "an unknown weight is unsettled"
    if not measure.parts:
        yield Stake(
            id=measure.id,
            name=measure.name,
            measure=measure,
            clause=measure,
            weight_percent=whole,
        )
        return
    picked = {one.measure: one.weight_percent for one in picks_of(measure, terms)}
    for part in measure.parts:
        if measure.menu is None:
            assert isinstance(part.share_percent, Fraction)
            weight = whole * part.share_percent / 100
        elif part.id in picked:
            weight = picked[part.id]
        else:
            continue
        yield Stake(
            id=part.id,
            name=f"{measure.name}: {part.name}",
            measure=measure,
            clause=part,
            weight_percent=weight,
        )
