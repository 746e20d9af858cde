"""Invented groups: who they are, and what happens to each in the simulated years."""

from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

Fate = Literal[
    "withholding-refused",
    "withheld-quality",
    "withheld-financial",
    "withheld-constitution",
    "withheld-serious",
    "overspent",
    "unspent",
    "late-evidence",
    "corrected-cash",
    "corrected-set-off",
    "succeeded",
    "duplicate-invoice",
]
FATES: tuple[Fate, ...] = get_args(Fate)
"""What is particular about a group; a dozen groups have one of each."""

_FIRST = ("Invented", "Imagined", "Fictional", "Pretended", "Supposed", "Dreamt")
_LAST = ("Vale", "Hill", "Moor", "Ferry", "Orchard", "Harbour", "Meadow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One invented group."""

    code: str  # Begins with ZZ, as no real group's code does.
    name: str
    heads: int  # Of the first year.
    fate: Fate
    first: bool  # Of its fate: it also tries what is refused.
    successor: str | None  # The code of the group that takes over, or None.

    @property
    def finance(self) -> str:
        """The party id of its finance officer."""
        return f"sim-finance-{self.code}"


def groups(random: Random, how_many: int) -> tuple[Group, ...]:
    """Invented groups in order of their codes; fates go round by the dozen."""
    found: list[Group] = []
    for number in range(how_many):
        fate = FATES[number % len(FATES)]
        first = _FIRST[number % len(_FIRST)]
        last = _LAST[number % len(_LAST)]
        successor = number - FATES.index("succeeded") if fate == "succeeded" else None
        found.append(
            Group(
                code=code(number),
                name=f"{first} {last} {number + 1} (simulated group)",
                heads=random.randint(60_000, 550_000),
                fate=fate,
                first=number < len(FATES),
                successor=None if successor is None else code(successor),
            )
        )
    return tuple(found)


def code(number: int) -> str:
    """The code of a group by its number, counted from 0."""
    return f"ZZ{number + 1:04d}"
