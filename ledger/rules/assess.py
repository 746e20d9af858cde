"""Judging a test against results: met, not met, or open where one is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, assert_never

from ledger.events import AgreedTest, TermsAgreed
from ledger.rules.clauses import (
    FIRMNESS,
    AllOf,
    AnyOf,
    Change,
    Comparison,
    Leaf,
    Level,
    Shift,
    Status,
    Test,
    Yes,
    leaves,
)
from ledger.rules.lines import Line, shown
from ledger.rules.rulebook import Measure, Rulebook

Key = tuple[str, str]
"""An indicator and a period: `("rtt-incomplete", "2013-04-01..2014-03-31")`."""

_CHANGE: dict[Change, str] = {
    "percent-fall": "a fall in per cent of",
    "percent-rise": "a rise in per cent of",
    "fall": "a fall of",
    "rise": "a rise of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a test came to, and everything that it used."""

    met: bool | None  # None: open, because a result or an agreement is missing.
    working: Line
    clauses: tuple[str, ...]  # Every leaf looked at, in the order of the rules.
    decisive: tuple[str, ...]  # The leaves that suffice for the outcome; the firmest.
    firmness: Status | None  # The weakest status among the decisive; None if open.
    used: tuple[Key, ...]  # Every result read, in order of use, each once.


def measure_test(
    rulebook: Rulebook, measure_id: str, terms: TermsAgreed | None
) -> Test | None:
    """The test of a measure as it stands for one body.

    Returns:
        The rulebook's test, or the one agreed with the body. None while something
        that the rulebook leaves to agreement is not agreed.

    Raises:
        KeyError: If the rulebook has no such measure.
    """
    measure = next((one for one in rulebook.measures if one.id == measure_id), None)
    if measure is None:
        raise KeyError(f"{measure_id!r} is no measure of {rulebook.title}")
    if measure.test == "agreed":
        agreed = next(
            (
                one
                for one in (terms.tests if terms else ())
                if one.measure == measure_id
            ),
            None,
        )
        return None if agreed is None else agreed_test(measure, agreed)
    if any(_threshold(leaf, terms) is None for leaf in leaves(measure.test)):
        return None
    return measure.test


def agreed_test(measure: Measure, agreed: AgreedTest) -> Level | Shift:
    """The test that a body's terms put where the rulebook leaves it to agreement.

    It bears the measure's id, source and status: that clause is what asks for it.

    Raises:
        ValueError: If a period is malformed, or only one of baseline and change stands.
    """
    if (agreed.baseline_period is None) is not (agreed.change is None):
        raise ValueError(
            f"the agreed test of {measure.id} needs both baseline_period and change, "
            "or neither"
        )
    if agreed.baseline_period is None or agreed.change is None:
        return Level(
            id=measure.id,
            says=agreed.title,
            source=measure.source,
            status=measure.status,
            kind="level",
            indicator=agreed.indicator,
            period=agreed.period,
            comparison=agreed.comparison,
            threshold=agreed.threshold,
        )
    return Shift(
        id=measure.id,
        says=agreed.title,
        source=measure.source,
        status=measure.status,
        kind="change",
        indicator=agreed.indicator,
        period=agreed.period,
        baseline_period=agreed.baseline_period,
        change=agreed.change,
        comparison=agreed.comparison,
        threshold=agreed.threshold,
    )


def needs(test: Test, terms: TermsAgreed | None) -> tuple[Key, ...]:
    """The results a test reads, in order of use, baselines first, each once.

    A leaf whose threshold is still to be agreed reads none.
    """
    keys: list[Key] = []
    for leaf in leaves(test):
        if _threshold(leaf, terms) is not None:
            keys.extend(_keys(leaf))
    return tuple(dict.fromkeys(keys))


def judge(
    test: Test, values: Mapping[Key, Fraction], terms: TermsAgreed | None
) -> Judgement:
    """Judge a test, unrounded, with three outcomes: met, not met, open.

    Any of several tests is met as soon as one is met; all of them are not met as
    soon as one is not. Whatever else a missing result could change stays open.

    Args:
        values: The results known, by indicator and period; others are missing.
        terms: What was agreed with the body, for thresholds left to agreement.

    Source: dossier, section 3 (74.83% is not 75%: compared unrounded).
    """
    match test:
        case AllOf(all=tests):
            inner = tuple(judge(one, values, terms) for one in tests)
            return _together(inner, enough=False)
        case AnyOf(any=tests):
            inner = tuple(judge(one, values, terms) for one in tests)
            return _together(inner, enough=True)
        case Level() | Shift() | Yes():
            return _leaf(test, values, _threshold(test, terms))
        case _:
            assert_never(test)


