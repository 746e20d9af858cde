"""What is unusual in a rulebook, or not known: said, and not refused."""

from collections.abc import Iterator
from fractions import Fraction

from ledger.money import exact_text
from ledger.rules.book import Rulebook, consequences
from ledger.rules.catalogue import indicators
from ledger.rules.clauses import Judged, Linear, leaves
from ledger.rules.elements import Measure
from ledger.rules.stakes import judged


def warnings(rulebook: Rulebook) -> tuple[str, ...]:
    """What is unusual or unknown but not refused, one sentence each."""
    return (
        *_weights(rulebook),
        *_unknowns(rulebook),
        *_rewards(rulebook),
        *_not_catalogued(rulebook),
    )


def _weights(rulebook: Rulebook) -> Iterator[str]:
    """Sums that are not 100; a sum with something unknown in it is none."""
    weights = [one.weight_percent for one in rulebook.measures]
    known = [weight for weight in weights if isinstance(weight, Fraction)]
    whole = sum(known, Fraction(0))
    if len(known) == len(weights) and whole != 100:
        yield f"the weights of the measures add up to {exact_text(whole)}, not to 100"
    for measure in rulebook.measures:
        shares = [part.share_percent for part in measure.parts]
        parts = [share for share in shares if isinstance(share, Fraction)]
        whole = sum(parts, Fraction(0))
        if parts and len(parts) == len(shares) and whole != 100:
            yield (
                f"the shares of the parts of {measure.id} add up to "
                f"{exact_text(whole)}, not to 100"
            )


def _unknowns(rulebook: Rulebook) -> Iterator[str]:
    """What no source says, and what that blocks."""
    for measure in rulebook.measures:
        if "unknown" in (measure.weight_percent, measure.points):
            yield f"the weight of {measure.id} is not known: no account can open"
        for part in measure.parts:
            if part.share_percent == "unknown":
                yield f"the share of {part.id} is not known: no account can open"
    for one in judged(rulebook):
        if one.test is not None:
            yield from _untested(one.id, one.test)
    for consequence in consequences(rulebook):
        if consequence.percent == "unknown":
            yield (
                f"what {consequence.id} takes off is not known: an award stays open "
                "where it is missed"
            )
        yield from _untested(consequence.id, consequence.test)


def _untested(id: str, test: Judged | str) -> Iterator[str]:
    if test == "unknown":
        yield f"the test of {id} is not known: it stays open"
    for leaf in leaves(test):
        asked = leaf.full_at if isinstance(leaf, Linear) else None
        if "unknown" in (asked, getattr(leaf, "threshold", None)):
            yield f"the threshold of {leaf.id} is not known: it stays open"


def _rewards(rulebook: Rulebook) -> Iterator[str]:
    """A question people asked: is anybody paid for fewer referrals or admissions?"""
    for measure in rulebook.measures:
        if measure.domain == "demand" and _weighs(measure):
            yield (
                f"{measure.id} is about demand and not about quality: it can reward "
                "fewer admissions"
            )


def _not_catalogued(rulebook: Rulebook) -> Iterator[str]:
    """Indicators by which something is earned although nobody defined them here."""
    known = indicators()
    for measure in filter(_weighs, rulebook.measures):
        tests = [measure.test, *(part.test for part in measure.parts)]
        found = {leaf.indicator for test in tests if test for leaf in leaves(test)}
        for indicator in sorted(found - known.keys()):
            yield (
                f"{measure.id} is earned by {indicator}, which the catalogue of "
                "indicators does not define: whether it is about quality or money "
                "cannot be told"
            )


def _weighs(measure: Measure) -> bool:
    return measure.weight_percent != 0
