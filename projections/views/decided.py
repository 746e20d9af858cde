"""What had been decided by a day, of history that was recorded later.

It is the recorder's word: each record counts from the day that it says itself
(`ledger.recorded.decided_day`). What was moved is kept by that day, so a question is
one short scan; who decided before what the decision rests on is kept apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger.calendar import business_date
from ledger.events import AccountId, PaymentReferenceTaken, RecordId
from ledger.postings import legs
from ledger.recorded import Recorded, account_stream, decided_day, part
from projections.views.balances import Balance
from projections.views.clock_totals import Total, line_of, year_of
from projections.views.trail import rests_on
from projections.views.view import (
    Database,
    Kept,
    Plain,
    Row,
    Table,
    View,
    account_of,
    of_premium,
)

DECIDED = Table(
    "decided",
    {
        "record": "TEXT NOT NULL",
        "premium": "TEXT NOT NULL",  # Empty: of no account.
        "decided_on": "TEXT NOT NULL",
        "recorded_on": "TEXT NOT NULL",  # In London.
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)
EARLY = Table(
    "decided_early",
    {
        "record": "TEXT NOT NULL",
        "ground": "TEXT NOT NULL",  # What it rests on, which was decided later.
        "premium": "TEXT NOT NULL",
        "decided_on": "TEXT NOT NULL",
        "ground_on": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)
MOVED = Kept(
    Table(
        "decided_moved",
        {
            "premium": "TEXT NOT NULL",
            "account": "TEXT NOT NULL",
            "decided_on": "TEXT NOT NULL",
            "effective_on": "TEXT NOT NULL",
            "pence": "INTEGER NOT NULL",
            "position": "INTEGER NOT NULL",
        },
        keys=4,
    ),
    keep="sum",
)
LINES = Kept(
    Table(
        "decided_lines",
        {
            "scheme_year": "TEXT NOT NULL",  # With its scheme.
            "line": "TEXT NOT NULL",
            "decided_on": "TEXT NOT NULL",
            "effective_on": "TEXT NOT NULL",
            "pence": "INTEGER NOT NULL",
            "position": "INTEGER NOT NULL",
        },
        keys=4,
    ),
    keep="sum",
)
LATE_DAYS = 28
"""Days behind the day asked after which what is recorded is named as late."""


_Sums = dict[Row, Row]
"""The key of each row of `decided_moved` -> the row."""


def _add(sums: _Sums, recorded: Recorded) -> None:
    """Add what a record moved, by the day that it was decided."""
    day, at = decided_day(recorded).isoformat(), recorded.position
    for premium, account, _, pence, on in legs(
        recorded.fact, recorded.meta.effective_on
    ):
        MOVED.put(sums, (premium, account, day, on.isoformat(), pence, at))


def _lines(sums: _Sums) -> Iterable[Row]:
    """The same by line, of all bodies together."""
    lines: dict[Row, Row] = {}
    for premium, account, day, on, pence, at in sorted(
        sums.values(), key=lambda row: row[-1]
    ):
        LINES.put(lines, (year_of(premium), line_of(account), day, on, pence, at))
    return lines.values()


def _row(recorded: Recorded) -> Row:
    return (
        recorded.id,
        _premium(recorded),
        decided_day(recorded).isoformat(),
        business_date(recorded.meta.recorded_at).isoformat(),
        recorded.position,
    )


def _premium(recorded: Recorded) -> str:
    """The account in whose story a record stands; empty if in none, or in several."""
    fact = recorded.fact
    if isinstance(fact, PaymentReferenceTaken):
        concerned = {part.account for part in fact.parts}
        return min(concerned) if len(concerned) == 1 else ""
    return account_of(fact) or ""


def _grounds(recorded: Recorded) -> Iterator[RecordId]:
    """What a record of an account rests on: what it names, and its opening."""
    if recorded.stream.startswith(account_stream("")):
        yield from dict.fromkeys(rests_on(recorded.fact))
        if recorded.version > 1:
            yield RecordId(f"{recorded.stream}@1")


def _early(recorded: Recorded, days: Mapping[str, str]) -> Iterator[Row]:
    """A row for each ground of a record that was decided after it.

    Args:
        days: Id of each ground -> the day that it was decided.
    """
    day = decided_day(recorded).isoformat()
    premium = _premium(recorded)
    for ground in _grounds(recorded):
        on = days.get(ground, day)
        if on > day:
            yield recorded.id, ground, premium, day, on, recorded.position


class _Decided(Plain):
    """Every record's day, and what was moved by it."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._days: dict[str, str] = {}
        self._early: list[Row] = []
        self._sums: _Sums = {}

    def _apply(self, recorded: Recorded) -> None:
        row = _row(recorded)
        self._rows.append(row)
        self._days[recorded.id] = row[2]
        self._early += _early(recorded, self._days)
        _add(self._sums, recorded)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """The rows of each table."""
        return {
            DECIDED.name: self._rows,
            EARLY.name: self._early,
            MOVED.table.name: self._sums.values(),
            LINES.table.name: _lines(self._sums),
        }


