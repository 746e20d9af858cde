"""Balances and awards as rows of the state topics; the latest row of a key counts.

They follow from the events alone, and the job `states` sends them
(consumers/compacted/job.py). A contract, as the events are: added to, never changed.
"""

from typing import NamedTuple

from pydantic_core import to_json

from projections.feed.events.fields import (
    Body,
    Determination,
    Origin,
    PaymentYear,
    Pence,
    PremiumId,
    Public,
    Scheme,
    SummedPence,
)
from projections.feed.relay.relay import partition_of
from projections.feed.topics import AWARDS, BALANCES, Topic

CONTENT_TYPE = b"application/json"


class Row(NamedTuple):
    """A message of a state topic."""

    topic: Topic
    key: str
    partition: int
    value: bytes


class State(Public):
    """What every row of a state topic says."""

    premium: PremiumId
    scheme: Scheme
    scheme_year: str
    """The year measured, such as `2013-14`."""
    payment_year: PaymentYear
    body: Body
    position: int
    """Of the last event that the row rests on; it grows within a key."""
    origin: Origin


class Balance(State):
    """The balance of one account of a premium; 0 where all has gone again."""

    account: str
    """An account of the premium, such as `premium:payable`."""
    pence: SummedPence
    """Whole pence of all measures and facts together; no bound is promised."""

    def row(self) -> Row:
        """As it is sent; a bar ends the premium, for none can be in it."""
        key = f"{self.premium}|{self.account}"
        return Row(BALANCES, key, partition_of(self.body), to_json(self))


class Award(State):
    """A premium's latest determination of its award, and what became of that."""

    determination: Determination
    state: str
    """`proposed`, `confirmed` or `refused`; may become more."""
    maximum_pence: Pence
    """The most that could be earned, in whole pence."""
    earned_pence: Pence
    """Whole pence earned, before reductions and gates."""
    total_pence: Pence
    """Whole pence put forward; payable only once it is confirmed."""

    def row(self) -> Row:
        """As it is sent."""
        return Row(AWARDS, self.premium, partition_of(self.body), to_json(self))
