"""From what was tried to a verdict. Agreement is never forced.

A figure agrees if something recorded gives it exactly, or once rounded as it was
printed. Where it rests on a basis, every basis held is tried, and the verdict says
which of them fits.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import field
from fractions import Fraction
from typing import Literal

from ledger.claims.claimed import Claimed
from ledger.money import exact_text, pounds, round_half_up
from ledger.rules.clauses import Status
from ledger.rules.lines import Line
from ledger.values import value

Verdict = Literal[
    "agrees",
    "agrees when rounded",
    "fits only one basis",
    "cannot be reached",
    "unknown",
]
Near = Literal["exact", "when rounded", "no"]

WORDS: dict[str, tuple[Fraction, Fraction]] = {
    "just over a quarter": (Fraction(1, 4), Fraction(3, 10)),
    "around three-quarters": (Fraction(7, 10), Fraction(4, 5)),
}
"""Words printed in place of a figure -> above what, and up to what, we take them."""

NEAR = Fraction(2, 100)
"""How far beyond the populations recorded another one may lie before we say that it
cannot: a running-cost population sits near its list (dossier, section 13)."""


@value
class Tried:
    """One computation: what it gives, on which basis, and from which records."""

    says: str
    arithmetic: str
    gives: Fraction  # In pence for money, otherwise a number.
    basis: str | None = None
    facts: tuple[str, ...] = ()
    clause: str | None = None
    status: Status | None = None


@value
class Reconciled:
    """A published figure, and whether what is recorded gives it."""

    claim: Claimed
    verdict: Verdict
    basis: str | None  # Which basis fits; None where no basis decides.
    why: str  # One sentence.
    working: Line
    at_odds_with: tuple[str, ...] = field(default=())  # Claims that cannot hold beside.


def is_money(claim: Claimed) -> bool:
    """Whether a figure is a sum of money."""
    return claim.fact.amount_pence is not None


def published(claim: Claimed) -> Fraction | None:
    """The figure, in pence for money; None where words stand in its place."""
    fact = claim.fact
    return fact.value if fact.amount_pence is None else Fraction(fact.amount_pence)


def unit(claim: Claimed) -> Fraction:
    """The unit of a figure's last printed digit; of 32% it is a hundredth.

    An amount says its own. A count is printed in full.
    """
    fact = claim.fact
    if fact.amount_pence is not None:
        return Fraction(fact.rounded_to_pence or 1)
    number = re.search(r"[0-9][0-9,]*(?:\.([0-9]+))?(%?)", fact.as_published)
    if number is None:
        return Fraction(1)
    places = len(number[1] or "") + (2 if number[2] else 0)
    return Fraction(1, 10**places)


def near(claim: Claimed, gives: Fraction) -> Near:
    """Whether a computed figure is the published one, exactly or once rounded."""
    printed, said = published(claim), claim.fact.as_published
    if printed is None:
        above, up_to = WORDS.get(said, (None, None))
        inside = above is not None and up_to is not None and above < gives <= up_to
        return "when rounded" if inside else "no"
    if said.startswith("more than "):
        return "when rounded" if printed < gives <= printed * (1 + NEAR) else "no"
    if gives == printed:
        return "exact"
    step = unit(claim)
    return "when rounded" if round_half_up(gives / step) * step == printed else "no"


def shown(claim: Claimed, number: Fraction) -> str:
    """A computed figure for people, in the kind of the published one."""
    if is_money(claim):
        whole = round_half_up(number)
        return f"{'' if number == whole else 'about '}{pounds(whole)}"
    if claim.fact.value is None or "%" in claim.fact.as_published:
        return f"{_short(number * 100)}%"
    return f"{number.numerator:,}" if number.denominator == 1 else _short(number)


def settled(claim: Claimed, *tried: Tried, why: str = "") -> Reconciled:
    """The verdict on everything that was tried; each stands in the working.

    Args:
        tried: At least one.
        why: Said where nothing fits, in place of the usual sentence.
    """
    assert tried, "an untried figure is unknown"
    nears = [(near(claim, one.gives), one) for one in tried]
    exact = [one for how, one in nears if how == "exact"]
    fitting = exact or [one for how, one in nears if how == "when rounded"]
    bases = _names(one.basis for one in tried)
    fits = _names(one.basis for one in fitting)
    verdict: Verdict
    if not fitting:
        verdict = "cannot be reached"
        closest = min(tried, key=lambda one: abs(one.gives - (published(claim) or 0)))
        says = (
            why or f"nothing recorded gives it; nearest {shown(claim, closest.gives)}"
        )
    elif len(fits) == 1 and len(bases) > 1 and not exact:
        verdict = "fits only one basis"
        others = ", ".join(name for name in bases if name not in fits)
        says = f"{_said(claim, fitting[0])}, when rounded; {others} do not give it"
    else:
        verdict = "agrees" if exact else "agrees when rounded"
        says = _said(claim, fitting[0])
        if fits:
            says = f"on {' and '.join(fits)}: {says}"
    return Reconciled(
        claim=claim,
        verdict=verdict,
        basis=" and ".join(fits) or None,
        why=says,
        working=working(claim, verdict, [line(claim, one) for one in tried]),
    )


def unknown(claim: Claimed, why: str, lines: Sequence[Line] = ()) -> Reconciled:
    """What would decide it is not recorded; lines say what is known all the same."""
    return _without_basis(claim, "unknown", why, lines)


def unreachable(claim: Claimed, why: str, lines: Sequence[Line]) -> Reconciled:
    """No rule gives it, whatever else is true."""
    return _without_basis(claim, "cannot be reached", why, lines)


def _without_basis(
    claim: Claimed, verdict: Verdict, why: str, lines: Sequence[Line]
) -> Reconciled:
    held = working(claim, verdict, lines)
    return Reconciled(claim=claim, verdict=verdict, basis=None, why=why, working=held)


def working(claim: Claimed, verdict: Verdict, lines: Sequence[Line]) -> Line:
    """The figure as printed, and below it what it was held against."""
    fact = claim.fact
    says = f"{fact.quantity} {fact.scheme_year} {fact.about}: {fact.as_published}"
    return Line(says=says, result=verdict, facts=(claim.record,), lines=tuple(lines))


def line(claim: Claimed, one: Tried) -> Line:
    """One computation as a line: what it gives, and how near that is."""
    return Line(
        says=f"{one.basis}: {one.says}" if one.basis else one.says,
        result=f"{shown(claim, one.gives)}  {near(claim, one.gives)}",
        arithmetic=one.arithmetic,
        facts=one.facts,
        clause=one.clause,
        status=one.status,
    )


def _said(claim: Claimed, one: Tried) -> str:
    """A computation and what it gives, in short."""
    return f"{one.says}: {shown(claim, one.gives)}"


def _names(bases: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(one for one in bases if one is not None))


def _short(number: Fraction) -> str:
    """At most four decimals, cut off and marked."""
    text = exact_text(number)
    if "/" not in text and len(text.partition(".")[2]) <= 4:
        return text
    cut = abs(number.numerator) * 10_000 // number.denominator
    return f"{'-' if number < 0 else ''}{cut // 10_000}.{cut % 10_000:04d}..."
