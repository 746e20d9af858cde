"""Checks each row of commands against its digest and the log, and back."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ledger.proof import row_digest
from ledger.recorded import Recorded
from ledger.store.mapper import decode
from ledger.store.rows import CommandRow, instant
from projections.following.position import BATCH, Log
from projections.verify.difference import Difference

_HASH = re.compile("[0-9a-f]{64}")

Differs = Callable[[str], None]
"""Called with a sentence about the record that is being read."""


@dataclass(slots=True)
class FromLog:
    """What the records of the log say of one command."""

    first_position: int
    count: int
    recorded_at: datetime
    request_hash: str


@dataclass(slots=True)
class CommandRows:
    """What the log says of every command whose facts were read, by id."""

    by_id: dict[str, FromLog] = field(default_factory=dict)

    def apply(self, recorded: Recorded, differs: Differs) -> None:
        """Apply one more record, in the order of the log."""
        meta = recorded.meta
        stored = self.by_id.get(meta.command_id)
        if stored is None:
            self.by_id[meta.command_id] = FromLog(
                recorded.position, 1, meta.recorded_at, meta.request_hash
            )
            return
        if recorded.position != stored.first_position + stored.count:
            differs(f"it stands apart from the other facts of {meta.command_id}")
        if (meta.recorded_at, meta.request_hash) != (
            stored.recorded_at,
            stored.request_hash,
        ):
            differs(f"its meta is not that of the first fact of {meta.command_id}")
        stored.count += 1

    def differences(
        self, log: Log, position: int, *, broken: bool
    ) -> Iterator[Difference]:
        """Each row against its digest and the log, and the log against the rows.

        Args:
            position: Up to which the log was read.
            broken: Whether the log could not be read whole; then each row is
                compared with its digest alone.
        """
        number, answered_at = 0, ""
        while rows := log.command_rows(number, BATCH):
            for row in rows:
                if (says := _instant_wrong(row, answered_at)) is not None:
                    yield Difference(
                        what=f"the row of command {row.id} {says}",
                        position=row.first_position,
                        table="commands",
                        since=row.first_position,
                    )
                else:
                    answered_at = row.recorded_at
                stored = self.by_id.pop(row.id, None)
                later = (row.first_position or 0) > position
                if stored is None and later and log.head() >= (row.first_position or 0):
                    stored = _read_later(log, row)
                wrong = _row_wrong(row, stored, number, broken)
                if wrong is not None:
                    yield Difference(
                        what=f"the row of command {row.id} {wrong}",
                        position=row.first_position,
                        table="commands",
                        since=row.first_position,
                    )
                number = row.number
        for command, stored in self.by_id.items():
            yield Difference(
                what=f"the log holds facts of command {command}, which has no row",
                position=stored.first_position,
                table="commands",
                since=stored.first_position,
            )


def _read_later(log: Log, row: CommandRow) -> FromLog | None:
    """What the log says of a command that came in while its records were checked."""
    assert row.first_position is not None
    commands = CommandRows()
    for raw in log.raw(row.first_position - 1, row.count):
        recorded = decode(*raw)
        if recorded.meta.command_id == row.id:
            commands.apply(recorded, lambda what: None)
    return commands.by_id.get(row.id)


def _instant_wrong(row: CommandRow, before: str) -> str | None:
    """What is wrong with the instant of a row that follows another, or None."""
    try:
        if instant(datetime.fromisoformat(row.recorded_at)) != row.recorded_at:
            raise ValueError
    except (TypeError, ValueError):
        return f"has {row.recorded_at!r} as its instant, which is not written as one"
    if row.recorded_at < before:
        return f"was answered at {row.recorded_at}, before the row before it: {before}"
    if row.recorded_at > instant(datetime.now(UTC)):
        return (
            f"was answered at {row.recorded_at}, which is still to come by the clock "
            "of this machine"
        )
    return None


def _form_wrong(row: CommandRow) -> str | None:
    """What is wrong with what a row states of its command, or None."""
    if not _HASH.fullmatch(row.hash):
        return f"has {row.hash!r} as the hash of its request"
    match row.outcome:
        case "appended":
            return "was appended, and bears a refusal" if row.refusal else None
        case "refused":
            try:
                refusal = json.loads(row.refusal or "")
            except ValueError:
                refusal = None
            if not isinstance(refusal, dict) or "refusal" not in refusal:
                return f"was refused by {row.refusal!r}, which names no refusal"
            if row.first_position is not None:
                return "was refused, and states facts"
            return None
        case _:
            return f"has the outcome {row.outcome!r}"


def _row_wrong(
    row: CommandRow, stored: FromLog | None, number: int, broken: bool
) -> str | None:
    """What is wrong with a row of commands that follows a number, or None."""
    if row.number != number + 1:
        return f"has number {row.number} and follows {number}: there is a gap"
    if row_digest(row[:-1]) != row.digest:
        return "is not what its digest was made of"
    if (says := _form_wrong(row)) is not None:
        return says
    if broken:
        return None
    stated = (row.first_position, row.count)
    if stored is None:
        return None if stated == (None, 0) else f"states {stated}, the log has none"
    if stated != (stored.first_position, stored.count):
        return f"states {stated}, the log has {stored.first_position, stored.count}"
    if (row.recorded_at, row.hash) != (
        instant(stored.recorded_at),
        stored.request_hash,
    ):
        return "has another instant or request hash than its facts"
    return None
