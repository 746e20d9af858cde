"""Why accounts changed: the results, rules and other records that facts rest on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ledger.events import AccountId, Fact, RecordId
from ledger.recorded import Recorded, account_stream, stream_and_version
from projections.views.trail import rests_on

GROUNDED = frozenset(
    {
        *("account-opened.v1", "population-corrected.v1", "target-rebased.v1"),
        *("indicator-assessed.v1", "gate-assessed.v1", "assessment-superseded.v1"),
        *("award-proposed.v1", "award-confirmed.v1", "award-refused.v1"),
        "withholding-decided.v1",
    }
)
"""The kinds of facts whose grounds lead out of their account."""


class Records(Protocol):
    """A log, as far as it is known."""

    def record(self, record_id: str) -> Recorded | None:
        """One record by its id, or None if there is none."""
        ...


@dataclass(slots=True)
class Cause:
    """A record outside the accounts, and the accounts in which facts rest on it."""

    recorded: Recorded
    accounts: dict[AccountId, None] = field(default_factory=dict)


def causes(log: Records, facts: Iterable[tuple[AccountId, Fact]]) -> tuple[Cause, ...]:
    """What facts of accounts rest on in the end, in the order of the ledger.

    Args:
        facts: Of accounts; what they rest on within the account is followed.
    """
    found: dict[RecordId, Cause] = {}
    followed: dict[RecordId, tuple[RecordId, ...]] = {}
    for account, fact in facts:
        wanted, seen = [*rests_on(fact)], set[RecordId]()
        while wanted:
            record = wanted.pop()
            if record in seen:
                continue
            seen.add(record)
            if record in found:
                found[record].accounts[account] = None
            elif record in followed:
                wanted += followed[record]
            elif (recorded := log.record(record)) is None:
                continue  # `premium verify` tells of a record that is not there.
            elif stream_and_version(record)[0] == account_stream(account):
                followed[record] = rests_on(recorded.fact)
                wanted += followed[record]
            else:
                found[record] = Cause(recorded, {account: None})
    return tuple(sorted(found.values(), key=lambda one: one.recorded.position))
