"""What is asked of the tables of a SQLite ledger, statement by statement."""

import json
import sqlite3
from collections.abc import Sequence

from ledger.store.rows import (
    CommandRow,
    EventRow,
    Head,
    NotAppendable,
    PartyRow,
    TextRow,
    check,
)

_EVENTS = "SELECT position, stream, version, topic, state FROM events"
_COMMANDS = (
    "SELECT number, id, hash, outcome, recorded_at, first_position, count, refusal,"
    " digest FROM commands"
)
_HEAD = (
    "SELECT (SELECT MAX(position) FROM events) AS position,"
    " (SELECT MAX(number) FROM commands) AS number,"
    " (SELECT recorded_at FROM commands ORDER BY number DESC LIMIT 1) AS recorded_at"
)
_LOOK_UP = (
    "SELECT head.*, c.number, c.id, c.hash, c.outcome, c.recorded_at,"
    " c.first_position, c.count, c.refusal, c.digest"
    f" FROM ({_HEAD}) AS head LEFT JOIN commands AS c ON c.id"
)

# A version that does not follow, or any at a position that does not, becomes NULL,
# which the table refuses. (INSERT ... SELECT ... WHERE costs twice as much.)
_PLACED = (
    "INSERT INTO events VALUES (?1, ?2, CASE"
    " WHEN ?1 = (SELECT IFNULL(MAX(position), 0) + 1 FROM events)"
    " AND ?3 = (SELECT IFNULL(MAX(version), 0) + 1 FROM events WHERE stream = ?2)"
    " THEN ?3 END, ?4, ?5)"
)


class Reading:
    """What one connection sees of the log."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection

    def head(self) -> Head:
        """The last position, the last command's number, and when it was recorded."""
        position, number, recorded_at = self._connection.execute(_HEAD).fetchone()
        return Head(position or 0, number or 0, recorded_at or "")

    def events(self, after: int, limit: int) -> list[EventRow]:
        """Up to `limit` rows that follow a position, in order."""
        rows = self._connection.execute(
            f"{_EVENTS} WHERE position > ? ORDER BY position LIMIT ?", (after, limit)
        )
        return [EventRow(*row) for row in rows]

    def stream(self, stream: str) -> list[EventRow]:
        """A stream's rows in order of version."""
        rows = self._connection.execute(
            f"{_EVENTS} WHERE stream = ? AND position > 0 ORDER BY version", (stream,)
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

    def look_up(self, ids: Sequence[str]) -> tuple[Head, dict[str, CommandRow]]:
        """The head, and by id those commands that were answered; one query."""
        if len(ids) == 1:
            rows = self._connection.execute(f"{_LOOK_UP} = ?", ids).fetchall()
        else:
            rows = self._connection.execute(
                f"{_LOOK_UP} IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
            ).fetchall()
        position, number, recorded_at, *_ = rows[0]
        head = Head(position or 0, number or 0, recorded_at or "")
        return head, {row[4]: CommandRow(*row[3:]) for row in rows if row[3]}

    def commands(self, after: int, limit: int) -> list[CommandRow]:
        """Up to `limit` commands that follow a number, in order."""
        rows = self._connection.execute(
            f"{_COMMANDS} WHERE number > ? ORDER BY number LIMIT ?", (after, limit)
        )
        return [CommandRow(*row) for row in rows]

    def position_at(self, recorded_at: str) -> int:
        """The last position recorded up to and including an instant; 0 for none.

        Instants never go back as numbers go up, so the number is found by halving;
        an index of instants would cost every commit a page (6% of a lone command).
        """
        execute = self._connection.execute
        low, high = 0, self.head().number  # The number is in low..high.
        while low < high:
            middle = (low + high + 1) // 2
            [(at,)] = execute(
                "SELECT recorded_at FROM commands WHERE number = ?", (middle,)
            )
            if at <= recorded_at:
                low = middle
            else:
                high = middle - 1
        row = execute(
            "SELECT first_position + count - 1 FROM commands"
            " WHERE number <= ? AND count > 0 ORDER BY number DESC LIMIT 1",
            (low,),
        ).fetchone()
        return 0 if row is None else int(row[0])

    def texts(self, skip: int, limit: int) -> list[TextRow]:
        """Up to `limit` texts behind the first `skip`, in the order they were kept."""
        rows = self._connection.execute(
            "SELECT commitment, salt, text FROM texts ORDER BY rowid LIMIT ? OFFSET ?",
            (limit, skip),
        )
        return [TextRow(*row) for row in rows]

    def parties(self, skip: int, limit: int) -> list[PartyRow]:
        """Up to `limit` names behind the first `skip`, in the order they were kept."""
        rows = self._connection.execute(
            "SELECT party, commitment, salt, name FROM parties ORDER BY rowid"
            " LIMIT ? OFFSET ?",
            (limit, skip),
        )
        return [PartyRow(*row) for row in rows]

    def text(self, commitment: str) -> str | None:
        """The prose or name of a commitment, or None if it was forgotten."""
        row = self._connection.execute(
            "SELECT text FROM texts WHERE commitment = ?1"
            " UNION ALL SELECT name FROM parties WHERE commitment = ?1",
            (commitment,),
        ).fetchone()
        return None if row is None else str(row[0])

    def name(self, party: str) -> str | None:
        """A party's latest name, or None if there is none, or it was forgotten."""
        row = self._connection.execute(
            "SELECT name FROM parties WHERE party = ? ORDER BY rowid DESC LIMIT 1",
            (party,),
        ).fetchone()
        return None if row is None else str(row[0])

    def still_deciding(self) -> None:
        """Nobody cuts a holder off: a process that ends frees the file."""


class Writing(Reading):
    """The log under its lock, inside a transaction that the caller commits."""

    def append(
        self,
        events: Sequence[EventRow],
        commands: Sequence[CommandRow] = (),
        texts: Sequence[TextRow] = (),
        parties: Sequence[PartyRow] = (),
    ) -> None:
        """Append rows; a crash before the commit leaves none of them.

        Raises:
            NotAppendable: If they do not follow, or are not valid by name or state.
        """
        for row in events:
            check(row)
        try:
            if events:
                self._many(_PLACED, events)
        except sqlite3.IntegrityError as reason:
            raise NotAppendable(
                "a position or version does not follow the head of the log, from "
                f"{events[0].stream}@{events[0].version} at {events[0].position}"
            ) from reason
        if commands:
            self._many("INSERT INTO commands VALUES (?,?,?,?,?,?,?,?,?)", commands)
        if texts:
            self._many("INSERT INTO texts VALUES (?,?,?)", texts)
        if parties:
            self._many("INSERT INTO parties VALUES (?,?,?,?)", parties)

    def insert_unchecked(self, events: Sequence[EventRow]) -> None:
        """Write event rows; the tables' own constraints alone hold."""
        try:
            self._many("INSERT INTO events VALUES (?,?,?,?,?)", events)
        except sqlite3.IntegrityError as reason:
            raise NotAppendable(f"a record is there already: {reason}") from reason

    def _many(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if len(rows) == 1:
            self._connection.execute(statement, rows[0])
        else:
            self._connection.executemany(statement, rows)
