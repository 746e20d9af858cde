"""Figures that follow from other published figures, and counts of groups."""

from collections.abc import Sequence
from fractions import Fraction

from ledger.calendar import first_day, scheme_year_paid_in
from ledger.claims.claimed import Claimed
from ledger.claims.inputs import Inputs
from ledger.claims.money import per_head_pence
from ledger.claims.verdicts import Reconciled, Tried, published, settled, shown, unknown
from ledger.rules.lines import Line

ENGLAND = "england"
_YEARS = {"not-paid": 1, "not-paid-two-years": 2, "not-paid-three-years": 3}


def national_share(claim: Claimed, known: Inputs) -> Reconciled:
    """What was paid of the maximum, both as published."""
    year = claim.fact.scheme_year
    paid = known.claim("paid", year, ENGLAND)
    maximum = known.claim("maximum", year, ENGLAND)
    return _divided(claim, paid, maximum, "Paid of the maximum, both as published")


def not_paid(claim: Claimed, known: Inputs) -> Reconciled:
    """Maximum less paid, of the year or of several up to it, all as published.

    The press calls it withheld. It is what was not earned, what was taken off and
    what was withheld by decision; the three were never published apart.
    """
    year = claim.fact.scheme_year
    total, facts, parts = Fraction(0), [], []
    for _ in range(_YEARS[claim.fact.quantity]):
        maximum = known.claim("maximum", year, ENGLAND)
        paid = known.claim("paid", year, ENGLAND)
        if maximum is None or paid is None:
            return unknown(claim, f"no maximum or sum paid of {year} is recorded")
        total += (published(maximum) or 0) - (published(paid) or 0)
        facts += [maximum.record, paid.record]
        parts.append(f"({maximum.fact.as_published} - {paid.fact.as_published})")
        year = scheme_year_paid_in(year)
    tried = Tried(
        says="Maximum less paid, all as published",
        arithmetic=" + ".join(reversed(parts)),
        gives=total,
        facts=tuple(facts),
    )
    return settled(claim, tried)


def shortfall(claim: Claimed, known: Inputs) -> Reconciled:
    """By how much a standard was missed: threshold less result, both as published."""
    fact = claim.fact
    threshold = known.claim("threshold-of-red-1", fact.scheme_year, fact.about)
    result = known.claim("result-of-red-1", fact.scheme_year, fact.about)
    if threshold is None or result is None:
        return unknown(claim, "the threshold or the result is not recorded")
    tried = Tried(
        says="Threshold less result, both as published",
        arithmetic=f"{threshold.fact.as_published} - {result.fact.as_published}",
        gives=(threshold.fact.value or Fraction(0))
        - (result.fact.value or Fraction(0)),
        facts=(threshold.record, result.record),
    )
    return settled(claim, tried)


def survey_value(claim: Claimed, known: Inputs) -> Reconciled:
    """A measure in cash per head: its weight of the value per head."""
    year = claim.fact.scheme_year
    weight = known.claim("weight-of-survey-measure", year, ENGLAND)
    value = per_head_pence(known, year)
    says = "The measure's weight of the value per head"
    if value is None:
        year = scheme_year_paid_in(year)
        value = per_head_pence(known, year)
        says = f"The measure's weight of the value per head of {year}"
    if weight is None or weight.fact.value is None or value is None:
        return unknown(claim, "its weight or the value per head is not recorded")
    tried = Tried(
        says=says,
        arithmetic=f"{weight.fact.as_published} x £{value[0] / 100}",
        gives=value[0] * weight.fact.value,
        facts=(value[1], weight.record),
    )
    return settled(claim, tried)


def points(claim: Claimed, known: Inputs) -> Reconciled:
    """Points times the value of a point, both as published."""
    fact = claim.fact
    count = known.claim("points", fact.scheme_year, fact.about)
    value = known.claim("value-per-point", fact.scheme_year, fact.about)
    if count is None or value is None:
        return unknown(claim, "points or the value of a point are not recorded")
    tried = Tried(
        says="Points times the value of a point",
        arithmetic=f"{count.fact.as_published} x {value.fact.as_published}",
        gives=(count.fact.value or 0) * Fraction(value.fact.amount_pence or 0),
        facts=(count.record, value.record),
    )
    return settled(claim, tried)


def share_of_each(claim: Claimed, known: Inputs) -> Reconciled:
    """A share of a contract, the same for each of the most indicators allowed."""
    fact = claim.fact
    whole = known.claim("share-of-contract", fact.scheme_year, fact.about)
    count = known.claim("indicators-at-most", fact.scheme_year, fact.about)
    return _divided(claim, whole, count, "The share over the most indicators")


