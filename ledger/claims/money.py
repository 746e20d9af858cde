"""Maxima and losses: heads times a value per head times a share of the maximum."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from ledger.calendar import first_day
from ledger.claims.claimed import Claimed
from ledger.claims.inputs import Heads, Inputs
from ledger.claims.rules import weight_of
from ledger.claims.verdicts import (
    NEAR,
    Reconciled,
    Tried,
    line,
    near,
    published,
    settled,
    unknown,
)
from ledger.money import exact_text, pounds
from ledger.rules.lines import Line

ENGLAND, AVERAGE = "england", "average-group"


def per_head_pence(known: Inputs, year: str) -> tuple[Fraction, str] | None:
    """The value per head of a scheme year, and its record: the rules', or a claim's."""
    held = known.rulebooks.get(year)
    if held is not None and held[1].value.pence_per_head is not None:
        return Fraction(held[1].value.pence_per_head), held[0]
    claimed = known.claim("value-per-head", year, ENGLAND)
    if claimed is None or claimed.fact.amount_pence is None:
        return None
    return Fraction(claimed.fact.amount_pence), claimed.record


def part(claim: Claimed, known: Inputs) -> Reconciled:
    """A maximum of England, a group or an average one, or a measure's part of it."""
    fact = claim.fact
    value = per_head_pence(known, fact.scheme_year)
    if value is None:
        return unknown(claim, f"no value per head of {fact.scheme_year} is recorded")
    share = weight_of(fact.quantity, fact.scheme_year, known)
    if share is None:
        return unknown(
            claim, f"no weight for {fact.quantity} in {fact.scheme_year} is recorded"
        )
    bases = heads_for(claim, known)
    if not bases:
        return unknown(claim, f"no heads of {fact.about} are recorded")
    tried = [
        _product(one, value, share.share, share.says, share.facts) for one in bases
    ]
    found = settled(claim, *tried)
    if share.share == 1:
        found = _with_heads_implied(found, value[0])
    if share.share != 1 and found.verdict == "cannot be reached":
        found = _with_share_needed(found, bases, value[0])
    if found.verdict != "cannot be reached" or fact.about.startswith("average"):
        return found
    return _other_heads(claim, bases, value[0] * share.share, tried) or found


def _with_heads_implied(found: Reconciled, pence_per_head: Fraction) -> Reconciled:
    """Before what was tried, the heads at which the figure is exact."""
    heads = (published(found.claim) or Fraction(0)) / pence_per_head
    implied = Line(
        says=f"At {pounds(pence_per_head.numerator)} a head it implies",
        result=_people(heads),
    )
    lines = (implied, *found.working.lines)
    return replace(found, working=replace(found.working, lines=lines))


def _with_share_needed(
    found: Reconciled, bases: Sequence[Heads], pence_per_head: Fraction
) -> Reconciled:
    """Beside what was tried, the share of the maximum that would give the figure."""
    first = bases[0]
    share = (published(found.claim) or Fraction(0)) / (first.heads * pence_per_head)
    needed = Line(
        says=f"On {first.measure.removeprefix('population.')} it would need a share of "
        "the maximum, which no source states, of",
        result=f"about {percent_text(share)}",
    )
    lines = (*found.working.lines, needed)
    return replace(found, working=replace(found.working, lines=lines))


def loss(claim: Claimed, known: Inputs) -> Reconciled:
    """What one missed standard costs: a percentage of the full maximum of groups."""
    fact = claim.fact
    value = per_head_pence(known, fact.scheme_year)
    reduction = known.claim("reduction-of-red-1", fact.scheme_year, fact.about)
    if value is None or reduction is None or reduction.fact.value is None:
        return unknown(claim, "the value per head or the percentage is not recorded")
    groups = known.north_west(fact.scheme_year)
    bases = known.heads_together(
        fact.scheme_year, frozenset(one.body for one in groups)
    )
    if not bases:
        return unknown(claim, "no heads of these groups are recorded")
    percent = reduction.fact.value
    says = f"{len(groups)} groups, {exact_text(percent * 100)}% of the full maximum"
    return settled(
        claim,
        *[
            _product(one, value, percent, says, (reduction.record,))
            for one in _nearest_a_basis(claim, bases, value[0] * percent)
        ],
    )


def running_cost(claim: Claimed, known: Inputs) -> Reconciled:
    """An allowance for running costs: the heads that it implies, beside those held."""
    fact = claim.fact
    per_head = known.claim("running-cost-per-head", fact.scheme_year, ENGLAND)
    if per_head is None or not per_head.fact.amount_pence or fact.amount_pence is None:
        return unknown(claim, "no allowance a head is recorded")
    implied = Fraction(fact.amount_pence, per_head.fact.amount_pence)
    pence = per_head.fact.amount_pence
    lines = [
        Line(
            says=f"At {pounds(pence)} a head it implies",
            result=_people(implied),
            arithmetic=f"{pounds(fact.amount_pence)} / {pounds(pence)}",
            facts=(per_head.record,),
        )
    ]
    bases = known.heads_of(fact.about, fact.scheme_year)
    lines += [
        _beside(one, implied)
        for one in _nearest_a_basis(claim, bases, Fraction(pence))
        if one.basis != "the running-cost population"
    ]
    why = (
        f"it implies {_people(implied)}; the population it was set on "
        "was published for no group"
    )
    return unknown(claim, why, lines)


