"""Judging a test against results: met, not met, or open where one is missing."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, assert_never

from ledger.events import AgreedTest, TermsAgreed
from ledger.rules.book import Rulebook
from ledger.rules.clauses import (
    FIRMNESS,
    AllOf,
    AnyOf,
    Judged,
    Leaf,
    Level,
    Linear,
    Shift,
    Status,
    Yes,
    leaves,
)
from ledger.rules.compare import compared
from ledger.rules.elements import Measure, MeasurePart
from ledger.rules.lines import Line, shown
from ledger.rules.stakes import judged
from ledger.values import value

Key = tuple[str, str]
"""An indicator and a period: `("rtt-incomplete", "2013-04-01..2014-03-31")`."""


@value
class Judgement:
    """What a test came to, and everything that it used."""

    met: bool | None  # None: open, because something is missing or not known.
    earned: Fraction | None  # From 0 to 1; between them only where it is linear.
    working: Line
    clauses: tuple[str, ...]  # Every leaf looked at, in the order of the rules.
    decisive: tuple[str, ...]  # The leaves that suffice for the outcome; the firmest.
    firmness: Status | None  # The weakest status among the decisive; None if open.
    used: tuple[Key, ...]  # Every result read, in order of use, each once.


def measure_test(
    rulebook: Rulebook, measure_id: str, terms: TermsAgreed | None
) -> Judged | None:
    """The test of a measure or part as it stands for one body.

    Returns:
        The rulebook's test, `unknown` included, or the one agreed with the body. None
        while something that the rulebook leaves to agreement is not agreed.

    Raises:
        KeyError: If the rulebook judges nothing of that name.
    """
    measure = next((one for one in judged(rulebook) if one.id == measure_id), None)
    if measure is None or measure.test is None:
        raise KeyError(f"{measure_id!r} is not a measure of {rulebook.title}")
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
    if any(
        asked(leaf) == "agreed" and _threshold(leaf, terms) is None
        for leaf in leaves(measure.test)
    ):
        return None
    return measure.test


def agreed_test(measure: Measure | MeasurePart, agreed: AgreedTest) -> Level | Shift:
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


def needs(test: Judged, terms: TermsAgreed | None) -> tuple[Key, ...]:
    """The results a test reads, in order of use, baselines first, each once.

    A leaf whose threshold is not agreed, or not known, reads none.
    """
    keys: list[Key] = []
    for leaf in leaves(test):
        if _threshold(leaf, terms) is not None:
            keys.extend(_keys(leaf))
    return tuple(dict.fromkeys(keys))


def judge(
    test: Judged,
    values: Mapping[Key, Fraction],
    terms: TermsAgreed | None,
    on: date | None = None,
) -> Judgement:
    """Judge a test, unrounded, with three outcomes: met, not met, open.

    Any of several tests is met as soon as one is met; all of them are not met as
    soon as one is not. Whatever else a missing result could change stays open. Only
    a linear test earns in part; it is met where it earns all.

    Args:
        values: The results known, by indicator and period; others are missing.
        terms: What was agreed with the body, for thresholds left to agreement.
        on: The day of the decision, for rules that count a result missing by then as
            missed; without it, whatever is missing is open.

    Source: dossier, section 3 (74.83% is not 75%: compared unrounded).
    """
    match test:
        case AllOf(all=tests):
            inner = tuple(judge(one, values, terms, on) for one in tests)
            return _together(inner, enough=False)
        case AnyOf(any=tests):
            inner = tuple(judge(one, values, terms, on) for one in tests)
            return _together(inner, enough=True)
        case Level() | Shift() | Yes() | Linear():
            return _leaf(test, values, _threshold(test, terms), on)
        case "unknown":
            working = Line(says="The test is not known", result=outcome(None))
            return Judgement(
                met=None,
                earned=None,
                working=working,
                clauses=(),
                decisive=(),
                firmness=None,
                used=(),
            )
        case _:
            assert_never(test)


def asked(leaf: Leaf) -> Fraction | Literal["agreed", "unknown"]:
    """What a leaf asks for, as the rules say it."""
    match leaf:
        case Yes():
            return Fraction(1)
        case Linear():
            return leaf.full_at
        case _:
            return leaf.threshold


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
        earned=None if met is None else Fraction(met),
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


def percentage_baselines(test: Judged) -> tuple[Key, ...]:
    """The baselines of which a percentage is taken; each must be above zero."""
    return tuple(
        _keys(leaf)[0]
        for leaf in leaves(test)
        if isinstance(leaf, Shift | Linear)
        and leaf.change in ("percent-fall", "percent-rise")
    )


def _threshold(leaf: Leaf, terms: TermsAgreed | None) -> Fraction | None:
    """The number a leaf compares with; None while it is not agreed or not known."""
    number = asked(leaf)
    if isinstance(number, Fraction):
        return number
    if number == "unknown":
        return None
    targets = terms.targets if terms else ()
    return next((one.target for one in targets if one.clause == leaf.id), None)


def _keys(leaf: Leaf) -> tuple[Key, ...]:
    now = (leaf.indicator, leaf.period)
    if isinstance(leaf, Shift | Linear) and leaf.baseline_period is not None:
        return (leaf.baseline_indicator or leaf.indicator, leaf.baseline_period), now
    return (now,)


def _leaf(
    leaf: Leaf,
    values: Mapping[Key, Fraction],
    threshold: Fraction | None,
    on: date | None,
) -> Judgement:
    """Judge one comparison."""
    keys = () if threshold is None else _keys(leaf)
    used = tuple(key for key in keys if key in values)
    missing = [f"{name} in {when}" for name, when in keys if (name, when) not in used]
    earned: Fraction | None = None
    if threshold is None:
        lack = "known" if asked(leaf) == "unknown" else "agreed"
        arithmetic = f"the threshold is not {lack}"
    elif missing:
        arithmetic = f"no result for {' and '.join(missing)}"
        closed = leaf.missed_without_result_from
        if closed is not None and on is not None and on >= closed:
            earned = Fraction(0)
            arithmetic += f", which counts as missed from {closed.isoformat()} on"
    else:
        earned, arithmetic = compared(leaf, [values[key] for key in keys], threshold)
    met = None if earned is None else earned == 1
    result: str = outcome(met)
    if earned is not None and 0 < earned < 1:
        result = f"{shown(earned)} earned"
    return Judgement(
        met=met,
        earned=earned,
        working=Line(
            says=leaf.says,
            result=result,
            clause=leaf.id,
            status=leaf.status,
            arithmetic=arithmetic,
        ),
        clauses=(leaf.id,),
        decisive=() if met is None else (leaf.id,),
        firmness=None if met is None else leaf.status,
        used=used,
    )