def groups(claim: Claimed, known: Inputs) -> Reconciled:
    """How many groups there were, on the first day of the scheme year."""
    fact = claim.fact
    day = first_day(fact.scheme_year)
    england = fact.about == ENGLAND
    found = known.open_on(day) if england else known.north_west(fact.scheme_year)
    if not found:
        return unknown(claim, "no group is recorded")
    tried = Tried(
        says=f"Groups recorded as open on {day}",
        arithmetic="counted" if england else "four area teams, and 01H",
        gives=Fraction(len(found)),
        facts=tuple(f"body/{one.body}@1" for one in found[:3]) if not england else (),
    )
    return settled(claim, tried)


def share_of_groups(claim: Claimed, known: Inputs) -> Reconciled:
    """A share of all groups: their number, as published, of the groups open."""
    fact = claim.fact
    counted = known.claim(
        fact.quantity.removeprefix("share-of-"), fact.scheme_year, fact.about
    )
    open_groups = len(known.open_on(first_day(fact.scheme_year)))
    if counted is None or counted.fact.value is None or not open_groups:
        return unknown(claim, "no number of groups that did so was published")
    tried = Tried(
        says="The number published, of the groups open",
        arithmetic=f"{counted.fact.as_published} / {open_groups}",
        gives=counted.fact.value / open_groups,
        facts=(counted.record,),
    )
    return settled(claim, tried)


def heads(claim: Claimed, known: Inputs) -> Reconciled:
    """Heads of a group, or of an average one, beside the populations recorded."""
    fact = claim.fact
    if fact.about == "average-practice":
        return unknown(claim, "an illustration: no practice's list is recorded")
    if fact.about != "average-group":
        held = known.heads_of(fact.about, fact.scheme_year)
        tried = [_heads(one.measure, str(one.as_at), one.heads) for one in held]
        return settled(claim, *tried) if tried else unknown(claim, "no heads recorded")
    tried = [
        _heads(f"{one.measure} over {one.groups} groups", str(one.as_at),
               one.heads / one.groups)
        for one in known.heads_together(fact.scheme_year)
    ]  # fmt: skip
    tried += _implied(claim, known)
    return settled(claim, *tried) if tried else unknown(claim, "no heads recorded")


def never_published(claim: Claimed, known: Inputs) -> Reconciled:
    """What would decide it was published for no group."""
    return unknown(
        claim,
        "no table of awards or results for each group was published",
        _bound(claim),
    )


def taken_as_given(claim: Claimed, known: Inputs) -> Reconciled:
    """A figure that others rest on; nothing else recorded gives it."""
    return unknown(claim, "taken as printed: nothing else recorded gives it")


def _bound(claim: Claimed) -> Sequence[Line]:
    number = published(claim)
    if number is None:
        return ()
    return (Line(says="Published alone", result=shown(claim, number)),)


def _heads(measure: str, day: str, number: Fraction) -> Tried:
    return Tried(
        says=f"{measure.removeprefix('population.')}, {day}",
        arithmetic="heads recorded",
        gives=number,
    )


def _implied(claim: Claimed, known: Inputs) -> list[Tried]:
    """What a published maximum says of the same heads."""
    year = claim.fact.scheme_year
    value = per_head_pence(known, year)
    national = known.claim("maximum", year, ENGLAND)
    average = known.claim("maximum", year, "average-group")
    found = []
    count = len(known.open_on(first_day(year)))
    for one, over in ((national, count), (average, 1)):
        if one is not None and one.fact.amount_pence and value and over:
            found.append(
                Tried(
                    says=f"{one.fact.claim} implies",
                    arithmetic=f"{one.fact.as_published} / £{value[0] / 100} / {over}",
                    gives=Fraction(one.fact.amount_pence) / value[0] / over,
                    facts=(one.record,),
                )
            )
    return found


def _divided(
    claim: Claimed, above: Claimed | None, below: Claimed | None, says: str
) -> Reconciled:
    top = published(above) if above else None
    bottom = published(below) if below else None
    if above is None or below is None or top is None or not bottom:
        return unknown(claim, "one of the two figures it rests on is not recorded")
    tried = Tried(
        says=says,
        arithmetic=f"{above.fact.as_published} / {below.fact.as_published}",
        gives=top / bottom,
        facts=(above.record, below.record),
    )
    return settled(claim, tried)
