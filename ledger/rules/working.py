"""Why an award is what it is: a tree of lines, made at reading and never stored."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from ledger.events import AwardLine, AwardReduction, TermsAgreed
from ledger.money import Pence, exact_text, pounds
from ledger.rules.award import AwardRange, Determination
from ledger.rules.book import Rulebook
from ledger.rules.clauses import Clause
from ledger.rules.lines import Line, exact_pounds, render_text, shown, to_json
from ledger.rules.percent import earned_percent, final_percent
from ledger.rules.stakes import Stake, stakes
from ledger.values import value

__all__ = [
    "Line",
    "Opening",
    "award_working",
    "range_working",
    "render_text",
    "to_json",
]


_BASES = {"earned": "what was earned", "maximum": "the maximum"}
_ROUNDED = {"half-up-once": "half up", "down-once": "down"}


@value
class Opening:
    """What a maximum was reckoned from."""

    heads: int
    basis: str  # The population's measure.
    as_at: date
    value_per_head_pence: Pence
    fact: str | None = None  # The record of the heads.


def award_working(
    rulebook: Rulebook,
    opening: Opening,
    determination: Determination,
    judged: Mapping[str, Line],
    evidence: Mapping[str, tuple[str, ...]],
    *,
    terms: TermsAgreed | None = None,
) -> Line:
    """Why an award is what it is; the pence of the lines add up to it, level by level.

    Args:
        judged: The working of each judgement, by measure, reduction or gate. One that
            is absent is shown without its reasons.
        evidence: The records that each judgement used, likewise.
        terms: What was agreed with the body; needed where the rules have a menu.
    """
    earned = {line.measure: line.earned for line in determination.lines}
    percent = earned_percent(rulebook, earned, terms)
    at_stake = {one.id: one for one in stakes(rulebook, terms)}
    maximum = determination.maximum_pence
    taken = {one.clause: one for one in determination.reductions}
    lines = [
        _maximum(rulebook, opening, maximum),
        Line(
            says="Earned before reductions",
            result=pounds(determination.earned_pence),
            pence=determination.earned_pence,
            arithmetic=f"{shown(percent)}% of {pounds(maximum)} is "
            f"{exact_pounds(maximum * percent / 100)}",
            lines=tuple(
                _because(
                    _measure(at_stake[one.measure], one, maximum), judged, evidence
                )
                for one in determination.lines
            ),
        ),
        _reductions(rulebook, determination, taken, judged, evidence),
        _gates(rulebook, determination, taken, judged, evidence),
        _rounding(rulebook, determination, percent),
    ]
    return Line(
        says=f"Award under {rulebook.title}, version {rulebook.version}",
        result=pounds(determination.total_pence),
        pence=determination.total_pence,
        lines=tuple(lines),
    )


def range_working(
    rulebook: Rulebook,
    opening: Opening,
    span: AwardRange,
    judged: Mapping[str, Line],
    evidence: Mapping[str, tuple[str, ...]],
    *,
    terms: TermsAgreed | None = None,
) -> Line:
    """What an award can still be, and which outcomes are known.

    Args:
        judged: The working of each judgement so far; absent where it is open.
        evidence: The records that each judgement used, likewise.
        terms: What was agreed with the body; needed where the rules have a menu.
    """
    maximum = span.certain_pence + span.open_pence + span.lost_pence
    parts = (
        ("Certain: payable whatever the open results are", span.certain_pence),
        ("Open: payable if all of them turn out well", span.open_pence),
        ("Lost: payable in no case", span.lost_pence),
    )
    outcomes = tuple(
        _because(
            Line(says=one.name, result="open", clause=one.id, status=one.status),
            judged,
            evidence,
        )
        for group in (stakes(rulebook, terms), rulebook.reductions, rulebook.gates)
        for one in group
    )
    return Line(
        says=f"What the award can be under {rulebook.title}",
        result=f"{pounds(span.certain_pence)} to "
        f"{pounds(span.certain_pence + span.open_pence)}",
        pence=maximum,
        lines=(
            _maximum(rulebook, opening, maximum),
            *(
                Line(says=says, result=pounds(pence), pence=pence)
                for says, pence in parts
            ),
            Line(says="What is known so far", result="", lines=outcomes),
        ),
    )


def _cited(says: str, result: str, clause: Clause) -> Line:
    return Line(says=says, result=result, clause=clause.id, status=clause.status)


def _because(
    line: Line, judged: Mapping[str, Line], evidence: Mapping[str, tuple[str, ...]]
) -> Line:
    """The line of a clause, with its judgement below it and the records it used."""
    assert line.clause is not None
    reason = judged.get(line.clause)
    if reason is None:
        return replace(line, facts=evidence.get(line.clause, ()))
    result = reason.result if line.result == "open" else line.result
    return replace(
        line,
        result=result,
        facts=evidence.get(line.clause, ()),
        lines=(reason,),
    )


def _maximum(rulebook: Rulebook, opening: Opening, maximum: Pence) -> Line:
    heads = f"{opening.heads:,} heads"
    population = _cited(
        f"Heads: {opening.basis} as at {opening.as_at.isoformat()}",
        f"{opening.heads:,}",
        rulebook.population,
    )
    preferred, *others = rulebook.population.bases
    note = None
    if opening.basis in others:
        note = f"the rules prefer {preferred}"
    elif opening.basis != preferred:
        note = f"no basis of the rules, which ask for {preferred}"
    whole = opening.heads * opening.value_per_head_pence
    capped = (
        f"; the rules pay no more than {pounds(maximum)}" if whole > maximum else ""
    )
    return Line(
        says="The maximum",
        result=pounds(maximum),
        clause=rulebook.value.id,
        status=rulebook.value.status,
        arithmetic=f"{heads} x {pounds(opening.value_per_head_pence)} is "
        f"{pounds(whole)}{capped}",
        lines=(
            replace(
                population,
                facts=(opening.fact,) if opening.fact else (),
                arithmetic=note,
            ),
        ),
    )


def _measure(stake: Stake, line: AwardLine, maximum: Pence) -> Line:
    exact = maximum * stake.weight_percent / 100
    arithmetic = (
        f"{exact_text(stake.weight_percent)}% of {pounds(maximum)} is "
        f"{exact_pounds(exact)}; share earned: {shown(line.earned)}"
    )
    if line.earned_pence != exact * line.earned:
        arithmetic += f"; in whole pence {pounds(line.earned_pence)} stands here"
    return Line(
        says=stake.name,
        result=pounds(line.earned_pence),
        clause=stake.id,
        status=stake.status,
        arithmetic=arithmetic,
        pence=line.earned_pence,
    )


def _reductions(
    rulebook: Rulebook,
    determination: Determination,
    taken: Mapping[str, AwardReduction],
    judged: Mapping[str, Line],
    evidence: Mapping[str, tuple[str, ...]],
) -> Line:
    off = determination.before_gates_pence - determination.earned_pence
    lines: list[Line] = []
    if any(one.id in taken for one in rulebook.reductions):
        lines.extend(
            _cited(reading.says, reading.reading, reading)
            for reading in (rulebook.reduction_base, rulebook.reduction_combination)
        )
    for one in rulebook.reductions:
        line = _cited(one.name, pounds(0), one)
        line = replace(line, pence=0, arithmetic="not missed: nothing is taken off")
        if one.id in taken:
            pence = taken[one.id].pence
            line = replace(
                line,
                result=pounds(-pence),
                pence=-pence,
                arithmetic=f"missed: {exact_text(taken[one.id].percent)}% of "
                + _BASES[rulebook.reduction_base.reading],
            )
        lines.append(_because(line, judged, evidence))
    return Line(says="Reductions", result=pounds(off), pence=off, lines=tuple(lines))


def _gates(
    rulebook: Rulebook,
    determination: Determination,
    taken: Mapping[str, AwardReduction],
    judged: Mapping[str, Line],
    evidence: Mapping[str, tuple[str, ...]],
) -> Line:
    off = determination.total_pence - determination.before_gates_pence
    lines: list[Line] = []
    for one in rulebook.gates:
        line = replace(_cited(one.name, pounds(0), one), pence=0, arithmetic="passed")
        if one.id in taken:
            pence, off_percent = taken[one.id].pence, taken[one.id].percent
            line = replace(
                line,
                result=pounds(-pence),
                pence=-pence,
                arithmetic="failed: takes all that is left"
                if off_percent == 100
                else f"failed: takes {exact_text(off_percent)}% of what is left",
            )
        lines.append(_because(line, judged, evidence))
    return Line(
        says="Gates",
        result=pounds(off),
        pence=off,
        arithmetic=f"{pounds(determination.before_gates_pence)} before gates",
        lines=tuple(lines),
    )


def _rounding(
    rulebook: Rulebook, determination: Determination, percent: Fraction
) -> Line:
    """The exact total before its rounding, which the lines above already contain."""
    missed = {one.clause: True for one in determination.reductions}
    exact = final_percent(rulebook, percent, missed)
    whole = determination.maximum_pence
    return replace(
        _cited("Rounding", pounds(determination.total_pence), rulebook.rounding),
        arithmetic=f"{shown(exact)}% of {pounds(whole)} is "
        f"{exact_pounds(whole * exact / 100)}, "
        f"rounded once, {_ROUNDED[rulebook.rounding.reading]}",
    )
