"""The exact percentage of the maximum that is earned, and what is left of it."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal

from ledger.events import TermsAgreed
from ledger.rules.book import Rulebook, consequences
from ledger.rules.elements import Gate, Reduction
from ledger.rules.stakes import stakes

Base = Literal["earned", "maximum"]
Combination = Literal["additive", "multiplicative"]


def award_percent(
    base: Base,
    combination: Combination,
    earned_percent: Fraction,
    reduction_percents: Iterable[Fraction],
) -> Fraction:
    """The exact percentage of the maximum that is left after reductions.

    Args:
        base: What a reduction is a percentage of: what was earned, or the maximum.
        combination: Whether reductions add up, or each takes from what is left.
        reduction_percents: Those of the standards missed.

    Source: dossier, sections 3 and 13 (the readings; neither is settled).
    """
    percents = tuple(reduction_percents)
    if combination == "additive":
        off = min(Fraction(100), sum(percents, Fraction(0)))
    else:
        left = Fraction(1)
        for percent in percents:
            left *= 1 - percent / 100
        off = 100 * (1 - left)
    if base == "earned":
        return earned_percent * (100 - off) / 100
    return max(Fraction(0), earned_percent - off)


def earned_percent(
    rulebook: Rulebook,
    earned: Mapping[str, Fraction],
    terms: TermsAgreed | None = None,
) -> Fraction:
    """The percentage of the maximum earned before reductions; never above 100.

    Args:
        earned: The share of its weight, 0 to 1, that each measure or part earned.
        terms: What was agreed with the body; needed where the rules have a menu.
    """
    whole = sum(
        (one.weight_percent * earned[one.id] for one in stakes(rulebook, terms)),
        Fraction(0),
    )
    return min(Fraction(100), whole)


def final_percent(
    rulebook: Rulebook, earned_percent: Fraction, missed: Mapping[str, bool]
) -> Fraction:
    """The exact percentage of the maximum that is awarded, after all that was missed.

    Args:
        missed: Whether it was missed or failed, by clause; absent: it was not.
    """
    left = [left for _, _, left in steps(rulebook, earned_percent, missed, Fraction(0))]
    return left[-1] if left else earned_percent


def unknown_percents(rulebook: Rulebook, missed: Mapping[str, bool]) -> tuple[str, ...]:
    """What was missed and takes off a percentage that no source says.

    Args:
        missed: Whether it was missed or failed, by clause; of every reduction and gate.
    """
    return tuple(
        one.id
        for one in consequences(rulebook)
        if missed[one.id] and one.percent == "unknown"
    )


def steps(
    rulebook: Rulebook,
    earned_percent: Fraction,
    missed: Mapping[str, bool],
    unknown_percent: Fraction,
) -> Iterator[tuple[Reduction | Gate, Fraction, Fraction]]:
    """What was missed, in the order it bites: its percentage, and what it leaves.

    Reductions are of what was earned or of the maximum, as the rules read; a gate
    takes its percentage of what they left, mostly all of it.

    Args:
        missed: Whether it was missed or failed, by clause; absent: it was not.
        unknown_percent: What stands in for a percentage that is not known.
    """
    left, percents = earned_percent, list[Fraction]()
    for reduction in rulebook.reductions:
        if missed.get(reduction.id):
            off = _known(reduction.percent, unknown_percent)
            percents.append(off)
            left = award_percent(
                rulebook.reduction_base.reading,
                rulebook.reduction_combination.reading,
                earned_percent,
                percents,
            )
            yield reduction, off, left
    for gate in rulebook.gates:
        if missed.get(gate.id):
            off = _known(gate.percent, unknown_percent)
            left = left * (100 - off) / 100
            yield gate, off, left


def _known(percent: Fraction | str, instead: Fraction) -> Fraction:
    return percent if isinstance(percent, Fraction) else instead
