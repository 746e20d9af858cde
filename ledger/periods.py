"""Closed periods, and what was recorded for a closed day after its close.

Nothing of it is stored with a fact: it follows from positions and legs, so it holds
for every log and cannot be left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.events import PeriodClosed, RecordId
from ledger.postings import legs
from ledger.recorded import Recorded


class Close(NamedTuple):
    """One closing of the books."""

    position: int  # Of its record; what stands behind it came later.
    through: date  # The last day that is closed; later at each next close.


@dataclass(frozen=True, slots=True)
class Mark:
    """A record that is a prior-period adjustment."""

    record: RecordId
    topic: str  # The fact's, such as `spending-corrected.v1`.
    closed_through: date  # The last day of the first close that it came too late for.


def closes(ledger: Iterable[Recorded]) -> tuple[Close, ...]:
    """Every close, in order; may be empty.

    Args:
        ledger: The records of the stream `ledger`, in order.
    """
    return tuple(
        Close(one.position, one.fact.through)
        for one in ledger
        if isinstance(one.fact, PeriodClosed)
    )


def closed_before(position: int, day: date, closed: Sequence[Close]) -> date | None:
    """Through which day the books were closed when a leg came in for a closed day.

    Args:
        position: Of the leg's record.
        day: The leg's own.
        closed: Every close, in order.

    Returns:
        The last day of the first close that holds the day and stands before the
        position; None where the day was still open.

    Source: DESIGN 5 (period close).
    """
    for close in closed:
        if close.position >= position:
            return None
        if day <= close.through:
            return close.through
    return None


def prior_period(recorded: Recorded, closed: Sequence[Close]) -> date | None:
    """Through which day the books were closed when a record moved money for it.

    Such a record is a prior-period adjustment. The days of its legs decide, not its
    own: what reverses or corrects bears the day of what it reverses, and a payment
    also moves money on its value date.

    Returns:
        The last day of the first close that it came too late for; None for a record
        all of whose legs are in open periods, and for one without legs.
    """
    if not closed or closed[0].position >= recorded.position:
        return None
    posted = legs(recorded.fact, recorded.meta.effective_on)
    if not posted:
        return None
    earliest = min(leg.effective_on for leg in posted)
    return closed_before(recorded.position, earliest, closed)


def marks(
    records: Iterable[Recorded], closed: Sequence[Close], by: date | None = None
) -> Iterator[Mark]:
    """The prior-period adjustments among records, in their order.

    Args:
        by: The last day whose legs count; None: all of them.
    """
    for one in records:
        through = prior_period(one, closed)
        if through is None:
            continue
        posted = legs(one.fact, one.meta.effective_on)
        if by is None or any(leg.effective_on <= by for leg in posted):
            yield Mark(one.id, one.fact.TOPIC, through)
