"""What a body is awarded: the exact formula, rounded once, slice by slice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ledger.events import (
    AwardLine,
    AwardProposed,
    AwardReduction,
    Move,
    Slice,
    Slices,
)
from ledger.money import Pence, round_half_up, share, share_within
from ledger.postings import NOT_EARNED, PAYABLE, POTENTIAL, reduced
from ledger.rules.rulebook import Rulebook

ENGINE = "1"
"""The version of this arithmetic; every decision records it."""

Base = Literal["earned", "maximum"]
Combination = Literal["additive", "multiplicative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """One calculation of an award, to the penny."""

    maximum_pence: Pence
    earned_pence: Pence  # Before reductions and gates.
    before_gates_pence: Pence  # After reductions, before gates.
    total_pence: Pence
    lines: tuple[AwardLine, ...]  # One a measure, in the order of the rulebook.
    reductions: tuple[AwardReduction, ...]  # Missed only: reductions, then gates.
    moves: tuple[Move, ...]  # Out of potential; they add up to the maximum.


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRange:
    """What an award can still be while results are open; adds up to the maximum."""

    certain_pence: Pence  # Payable whatever the open results turn out to be.
    open_pence: Pence  # Payable if all of them turn out well.
    lost_pence: Pence  # Payable in no case.


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


def earned_percent(rulebook: Rulebook, earned: Mapping[str, Fraction]) -> Fraction:
    """The percentage of the maximum earned before reductions; never above 100.

    Args:
        earned: The share of its weight, 0 to 1, that each measure earned.
    """
    whole = sum(
        (one.weight_percent * earned[one.id] for one in rulebook.measures), Fraction(0)
    )
    return min(Fraction(100), whole)


def determine(
    rulebook: Rulebook,
    slices: Slices,
    earned: Mapping[str, Fraction],
    missed: Mapping[str, bool],
) -> Determination:
    """Calculate an award from what every measure, standard and gate came to.

    Each total is rounded half up from the exact formula, never from a rounded total
    before it; what a reduction took is the difference of two such totals. Per slice:
    slice = not earned + reduced + payable, each zero or more.

    Args:
        slices: The account's, as fixed at opening.
        earned: The share of its weight, 0 to 1, by measure; every measure's.
        missed: Whether it was missed or failed, by clause; of every reduction and gate.

    Source: ADR 0004 (one rounding, and where its pence stand).
    """
    maximum_pence = sum(one.pence for one in slices)
    stakes = {one.measure: one.pence for one in slices}
    limits = [stakes.get(one.id, 0) for one in rulebook.measures]
    percent = earned_percent(rulebook, earned)
    earned_pence = round_half_up(maximum_pence * percent / 100)
    weights = [one.weight_percent * earned[one.id] for one in rulebook.measures]
    left = gained = share_within(earned_pence, weights, limits)
    not_earned = [limit - part for limit, part in zip(limits, gained, strict=True)]

    moves = [_move(rulebook, not_earned, NOT_EARNED)]
    reductions: list[AwardReduction] = []
    percents: list[Fraction] = []
    for reduction in rulebook.reductions:
        if missed[reduction.id]:
            percents.append(reduction.percent)
            exact = award_percent(
                rulebook.reduction_base.reading,
                rulebook.reduction_combination.reading,
                percent,
                percents,
            )
            next_pence = round_half_up(maximum_pence * exact / 100)
            left, taken = _take(left, next_pence)
            reductions.append(_reduction(reduction.id, reduction.percent, taken))
            moves.append(_move(rulebook, taken, reduced(reduction.id)))
    before_gates_pence = sum(left)
    for gate in rulebook.gates:
        if missed[gate.id]:
            left, taken = _take(left, 0)
            reductions.append(_reduction(gate.id, Fraction(100), taken))
            moves.append(_move(rulebook, taken, reduced(gate.id)))
    moves.append(_move(rulebook, left, PAYABLE))

    parts = zip(rulebook.measures, limits, gained, left, strict=True)
    return Determination(
        maximum_pence=maximum_pence,
        earned_pence=earned_pence,
        before_gates_pence=before_gates_pence,
        total_pence=sum(left),
        lines=tuple(
            AwardLine(
                measure=measure.id,
                earned=earned[measure.id],
                maximum_pence=limit,
                earned_pence=gain,
                payable_pence=payable,
            )
            for measure, limit, gain, payable in parts
        ),
        reductions=tuple(reductions),
        moves=tuple(move for move in moves if move.slices),
    )


def stated(proposal: AwardProposed) -> Determination:
    """The determination that a recorded proposal states."""
    return Determination(
        maximum_pence=proposal.maximum_pence,
        earned_pence=proposal.earned_pence,
        before_gates_pence=proposal.before_gates_pence,
        total_pence=proposal.total_pence,
        lines=proposal.lines,
        reductions=proposal.reductions,
        moves=proposal.moves,
    )


def award_range(
    rulebook: Rulebook,
    slices: Slices,
    earned: Mapping[str, Fraction | None],
    missed: Mapping[str, bool | None],
) -> AwardRange:
    """What is certain, open and lost while some outcomes are unknown.

    Args:
        earned: As for `determine`; None or absent where it is open.
        missed: As for `determine`; None or absent where it is open.

    Source: the award rises with every share earned and falls with every miss, so
    the worst and the best case of what is open bound it.
    """
    worst = _settled(rulebook, slices, earned, missed, fortunate=False)
    best = _settled(rulebook, slices, earned, missed, fortunate=True)
    return AwardRange(
        certain_pence=worst.total_pence,
        open_pence=best.total_pence - worst.total_pence,
        lost_pence=best.maximum_pence - best.total_pence,
    )


def _settled(
    rulebook: Rulebook,
    slices: Slices,
    earned: Mapping[str, Fraction | None],
    missed: Mapping[str, bool | None],
    fortunate: bool,
) -> Determination:
    """The award if all that is open turns out well, or all of it badly."""
    shares: dict[str, Fraction] = {}
    for measure in rulebook.measures:
        known = earned.get(measure.id)
        shares[measure.id] = Fraction(fortunate) if known is None else known
    misses: dict[str, bool] = {}
    for judged in (*rulebook.reductions, *rulebook.gates):
        outcome = missed.get(judged.id)
        misses[judged.id] = (not fortunate) if outcome is None else outcome
    return determine(rulebook, slices, shares, misses)


def _take(
    left: tuple[int, ...], next_pence: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What stays of each slice, and what is taken, when less is left in total."""
    stays = share(next_pence, left)
    return stays, tuple(had - has for had, has in zip(left, stays, strict=True))


def _reduction(clause: str, percent: Fraction, taken: Iterable[int]) -> AwardReduction:
    return AwardReduction(clause=clause, percent=percent, pence=sum(taken))


def _move(rulebook: Rulebook, pence: Iterable[int], target: str) -> Move:
    """Out of potential, slice by slice; slices of nothing are left out."""
    return Move(
        source=POTENTIAL,
        target=target,
        slices=tuple(
            Slice(measure=measure.id, pence=part)
            for measure, part in zip(rulebook.measures, pence, strict=True)
            if part > 0
        ),
    )
