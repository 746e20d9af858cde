"""Checks each row of commands against its digest and the log, and back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ledger.proof import row_digest
from ledger.recorded import Recorded
from ledger.store.mapper import decode
from ledger.store.rows import CommandRow
from projections.following.position import BATCH, Log
from projections.verify.difference import Difference

Differs = Callable[[str], None]
"""Told a sentence about the record that is being read."""


@dataclass(slots=True)
class Given:
    """What the records of the log say of one command."""

    first_position: int
    count: int
    recorded_at: datetime
    request_hash: str


@dataclass(slots=True)
class Commands:
    """What the log says of every command whose facts were read, by id."""

    given: dict[str, Given] = field(default_factory=dict)

    def apply(self, recorded: Recorded, differs: Differs) -> None:
        """Take in one more record, in the order of the log."""
        meta = recorded.meta
        given = self.given.get(meta.command_id)
        if given is None:
            self.given[meta.command_id] = Given(
                recorded.position, 1, meta.recorded_at, meta.request_hash
            )
            return
        if recorded.position != given.first_position + given.count:
            differs(f"it stands apart from the other facts of {meta.command_id}")
        if (meta.recorded_at, meta.request_hash) != (
            given.recorded_at,
            given.request_hash,
        ):
            differs(f"its meta is not that of the first fact of {meta.command_id}")
        given.count += 1

    def differences(
        self, log: Log, position: int, *, broken: bool
    ) -> Iterator[Difference]:
        """Each row against its digest and the log, and the log against the rows.

        Args:
            position: Up to which the log was read.
            broken: Whether the log could not be read whole; then each row is
                compared with its digest alone.
        """
        number = 0
        while rows := log.command_rows(number, BATCH):
            for row in rows:
                given = self.given.pop(row.id, None)
                later = (row.first_position or 0) > position
                if given is None and later and log.head() >= (row.first_position or 0):
                    given = _given_later(log, row)
                wrong = _row_wrong(row, given, number, broken)
                if wrong is not None:
                    yield Difference(
                        what=f"the row of command {row.id} {wrong}",
                        position=row.first_position,
                        table="commands",
                        since=row.first_position,
                    )
                number = row.number
        for command, given in self.given.items():
            yield Difference(
                what=f"the log holds facts of command {command}, which has no row",
                position=given.first_position,
                table="commands",
                since=given.first_position,
            )


def _given_later(log: Log, row: CommandRow) -> Given | None:
    """What the log says of a command that came in while its records were checked."""
    assert row.first_position is not None
    commands = Commands()
    for raw in log.raw(row.first_position - 1, row.count):
        recorded = decode(*raw)
        if recorded.meta.command_id == row.id:
            commands.apply(recorded, lambda what: None)
    return commands.given.get(row.id)


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
