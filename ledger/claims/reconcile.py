"""Every published figure reconciled: by its quantity, then beside the others."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ledger.claims import awards, money, rules, sums
from ledger.claims.claimed import Claimed
from ledger.claims.inputs import Inputs
from ledger.claims.verdicts import Reconciled, published

Reconcile = Callable[[Claimed, Inputs], Reconciled]

BY_QUANTITY: Mapping[str, Reconcile] = {
    "maximum": money.part,
    "maximum-forecast": money.part,
    "maximum-of-local-measures": money.part,
    "maximum-of-antibiotic-measure": money.part,
    "maximum-of-trimethoprim-parts": money.part,
    "maximum-of-total-items-part": money.part,
    "loss-expected": money.loss,
    "running-cost-allowance": money.running_cost,
    "award": awards.award,
    "received": awards.award,
    "share-of-maximum": awards.share,
    "paid": sums.never_published,
    "not-paid": sums.not_paid,
    "not-paid-two-years": sums.not_paid,
    "not-paid-three-years": sums.not_paid,
    "value-per-head": rules.value_per_head,
    "value-per-head-of-survey-measure": sums.survey_value,
    "weight-of-local-measures": rules.split,
    "weight-of-national-measures": rules.split,
    "shortfall-of-red-1": sums.shortfall,
    "groups": sums.groups,
    "groups-as-counted-beside-local-measures": sums.groups,
    "groups-with-nothing": sums.never_published,
    "groups-at-or-below-half": sums.never_published,
    "heads": sums.heads,
    "share-of-contract-of-each": sums.share_of_each,
}
"""Quantity -> what it is held against; of figures about the rules, see rules.py."""

AT_ODDS: tuple[tuple[str, str], ...] = (
    ("running-cost-per-head", "running-cost-per-head-as-replied"),
    ("groups", "groups-as-counted-beside-local-measures"),
    ("share-of-maximum", "award"),
    ("threshold-of-broad-spectrum", "threshold-of-broad-spectrum-on-poster"),
)
"""Quantities of one body and year that are about the same thing."""


def reconciled(known: Inputs) -> tuple[Reconciled, ...]:
    """Every claim with its verdict, in order of ids, and the claims at odds with it."""
    found = {name: one_of(known.claims[name], known) for name in sorted(known.claims)}
    odds: dict[str, set[str]] = {name: set() for name in found}
    for one, other in _pairs(found):
        odds[one].add(other)
        odds[other].add(one)
    return tuple(
        replace(one, at_odds_with=tuple(sorted(odds[name])))
        for name, one in found.items()
    )


def one_of(claim: Claimed, known: Inputs) -> Reconciled:
    """One claim with its verdict, apart from the others."""
    fact = claim.fact
    if fact.quantity == "maximum" and known.claim(
        "value-per-point", fact.scheme_year, fact.about
    ):
        return sums.points(claim, known)
    if fact.quantity == "share-of-maximum" and fact.about == sums.ENGLAND:
        return sums.national_share(claim, known)
    if fact.quantity.startswith("share-of-groups-"):
        return sums.share_of_groups(claim, known)
    if fact.quantity.startswith("groups-meeting-"):
        return sums.never_published(claim, known)
    if fact.quantity in rules.FIGURES or fact.quantity in rules.LEVELS:
        return rules.figure(claim, known)
    return BY_QUANTITY.get(fact.quantity, sums.taken_as_given)(claim, known)


def _pairs(found: Mapping[str, Reconciled]) -> list[tuple[str, str]]:
    """Claims that cannot both hold, or rest on bases that exclude each other."""
    pairs: list[tuple[str, str]] = []
    ids = {
        (one.claim.fact.quantity, one.claim.fact.scheme_year, one.claim.fact.about): id
        for id, one in found.items()
    }
    for (quantity, year, about), name in ids.items():
        for first, second in AT_ODDS:
            other = ids.get((second, year, about))
            if quantity == first and other and _differ(found[name], found[other]):
                pairs.append((name, other))
    bound = [one for one in found.values() if one.verdict == "fits only one basis"]
    pairs += [
        (one.claim.fact.claim, other.claim.fact.claim)
        for at, one in enumerate(bound)
        for other in bound[at + 1 :]
        if one.basis != other.basis
        and one.claim.fact.scheme_year == other.claim.fact.scheme_year
    ]
    return pairs + _averages(ids, found)


def _differ(one: Reconciled, other: Reconciled) -> bool:
    """Whether two figures of one thing are two, or cannot be reached together."""
    if one.claim.fact.quantity == "share-of-maximum":
        return "cannot be reached" in (one.verdict, other.verdict)
    return published(one.claim) != published(other.claim)


def _averages(
    ids: Mapping[tuple[str, str, str], str], found: Mapping[str, Reconciled]
) -> list[tuple[str, str]]:
    """An average that the published national maximum or another average contradicts."""
    pairs: list[tuple[str, str]] = []
    for (quantity, year, about), name in ids.items():
        if about != "average-group" or found[name].verdict != "cannot be reached":
            continue
        national = ids.get(("maximum", year, "england"))
        if national is not None:
            pairs.append((name, national))
        other = ids.get(("maximum", year, about))
        if quantity == "heads" and other is not None:
            pairs.append((name, other))
    return pairs
