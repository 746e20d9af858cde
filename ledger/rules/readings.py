"""Which published figures a rulebook can produce, under each unsettled reading."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from ledger.events import TermsAgreed
from ledger.money import Pence, round_half_up
from ledger.rules.book import Rulebook
from ledger.rules.clauses import Linear
from ledger.rules.percent import Base, Combination, award_percent
from ledger.rules.stakes import stakes
from ledger.values import value

Heads = tuple[str, date, int]
"""A population: its basis, the day it is of, and its heads."""

Parts = tuple[tuple[str, Fraction], ...]
"""Measures with their weights, or standards with their percentages."""

Verdict = Literal["exact", "when rounded", "no"]

READINGS: tuple[tuple[Base, Combination], ...] = (
    ("earned", "additive"),
    ("earned", "multiplicative"),
    ("maximum", "additive"),
    ("maximum", "multiplicative"),
)
"""What a reduction is of, and how several combine; the dossier's A, then its B."""


@value
class State:
    """A percentage of the maximum that can be awarded, and the simplest way to it.

    Simplest: the fewest standards missed, then the fewest measures met, then the
    order of the rulebook.
    """

    percent: Fraction
    met: tuple[str, ...]  # Measures, in the order of the rulebook.
    missed: tuple[str, ...]  # Standards, in the order of the rulebook.
    ways: tuple[tuple[Fraction, int], ...]  # Each (per cent earned, standards missed).


@value
class Fit:
    """How near one basis and one reading come to a published figure."""

    basis: str
    as_at: date
    heads: int
    base: Base
    combination: Combination
    maximum_pence: Pence
    state: State  # The nearest; of two equally near, the lower.
    award_pence: Pence
    difference_pence: int  # Award less published.
    verdict: Verdict


def reachable(
    rulebook: Rulebook,
    base: Base,
    combination: Combination,
    terms: TermsAgreed | None = None,
) -> tuple[State, ...]:
    """Every percentage that passing or failing each rule can lead to, rising.

    Gates are left out: they add only nothing, which is among the percentages.

    Raises:
        ValueError: If what can be reached is not a list: a weight or percentage is not
            known, a menu is not agreed, or a test earns in part.

    Source: dossier, section 3 (the reachable results, derived).
    """
    at_stake = stakes(rulebook, terms)
    weights = tuple((one.id, one.weight_percent) for one in at_stake)
    reductions: list[tuple[str, Fraction]] = []
    for one in rulebook.reductions:
        if not isinstance(one.percent, Fraction):
            raise ValueError(f"what {one.id} takes off is not known")
        reductions.append((one.id, one.percent))
    for stake in at_stake:
        if isinstance(stake.clause.test, Linear):
            raise ValueError(f"{stake.id} earns in part: any share can be reached")
    return _states(weights, tuple(reductions), base, combination)


def fits(
    rulebook: Rulebook,
    published_pence: Pence,
    rounded_to_pence: Pence | None,
    populations: Sequence[Heads],
    terms: TermsAgreed | None = None,
) -> tuple[Fit, ...]:
    """Hold a published figure against every basis and reading.

    It is only compared: nothing is adjusted until it agrees.

    Args:
        rounded_to_pence: What the figure was rounded to when it was printed, such as
            100_000 for thousands of pounds; None where it was not.

    Returns:
        One fit a population and reading, populations first.

    Raises:
        ValueError: If the rulebook's value per head is not set, or what it can reach
            is not a list.
    """
    per_head = rulebook.value.pence_per_head
    if per_head is None:
        raise ValueError(f"{rulebook.title} sets no value per head yet")
    found: list[Fit] = []
    states = {reading: reachable(rulebook, *reading, terms) for reading in READINGS}
    for basis, as_at, heads in populations:
        maximum = heads * per_head
        for base, combination in READINGS:
            state, award = min(
                (
                    (state, round_half_up(maximum * state.percent / 100))
                    for state in states[base, combination]
                ),
                key=lambda pair: abs(pair[1] - published_pence),
            )
            found.append(
                Fit(
                    basis=basis,
                    as_at=as_at,
                    heads=heads,
                    base=base,
                    combination=combination,
                    maximum_pence=maximum,
                    state=state,
                    award_pence=award,
                    difference_pence=award - published_pence,
                    verdict=_verdict(award, published_pence, rounded_to_pence),
                )
            )
    return tuple(found)


def heads_needed(
    rulebook: Rulebook, published_pence: Pence, percent: Fraction
) -> Fraction:
    """The heads, unrounded, at which a percentage gives exactly a published figure.

    Raises:
        ValueError: If the percentage or the rulebook's value per head is not above 0.
    """
    per_head = rulebook.value.pence_per_head
    if not per_head or percent <= 0:
        raise ValueError("nothing a head gives no figure: no heads follow from it")
    return Fraction(published_pence) * 100 / (percent * per_head)


def _verdict(award: Pence, published: Pence, rounded_to: Pence | None) -> Verdict:
    if award == published:
        return "exact"
    if (
        rounded_to
        and round_half_up(Fraction(award, rounded_to)) * rounded_to == published
    ):
        return "when rounded"
    return "no"


@lru_cache(maxsize=64)
def _states(
    weights: Parts, reductions: Parts, base: Base, combination: Combination
) -> tuple[State, ...]:
    """As `reachable`; kept, because explaining asks for the same four each time."""
    earnings = _sums(weights)
    states: dict[Fraction, State] = {}
    for percents, missed in _misses(reductions):
        for earned, met in earnings.items():
            percent = award_percent(
                base, combination, min(earned, Fraction(100)), percents
            )
            way = (earned, len(missed))
            state = State(percent=percent, met=met, missed=missed, ways=(way,))
            known = states.get(percent)
            if known is None:
                states[percent] = state
                continue
            first = min(known, state, key=lambda one: (len(one.missed), len(one.met)))
            ways = known.ways if way in known.ways else (*known.ways, way)
            states[percent] = State(
                percent=percent, met=first.met, missed=first.missed, ways=ways
            )
    return tuple(states[percent] for percent in sorted(states))


def _sums(parts: Parts) -> dict[Fraction, tuple[str, ...]]:
    """Every sum of some of the parts, with the fewest parts that make it."""
    sums: dict[Fraction, tuple[str, ...]] = {Fraction(0): ()}
    for name, number in parts:
        for total, names in tuple(sums.items()):
            more = (*names, name)
            known = sums.get(total + number)
            if known is None or len(more) < len(known):
                sums[total + number] = more
    return sums


def _misses(
    reductions: Parts,
) -> tuple[tuple[tuple[Fraction, ...], tuple[str, ...]], ...]:
    """Every different collection of percentages that misses can add up to.

    Two standards of the same percentage lead to the same award, so one stands for
    both: the earlier. The fewest missed come first.
    """
    sets: dict[tuple[Fraction, ...], tuple[str, ...]] = {(): ()}
    for name, percent in reductions:
        for percents, names in tuple(sets.items()):
            key = tuple(sorted((*percents, percent)))
            sets.setdefault(key, (*names, name))
    return tuple(sorted(sets.items(), key=lambda item: len(item[0])))
