"""What stands, as rows of the state topics; the latest row of a key counts.

They follow from the events alone, and the job `states` sends them
(consumers/compacted/job.py). A contract, as the events are: added to, never changed.
"""

from typing import NamedTuple

from pydantic_core import to_json

from ledger.money import Pence
from projections.feed.events.fields import Origin, Public
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

    premium: str  # `scheme/scheme year/body`, each percent-encoded.
    scheme: str
    scheme_year: str  # The year measured, such as 2013-14.
    payment_year: str  # The year paid, one later.
    body: str
    position: int  # Of the last event that it rests on.
    origin: Origin


class Balance(State):
    """What stands in one account of a premium; 0 where all has gone again."""

    account: str  # Such as `premium:payable`.
    pence: Pence  # Of all measures together.

    def row(self) -> Row:
        """As it is sent; a bar ends the premium, for none can be in it."""
        key = f"{self.premium}|{self.account}"
        return Row(BALANCES, key, partition_of(self.body), to_json(self))


class Award(State):
    """A premium's latest determination of its award, and what became of that."""

    determination: int  # From 1, within the premium.
    state: str  # proposed, confirmed or refused; may become more.
    maximum_pence: Pence
    earned_pence: Pence  # Before reductions and gates.
    total_pence: Pence  # What was put forward; payable only once it is confirmed.

    def row(self) -> Row:
        """As it is sent."""
        return Row(AWARDS, self.premium, partition_of(self.body), to_json(self))
