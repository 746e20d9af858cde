"""A published figure as it was recorded."""

from ledger.events import ClaimRecorded, RecordId
from ledger.values import value


@value
class Claimed:
    """A published figure with its record."""

    record: RecordId
    fact: ClaimRecorded
