"""What is read of the tables of a PostgreSQL ledger, statement by statement."""

from collections.abc import Sequence
from typing import Any

import psycopg

from ledger.store.rows import CommandRow, EventRow, Head, PartyRow, TextRow

_EVENTS = "SELECT position, stream, version, topic, state FROM ledger.events"
_COMMANDS = (
    "SELECT number, id, hash, outcome, recorded_at, first_position, count, refusal,"
    " digest FROM ledger.commands"
)
_HEAD = (
    "SELECT coalesce((SELECT max(position) FROM ledger.events), 0),"
    " coalesce((SELECT max(number) FROM ledger.commands), 0),"
    " coalesce((SELECT recorded_at FROM ledger.commands"
    " ORDER BY number DESC LIMIT 1), '')"
)


class Reading:
    """What one connection sees of the log."""

    def __init__(self, connection: psycopg.Connection):
        self.connection = connection

    def _rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        found = self.connection.execute(query, given, prepare=True, binary=True)
        return found.fetchall()

    def head(self) -> Head:
        """See `contract.Reading`, as for the others."""
        [row] = self._rows(_HEAD)
        return Head(*row)

    def events(self, after: int, limit: int) -> list[EventRow]:
        """Up to `limit` rows that follow a position, in order."""
        rows = self._rows(
            f"{_EVENTS} WHERE position > %s ORDER BY position LIMIT %s", after, limit
        )
        return list(map(EventRow._make, rows))

    def stream(self, stream: str) -> list[EventRow]:
        """A stream's rows in order of version."""
        rows = self._rows(
            f"{_EVENTS} WHERE stream = %s AND position > 0 ORDER BY version", stream
        )
        return list(map(EventRow._make, rows))

    def event(self, stream: str, version: int) -> EventRow | None:
        """One row by its stream and version."""
        rows = self._rows(
            f"{_EVENTS} WHERE stream = %s AND version = %s", stream, version
        )
        return EventRow(*rows[0]) if rows else None

    def streams(self, prefix: str) -> tuple[str, ...]:
        """The names of the streams that begin so, in order of their characters."""
        rows = self._rows(
            "SELECT DISTINCT stream FROM ledger.events WHERE stream >= %s"
            " AND stream < %s ORDER BY stream",
            prefix,
            f"{prefix}\U0010ffff",
        )
        return tuple(stream for (stream,) in rows)

    def look_up(self, ids: Sequence[str]) -> tuple[Head, dict[str, CommandRow]]:
        """The head, and by id those commands that were answered."""
        rows = self._rows(f"{_COMMANDS} WHERE id = ANY (%s::text[])", list(ids))
        return self.head(), {row[1]: CommandRow(*row) for row in rows}

    def commands(self, after: int, limit: int) -> list[CommandRow]:
        """Up to `limit` commands that follow a number, in order."""
        rows = self._rows(
            f"{_COMMANDS} WHERE number > %s ORDER BY number LIMIT %s", after, limit
        )
        return list(map(CommandRow._make, rows))

    def position_at(self, recorded_at: str) -> int:
        """The last position recorded up to and including an instant; 0 for none.

        Instants never go back as numbers go up, so the number is found by halving.
        """
        low, high = 0, self.head().number  # The number is in low..high.
        while low < high:
            middle = (low + high + 1) // 2
            [(at,)] = self._rows(
                "SELECT recorded_at FROM ledger.commands WHERE number = %s", middle
            )
            if at <= recorded_at:
                low = middle
            else:
                high = middle - 1
        rows = self._rows(
            "SELECT first_position + count - 1 FROM ledger.commands"
            " WHERE number <= %s AND count > 0 ORDER BY number DESC LIMIT 1",
            low,
        )
        return int(rows[0][0]) if rows else 0

    def texts(self, skip: int, limit: int) -> list[TextRow]:
        """Up to `limit` texts behind the first `skip`, in the order they were kept."""
        rows = self._rows(
            "SELECT commitment, salt, text FROM ledger.texts ORDER BY number"
            " LIMIT %s OFFSET %s",
            limit,
            skip,
        )
        return list(map(TextRow._make, rows))

    def parties(self, skip: int, limit: int) -> list[PartyRow]:
        """Up to `limit` names behind the first `skip`, in the order they were kept."""
        rows = self._rows(
            "SELECT party, commitment, salt, name FROM ledger.parties ORDER BY number"
            " LIMIT %s OFFSET %s",
            limit,
            skip,
        )
        return list(map(PartyRow._make, rows))

    def text(self, commitment: str) -> str | None:
        """The prose or name of a commitment, or None if it was forgotten."""
        rows = self._rows(
            "SELECT text FROM ledger.texts WHERE commitment = %s"
            " UNION ALL SELECT name FROM ledger.parties WHERE commitment = %s",
            commitment,
            commitment,
        )
        return str(rows[0][0]) if rows else None

    def name(self, party: str) -> str | None:
        """A party's latest name, or None if there is none, or it was forgotten."""
        rows = self._rows(
            "SELECT name FROM ledger.parties WHERE party = %s"
            " ORDER BY number DESC LIMIT 1",
            party,
        )
        return str(rows[0][0]) if rows else None

    def still_deciding(self) -> None:
        """A reader holds nobody up."""
