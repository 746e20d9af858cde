"""What a group is awarded under the rules of 2013/14, worked out with pen and paper.

The figures are those of the dossier (sections 2 to 4): £5 a head; emergency admissions
a quarter, six measures an eighth each; a quarter off for each of four standards missed,
adding up; nothing where a gate is failed. One rounding, half a penny up (ADR 0004).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tests.decisions.abacus.accounts import Pence, is_fair

EIGHTHS = {
    "pyll": 1,
    "emergency-admissions": 2,
    "friends-and-family": 1,
    "infection": 1,
    "local-1": 1,
    "local-2": 1,
    "local-3": 1,
}
STANDARDS = (
    "constitution.rtt",
    "constitution.a-and-e",
    "constitution.cancer-62-day",
    "constitution.red-1",
)
GATES = ("gate.financial", "gate.quality")
JUDGED = (*EIGHTHS, *STANDARDS, *GATES)
"""All that is judged, in the order of the rules."""


@dataclass
class Award:
    """Where each measure's slice of the maximum goes."""

    number: int
    not_earned: Pence
    reduced: dict[str, Pence]  # By what was missed: measure -> pence.
    payable: Pence

    @property
    def lost(self) -> dict[str, Pence]:
        """Pot -> measure -> pence that are not paid."""
        pots = {f"premium:reduced:{clause}": p for clause, p in self.reduced.items()}
        return {"premium:not-earned": self.not_earned, **pots}

    @property
    def total(self) -> int:
        """What is payable of all measures."""
        return sum(self.payable.values())


@dataclass
class Judged:
    """What was judged well (True) or missed, by measure, standard and gate."""

    well: dict[str, bool] = field(default_factory=dict)

    @property
    def earned(self) -> int:
        """Eighths of the maximum that are earned."""
        return sum(part for name, part in EIGHTHS.items() if self.well[name])

    @property
    def totals(self) -> dict[str, Fraction]:
        """What is left of the maximum once each thing missed has taken its part."""
        left = {"": Fraction(self.earned, 8)}
        missed = [name for name in STANDARDS if not self.well[name]]
        for off, name in enumerate(missed, 1):
            left[name] = Fraction(self.earned, 8) * (4 - off) / 4
        for name in GATES:
            if not self.well[name]:
                left[name] = Fraction(0)
        return left


def rounded(exact: Fraction) -> int:
    """Whole pence, half a penny up."""
    return int(exact + Fraction(1, 2))


def is_right(award: Award, maximum: Pence, judged: Judged) -> bool:
    """Whether a proposed award is what was judged says of the maximum.

    Totals are exact. A penny of rounding may stand under any measure, so slices are
    held to what the decision on them says: the largest remainder, step by step.
    """
    whole = sum(maximum.values())
    left = {m: p - award.not_earned.get(m, 0) for m, p in maximum.items()}
    earned = rounded(whole * judged.totals[""])
    if sum(left.values()) != earned or not _in_their_slices(left, maximum, judged):
        return False
    steps = list(judged.totals.items())[1:]
    if award.reduced.keys() - dict(steps).keys():
        return False
    for name, exact in steps:
        total = rounded(whole * exact)
        stays = _less(left, award.reduced.get(name, {}))
        if not is_fair(stays, total, left):
            return False
        left = stays
    return left == {m: award.payable.get(m, 0) for m in maximum}


def _less(had: Pence, taken: Mapping[str, int]) -> Pence:
    return {m: pence - taken.get(m, 0) for m, pence in had.items()}


def _in_their_slices(gained: Pence, maximum: Pence, judged: Judged) -> bool:
    """A measure met has its slice, one missed nothing, but for pence of rounding."""
    astray = 0
    for measure, pence in gained.items():
        if not 0 <= pence <= maximum[measure]:
            return False
        full = maximum[measure] if judged.well[measure] else 0
        astray += abs(full - pence)
    return astray < len(EIGHTHS)