def heads_for(claim: Claimed, known: Inputs) -> list[Heads]:
    """The heads a figure may rest on; of many days, the nearest of each measure.

    Where the same page gives the heads, it is those and no others.
    """
    fact = claim.fact
    said = known.claim("heads", fact.scheme_year, fact.about)
    if said is not None and said.fact.source == fact.source and said.fact.value:
        return [_claimed(said)]
    if fact.about == ENGLAND:
        bases: Sequence[Heads] = known.heads_together(fact.scheme_year)
    elif fact.about == AVERAGE:
        bases = list(_averages(known, fact.scheme_year))
        bases += [_claimed(said)] if said is not None and said.fact.value else []
    else:
        bases = known.heads_of(fact.about, fact.scheme_year)
    value = per_head_pence(known, fact.scheme_year)
    share = weight_of(fact.quantity, fact.scheme_year, known)
    if value is None or share is None:
        return list(bases)
    return _nearest_a_basis(claim, bases, value[0] * share.share)


def _averages(known: Inputs, year: str) -> Iterator[Heads]:
    """Heads of an average group: recorded totals, and the published maximum."""
    for one in known.heads_together(year):
        if one.as_at >= first_day(year) if one.as_at else False:
            yield Heads(
                basis=one.basis,
                measure=f"{one.measure}, over {one.groups} groups",
                as_at=one.as_at,
                heads=one.heads / one.groups,
                groups=1,
                record=one.record,
            )
    national = known.claim("maximum", year, ENGLAND)
    value = per_head_pence(known, year)
    groups = len(known.open_on(first_day(year)))
    if national is not None and national.fact.amount_pence and value and groups:
        yield Heads(
            basis="the published national maximum",
            measure=f"{national.fact.claim}, over {groups} groups",
            as_at=None,
            heads=Fraction(national.fact.amount_pence) / value[0] / groups,
            groups=1,
            record=national.record,
        )


def _claimed(said: Claimed) -> Heads:
    assert said.fact.value is not None
    return Heads(
        basis="the heads that the page gives",
        measure=said.fact.claim,
        as_at=None,
        heads=said.fact.value,
        groups=1,
        record=said.record,
    )


def _nearest_a_basis(
    claim: Claimed, bases: Sequence[Heads], pence_per_head: Fraction
) -> list[Heads]:
    """Of each measure the day nearest the year's start, and before it one that fits.

    Where no day fits it is the one that comes nearest, beside the year's start.
    """
    wanted = published(claim) or Fraction(0)
    start = first_day(claim.fact.scheme_year)
    of_measure: dict[str, list[Heads]] = {}
    for one in bases:
        of_measure.setdefault(one.measure, []).append(one)
    found: list[Heads] = []
    for days in of_measure.values():
        days.sort(key=lambda one: abs((one.as_at or start) - start))
        fits = [one for one in days if near(claim, one.heads * pence_per_head) != "no"]
        nearest = min(days, key=lambda one: abs(one.heads * pence_per_head - wanted))
        first = fits[0] if fits else nearest
        found += [first] if first is days[0] else [first, days[0]]
    return found


def _product(
    one: Heads,
    value: tuple[Fraction, str],
    share: Fraction,
    says: str,
    facts: tuple[str, ...],
) -> Tried:
    day = f", {one.as_at}" if one.as_at else ""
    of = f" ({says})" if says else ""
    times = "" if share == 1 else f" x {exact_text(share * 100)}%"
    records = (value[1], *facts, *((one.record,) if one.record else ()))
    return Tried(
        says=f"{one.measure.removeprefix('population.')}{day}{of}",
        arithmetic=f"{_people(one.heads)} x {pounds(value[0].numerator)}{times}",
        gives=one.heads * value[0] * share,
        basis=one.basis,
        facts=tuple(dict.fromkeys(records)),
    )


def _other_heads(
    claim: Claimed,
    bases: Sequence[Heads],
    pence_per_head: Fraction,
    tried: Sequence[Tried],
) -> Reconciled | None:
    """Unknown, where a population that is not recorded could still give the figure."""
    wanted = (published(claim) or Fraction(0)) / pence_per_head
    counts = [one.heads for one in bases]
    if not min(counts) * (1 - NEAR) <= wanted <= max(counts) * (1 + NEAR):
        return None
    why = (
        f"it needs about {round(wanted):,} heads: no population recorded is that, and "
        f"one between {round(min(counts)):,} and {round(max(counts)):,} may have been"
    )
    return unknown(claim, why, [line(claim, one) for one in tried])


def _beside(one: Heads, implied: Fraction) -> Line:
    return Line(
        says=f"{one.basis}: {one.measure.removeprefix('population.')}, {one.as_at}",
        result=_people(one.heads),
        arithmetic=f"the heads implied are {percent_text(implied / one.heads)} of it",
        facts=(one.record,) if one.record else (),
    )


def _people(heads: Fraction) -> str:
    whole = heads.denominator == 1
    return f"{'' if whole else 'about '}{round(heads):,} heads"


def percent_text(share: Fraction) -> str:
    """A share as a percentage with one decimal, cut off: for people."""
    tenths = share.numerator * 1_000 // share.denominator
    return f"{tenths // 10}.{tenths % 10}%"