def _apply_batch(db: Database, batch: Sequence[Recorded]) -> None:
    """Add each record's day, what it moved, and what it rests on that came later."""
    rows = [_row(recorded) for recorded in batch]
    db.executemany(DECIDED.insert(), rows)
    days = {row[0]: row[2] for row in rows}
    older = {g for one in batch for g in _grounds(one)} - days.keys()
    days |= _days_of(db, sorted(older))
    early = [row for recorded in batch for row in _early(recorded, days)]
    db.executemany(EARLY.insert(), early)
    sums: _Sums = {}
    for recorded in batch:
        _add(sums, recorded)
    db.executemany(MOVED.statement(), sums.values())
    db.executemany(LINES.statement(), _lines(sums))


def _days_of(db: Database, records: Sequence[str]) -> dict[str, str]:
    """The day on which each of some records was decided."""
    found: dict[str, str] = {}
    for start in range(0, len(records), 500):
        some = records[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = db.execute(
            f"SELECT record, decided_on FROM decided WHERE record IN ({marks})", some
        )
        found |= {str(record): str(day) for record, day in rows}
    return found


VIEW = View(
    "decided",
    (DECIDED, EARLY, MOVED.table, LINES.table),
    _Decided,
    _apply_batch,
    (
        "CREATE INDEX decided_by_premium ON decided (premium, decided_on, position) "
        "WHERE premium <> ''",
    ),
)


# Reading ------------------------------------------------------------------------------


class Early(NamedTuple):
    """A record that counts, and what it rests on that does not."""

    record: RecordId
    decided_on: date
    ground: RecordId
    ground_on: date


class Word(NamedTuple):
    """How far an answer rests on what was said later."""

    records: int
    """That count."""
    late: int
    """Of them, recorded more than 28 days after the day asked."""
    early: tuple[Early, ...]
    """Of them, those that rest on a record that does not count."""


def word(db: Database, day: date, late_from: date, premium: str | None = None) -> Word:
    """How far an answer of a day rests on what was said later.

    Args:
        late_from: The first day recorded that is named as late.
        premium: Of one account alone.
    """
    # An account has an id: so the index of records of accounts answers.
    chosen = "" if premium is None else "AND premium = ? AND premium <> ''"
    more = [] if premium is None else [premium]
    [(records, late)] = db.execute(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN recorded_on >= ? THEN 1 ELSE 0 END), "
        f"0) FROM decided WHERE decided_on <= ? {chosen}",
        (late_from.isoformat(), day.isoformat(), *more),
    ).fetchall()
    rows = db.execute(
        "SELECT record, decided_on, ground, ground_on FROM decided_early "
        f"WHERE decided_on <= ? AND ground_on > ? {chosen} ORDER BY position, ground",
        (day.isoformat(), day.isoformat(), *more),
    )
    early = tuple(
        Early(
            RecordId(record),
            date.fromisoformat(on),
            RecordId(ground),
            date.fromisoformat(ground_on),
        )
        for record, on, ground, ground_on in rows
    )
    return Word(int(records), int(late), early)


def record_ids(db: Database, day: date, premium: str) -> tuple[RecordId, ...]:
    """The records of an account's own story that had been decided, in order.

    What they rest on is not among them.
    """
    rows = db.execute(
        "SELECT record FROM trail JOIN decided USING (record, position) "
        "WHERE account = ? AND decided_on <= ? ORDER BY position, record",
        (premium, day.isoformat()),
    )
    return tuple(RecordId(record) for (record,) in rows)


def balances(
    db: Database,
    day: date,
    effective: str,
    premium: str | None = None,
    scheme_year: str | None = None,
) -> tuple[Balance, ...]:
    """What stood in accounts by what had been decided, by premium and account.

    Args:
        effective: The last day whose legs count, such as `2014-10-01`.
        premium: Of one premium account alone.
        scheme_year: Of one scheme year alone, such as `2013-14`.
    """
    conditions, values = of_premium(premium, scheme_year)
    rows = db.execute(
        "SELECT premium, account, SUM(pence) FROM decided_moved "
        f"WHERE decided_on <= ? AND effective_on <= ?{conditions} "
        "GROUP BY premium, account ORDER BY premium, account",
        (day.isoformat(), effective, *values),
    )
    return tuple(
        Balance(AccountId(of), account, int(pence)) for of, account, pence in rows
    )


def totals(
    db: Database, day: date, effective: str, scheme_year: str | None = None
) -> tuple[Total, ...]:
    """What stood in each line by what had been decided, of all bodies together."""
    rows = db.execute(
        "SELECT scheme_year, line, SUM(pence) FROM decided_lines "
        "WHERE decided_on <= ? AND effective_on <= ? GROUP BY scheme_year, line "
        "ORDER BY scheme_year, line",
        (day.isoformat(), effective),
    )
    return tuple(
        Total(scheme, of_year, line, int(pence))
        for year, line, pence in rows
        for scheme, _, of_year in (str(year).partition("/"),)
        if scheme_year is None or of_year == part(scheme_year)
    )
