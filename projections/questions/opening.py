"""What opens a period: what closed the last one, and what came in for it since."""

from datetime import date
from typing import NamedTuple

from ledger.events import AccountId
from ledger.periods import Close
from projections.views import periods
from projections.views.clocks import Clocks, balances
from projections.views.periods import Adjustment
from projections.views.view import Database


class Opened(NamedTuple):
    """One account of a premium at the end of a closed period."""

    premium: AccountId
    account: str
    closed_pence: int  # As known when the books were closed.
    adjusted_pence: int  # What came in for the closed days since.
    opening_pence: int  # As known now.

    @property
    def difference_pence(self) -> int:
        """What the adjustments do not explain: nothing, unless views are wrong."""
        return self.opening_pence - self.closed_pence - self.adjusted_pence


class Opening(NamedTuple):
    """All accounts at the end of a closed period."""

    close: Close
    accounts: tuple[Opened, ...]  # By premium and account.
    adjustments: tuple[Adjustment, ...]  # In the order of the ledger.


def opening(
    db: Database,
    known: int,
    through: date | None = None,
    premium: str | None = None,
    scheme_year: str | None = None,
) -> Opening | None:
    """What opens the period after a close.

    Args:
        known: The last position that counts.
        through: The last day of the close; None: of the latest.
        premium: Of one premium account alone.
        scheme_year: Of one scheme year alone, such as `2013-14`.

    Returns:
        None if there is no such close.
    """
    closed = [
        one for one in periods.closes(db, known) if through in (None, one.through)
    ]
    if not closed:
        return None
    close = closed[-1]
    chosen = (premium, scheme_year)
    then, now = (
        {
            (one.premium, one.account): one.pence
            for one in balances(db, Clocks(at, close.through), *chosen)
        }
        for at in (close.position, known)
    )
    adjustments = periods.adjustments(db, close, known, *chosen)
    adjusted: dict[tuple[AccountId, str], int] = {}
    for one in adjustments:
        key = (one.premium, one.account)
        adjusted[key] = adjusted.get(key, 0) + one.pence
    return Opening(
        close,
        tuple(
            Opened(*key, then.get(key, 0), adjusted.get(key, 0), now.get(key, 0))
            for key in sorted({*then, *now, *adjusted})
        ),
        adjustments,
    )
