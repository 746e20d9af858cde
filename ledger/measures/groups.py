"""The groups whose results are measured."""

from datetime import date

from ledger.events import BodyCode
from ledger.values import value


@value
class Group:
    """A group, and the days on which it was open."""

    body: BodyCode
    name: str
    opened_on: date | None = None
    closed_on: date | None = None
    area_team: str | None = None

    def is_open(self, day: date) -> bool:
        """Whether it was open on a day, as far as its days are known."""
        return (self.opened_on is None or self.opened_on <= day) and (
            self.closed_on is None or day <= self.closed_on
        )
