"""The writer's own calls to PostgreSQL: binary, prepared, and few round trips.

It speaks to libpq itself (`psycopg.pq`), because a lone command spends more time in
adapting parameters and waiting than in the server. Small calls go together in one
round trip, as a pipeline. Large ones go one by one: a pipeline whose parameters do
not fit the buffers of a socket can wait for ever on the server that waits for it.
"""

import select
import struct
from collections.abc import Sequence
from typing import NamedTuple

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGresult

MOST_TOGETHER = 16_384
"""Bytes of parameters that are sent as one pipeline; the least socket buffer."""

WAIT_MS = 120_000
"""Longest wait for an answer; the server's own time limits come first."""

INT8, INT8S, TEXTS, BYTEAS = 20, 1016, 1009, 1001
"""Types of parameters, by PostgreSQL's own numbers for them."""

_TEXT, _BYTEA = 25, 17
_HEAD = struct.Struct(">iiIii")  # Dimensions, has NULLs, type, length, first index.
_SIZE = struct.Struct(">i")
_EIGHT = struct.Struct(">iq")  # Size and value of an element.
_ONE_EIGHT = struct.Struct(">q")
_NULL = b"\xff\xff\xff\xff"


class Call(NamedTuple):
    """One statement: its text, or the name it was prepared under."""

    statement: bytes
    parameters: Sequence[bytes] = ()
    prepared: bool = False

    @property
    def size(self) -> int:
        """Bytes of its parameters."""
        return sum(map(len, self.parameters))


BEGIN = Call(b"BEGIN ISOLATION LEVEL READ COMMITTED")
COMMIT = Call(b"COMMIT")
ROLLBACK = Call(b"ROLLBACK")


class Wire:
    """One connection, used by one thread at a time."""

    def __init__(self, connection: psycopg.Connection):
        self.connection = connection
        self._libpq = connection.pgconn
        self._poll = select.poll()
        self._poll.register(connection.fileno(), select.POLLIN)

    @property
    def broken(self) -> bool:
        """Whether the connection is gone, or stopped in the middle of a call."""
        return (
            self.connection.closed
            or self._libpq.pipeline_status != pq.PipelineStatus.OFF
            or self._libpq.transaction_status
            in (pq.TransactionStatus.ACTIVE, pq.TransactionStatus.UNKNOWN)
        )

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, be it a failed one."""
        return self._libpq.transaction_status != pq.TransactionStatus.IDLE

    def prepare(self, name: bytes, statement: str, types: Sequence[int]) -> None:
        """Prepare a statement, to be called by its name."""
        self._checked(self._libpq.prepare(name, statement.encode(), types))

    def call(self, *calls: Call) -> PGresult:
        """Run calls in order, and return the last one's result.

        Raises:
            psycopg.Error: The first failure; later calls were not run.
        """
        if len(calls) > 1 and sum(call.size for call in calls) <= MOST_TOGETHER:
            return self._together(calls)
        for call in calls:
            result = self._checked(self._alone(call))
        return result

    def _alone(self, call: Call) -> PGresult:
        formats = [1] * len(call.parameters)
        if call.prepared:
            return self._libpq.exec_prepared(
                call.statement, call.parameters, formats, 1
            )
        return self._libpq.exec_params(
            call.statement, call.parameters or None, None, formats or None, 1
        )

    def _together(self, calls: Sequence[Call]) -> PGresult:
        libpq = self._libpq
        libpq.enter_pipeline_mode()
        for call in calls:
            formats = [1] * len(call.parameters)
            if call.prepared:
                libpq.send_query_prepared(call.statement, call.parameters, formats, 1)
            else:
                libpq.send_query_params(call.statement, call.parameters or None)
        libpq.pipeline_sync()
        results: list[PGresult] = []
        while not results or results[-1].status != pq.ExecStatus.PIPELINE_SYNC:
            # A None ends each call's results.
            if (result := self._next()) is not None:
                results.append(result)
                self._ended(result)
        libpq.exit_pipeline_mode()
        for result in results[:-1]:
            self._checked(result)
        return results[-2]

    def _ended(self, result: PGresult) -> None:
        """Raise what the server said as it ended the connection: nothing follows."""
        severity = result.error_field(pq.DiagnosticField.SEVERITY_NONLOCALIZED)
        if severity == b"FATAL" or self._libpq.status == pq.ConnStatus.BAD:
            raise _error(result)

    def _next(self) -> PGresult | None:
        """The next result. Others may run while it is waited for."""
        while self._libpq.is_busy():
            if not self._poll.poll(WAIT_MS):
                raise psycopg.OperationalError("the server has not answered for long")
            self._libpq.consume_input()
        return self._libpq.get_result()

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
            return result
        raise _error(result)


def _error(result: PGresult) -> psycopg.Error:
    error = error_from_result(result)
    if error.sqlstate is None:  # Not from the server: the connection itself is gone.
        return psycopg.OperationalError(*error.args)
    return error


def eight(value: int) -> bytes:
    """A bigint."""
    return _ONE_EIGHT.pack(value)


def ints(values: Sequence[int | None]) -> bytes:
    """A bigint[]."""
    return _array(
        INT8, values, [_NULL if one is None else _EIGHT.pack(8, one) for one in values]
    )


def texts(values: Sequence[str | None]) -> bytes:
    """A text[]."""
    return _array(
        _TEXT,
        values,
        [_NULL if one is None else _sized(one.encode()) for one in values],
    )


def byteas(values: Sequence[bytes]) -> bytes:
    """A bytea[]."""
    return _array(_BYTEA, values, [_sized(one) for one in values])


def _sized(value: bytes) -> bytes:
    return _SIZE.pack(len(value)) + value


def _array(element: int, values: Sequence[object], encoded: list[bytes]) -> bytes:
    if not encoded:
        return _HEAD.pack(0, 0, element, 0, 0)[:12]
    return _HEAD.pack(1, None in values, element, len(encoded), 1) + b"".join(encoded)
