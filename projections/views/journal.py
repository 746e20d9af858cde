"""Every leg ever posted, in the order of the ledger."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from ledger.events import AccountId, RecordId
from ledger.periods import closed_before
from ledger.postings import Leg, Legs, legs
from ledger.recorded import Recorded
from projections.views import periods
from projections.views.view import Database, Kept, KeptRow, Table, View

ENTRIES = Kept(
    Table(
        "entries",
        {
            "position": "INTEGER NOT NULL",
            "record": "TEXT NOT NULL",
            "topic": "TEXT NOT NULL",
            "effective_on": "TEXT NOT NULL",
            "recorded_at": "TEXT NOT NULL",
        },
        keys=1,
    )
)
LEGS = Kept(
    Table(
        "legs",
        {
            "position": "INTEGER NOT NULL",
            "n": "INTEGER NOT NULL",  # Within the entry, from 1.
            "premium": "TEXT NOT NULL",
            "account": "TEXT NOT NULL",
            "slice": "TEXT NOT NULL",
            "pence": "INTEGER NOT NULL",
            "effective_on": "TEXT NOT NULL",
        },
        keys=2,
    )
)


class Entry(NamedTuple):
    """One record that moved money."""

    position: int
    record_id: RecordId
    topic: str  # The fact's, such as `account-opened.v1`.
    effective_on: date  # Of the record; legs that reverse bear an earlier one.
    recorded_at: datetime  # UTC.
    legs: Legs  # One or more, in the order the fact states; they add up to zero.
    closed_through: date | None = None  # Of a prior-period adjustment.


def without_slices(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries with one leg an account and day, whatever measures its pence are of."""
    for entry in entries:
        sums: dict[tuple[AccountId, str, date], int] = {}
        for leg in entry.legs:
            key = (leg.premium, leg.account, leg.effective_on)
            sums[key] = sums.get(key, 0) + leg.pence
        merged = tuple(
            Leg(premium, account, "", pence, day)
            for (premium, account, day), pence in sums.items()
            if pence
        )
        if merged:
            yield entry._replace(legs=merged)


def rows(recorded: Recorded) -> Iterator[KeptRow]:
    """The rows of a record that moves money: its entry, and its legs."""
    meta, position = recorded.meta, recorded.position
    posted = legs(recorded.fact, meta.effective_on)
    if not posted:
        return
    yield ENTRIES(
        position,
        recorded.id,
        recorded.fact.TOPIC,
        meta.effective_on.isoformat(),
        meta.recorded_at.isoformat(),
    )
    for n, (premium, account, measure, pence, day) in enumerate(posted, start=1):
        yield LEGS(position, n, premium, account, measure, pence, day.isoformat())


VIEW = View.of_rows(
    "journal",
    (ENTRIES, LEGS),
    rows,
    ("CREATE INDEX legs_by_slice ON legs (premium, slice, position)",),
)


def entries(db: Database, premium: str | None = None) -> Iterator[Entry]:
    """Entries in the order of the ledger, of one premium account or of all."""
    chosen = "" if premium is None else "WHERE legs.premium = ?"
    rows = db.execute(
        "SELECT position, record, topic, entries.effective_on, recorded_at, "
        "premium, account, slice, pence, legs.effective_on "
        f"FROM legs JOIN entries USING (position) {chosen} ORDER BY position, n",
        () if premium is None else (premium,),
    )
    closed = periods.closes(db)
    for head, group in groupby(rows, key=lambda row: row[:5]):
        position, record, topic, effective_on, recorded_at = head
        posted = tuple(
            Leg(AccountId(of), account, measure, pence, date.fromisoformat(day))
            for *_, of, account, measure, pence, day in group
        )
        earliest = min(leg.effective_on for leg in posted)
        yield Entry(
            position,
            RecordId(record),
            topic,
            date.fromisoformat(effective_on),
            datetime.fromisoformat(recorded_at),
            posted,
            closed_before(position, earliest, closed),
        )


def trial_balance(
    db: Database, premium: str | None = None
) -> tuple[tuple[str, int], ...]:
    """What each account's legs add up to, in pence, by name; together zero."""
    chosen = "" if premium is None else "WHERE premium = ?"
    rows = db.execute(
        f"SELECT account, SUM(pence) FROM legs {chosen} "
        "GROUP BY account ORDER BY account",
        () if premium is None else (premium,),
    )
    return tuple((account, pence) for account, pence in rows)
