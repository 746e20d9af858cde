"""Checks a log and its views against each other, from the first record on.

The log is compared with the leaf hashes kept when the views first took each record
in, with the rows of its commands, and with its own rules. The views' tables are
compared with their plain forms, folded anew. Reads only.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ledger.proof import leaf_hash, row_digest
from ledger.recorded import Recorded, stream_of
from ledger.store.mapper import Unreadable, decode
from ledger.store.rows import CommandRow, EventRow
from projections import file
from projections.file import BATCH, LEAVES, VIEWS, Log, Progress
from projections.tables import Plain, Row, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that is not as it must be, and where."""

    what: str  # One sentence: what stands there, and what must.
    position: int | None = None  # Of the record, where it is about one.
    stream: str | None = None
    table: str | None = None
    since: int | None = None  # The first position at which it can have begun.

    def __str__(self) -> str:
        places = (
            ("position", self.position),
            ("stream", self.stream),
            ("table", self.table),
            ("since position", self.since),
        )
        where = ", ".join(f"{name} {at}" for name, at in places if at is not None)
        return f"{self.what} ({where})" if where else self.what


@dataclass(slots=True)
class Given:
    """What the records of the log say of one command."""

    first_position: int
    count: int
    recorded_at: datetime
    request_hash: str


@dataclass(slots=True)
class Found:
    """What was found so far, and what later checks need of it."""

    taken_in: int  # The position of the views.
    differences: list[Difference] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)  # Stream -> last seen.
    position: int = 0  # Last seen.
    recorded_at: datetime | None = None  # Last seen.
    broken: bool = False  # Records do not follow each other: folds would mislead.
    given: dict[str, Given] = field(default_factory=dict)  # By command id.
    plain: dict[str, Plain] = field(
        default_factory=lambda: {view.name: view.plain() for view in VIEWS}
    )


