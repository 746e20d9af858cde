"""Checks a log and its views against each other, from the first record.

The log is compared with the leaf hashes kept when the views first took each record
in, with its own rules, with the rows of its commands, and with the texts and names
beside it; the sums of each award are made again. The views' tables are compared with
their plain forms, folded again. Reads only.
"""

from dataclasses import dataclass, field
from datetime import datetime

from ledger.proof import leaf_hash
from ledger.recorded import Recorded, stream_of
from ledger.store.mapper import Unreadable, decode
from ledger.store.rows import EventRow
from projections.following import position
from projections.following.position import BATCH, Progress
from projections.following.views import Views
from projections.verify.awards import Readding
from projections.verify.commands import CommandRows
from projections.verify.difference import Difference
from projections.verify.tables import following_differences, table_differences
from projections.verify.texts import Commitments
from projections.views.every import VIEWS, code_hash
from projections.views.view import Database, Plain

__all__ = ["Difference", "verify"]


@dataclass(slots=True)
class Found:
    """What was found so far, and what later checks need of it."""

    taken_in: int  # The position of the views.
    differences: list[Difference] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)  # Stream -> last seen.
    position: int = 0  # Last seen.
    recorded_at: datetime | None = None  # Last seen.
    broken: bool = False  # Records do not follow each other: folds would mislead.
    commands: CommandRows = field(default_factory=CommandRows)
    commitments: Commitments = field(default_factory=Commitments)
    readding: Readding = field(default_factory=Readding)
    plain: dict[str, Plain] = field(
        default_factory=lambda: {view.name: view.plain() for view in VIEWS}
    )


def verify(views: Views, progress: Progress | None = None) -> tuple[Difference, ...]:
    """Everything that differs: the log in order, tables, commands, texts, files.

    Views are compared as far as they have followed. Their tables are not compared
    where records cannot be read or do not follow each other (what must stand there
    is not known), nor where other code made them (the next follow rebuilds them).
    """
    with views.reading() as db:
        return _verify(views, db, progress)


def _verify(
    views: Views, db: Database, progress: Progress | None
) -> tuple[Difference, ...]:
    log = views.log
    found = Found(taken_in=position.position_of(db))
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
    ours = position.code_of(db) == code_hash()
    if ours and not found.broken:
        found.differences += table_differences(db, found.taken_in, found.plain)
    found.differences += found.commands.differences(
        log, found.position, broken=found.broken
    )
    found.differences += found.commitments.differences(
        log, found.position, broken=found.broken
    )
    found.differences += [
        Difference(what=f"in the ledger, {fault}") for fault in log.faults()
    ]
    if ours:
        found.differences += [
            Difference(what=f"in the views, {fault}") for fault in views.place.faults()
        ]
    found.differences += following_differences(db)
    return tuple(found.differences)


def _leaves(db: Database, after: int, last: int) -> dict[int, bytes]:
    return dict(
        db.execute(
            "SELECT position, leaf_hash FROM leaves WHERE position > ? "
            "AND position <= ?",
            (after, last),
        ).fetchall()
    )


def _check_record(found: Found, raw: EventRow, leaves: dict[int, bytes]) -> None:
    """Check one record as stored; take it into the plain views and the commands."""

    def differs(what: str) -> None:
        found.differences.append(
            Difference(
                what=what, position=raw.position, stream=raw.stream, since=raw.position
            )
        )

    def breaks(what: str) -> None:
        found.broken = True
        differs(what)

    if raw.position != found.position + 1:
        breaks(f"position {raw.position} follows {found.position}: there is a gap")
    found.position = raw.position
    version = found.versions.get(raw.stream, 0)
    if raw.version != version + 1:
        breaks(f"version {raw.version} follows {version} in its stream")
    found.versions[raw.stream] = raw.version
    if raw.position <= found.taken_in:
        leaf = leaves.get(raw.position)
        if leaf is None:
            differs("the views have kept no leaf hash of this record")
        elif leaf != leaf_hash(*raw[1:]):
            differs(
                "the record is not the one that the views took in: its leaf hash was "
                f"{leaf.hex()}, and is {leaf_hash(*raw[1:]).hex()}"
            )
    try:
        recorded = decode(*raw)
    except Unreadable as reason:
        breaks(str(reason))
        return
    if stream_of(recorded.fact) != raw.stream:
        breaks(f"its fact belongs in the stream {stream_of(recorded.fact)}")
    at = recorded.meta.recorded_at
    if found.recorded_at is not None and at < found.recorded_at:
        differs(f"it was recorded at {at}, before the record before it")
    found.recorded_at = at
    found.commands.apply(recorded, differs)
    found.commitments.apply(recorded)
    if not found.broken:
        try:
            _fold(found, recorded)
        except LookupError as reason:
            breaks(f"its fact cannot follow what was recorded before: no {reason}")


def _fold(found: Found, recorded: Recorded) -> None:
    """Take a record into the plain views and the sums; raises LookupError."""
    for says in found.readding.apply(recorded):
        found.differences.append(
            Difference(
                what=says,
                position=recorded.position,
                stream=recorded.stream,
                since=recorded.position,
            )
        )
    if recorded.position <= found.taken_in:
        for plain in found.plain.values():
            plain.apply(recorded)
