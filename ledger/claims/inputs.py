"""What published figures are held against: other claims, populations, groups, rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from ledger.calendar import first_day, last_day
from ledger.claims.claimed import Claimed
from ledger.events import BodyCode, RecordId
from ledger.measures.groups import Group
from ledger.rules.book import Rulebook
from ledger.values import value

FAMILIES = {
    "registered": "registered lists",
    "resident-attributed": "registered lists",
    "resident": "residents",
    "running-cost": "the running-cost population",
}
"""Kind of population -> its basis. People attributed to a group by where they live are
those on lists, and add up to them: they are not a basis of their own."""

NORTH_WEST_TEAMS = frozenset({"Q44", "Q46", "Q47", "Q48"})
NORTH_WEST_BESIDE = frozenset({"01H"})
"""The 33 groups of the ambulance service: four area teams of 2013, and Cumbria, whose
team reaches to the North East. Our reading: the page names no group."""


@value
class Counted:
    """A recorded population of one body."""

    measure: str
    as_at: date
    body: BodyCode
    heads: Fraction
    record: RecordId


@value
class Heads:
    """How many people, on which basis and day, and where that is recorded."""

    basis: str  # One of FAMILIES' values, or whose claim it is.
    measure: str  # The population's measure, or the claim.
    as_at: date | None
    heads: Fraction
    groups: int
    record: RecordId | None  # None where many were added up.


@dataclass(frozen=True)
class Inputs:
    """Everything recorded that a published figure may be held against."""

    claims: Mapping[str, Claimed]
    populations: tuple[Counted, ...]
    groups: tuple[Group, ...]
    rulebooks: Mapping[str, tuple[str, Rulebook]]  # By scheme year, with its record.

    @cached_property
    def _of_body(self) -> dict[str, list[Counted]]:
        found: dict[str, list[Counted]] = {}
        for one in self.populations:
            found.setdefault(one.body, []).append(one)
        return found

    def claim(self, quantity: str, year: str, about: str) -> Claimed | None:
        """The figure published under these three, if any."""
        return self.claims.get(f"{quantity}-{year}-{about}")

    def open_on(self, day: date) -> tuple[Group, ...]:
        """The groups open on a day."""
        return tuple(group for group in self.groups if group.is_open(day))

    def north_west(self, year: str) -> tuple[Group, ...]:
        """The groups of the North West's ambulance service, open as a year began."""
        return tuple(
            group
            for group in self.open_on(first_day(year))
            if group.area_team in NORTH_WEST_TEAMS or group.body in NORTH_WEST_BESIDE
        )

    def heads_of(self, body: str, year: str) -> tuple[Heads, ...]:
        """Every population of a body up to a scheme year's end, by measure and day."""
        return tuple(
            Heads(
                basis=_family(one.measure),
                measure=one.measure,
                as_at=one.as_at,
                heads=one.heads,
                groups=1,
                record=one.record,
            )
            for one in sorted(
                self._of_body.get(body, ()), key=lambda one: (one.measure, one.as_at)
            )
            if one.as_at <= last_day(year)
        )

    def heads_together(
        self, year: str, among: frozenset[str] | None = None
    ) -> tuple[Heads, ...]:
        """Populations added up over groups, by measure and day, up to a year's end.

        Args:
            among: Only these groups, and only on days with a count of each; None: all
                groups, on days with a count of every group that was open.
        """
        sums: dict[tuple[str, date], dict[str, Fraction]] = {}
        for one in self.populations:
            if one.as_at <= last_day(year) and (among is None or one.body in among):
                sums.setdefault((one.measure, one.as_at), {})[one.body] = one.heads
        return tuple(self._whole(sums, among))

    def _whole(
        self,
        sums: Mapping[tuple[str, date], Mapping[str, Fraction]],
        among: frozenset[str] | None,
    ) -> Iterator[Heads]:
        """The sums that miss no group, in order of measure and day."""
        for (measure, day), heads in sorted(sums.items()):
            wanted = {one.body for one in self.open_on(day)} if among is None else among
            if (among is not None or day >= date(2013, 4, 1)) and wanted - set(heads):
                continue
            yield Heads(
                basis=_family(measure),
                measure=measure,
                as_at=day,
                heads=Fraction(sum(heads.values())),
                groups=len(heads),
                record=None,
            )


def _family(measure: str) -> str:
    kind = measure.split(".")[1]
    return FAMILIES.get(kind, kind)