def verify(
    log: Log, db: sqlite3.Connection, progress: Progress | None = None
) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the log; then tables; then commands.

    Views are compared as far as they have followed. Their tables are not compared
    where records cannot be read or do not follow each other (what must stand there
    is not known), nor where other code made them (the next follow makes them anew).

    Args:
        db: The views, in a transaction of the caller.
    """
    found = Found(taken_in=file.position(db))
    head = log.head()
    if head < found.taken_in:
        what = (
            f"the log ends at {head}, and the views have taken in records up "
            f"to {found.taken_in}"
        )
        found.differences.append(Difference(what=what, since=head + 1))
    while raws := log.raw(found.position, BATCH):
        leaves = _leaves(db, found.position, raws[-1].position)
        for raw in raws:
            _check_record(found, raw, leaves)
        if progress is not None:
            progress(found.position, head)
    if not found.broken and file.code(db) == file.code_hash():
        found.differences += _table_differences(db, found)
    found.differences += _command_differences(log, found)
    return tuple(found.differences)


def _leaves(db: sqlite3.Connection, after: int, last: int) -> dict[int, bytes]:
    return dict(
        db.execute(
            "SELECT position, leaf_hash FROM leaves WHERE position > ? "
            "AND position <= ?",
            (after, last),
        ).fetchall()
    )


def _check_record(found: Found, raw: EventRow, leaves: dict[int, bytes]) -> None:
    """Check one record as stored; take it into the plain views and the commands."""

    def differs(what: str, *, breaks: bool = True) -> None:
        found.broken |= breaks
        found.differences.append(
            Difference(
                what=what, position=raw.position, stream=raw.stream, since=raw.position
            )
        )

    if raw.position != found.position + 1:
        differs(f"position {raw.position} follows {found.position}: there is a gap")
    found.position = raw.position
    version = found.versions.get(raw.stream, 0)
    if raw.version != version + 1:
        differs(f"version {raw.version} follows {version} in its stream")
    found.versions[raw.stream] = raw.version
    if raw.position <= found.taken_in:
        leaf = leaves.get(raw.position)
        if leaf is None:
            differs("the views have kept no leaf hash of this record", breaks=False)
        elif leaf != leaf_hash(*raw[1:]):
            differs(
                "the record is not the one that the views took in: its leaf hash was "
                f"{leaf.hex()}, and is {leaf_hash(*raw[1:]).hex()}",
                breaks=False,
            )
    try:
        recorded = decode(*raw)
    except Unreadable as reason:
        differs(str(reason))
        return
    if stream_of(recorded.fact) != raw.stream:
        differs(f"its fact belongs in the stream {stream_of(recorded.fact)}")
    at = recorded.meta.recorded_at
    if found.recorded_at is not None and at < found.recorded_at:
        differs(f"it was recorded at {at}, before the record before it", breaks=False)
    found.recorded_at = at
    _take_command(found, recorded, differs)
    if raw.position <= found.taken_in and not found.broken:
        try:
            for plain in found.plain.values():
                plain.apply(recorded)
        except LookupError as reason:
            differs(f"its fact cannot follow what was recorded before: no {reason}")


def _take_command(
    found: Found, recorded: Recorded, differs: Callable[..., None]
) -> None:
    meta = recorded.meta
    given = found.given.get(meta.command_id)
    if given is None:
        found.given[meta.command_id] = Given(
            recorded.position, 1, meta.recorded_at, meta.request_hash
        )
        return
    if recorded.position != given.first_position + given.count:
        differs(
            f"it stands apart from the other facts of command {meta.command_id}",
            breaks=False,
        )
    if (meta.recorded_at, meta.request_hash) != (given.recorded_at, given.request_hash):
        differs(
            f"its meta is not that of command {meta.command_id}'s first fact",
            breaks=False,
        )
    given.count += 1


def _table_differences(db: sqlite3.Connection, found: Found) -> Iterator[Difference]:
    extra = db.execute(
        "SELECT MIN(position) FROM leaves WHERE position > ?", (found.taken_in,)
    ).fetchone()[0]
    if extra is not None:
        yield Difference(
            what=f"a leaf hash is kept of record {extra}, which is not yet taken in",
            table=LEAVES.name,
            since=extra,
        )
    for view in VIEWS:
        expected = found.plain[view.name].rows()
        for table in view.tables:
            try:
                yield from _rows_that_differ(db, table, expected[table.name])
            except sqlite3.DatabaseError as reason:
                yield Difference(
                    what=f"the table cannot be read: {reason}", table=table.name
                )


def _rows_that_differ(
    db: sqlite3.Connection, table: Table, expected: Iterable[Row]
) -> Iterator[Difference]:
    missing = {row[: table.keys]: row for row in expected}
    for row in db.execute(f"SELECT * FROM {table.name} ORDER BY {table.key()}"):
        wanted = missing.pop(row[: table.keys], None)
        if wanted == row:
            continue
        since = table.position_of(row)
        if wanted is None:
            what = f"a row stands there that must not: {row}"
        else:
            since = min(since, table.position_of(wanted))
            what = f"a row is {row}, and must be {wanted}"
        yield Difference(what=what, table=table.name, since=since)
    for row in missing.values():
        yield Difference(
            what=f"a row is missing: {row}",
            table=table.name,
            since=table.position_of(row),
        )


def _command_differences(log: Log, found: Found) -> Iterator[Difference]:
    """Each row of commands against its digest and the log, and the log against them."""
    number = 0
    while rows := log.command_rows(number, BATCH):
        for row in rows:
            given = found.given.pop(row.id, None)
            later = (row.first_position or 0) > found.position
            if given is None and later and log.head() >= (row.first_position or 0):
                given = _given_later(log, row)
            wrong = _row_wrong(row, given, number, found.broken)
            if wrong is not None:
                yield Difference(
                    what=f"the row of command {row.id} {wrong}",
                    position=row.first_position,
                    table="commands",
                    since=row.first_position,
                )
            number = row.number
    for command, given in found.given.items():
        yield Difference(
            what=f"the log holds facts of command {command}, which has no row",
            position=given.first_position,
            table="commands",
            since=given.first_position,
        )


def _given_later(log: Log, row: CommandRow) -> Given | None:
    """What the log says of a command that came in while its records were checked."""
    assert row.first_position is not None
    found = Found(taken_in=0, position=row.first_position - 1)
    for raw in log.raw(found.position, row.count):
        recorded = decode(*raw)
        if recorded.meta.command_id == row.id:
            _take_command(found, recorded, lambda what, **_: None)
    return found.given.get(row.id)


def _row_wrong(
    row: CommandRow, given: Given | None, number: int, broken: bool
) -> str | None:
    """What is wrong with a row of commands that follows a number; None: nothing."""
    if row.number != number + 1:
        return f"has number {row.number} and follows {number}: there is a gap"
    if row_digest(row[:-1]) != row.digest:
        return "is not what its digest was made of"
    if broken:
        return None
    stated = (row.first_position, row.count)
    if given is None:
        return None if stated == (None, 0) else f"states {stated}, the log has none"
    if stated != (given.first_position, given.count):
        return f"states {stated}, the log has {given.first_position, given.count}"
    if (datetime.fromisoformat(row.recorded_at), row.hash) != (
        given.recorded_at,
        given.request_hash,
    ):
        return "has another instant or request hash than its facts"
    return None
