"""Awards and shares of a maximum, against every state that the rules can come to."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain

from ledger.claims.claimed import Claimed
from ledger.claims.inputs import Heads, Inputs
from ledger.claims.money import percent_text
from ledger.claims.verdicts import (
    NEAR,
    Near,
    Reconciled,
    Tried,
    Verdict,
    near,
    published,
    settled,
    unknown,
    unreachable,
    working,
)
from ledger.money import exact_text, pounds
from ledger.rules.book import Rulebook
from ledger.rules.lines import Line
from ledger.rules.readings import READINGS, Fit, fits, heads_needed, reachable

_BASES = {"earned": "what was earned", "maximum": "the maximum"}
_HOW: tuple[Near, ...] = ("exact", "when rounded", "no")


def share(claim: Claimed, known: Inputs) -> Reconciled:
    """A share of the maximum: is it a state that the rules can come to?"""
    fact = claim.fact
    held = known.rulebooks.get(fact.scheme_year)
    if held is None:
        return unknown(claim, f"no rulebook of {fact.scheme_year} is recorded")
    wanted = published(claim)
    assert wanted is not None
    percents = _percents(held[1])
    if not percents:
        return unknown(claim, f"what {held[1].title} can come to is not a list")
    fitting = [one for one in percents if near(claim, one / 100) != "no"]
    if fitting:
        states = [_state(held, one) for one in fitting]
        found = settled(claim, *states)
        return found if _is_named(fact.about, known) else _unnamed(found)
    nearest = min(_own(held[1]), key=lambda one: abs(one / 100 - wanted))
    why = (
        f"no state of the rules gives it, under any reading; nearest as the rulebook "
        f"reads {exact_text(nearest)}%"
    )
    return unreachable(claim, why, _neighbours(held, wanted))


def award(claim: Claimed, known: Inputs) -> Reconciled:
    """A sum awarded or received, on every population held and every reading."""
    fact = claim.fact
    held = known.rulebooks.get(fact.scheme_year)
    if held is None or fact.amount_pence is None:
        return unknown(claim, f"no rulebook of {fact.scheme_year} is recorded")
    bases = known.heads_of(fact.about, fact.scheme_year)
    counted = [
        (one.measure, one.as_at, one.heads.numerator)
        for one in bases
        if one.as_at is not None and one.heads.denominator == 1 and one.heads > 0
    ]
    if not counted:
        return unknown(claim, f"no population of {fact.about} is recorded")
    try:
        found = fits(held[1], fact.amount_pence, fact.rounded_to_pence, counted)
    except ValueError as reason:
        return unknown(claim, str(reason))
    lines = [_fit(one, held, bases) for one in _best(found)]
    good = [one for one in found if one.verdict == "exact"] or [
        one for one in found if one.verdict == "when rounded"
    ]
    if good:
        return _fitting(claim, good, found, lines, bases)
    return _none_fits(claim, known, held, bases, lines)


def _fitting(
    claim: Claimed,
    good: Sequence[Fit],
    found: Sequence[Fit],
    lines: Sequence[Line],
    bases: Sequence[Heads],
) -> Reconciled:
    names = {one.measure: one.basis for one in bases}
    families = list(dict.fromkeys(names[one.basis] for one in good))
    tried = {names[one.basis] for one in found}
    exact = good[0].verdict == "exact"
    verdict: Verdict = "agrees" if exact else "agrees when rounded"
    if not exact and len(families) == 1 and len(tried) > 1:
        verdict = "fits only one basis"
    percents = sorted({one.state.percent for one in good})
    shares = " or ".join(f"{exact_text(one)}%" for one in percents)
    rounded = {names[one.basis] for one in found if one.verdict == "when rounded"}
    rest = sorted(rounded - set(families))
    beside = f"; {', '.join(rest)} only when rounded" if exact and rest else ""
    return Reconciled(
        claim=claim,
        verdict=verdict,
        basis=" and ".join(families),
        why=f"{shares} of the maximum on {' and '.join(families)}{beside}",
        working=working(claim, verdict, lines),
    )


def _none_fits(
    claim: Claimed,
    known: Inputs,
    held: tuple[str, Rulebook],
    bases: Sequence[Heads],
    lines: Sequence[Line],
) -> Reconciled:
    """Out of reach if its own published share is; or unless other heads may give it."""
    fact = claim.fact
    assert fact.amount_pence is not None
    beside = known.claim("share-of-maximum", fact.scheme_year, fact.about)
    percents = [one for one in _percents(held[1]) if one > 0]
    counts = [one.heads for one in bases]
    needs = {one: heads_needed(held[1], fact.amount_pence, one) for one in percents}
    low, high = min(counts) * (1 - NEAR), max(counts) * (1 + NEAR)
    if beside is not None and beside.fact.value is not None:
        stated = beside.fact.value
        near_it = [one for one in percents if near(beside, one / 100) != "no"]
        if not near_it:
            own = sorted(_own(held[1]), key=lambda one: abs(one / 100 - stated))
            nearest = own[0]
            why = (
                f"with its published {beside.fact.as_published} no state of the rules "
                f"gives it; the nearest, {exact_text(nearest)}%, needs about "
                f"{round(needs[nearest]):,} heads"
            )
            ends = [_needed(held, one, needs[one], bases) for one in own[:3]]
            return unreachable(claim, why, [*ends, *lines])
    possible = [one for one in percents if low <= needs[one] <= high]
    if not possible:
        return unreachable(claim, "no population near those recorded gives it", lines)
    own_first = [one for one in possible if one in _own(held[1])] or possible
    best = min(
        own_first, key=lambda one: min(abs(needs[one] - heads) for heads in counts)
    )
    why = (
        f"{exact_text(best)}% needs about {round(needs[best]):,} heads: no population "
        "recorded is that, and the running-cost population is not recorded"
    )
    possible.sort(key=lambda one: one != best)
    shown = [_needed(held, one, needs[one], bases) for one in possible[:3]]
    return unknown(claim, why, [*shown, *lines])


def _percents(rulebook: Rulebook) -> list[Fraction]:
    """Every percentage of the maximum under any reading, rising; empty if no list."""
    try:
        states = [reachable(rulebook, *reading) for reading in READINGS]
    except ValueError:
        return []
    return sorted({one.percent for one in chain.from_iterable(states)})


def _readings(rulebook: Rulebook, percent: Fraction) -> str:
    """Under how many of the readings a percentage can be come to."""
    n = sum(
        percent in {one.percent for one in reachable(rulebook, *reading)}
        for reading in READINGS
    )
    return f"under {n} of {len(READINGS)} readings"


def _state(held: tuple[str, Rulebook], percent: Fraction) -> Tried:
    return Tried(
        says=f"a state of {held[1].title} {_readings(held[1], percent)}",
        arithmetic=f"{exact_text(percent)}% of the maximum",
        gives=percent / 100,
        facts=(held[0],),
    )


def _own(rulebook: Rulebook) -> list[Fraction]:
    """The percentages that can be come to as the rulebook itself reads, rising."""
    base = rulebook.reduction_base.reading
    combination = rulebook.reduction_combination.reading
    return [one.percent for one in reachable(rulebook, base, combination)]


def _neighbours(held: tuple[str, Rulebook], wanted: Fraction) -> list[Line]:
    """Reading by reading, the states on both sides of a share."""
    lines = []
    for base, combination in READINGS:
        states = [one.percent for one in reachable(held[1], base, combination)]
        below = [one for one in states if one / 100 <= wanted][-1:]
        above = [one for one in states if one / 100 > wanted][:1]
        ends = " and ".join(f"{exact_text(one)}%" for one in (*below, *above))
        lines.append(
            Line(
                says=f"Reductions of {_BASES[base]}, {combination}: nearest states",
                result=ends,
                facts=(held[0],),
            )
        )
    return lines


def _needed(
    held: tuple[str, Rulebook],
    percent: Fraction,
    heads: Fraction,
    bases: Sequence[Heads],
) -> Line:
    """The heads at which a percentage gives the figure, beside the first list held."""
    lists = [one for one in bases if one.basis == "registered lists"] or list(bases)
    first = min(lists, key=lambda one: (one.as_at is None, one.as_at))
    return Line(
        says=f"At {exact_text(percent)}%, {_readings(held[1], percent)}, it needs",
        result=f"about {round(heads):,} heads",
        arithmetic=(
            f"{percent_text(heads / first.heads)} of "
            f"{first.measure.removeprefix('population.')}, {first.as_at}: "
            f"{first.heads.numerator:,}"
        ),
        facts=(held[0], *((first.record,) if first.record else ())),
    )


def _best(found: Sequence[Fit]) -> list[Fit]:
    """The nearest fit of each measure; those that fit first."""
    nearest: dict[str, Fit] = {}
    for one in found:
        known = nearest.get(one.basis)
        if known is None or _off(one) < _off(known):
            nearest[one.basis] = one
    return sorted(nearest.values(), key=_off)


def _off(one: Fit) -> tuple[int, int]:
    return _HOW.index(one.verdict), abs(one.difference_pence)


def _fit(one: Fit, held: tuple[str, Rulebook], bases: Sequence[Heads]) -> Line:
    basis = next(b for b in bases if b.measure == one.basis and b.as_at == one.as_at)
    percent = exact_text(one.state.percent)
    return Line(
        says=f"{basis.basis}: {one.basis.removeprefix('population.')}, {one.as_at}, "
        f"nearest {percent}% {_readings(held[1], one.state.percent)}",
        result=f"{pounds(one.award_pence)}  {one.verdict}",
        arithmetic=f"{one.heads:,} heads x "
        f"{pounds(one.maximum_pence // one.heads)} x {percent}%",
        facts=(basis.record,) if basis.record else (),
    )


def _is_named(about: str, known: Inputs) -> bool:
    """Whether a figure is about a group that exists."""
    return any(group.body == about for group in known.groups)


def _unnamed(found: Reconciled) -> Reconciled:
    """The figure can be reached, but no group of the printed name exists."""
    why = f"no group of that name exists; the figure itself: {found.why}"
    return unknown(found.claim, why, found.working.lines)
