"""What is asked of the tables of a SQLite ledger, statement by statement."""

import json
import sqlite3
from collections.abc import Sequence

from ledger.store.rows import CommandRow, EventRow, PartyRow, Stand, TextRow, check

_EVENTS = "SELECT position, stream, version, topic, state FROM events"
_COMMANDS = (
    "SELECT number, id, hash, outcome, recorded_at, first_position, count, refusal,"
    " digest FROM commands"
)


class Reading:
    """What one connection sees of the log."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection

    def stand(self) -> Stand:
        """The last position, the last command's number, and when it was recorded."""
        position, number, recorded_at = self._connection.execute(
            "SELECT (SELECT MAX(position) FROM events), MAX(number), MAX(recorded_at)"
            " FROM (SELECT number, recorded_at FROM commands"
            " ORDER BY number DESC LIMIT 1)"
        ).fetchone()
        return Stand(position or 0, number or 0, recorded_at or "")

    def events(self, after: int, limit: int) -> list[EventRow]:
        """Up to `limit` rows that follow a position, in order."""
        rows = self._connection.execute(
            f"{_EVENTS} WHERE position > ? ORDER BY position LIMIT ?", (after, limit)
        )
        return [EventRow(*row) for row in rows]

    def stream(self, stream: str) -> list[EventRow]:
        """A stream's rows in order of version."""
        rows = self._connection.execute(
            f"{_EVENTS} WHERE stream = ? ORDER BY version", (stream,)
        )
        return [EventRow(*row) for row in rows]

    def event(self, stream: str, version: int) -> EventRow | None:
        """One row by its stream and version."""
        row = self._connection.execute(
            f"{_EVENTS} WHERE stream = ? AND version = ?", (stream, version)
        ).fetchone()
        return None if row is None else EventRow(*row)

    def streams(self, prefix: str) -> tuple[str, ...]:
        """The names of the streams that begin so, in order of their characters."""
        rows = self._connection.execute(
            "SELECT DISTINCT stream FROM events WHERE stream >= ? AND stream < ?"
            " ORDER BY stream",
            (prefix, f"{prefix}\U0010ffff"),
        )
        return tuple(stream for (stream,) in rows)

    def answered(self, ids: Sequence[str]) -> dict[str, CommandRow]:
        """The rows of those commands that were answered before, by id; one query."""
        if len(ids) == 1:
            rows = self._connection.execute(f"{_COMMANDS} WHERE id = ?", ids)
        else:
            rows = self._connection.execute(
                f"{_COMMANDS} WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(ids),),
            )
        return {row[1]: CommandRow(*row) for row in rows}

    def commands(self, after: int, limit: int) -> list[CommandRow]:
        """Up to `limit` commands that follow a number, in order."""
        rows = self._connection.execute(
            f"{_COMMANDS} WHERE number > ? ORDER BY number LIMIT ?", (after, limit)
        )
        return [CommandRow(*row) for row in rows]

    def position_at(self, recorded_at: str) -> int:
        """The last position recorded up to and including an instant; 0 for none."""
        row = self._connection.execute(
            "SELECT first_position + count - 1 FROM commands"
            " WHERE recorded_at <= ? AND count > 0"
            " ORDER BY recorded_at DESC, number DESC LIMIT 1",
            (recorded_at,),
        ).fetchone()
        return 0 if row is None else int(row[0])

    def text(self, commitment: str) -> str | None:
        """The prose that a commitment stands for; None where it was forgotten."""
        row = self._connection.execute(
            "SELECT text FROM texts WHERE commitment = ?", (commitment,)
        ).fetchone()
        return None if row is None else str(row[0])

    def name(self, party: str) -> str | None:
        """A party's latest name; None where there is none, or it was forgotten."""
        row = self._connection.execute(
            "SELECT name FROM parties WHERE party = ? ORDER BY rowid DESC LIMIT 1",
            (party,),
        ).fetchone()
        return None if row is None else str(row[0])


class Writing(Reading):
    """The log under its lock, inside a transaction that the caller commits."""

    def append(
        self,
        events: Sequence[EventRow],
        commands: Sequence[CommandRow] = (),
        texts: Sequence[TextRow] = (),
        parties: Sequence[PartyRow] = (),
    ) -> None:
        """Put rows after what stands; a crash before the commit leaves none of them.

        Raises:
            NotAppendable: Where they may not follow; see `rows.check`.
        """
        if events:
            check(events, self._head(), self._versions(events))
            self.insert_unchecked(events)
        if commands:
            self._many("INSERT INTO commands VALUES (?,?,?,?,?,?,?,?,?)", commands)
        if texts:
            self._many("INSERT INTO texts VALUES (?,?,?)", texts)
        if parties:
            self._many("INSERT INTO parties VALUES (?,?,?,?)", parties)

    def insert_unchecked(self, events: Sequence[EventRow]) -> None:
        """Write event rows; the tables' own constraints alone hold."""
        self._many("INSERT INTO events VALUES (?,?,?,?,?)", events)

    def _many(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if len(rows) == 1:
            self._connection.execute(statement, rows[0])
        else:
            self._connection.executemany(statement, rows)

    def _head(self) -> int:
        row = self._connection.execute("SELECT MAX(position) FROM events").fetchone()
        return row[0] or 0

    def _versions(self, events: Sequence[EventRow]) -> dict[str, int]:
        execute = self._connection.execute
        statement = "SELECT MAX(version) FROM events WHERE stream = ?"
        return {
            stream: execute(statement, (stream,)).fetchone()[0] or 0
            for stream in dict.fromkeys(row.stream for row in events)
        }
