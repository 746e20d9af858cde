"""What an award is, or can be, on given results under given rules. Records nothing.

An outlook judges everything again from results, not from recorded assessments, so
that rules, heads and results can each be others than those recorded.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from ledger.events import Slices, TermsAgreed
from ledger.money import Pence, exact_text
from ledger.rules.assess import Key, judge, measure_test, needs, outcome
from ledger.rules.award import Determination, determine
from ledger.rules.book import Rulebook
from ledger.rules.clauses import Judged
from ledger.rules.stakes import Stake, stakes, unsettled
from ledger.rules.stakes import slices as shared
from ledger.rules.value import maximum
from ledger.values import value

Kind = Literal["measure", "reduction", "gate"]


@value
class Part:
    """One measure, standard or gate, and the pence it brings or takes.

    Pence of a measure are what it earns before reductions; those of a standard or
    gate are zero or below. Both ends are the same unless something is open.
    """

    id: str
    name: str
    kind: Kind
    outcome: str  # `met`, `not met`, `open`, or the share earned: `0.5 earned`.
    reason: str  # The comparison, or what is missing; empty for several together.
    worst_pence: int  # If all that is open turns out badly.
    best_pence: int  # If all of it turns out well.


@value
class Outlook:
    """What an award is or can be; its parts add up to it, at both ends."""

    title: str
    version: int
    scheme_year: str
    heads: int
    maximum_pence: Pence | None  # None while the value per head is not set.
    parts: tuple[Part, ...]  # In the order of the rules; empty where not settled.
    unsettled: tuple[str, ...]  # Weights not known and menus not agreed.
    worst_pence: Pence
    best_pence: Pence | None  # None where no maximum is known.

    @property
    def open(self) -> tuple[str, ...]:
        """What is open, by clause, in the order of the rules."""
        return tuple(one.id for one in self.parts if one.outcome == "open")


@value
class Compared:
    """One clause under two outlooks; None where one of them does not have it."""

    id: str
    name: str
    kind: Kind
    before: Part | None
    after: Part | None

    @property
    def moves(self) -> bool:
        """Whether its outcome or its pence are others."""
        return _moving(self.before) != _moving(self.after)


def tests(
    rulebook: Rulebook, terms: TermsAgreed | None
) -> Iterator[tuple[str, Judged | None]]:
    """Everything judged for one body, with its test; None while it is not agreed.

    Raises:
        ValueError: If a weight is not known, or a menu is not agreed.
    """
    for stake in stakes(rulebook, terms):
        yield stake.id, measure_test(rulebook, stake.id, terms)
    for reduction in rulebook.reductions:
        yield reduction.id, reduction.test
    for gate in rulebook.gates:
        yield gate.id, gate.test


def keys(rulebook: Rulebook, terms: TermsAgreed | None) -> tuple[Key, ...]:
    """Every result that judging one body reads, in order of use, each once."""
    if unsettled(rulebook, terms):
        return ()
    found = (
        key
        for _, test in tests(rulebook, terms)
        if test is not None
        for key in needs(test, terms)
    )
    return tuple(dict.fromkeys(found))


def outlook(
    rulebook: Rulebook,
    *,
    heads: int,
    values: Mapping[Key, Fraction],
    terms: TermsAgreed | None,
    on: date,
    slices: Slices = (),
) -> Outlook:
    """Judge everything on results, and work out what the award is or can be.

    Args:
        values: The results known; what needs another stays open.
        on: The day it is judged as of.
        slices: The account's, as fixed at opening; without them, or where they are
            of another rulebook's measures, the maximum is shared by weight.
    """
    pending = unsettled(rulebook, terms)
    whole = maximum(rulebook, heads)
    if pending or whole is None:
        return Outlook(
            title=rulebook.title,
            version=rulebook.version,
            scheme_year=rulebook.scheme_year,
            heads=heads,
            maximum_pence=whole,
            parts=(),
            unsettled=pending or (rulebook.value.id,),
            worst_pence=0,
            best_pence=whole,
        )
    at_stake = stakes(rulebook, terms)
    if {one.measure for one in slices} != {one.id for one in at_stake} or whole != sum(
        one.pence for one in slices
    ):
        slices = shared(rulebook, whole, terms)
    judged = {
        name: (None, "not agreed") if test is None else _judged(test, values, terms, on)
        for name, test in tests(rulebook, terms)
    }
    earned = {name: share for name, (share, _) in judged.items()}
    worst = _settled(rulebook, slices, earned, terms, fortunate=False)
    best = _settled(rulebook, slices, earned, terms, fortunate=True)
    return Outlook(
        title=rulebook.title,
        version=rulebook.version,
        scheme_year=rulebook.scheme_year,
        heads=heads,
        maximum_pence=whole,
        parts=tuple(_parts(rulebook, at_stake, judged, worst, best)),
        unsettled=(),
        worst_pence=worst.total_pence,
        best_pence=best.total_pence,
    )


def compared(before: Outlook, after: Outlook) -> tuple[Compared, ...]:
    """Two outlooks, clause by clause: measures, then reductions, then gates.

    Within a kind, those of `before` in their order, then those only `after` has.
    """
    left = {one.id: one for one in before.parts}
    right = {one.id: one for one in after.parts}
    every = {one.id: one for one in (*after.parts, *before.parts)}
    order = (*left, *(one for one in right if one not in left))
    kinds: tuple[Kind, ...] = ("measure", "reduction", "gate")
    return tuple(
        Compared(
            id=one,
            name=every[one].name,
            kind=kind,
            before=left.get(one),
            after=right.get(one),
        )
        for kind in kinds
        for one in order
        if every[one].kind == kind
    )


def _judged(
    test: Judged,
    values: Mapping[Key, Fraction],
    terms: TermsAgreed | None,
    on: date,
) -> tuple[Fraction | None, str]:
    """The share earned, None where it is open, and the comparison."""
    judgement = judge(test, values, terms, on)
    return judgement.earned, judgement.working.arithmetic or ""


def _settled(
    rulebook: Rulebook,
    slices: Slices,
    earned: Mapping[str, Fraction | None],
    terms: TermsAgreed | None,
    *,
    fortunate: bool,
) -> Determination:
    """The award if all that is open turns out well, or all of it badly.

    A percentage that no source says takes nothing, or all.
    """
    percent = Fraction(0 if fortunate else 100)
    known = {
        kind: tuple(
            one.model_copy(update={"percent": percent})
            if one.percent == "unknown"
            else one
            for one in getattr(rulebook, kind)
        )
        for kind in ("reductions", "gates")
    }
    shares = {
        name: Fraction(fortunate) if share is None else share
        for name, share in earned.items()
    }
    missed = {name: share != 1 for name, share in shares.items()}
    return determine(
        rulebook.model_copy(update=known), slices, shares, missed, terms=terms
    )


def _parts(
    rulebook: Rulebook,
    at_stake: tuple[Stake, ...],
    judged: Mapping[str, tuple[Fraction | None, str]],
    worst: Determination,
    best: Determination,
) -> Iterator[Part]:
    kinds: list[tuple[Kind, str, str]] = [
        *(("measure", one.id, one.name) for one in at_stake),
        *(("reduction", one.id, one.name) for one in rulebook.reductions),
        *(("gate", one.id, one.name) for one in rulebook.gates),
    ]
    low, high = _pence(worst), _pence(best)
    for kind, id, name in kinds:
        share, reason = judged[id]
        said: str = outcome(None if share is None else share == 1)
        if share is not None and 0 < share < 1:
            said = f"{exact_text(share)} earned"
        yield Part(
            id=id,
            name=name,
            kind=kind,
            outcome=said,
            reason=reason,
            worst_pence=low.get(id, 0),
            best_pence=high.get(id, 0),
        )


def _pence(determination: Determination) -> dict[str, int]:
    earned = {one.measure: one.earned_pence for one in determination.lines}
    return earned | {one.clause: -one.pence for one in determination.reductions}


def _moving(part: Part | None) -> tuple[str, int, int] | None:
    return None if part is None else (part.outcome, part.worst_pence, part.best_pence)