def outcome(met: bool | None) -> Literal["met", "not met", "open"]:
    """For people: how a test came out."""
    if met is None:
        return "open"
    return "met" if met else "not met"


def _together(inner: tuple[Judgement, ...], enough: bool) -> Judgement:
    """Several tests as one: one that comes out as `enough` settles it."""
    settling = [one for one in inner if one.met is enough]
    met: bool | None
    if settling:
        met = enough
        firmest = min(settling, key=lambda one: FIRMNESS.index(_weakest((one,))))
        deciding: tuple[Judgement, ...] = (firmest,)
    elif any(one.met is None for one in inner):
        met, deciding = None, ()
    else:
        met, deciding = not enough, inner
    firmness = _weakest(deciding) if deciding else None
    says = "One of these is enough" if enough else "All of these are needed"
    return Judgement(
        met=met,
        working=Line(
            says=says,
            result=outcome(met),
            status=firmness,
            lines=tuple(one.working for one in inner),
        ),
        clauses=tuple(clause for one in inner for clause in one.clauses),
        decisive=tuple(clause for one in deciding for clause in one.decisive),
        firmness=firmness,
        used=tuple(dict.fromkeys(key for one in inner for key in one.used)),
    )


def _weakest(judged: tuple[Judgement, ...]) -> Status:
    statuses = [one.firmness for one in judged if one.firmness is not None]
    return max(statuses, key=FIRMNESS.index)


def _threshold(leaf: Leaf, terms: TermsAgreed | None) -> Fraction | None:
    """The number a leaf compares with; None while it is still to be agreed."""
    if isinstance(leaf, Yes):
        return Fraction(1)
    if not isinstance(leaf.threshold, str):
        return leaf.threshold
    targets = terms.targets if terms else ()
    return next((one.target for one in targets if one.clause == leaf.id), None)


def _keys(leaf: Leaf) -> tuple[Key, ...]:
    now = (leaf.indicator, leaf.period)
    if isinstance(leaf, Shift):
        return (leaf.indicator, leaf.baseline_period), now
    return (now,)


def _leaf(
    leaf: Leaf, values: Mapping[Key, Fraction], threshold: Fraction | None
) -> Judgement:
    """Judge one comparison."""
    keys = () if threshold is None else _keys(leaf)
    used = tuple(key for key in keys if key in values)
    missing = [f"{name} in {when}" for name, when in keys if (name, when) not in used]
    met: bool | None = None
    if threshold is None:
        arithmetic = "the threshold is not agreed"
    elif missing:
        arithmetic = f"no result for {' and '.join(missing)}"
    else:
        met, arithmetic = _compared(leaf, [values[key] for key in keys], threshold)
    return Judgement(
        met=met,
        working=Line(
            says=leaf.says,
            result=outcome(met),
            clause=leaf.id,
            status=leaf.status,
            arithmetic=arithmetic,
        ),
        clauses=(leaf.id,),
        decisive=() if met is None else (leaf.id,),
        firmness=None if met is None else leaf.status,
        used=used,
    )


def _compared(
    leaf: Leaf, results: list[Fraction], threshold: Fraction
) -> tuple[bool | None, str]:
    """The outcome of one comparison, and how it was reckoned."""
    match leaf:
        case Yes():
            met = results[0] == 1
            return met, f"{leaf.indicator} is {'yes' if met else 'no'}"
        case Level():
            met = _holds(results[0], leaf.comparison, threshold)
            asked = f"{leaf.comparison.replace('-', ' ')} {shown(threshold)}"
            return met, f"{leaf.indicator} is {shown(results[0])}; {asked} is asked"
        case Shift():
            baseline, result = results
            ends = f"{leaf.indicator} went from {shown(baseline)} to {shown(result)}"
            change = _change(leaf.change, baseline, result)
            if change is None:
                return None, f"{ends}: no percentage can be taken of this baseline"
            met = _holds(change, leaf.comparison, threshold)
            reckoned = f"{_CHANGE[leaf.change]} {shown(change)}"
            asked = f"{leaf.comparison.replace('-', ' ')} {shown(threshold)}"
            return met, f"{ends}, {reckoned}; {asked} is asked"
        case _:
            assert_never(leaf)


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
        case _:
            assert_never(comparison)
