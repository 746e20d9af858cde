"""Closing the books through a day, and telling what came in for it afterwards."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar

from ledger.events import PeriodClosed
from ledger.recorded import Recorded
from ledger.request import Decision
from ledger.values import value


@value
class ClosePeriod:
    """Close the books through a day."""

    NAME: ClassVar[str] = "close-period"

    through: date


@value
class PeriodClosedLater:
    """The books are closed through a later day."""

    NAME: ClassVar[str] = "period-closed-later"

    through: date
    asked: date

    def __str__(self) -> str:
        return (
            f"the books are closed through {self.through}: "
            f"they cannot be closed through {self.asked} now"
        )


PeriodRefusal = PeriodClosedLater


def close_period(command: ClosePeriod, ledger: Sequence[Recorded]) -> Decision:
    """Decide whether the books are closed; through the same day again adds nothing.

    Nothing is refused after a close: what comes later for a closed day is marked as
    a prior-period adjustment, by `closed_before`, at reading.

    Args:
        ledger: The records of the stream `ledger`.
    """
    closed = [one.fact.through for one in ledger if isinstance(one.fact, PeriodClosed)]
    if closed and command.through <= closed[-1]:
        if command.through == closed[-1]:
            return ()
        return PeriodClosedLater(through=closed[-1], asked=command.through)
    return (PeriodClosed(through=command.through),)


def closed_before(recorded: Recorded, ledger: Iterable[Recorded]) -> Recorded | None:
    """The close after which a record came in for a day it had closed, if any.

    Such a record is a prior-period adjustment. Nothing of it is stored: it follows
    from the positions, so it holds for every log and cannot be left out.

    Args:
        ledger: The records of the stream `ledger`, in order.

    Returns:
        The first such close; None for a record in its period.

    Source: DESIGN 5 (period close).
    """
    for close in ledger:
        if close.position >= recorded.position:
            return None
        fact = close.fact
        if (
            isinstance(fact, PeriodClosed)
            and recorded.meta.effective_on <= fact.through
        ):
            return close
    return None
