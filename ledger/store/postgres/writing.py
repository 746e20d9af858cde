"""How a PostgreSQL ledger is written to: one transaction under the log's lock."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg.errors import UniqueViolation
from psycopg.pq.abc import PGresult

from ledger.store.postgres.reading import Reading
from ledger.store.postgres.wire import (
    BYTEAS,
    COMMIT,
    INT8,
    INT8S,
    MOST_TOGETHER,
    TEXTS,
    Call,
    Wire,
    byteas,
    eight,
    ints,
    texts,
)
from ledger.store.rows import (
    CommandRow,
    EventRow,
    Head,
    NotAppendable,
    PartyRow,
    TextRow,
    check,
)

DOES_NOT_FOLLOW = "PL001"
"""What `ledger.append` says of rows that do not follow the head."""

IDLE_HOLDER_MS = 3_000
"""How long a holder of the lock may be silent before the server cuts it off."""

LARGE = 1_000_000
"""Bytes of rows from which a writer asks for more time before it encodes them."""

BYTES_A_MS = 1_000
"""How much a writer encodes and sends at least, on a machine that is very busy."""

STILL_DECIDING_S = 1
"""How often a holder that decides tells the server so, in seconds."""

_TAKE = "SELECT * FROM ledger.take($1)"
_TAKE_TYPES = (TEXTS,)
_APPEND_TYPES = (
    *(INT8, TEXTS, INT8S, TEXTS, BYTEAS),
    *(INT8, TEXTS, TEXTS, TEXTS, TEXTS, INT8S, INT8S, TEXTS, TEXTS),
    *(TEXTS, BYTEAS, TEXTS),
    *(TEXTS, TEXTS, BYTEAS, TEXTS),
)
_APPEND = (
    "SELECT ledger.append("
    + ", ".join(f"${number}" for number in range(1, len(_APPEND_TYPES) + 1))
    + ")"
)
_NO_TEXTS = (texts(()), byteas(()), texts(()))
_NO_PARTIES = (texts(()), *_NO_TEXTS)


def prepare(wire: Wire) -> None:
    """Prepare what `Writing` calls, once a connection."""
    wire.prepare(b"take", _TAKE, _TAKE_TYPES)
    wire.prepare(b"append", _APPEND, _APPEND_TYPES)


Begin = Callable[[Call], tuple[Wire, PGresult]]
"""Begins a transaction with its first call, on a connection that works."""


class Writing(Reading):
    """The log under its lock. It begins with the first thing asked of it.

    Args:
        begin: See Begin; the transaction is ended by `commit` or by its giver.
    """

    def __init__(self, begin: Begin):
        self._begin = begin
        self._wire: Wire | None = None
        self._last_call_s = 0
        self._append: Call | None = None  # Sent together with the commit.
        self._first = ""  # The record it begins with.

    def head(self) -> Head:
        """The head of the log under the lock."""
        return self.look_up(())[0]

    def look_up(self, ids: Sequence[str]) -> tuple[Head, dict[str, CommandRow]]:
        """The lock, the head, and by id those commands that were answered."""
        take = Call(b"take", (texts(ids),), prepared=True)
        if self._wire is None:
            self._wire, result = self._begin(take)
        else:
            self._send()
            result = self._wire.call(take)
        self._last_call_s = int(time.monotonic())
        return _looked_up(result)

    def still_deciding(self) -> None:
        """Ask for nothing, once a second, so that the server goes on waiting."""
        if (
            self._wire is not None
            and time.monotonic() >= self._last_call_s + STILL_DECIDING_S
        ):
            self._last_call_s = int(time.monotonic())
            self._wire.call(Call(b"SELECT"))

    def append(
        self,
        events: Sequence[EventRow],
        commands: Sequence[CommandRow] = (),
        texts: Sequence[TextRow] = (),
        parties: Sequence[PartyRow] = (),
    ) -> None:
        """Append rows; they are sent together with the commit.

        Raises:
            NotAppendable: If they do not follow, or are not valid by name or state.
        """
        self._under_lock()
        self._send()
        self._ask_for_time(
            sum(len(row.state) for row in events) + sum(len(row.text) for row in texts)
        )
        for row in events:
            check(row)
        head, last = _before(events, "position"), _before(commands, "number")
        self._append = Call(
            b"append",
            (
                *_event_columns(head, events),
                *_command_columns(last, commands),
                *(_text_columns(texts) if texts else _NO_TEXTS),
                *(_party_columns(parties) if parties else _NO_PARTIES),
            ),
            prepared=True,
        )
        self._first = f"{events[0].stream}@{events[0].version}" if events else "none"
        if self._append.size > MOST_TOGETHER:
            self._send()  # It would go alone in any case.

    def _ask_for_time(self, size: int) -> None:
        """Let the server wait for long rows until this transaction ends.

        To the server a writer is silent while it encodes and sends; nothing of that
        can be interrupted by `still_deciding`.
        """
        if size > LARGE:
            ms = IDLE_HOLDER_MS + size // BYTES_A_MS
            setting = f"SET LOCAL idle_in_transaction_session_timeout = {ms}"
            self._under_lock().call(Call(setting.encode()))

    def insert_unchecked(self, events: Sequence[EventRow]) -> None:
        """Write event rows; only the owner of the tables may."""
        wire = self._under_lock()
        self._send()
        insert = Call(
            b"INSERT INTO ledger.events SELECT * FROM unnest($1::bigint[],"
            b" $2::text[], $3::bigint[], $4::text[], $5::bytea[])",
            (ints([row.position for row in events]), *_columns(events)),
        )
        try:
            wire.call(insert)
        except UniqueViolation as reason:
            raise NotAppendable(f"a record is there already: {reason}") from reason

    def commit(self) -> None:
        """Send what is appended, and return when all is durable.

        Stopped before the server has it all, nothing is found; after that all of
        it may be, whether or not the answer comes.
        """
        if self._wire is None:
            return
        self._sent(COMMIT)

    def _rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        wire = self._under_lock()
        self._send()
        found = wire.connection.execute(query, given, prepare=True, binary=True)
        return found.fetchall()

    def _under_lock(self) -> Wire:
        if self._wire is None:
            self.head()
        assert self._wire is not None
        return self._wire

    def _send(self) -> None:
        if self._append is not None:
            self._sent()

    def _sent(self, *then: Call) -> None:
        assert self._wire is not None
        calls = (*(() if self._append is None else (self._append,)), *then)
        self._append = None
        try:
            result = self._wire.call(*calls)
        except psycopg.Error as error:
            if error.sqlstate == DOES_NOT_FOLLOW or isinstance(error, UniqueViolation):
                raise NotAppendable(
                    f"{error.diag.message_primary}: nothing of what begins with "
                    f"{self._first} is written"
                ) from error
            raise
        if then and result.command_status != b"COMMIT":
            raise psycopg.InternalError("the transaction had failed before its commit")


def _looked_up(result: PGresult) -> tuple[Head, dict[str, CommandRow]]:
    rows = [
        [result.get_value(row, column) for column in range(result.nfields)]
        for row in range(result.ntuples)
    ]
    position, number, recorded_at = rows[0][:3]
    found = {}
    for row in rows:
        if row[3] is not None:
            one = _command(row[3:])
            found[one.id] = one
    return Head(_int(position), _int(number), _text(recorded_at)), found


def _command(row: Sequence[bytes | None]) -> CommandRow:
    number, command_id, hashed, outcome, at, first, count, refusal, digest = row
    return CommandRow(
        _int(number),
        _text(command_id),
        _text(hashed),
        _text(outcome),
        _text(at),
        None if first is None else _int(first),
        _int(count),
        None if refusal is None else _text(refusal),
        _text(digest),
    )


def _int(value: bytes | None) -> int:
    assert value is not None
    return int.from_bytes(value, "big", signed=True)


def _text(value: bytes | None) -> str:
    assert value is not None
    return value.decode()


def _before(rows: Sequence[Any], number: str) -> int:
    """The number that rows follow; theirs must have no gap."""
    if not rows:
        return 0
    first: int = getattr(rows[0], number)
    if [getattr(row, number) for row in rows] != [*range(first, first + len(rows))]:
        raise NotAppendable(f"rows from {number} {first} leave a gap")
    return first - 1


def _columns(events: Sequence[EventRow]) -> tuple[bytes, ...]:
    return (
        texts([row.stream for row in events]),
        ints([row.version for row in events]),
        texts([row.topic for row in events]),
        byteas([row.state for row in events]),
    )


def _event_columns(head: int, events: Sequence[EventRow]) -> tuple[bytes, ...]:
    return (eight(head), *_columns(events))


def _command_columns(last: int, commands: Sequence[CommandRow]) -> tuple[bytes, ...]:
    return (
        eight(last),
        texts([row.id for row in commands]),
        texts([row.hash for row in commands]),
        texts([row.outcome for row in commands]),
        texts([row.recorded_at for row in commands]),
        ints([row.first_position for row in commands]),
        ints([row.count for row in commands]),
        texts([row.refusal for row in commands]),
        texts([row.digest for row in commands]),
    )


def _text_columns(rows: Sequence[TextRow]) -> tuple[bytes, ...]:
    return (
        texts([row.commitment for row in rows]),
        byteas([row.salt for row in rows]),
        texts([row.text for row in rows]),
    )


def _party_columns(rows: Sequence[PartyRow]) -> tuple[bytes, ...]:
    return (
        texts([row.party for row in rows]),
        texts([row.commitment for row in rows]),
        byteas([row.salt for row in rows]),
        texts([row.name for row in rows]),
    )
