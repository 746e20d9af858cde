"""What a body is awarded: the exact formula, rounded once, slice by slice."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from ledger.events import (
    AwardLine,
    AwardProposed,
    AwardReduction,
    Move,
    Slice,
    Slices,
    TermsAgreed,
)
from ledger.money import Pence, round_half_up, share, share_within
from ledger.postings import NOT_EARNED, PAYABLE, POTENTIAL, reduced
from ledger.rules.book import Rulebook, consequences
from ledger.rules.elements import Reduction
from ledger.rules.percent import earned_percent, steps, unknown_percents
from ledger.rules.stakes import Stake, stakes
from ledger.values import value

ENGINE = "1"
"""The version of this arithmetic; every decision records it."""


@value
class Determination:
    """One calculation of an award, to the penny."""

    maximum_pence: Pence
    earned_pence: Pence  # Before reductions and gates.
    before_gates_pence: Pence  # After reductions, before gates.
    total_pence: Pence
    lines: tuple[AwardLine, ...]  # One a measure, in the order of the rulebook.
    reductions: tuple[AwardReduction, ...]  # Missed only: reductions, then gates.
    moves: tuple[Move, ...]  # Out of potential; they add up to the maximum.


@value
class AwardRange:
    """What an award can still be while results are open; adds up to the maximum."""

    certain_pence: Pence  # Payable whatever the open results turn out to be.
    open_pence: Pence  # Payable if all of them turn out well.
    lost_pence: Pence  # Payable in no case.


def determine(
    rulebook: Rulebook,
    slices: Slices,
    earned: Mapping[str, Fraction],
    missed: Mapping[str, bool],
    terms: TermsAgreed | None = None,
) -> Determination:
    """Calculate an award from what every measure, standard and gate came to.

    Each total is rounded once from the exact formula, never from a rounded total
    before it; what a reduction took is the difference of two such totals. Per slice:
    slice = not earned + reduced + payable, each zero or more.

    Args:
        slices: The account's, as fixed at opening.
        earned: The share of its weight, 0 to 1, by measure or part; all at stake.
        missed: Whether it was missed or failed, by clause; of every reduction and gate.
        terms: What was agreed with the body; needed where the rules have a menu.

    Raises:
        ValueError: If a weight is not settled, a slice is of nothing at stake, or
            something missed takes off a percentage that is not known.

    Source: ADR 0004 (one rounding, and where its pence stand).
    """
    unknown = unknown_percents(rulebook, missed)
    if unknown:
        raise ValueError(f"what {', '.join(unknown)} takes off is not known")
    return _determine(
        rulebook, slices, earned, missed, terms, unknown_percent=Fraction(0)
    )


def _determine(
    rulebook: Rulebook,
    slices: Slices,
    earned: Mapping[str, Fraction],
    missed: Mapping[str, bool],
    terms: TermsAgreed | None,
    *,
    unknown_percent: Fraction,
) -> Determination:
    """As `determine`, with a percentage to stand in for any that is not known."""
    at_stake = stakes(rulebook, terms)
    limits = _limits(at_stake, slices)
    maximum_pence = sum(limits)
    percent = earned_percent(rulebook, earned, terms)
    earned_pence = _whole_pence(rulebook, maximum_pence * percent / 100)
    weights = [one.weight_percent * earned[one.id] for one in at_stake]
    left = gained = share_within(earned_pence, weights, limits)
    not_earned = [limit - part for limit, part in zip(limits, gained, strict=True)]

    moves = [_move(at_stake, not_earned, NOT_EARNED)]
    taken_off: list[AwardReduction] = []
    exact, before_gates_pence = percent, earned_pence
    for one, off, exact in steps(rulebook, percent, missed, unknown_percent):
        next_pence = _whole_pence(rulebook, maximum_pence * exact / 100)
        left, taken = _take(left, next_pence)
        taken_off.append(AwardReduction(clause=one.id, percent=off, pence=sum(taken)))
        moves.append(_move(at_stake, taken, reduced(one.id)))
        if isinstance(one, Reduction):
            before_gates_pence = next_pence
    moves.append(_move(at_stake, left, PAYABLE))

    parts = zip(at_stake, limits, gained, left, strict=True)
    return Determination(
        maximum_pence=maximum_pence,
        earned_pence=earned_pence,
        before_gates_pence=before_gates_pence,
        total_pence=sum(left),
        lines=tuple(
            AwardLine(
                measure=stake.id,
                earned=earned[stake.id],
                maximum_pence=limit,
                earned_pence=gain,
                payable_pence=payable,
            )
            for stake, limit, gain, payable in parts
        ),
        reductions=tuple(taken_off),
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
    terms: TermsAgreed | None = None,
) -> AwardRange:
    """What is certain, open and lost while some outcomes are unknown.

    Args:
        earned: As for `determine`; None or absent where it is open.
        missed: As for `determine`; None or absent where it is open.
        terms: As for `determine`.

    A percentage that is not known may be nothing or all.

    Raises:
        ValueError: If a weight is not settled, or a slice is of nothing at stake.

    Source: the award rises with every share earned and falls with every miss, so
    the worst and the best case of what is open bound it.
    """
    worst = _settled(rulebook, slices, earned, missed, terms, fortunate=False)
    best = _settled(rulebook, slices, earned, missed, terms, fortunate=True)
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
    terms: TermsAgreed | None,
    *,
    fortunate: bool,
) -> Determination:
    """The award if all that is open turns out well, or all of it badly."""
    shares: dict[str, Fraction] = {}
    for stake in stakes(rulebook, terms):
        known = earned.get(stake.id)
        shares[stake.id] = Fraction(fortunate) if known is None else known
    misses: dict[str, bool] = {}
    for judged in consequences(rulebook):
        outcome = missed.get(judged.id)
        misses[judged.id] = (not fortunate) if outcome is None else outcome
    unknown_percent = Fraction(0 if fortunate else 100)
    return _determine(
        rulebook, slices, shares, misses, terms, unknown_percent=unknown_percent
    )


def _limits(at_stake: tuple[Stake, ...], slices: Slices) -> list[Pence]:
    """The slice of each stake, in their order; every slice must be of one."""
    pence = {one.measure: one.pence for one in slices}
    limits = [pence.pop(one.id, 0) for one in at_stake]
    if pence:
        raise ValueError(
            f"nothing is at stake under these rules for {', '.join(pence)}"
        )
    return limits


def _whole_pence(rulebook: Rulebook, exact: Fraction) -> Pence:
    if rulebook.rounding.reading == "down-once":
        return exact.numerator // exact.denominator
    return round_half_up(exact)


def _take(
    left: tuple[int, ...], next_pence: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What stays of each slice, and what is taken, when less is left in total."""
    stays = share(next_pence, left)
    return stays, tuple(had - has for had, has in zip(left, stays, strict=True))


def _move(at_stake: tuple[Stake, ...], pence: Iterable[int], target: str) -> Move:
    """Out of potential, slice by slice; slices of nothing are left out."""
    return Move(
        source=POTENTIAL,
        target=target,
        slices=tuple(
            Slice(measure=stake.id, pence=part)
            for stake, part in zip(at_stake, pence, strict=True)
            if part > 0
        ),
    )
