"""Comparing results with what the rules ask for, as exact fractions."""

from fractions import Fraction
from typing import assert_never

from ledger.money import round_half_up
from ledger.rules.clauses import Change, Comparison, Leaf, Level, Linear, Shift, Yes
from ledger.rules.lines import shown

_CHANGE: dict[Change, str] = {
    "percent-fall": "a fall in per cent of",
    "percent-rise": "a rise in per cent of",
    "fall": "a fall of",
    "rise": "a rise of",
}


def compared(
    leaf: Leaf, results: list[Fraction], threshold: Fraction
) -> tuple[Fraction | None, str]:
    """What one comparison earns, from 0 to 1, and how it was reckoned.

    Args:
        results: The result; where the leaf has a baseline, that before it.
        threshold: What is asked for; of a linear leaf, where it earns all.

    Returns:
        None where a percentage has no baseline above zero.
    """
    if isinstance(leaf, Yes):
        met = results[0] == 1
        return Fraction(met), f"{leaf.indicator} is {'yes' if met else 'no'}"
    value, said = _measured(leaf, results)
    if value is None:
        return None, said
    if leaf.places is not None:
        value = rounded(value, leaf.places)
        said += f", to {leaf.places} decimal places {shown(value)}"
    if isinstance(leaf, Linear):
        share = _between(value, leaf.nothing_at, threshold)
        return share, (
            f"{said}; nothing at {shown(leaf.nothing_at)}, all at {shown(threshold)}"
        )
    met = _holds(value, leaf.comparison, threshold)
    asked = f"{leaf.comparison.replace('-', ' ')} {shown(threshold)}"
    return Fraction(met), f"{said}; {asked} is asked"


def rounded(number: Fraction, places: int) -> Fraction:
    """To so many decimal places, half going up."""
    scale = 10**places
    return Fraction(round_half_up(number * scale), scale)


def _measured(
    leaf: Level | Shift | Linear, results: list[Fraction]
) -> tuple[Fraction | None, str]:
    """The number that is compared: the result itself, or how far it moved."""
    if isinstance(leaf, Level) or leaf.change is None:
        return results[0], f"{leaf.indicator} is {shown(results[0])}"
    baseline, result = results
    ends = f"{leaf.indicator} went from {shown(baseline)} to {shown(result)}"
    change = _change(leaf.change, baseline, result)
    if change is None:
        return None, f"{ends}: no percentage can be taken of this baseline"
    return change, f"{ends}, {_CHANGE[leaf.change]} {shown(change)}"


def _between(value: Fraction, nothing_at: Fraction, full_at: Fraction) -> Fraction:
    """The share of the way from nothing to all, no less than 0 and no more than 1."""
    if full_at == nothing_at:  # A target agreed at the very level of nothing.
        return Fraction(value >= full_at)
    share = (value - nothing_at) / (full_at - nothing_at)
    return min(Fraction(1), max(Fraction(0), share))


def _change(kind: Change, baseline: Fraction, result: Fraction) -> Fraction | None:
    """How far a result moved; None where a percentage has no positive baseline."""
    match kind:
        case "rise":
            return result - baseline
        case "fall":
            return baseline - result
        case "percent-rise" | "percent-fall":
            if baseline <= 0:
                return None
            rise = (result - baseline) / baseline * 100
            return rise if kind == "percent-rise" else -rise
        case _:
            assert_never(kind)


def _holds(value: Fraction, comparison: Comparison, threshold: Fraction) -> bool:
    match comparison:
        case "at-least":
            return value >= threshold
        case "at-most":
            return value <= threshold
        case "more-than":
            return value > threshold
        case "less-than":
            return value < threshold
        case "equal-to":
            return value == threshold
        case _:
            assert_never(comparison)
