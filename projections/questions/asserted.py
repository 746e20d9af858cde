"""Asserted balances beside what stood in the accounts: a difference is a finding.

An assertion is a fact, and whether it agrees is worked out at each reading. It is held
against what counted at the end of its day, as far as is known at the reading; so a late
correction may settle a difference, or make one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, Protocol

from ledger.events import AccountId, BalanceAsserted, RecordId
from ledger.premium.account import about
from ledger.recorded import Recorded, account_stream
from projections.views.clocks import Clocks, balances
from projections.views.periods import sums
from projections.views.view import Database


class Streams(Protocol):
    """A log, as far as it is known."""

    def stream(self, name: str) -> Iterable[Recorded]:
        """A stream's records in order of version; empty if there is none."""
        ...


class Asserted(NamedTuple):
    """One assertion that counts: of two about the same, the later one does."""

    record: RecordId
    account: AccountId
    of: str  # The account of the premium, such as `group:held`.
    on: date  # At the end of that day.
    says: str  # Who says so: a bank, or another ledger.
    asserted_pence: int
    stood_pence: int
    prior_period_pence: int  # Of it, what came in for days that were closed before.

    @property
    def difference_pence(self) -> int:
        """What is asserted beyond what stood there; zero where both agree."""
        return self.asserted_pence - self.stood_pence


def asserted(
    log: Streams, db: Database, known: int, accounts: Iterable[AccountId]
) -> Iterator[Asserted]:
    """Every assertion that counts, by account, then in the order first asserted.

    Args:
        log: What is known up to the position.
        known: The last position that counts.
    """
    for account in accounts:
        counts: dict[tuple[object, ...], Recorded] = {}
        for one in log.stream(account_stream(account)):
            if isinstance(one.fact, BalanceAsserted):
                counts[about(one.fact)] = one
        stood: dict[date, dict[str, int]] = {}
        late: dict[date, dict[tuple[AccountId, str], int]] = {}
        for one in counts.values():
            fact = one.fact
            assert isinstance(fact, BalanceAsserted)
            if fact.on not in stood:
                then = balances(db, Clocks(known, fact.on), account)
                stood[fact.on] = {row.account: row.pence for row in then}
                late[fact.on] = sums(db, known, fact.on.isoformat(), account)
            yield Asserted(
                record=one.id,
                account=account,
                of=fact.of,
                on=fact.on,
                says=fact.says,
                asserted_pence=fact.pence,
                stood_pence=stood[fact.on].get(fact.of, 0),
                prior_period_pence=late[fact.on].get((account, fact.of), 0),
            )
