"""What was parked: looked at, taken in again, or set aside for good by a person.

Every change is one transaction in which no member of the job takes anything in, so
a key is either parked with all that waits, or goes on in its order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from consumers.loop import WAITS, UnreadableMessage
from consumers.results.results import Results, Taking
from consumers.results.tables import DISCARDED, PARKED, message_of
from projections.views.view import Database

_COLUMNS = ", ".join(PARKED.columns)
_IN_ORDER = "CASE why WHEN ? THEN 1 ELSE 0 END, topic, part, place"
"""Of a key, the one that cannot be read comes first, then those behind it."""


class MessagePlace(NamedTuple):
    """Where a message is on the broker."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A key that waits."""

    key: str
    place: MessagePlace  # Of the message that cannot be read.
    at: str  # When it was parked, or last tried, UTC.
    why: str
    behind: int  # How many messages of the key wait behind it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """A message that was set aside for good."""

    key: str
    place: MessagePlace
    why: str
    by: str  # A party by id.
    at: str  # UTC.


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of a key."""

    key: str
    taken: int  # Messages that wait no longer.
    left: int  # Messages that wait still; 0: the key goes on.
    why: str | None  # Why the first of those left cannot be read.


class NotParked(Exception):
    """Nothing that was named is parked; nothing was changed."""


def parked(db: Database) -> tuple[Parked, ...]:
    """Every key that waits, in the order of keys."""
    waiting = dict(db.execute("SELECT key, COUNT(*) FROM parked GROUP BY key"))
    rows = db.execute(
        f"SELECT key, topic, part, place, at, why FROM parked "
        f"ORDER BY key, {_IN_ORDER}",
        (WAITS,),
    )
    found: dict[str, Parked] = {}
    for key, topic, partition, offset, at, why in rows:
        if key not in found:
            found[key] = Parked(
                key=key,
                place=MessagePlace(topic, partition, offset),
                at=at,
                why=why,
                behind=waiting[key] - 1,
            )
    return tuple(found.values())


def replay(
    results: Results,
    keys: Sequence[str] = (),
    now: datetime | None = None,
) -> tuple[Replayed, ...]:
    """Read parked messages again, and take in those that can be read now.

    Each key goes on in its order up to the first that still cannot be read. A crash
    before the end leaves all as it was.

    Args:
        keys: Those meant; none: all that wait.

    Raises:
        NotParked: If nothing of a key is parked.
        OtherLedger: If a message tells of another ledger than the results.
    """
    with results.transaction(alone=True) as taking:
        there = {
            str(key) for (key,) in results.db.execute("SELECT DISTINCT key FROM parked")
        }
        missing = [key for key in keys if key not in there]
        if missing:
            raise NotParked(
                f"nothing of the key {missing[0]!r} is parked: see premium parked list"
            )
        return tuple(
            _replay(results, taking, key, now or datetime.now(UTC))
            for key in dict.fromkeys(keys or sorted(there))
        )


def discard(
    results: Results,
    place: MessagePlace,
    *,
    why: str,
    by: str,
    now: datetime | None = None,
) -> Replayed:
    """Set one parked message aside for good; then its key goes on.

    It is kept whole, with the reason and who gave it. What it said is missing from the
    results from now: they are no longer what the ledger says.

    Args:
        by: Who decided it, a party by id.

    Raises:
        NotParked: If no such message is parked.
    """
    at = now or datetime.now(UTC)
    with results.transaction(alone=True) as taking:
        row = results.db.execute(
            f"SELECT {_COLUMNS} FROM parked WHERE topic = ? AND part = ? AND place = ?",
            place,
        ).fetchone()
        if row is None:
            raise NotParked(
                f"{place.topic}/{place.partition}/{place.offset} is not parked: "
                "see premium parked list"
            )
        results.db.execute(DISCARDED.insert(), (*row, why, by, _instant(at)))
        _let_go(results.db, place)
        return _replay(results, taking, str(row[3]), at)


def discarded(db: Database) -> Iterator[Discarded]:
    """Every message set aside for good, in the order they were."""
    rows = db.execute(
        "SELECT topic, part, place, key, discarded_why, discarded_by, discarded_at "
        "FROM discarded ORDER BY discarded_at, topic, part, place"
    )
    for topic, part, offset, key, why, by, at in rows:
        place = MessagePlace(topic, part, offset)
        yield Discarded(key=key, place=place, why=why, by=by, at=at)


def _replay(results: Results, taking: Taking, key: str, at: datetime) -> Replayed:
    db = results.db
    rows: list[Any] = db.execute(
        f"SELECT {_COLUMNS} FROM parked WHERE key = ? ORDER BY {_IN_ORDER}",
        (key, WAITS),
    ).fetchall()
    taken, why = 0, None
    for row in rows:
        place = MessagePlace(*row[:3])
        try:
            taking.apply(key, taking.read(message_of(row)))
        except UnreadableMessage as reason:
            why = str(reason)
            db.execute(
                "UPDATE parked SET why = ?, at = ? "
                "WHERE topic = ? AND part = ? AND place = ?",
                (why, _instant(at), *place),
            )
            break
        _let_go(db, place)
        taken += 1
    if why is None:
        taking.parked.discard(key)
    return Replayed(key=key, taken=taken, left=len(rows) - taken, why=why)


def _let_go(db: Database, place: MessagePlace) -> None:
    db.execute("DELETE FROM parked WHERE topic = ? AND part = ? AND place = ?", place)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
