"""On which days the things of a simulated year happen."""

from dataclasses import dataclass
from datetime import date, timedelta

from interfaces.simulation.rules import FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """One scheme year's days; late ones come two months after the others."""

    year: int  # Counted from 0.
    late: bool

    @property
    def begins(self) -> date:
        """The first day of the scheme year."""
        return date(FIRST + self.year, 4, 1)

    def start(self, month: int, day: int) -> date:
        """A day of the calendar year in which the scheme year begins."""
        return date(FIRST + self.year, month, day)

    def autumn(self, day: int) -> date:
        """A day after 15 October of the year of decision, 0 being that one."""
        on = date(FIRST + self.year + 2, 10, 15) + timedelta(days=day)
        return on + timedelta(days=61) if self.late else on

    def after(self, month: int, day: int) -> date:
        """A day of the calendar year that follows the decision."""
        return date(FIRST + self.year + 3, month, day)
