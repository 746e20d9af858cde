"""Figures about the rules themselves, held against the rulebooks recorded."""

from collections.abc import Mapping
from fractions import Fraction

from ledger.claims.claimed import Claimed
from ledger.claims.inputs import Inputs
from ledger.claims.verdicts import Reconciled, Tried, settled, unknown
from ledger.money import exact_text
from ledger.rules.book import Rulebook, clause
from ledger.rules.clauses import Clause, Status
from ledger.values import value

Term = tuple[str, str]
"""A clause, and the field of it that is meant."""

_ITEMS, _BROAD = "amr.items", "amr.broad-spectrum"

FIGURES: Mapping[str, tuple[Term, ...]] = {
    "weight-of-antibiotics": (("amr", "weight_percent"),),
    "weight-of-survey-measure": (("gp-survey", "weight_percent"),),
    "share-of-total-items-part": ((_ITEMS, "share_percent"),),
    "share-of-broad-spectrum-part": ((_BROAD, "share_percent"),),
    "fall-of-total-items": ((f"{_ITEMS}.fall", "threshold"),),
    "fall-of-broad-spectrum": ((f"{_BROAD}.fall", "threshold"),),
    "threshold-of-broad-spectrum": (
        (f"{_BROAD}.median", "threshold"),
        (f"{_BROAD}.level", "threshold"),
    ),
    "threshold-of-broad-spectrum-on-poster": ((f"{_BROAD}.median", "threshold"),),
    "threshold-of-red-1": (("constitution.red-1.standard", "threshold"),),
    "reduction-of-red-1": (("constitution.red-1", "percent"),),
}
"""Quantity -> where a rulebook states it in per cent; the first that is there."""

LEVELS: Mapping[str, Term] = {
    "threshold-of-total-items": (f"{_ITEMS}.mean", "threshold")
}
"""Quantity -> where a rulebook states it as it is."""


@value
class Share:
    """What share of a maximum a quantity is, and who says so."""

    share: Fraction
    says: str
    facts: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    status: Status | None = None


def figure(claim: Claimed, known: Inputs) -> Reconciled:
    """A weight, share, fall or threshold as the rulebook of the year states it."""
    fact = claim.fact
    held = known.rulebooks.get(fact.scheme_year)
    if held is None:
        return unknown(claim, f"no rulebook of {fact.scheme_year} is recorded")
    record, rulebook = held
    percent = FIGURES.get(fact.quantity, ())
    for name, field in (*percent, *filter(None, (LEVELS.get(fact.quantity),))):
        found = _clause(rulebook, name)
        number = getattr(found, field, None)
        if found is None or not isinstance(number, Fraction):
            continue
        tried = Tried(
            says=f"{rulebook.title}, {field.replace('_', ' ')}",
            arithmetic=found.says,
            gives=number / (100 if percent else 1),
            facts=(record,),
            clause=name,
            status=found.status,
        )
        return settled(claim, tried)
    return unknown(claim, f"{rulebook.title} does not state it")


def value_per_head(claim: Claimed, known: Inputs) -> Reconciled:
    """A value per head as the rulebook of the year states it."""
    held = known.rulebooks.get(claim.fact.scheme_year)
    if held is None or held[1].value.pence_per_head is None:
        return unknown(
            claim, f"no rulebook of {claim.fact.scheme_year} recorded sets a value"
        )
    record, rulebook = held
    tried = Tried(
        says=rulebook.title,
        arithmetic=rulebook.value.says,
        gives=Fraction(rulebook.value.pence_per_head or 0),
        facts=(record,),
        clause=rulebook.value.id,
        status=rulebook.value.status,
    )
    return settled(claim, tried)


def split(claim: Claimed, known: Inputs) -> Reconciled:
    """The weights of all local measures together, or of all national ones."""
    local = claim.fact.quantity == "weight-of-local-measures"
    held = known.rulebooks.get(claim.fact.scheme_year)
    if held is None:
        return unknown(claim, f"no rulebook of {claim.fact.scheme_year} is recorded")
    record, rulebook = held
    weights = {
        one.id: one.weight_percent
        for one in rulebook.measures
        if one.id.startswith("local") is local
        and isinstance(one.weight_percent, Fraction)
    }
    tried = Tried(
        says=f"{rulebook.title}, weights of {', '.join(weights)}",
        arithmetic=" + ".join(f"{exact_text(w)}" for w in weights.values()),
        gives=Fraction(sum(weights.values())) / 100,
        facts=(record,),
    )
    return settled(claim, tried)


def weight_of(quantity: str, year: str, known: Inputs) -> Share | None:
    """What share of a maximum a quantity stands for; None where it is not recorded."""
    if quantity in ("maximum", "maximum-forecast"):
        return Share(share=Fraction(1), says="")
    terms = {
        "maximum-of-local-measures": "local measures",
        "maximum-of-antibiotic-measure": "antibiotic measure",
        "maximum-of-trimethoprim-parts": "both trimethoprim parts",
        "maximum-of-total-items-part": "total items",
    }
    if quantity not in terms:
        return None
    says = terms[quantity]
    if quantity in ("maximum-of-local-measures", "maximum-of-antibiotic-measure"):
        of = "local-measures" if quantity.endswith("local-measures") else "antibiotics"
        claimed = known.claim(f"weight-of-{of}", year, "england")
        if claimed is None or claimed.fact.value is None:
            return None
        return Share(share=claimed.fact.value, says=says, facts=(claimed.record,))
    return _of_infection(quantity, year, known, says)


def _of_infection(quantity: str, year: str, known: Inputs, says: str) -> Share | None:
    """Parts of the measure of bloodstream infections, by the rulebook of the year."""
    held = known.rulebooks.get(year)
    if held is None:
        return None
    names = (
        ("infection.ratio", "infection.over-70")
        if quantity == "maximum-of-trimethoprim-parts"
        else ("infection.items",)
    )
    whole = getattr(_clause(held[1], "infection"), "weight_percent", None)
    parts = [getattr(_clause(held[1], one), "share_percent", None) for one in names]
    if not isinstance(whole, Fraction):
        return None
    shares = [one for one in parts if isinstance(one, Fraction)]
    if len(shares) != len(names):
        return None
    share = whole * Fraction(sum(shares)) / 10_000
    return Share(
        share=share, says=says, facts=(held[0],), clauses=("infection", *names)
    )


def _clause(rulebook: Rulebook, name: str) -> Clause | None:
    try:
        return clause(rulebook, name)
    except KeyError:
        return None
