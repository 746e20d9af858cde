"""The maximum: by heads, by a contract's value, by points, or by outcomes."""

from collections.abc import Mapping
from fractions import Fraction

from ledger.money import Pence, round_half_up
from ledger.rules.assess import Key
from ledger.rules.book import Rulebook
from ledger.rules.elements import Measure


def maximum(
    rulebook: Rulebook, base: int, factors: Mapping[str, Fraction] | None = None
) -> Pence | None:
    """The most that a body can be awarded, in whole pence.

    Args:
        base: Heads, or the pence of a contract; points and outcomes need none.
        factors: What each multiplier comes to, by its clause.

    Returns:
        None while a figure that it is reckoned from is not set or not known.

    Source: dossier, section 11 (value base); ADR 0004 (half a penny goes up).
    """
    value = rulebook.value
    whole: Fraction | None = None
    match value.kind:
        case "per-head":
            if value.pence_per_head is not None:
                whole = Fraction(base * value.pence_per_head)
        case "contract-share":
            if isinstance(value.percent_of_contract, Fraction):
                whole = base * value.percent_of_contract / 100
        case "outcomes":
            price, most = value.pence_per_outcome, value.outcomes_at_most
            if price is not None and most is not None:
                whole = Fraction(price * most)
        case "points":
            worth = _worth(rulebook, factors or {})
            whole = None if worth is None else sum(worth.values(), Fraction(0))
    if whole is None:
        return None
    pence = round_half_up(whole)
    return pence if value.cap_pence is None else min(pence, value.cap_pence)


def factors(
    rulebook: Rulebook, results: Mapping[Key, Fraction]
) -> dict[str, Fraction | None]:
    """What each multiplier comes to, by its clause; None while a result is missing."""
    found: dict[str, Fraction | None] = {}
    for one in rulebook.value.multipliers:
        result = results.get((one.indicator, one.period))
        if result is None or not isinstance(one.divided_by, Fraction):
            found[one.id] = None
        else:
            found[one.id] = result / one.divided_by
    return found


def priced(rulebook: Rulebook, factors: Mapping[str, Fraction]) -> Rulebook:
    """The rulebook with each measure's points as a percentage of the maximum.

    Args:
        factors: What each multiplier comes to, by its clause.

    Raises:
        ValueError: If points, a point's value or a factor is not known, or if all of
            them together are worth nothing.
    """
    worth = _worth(rulebook, factors)
    whole = sum(worth.values(), Fraction(0)) if worth else Fraction(0)
    if worth is None or whole == 0:
        raise ValueError(f"the points of {rulebook.title} cannot be priced yet")
    measures = tuple(
        one.model_copy(update={"weight_percent": worth[one.id] * 100 / whole})
        for one in rulebook.measures
    )
    return rulebook.model_copy(update={"measures": measures})


def _worth(
    rulebook: Rulebook, factors: Mapping[str, Fraction]
) -> dict[str, Fraction] | None:
    """Each measure's pence, unrounded; None while something is not known."""
    price = rulebook.value.pence_per_point
    if price is None:
        return None
    worth: dict[str, Fraction] = {}
    for measure in rulebook.measures:
        if not isinstance(measure.points, Fraction):
            return None
        worth[measure.id] = measure.points * price
        for one in rulebook.value.multipliers:
            if _changes(one.measures, measure):
                if one.id not in factors:
                    return None
                worth[measure.id] *= factors[one.id]
    return worth


def _changes(measures: tuple[str, ...], measure: Measure) -> bool:
    return not measures or measure.id in measures
