"""The log in a PostgreSQL database: the shared store.

One transaction at a time writes, under an advisory lock, from any process;
rows come in through `ledger.append` alone (see migrations/0001_log.sql). A commit
returns when the server has it on disk. Readers have connections of their own, and
neither wait for the lock nor hold it up; nor do ANALYZE and VACUUM. A holder that
hangs is cut off by the server, so that others go on; one with much to send is given
the time for it.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Lock
from time import monotonic_ns
from typing import Any

import psycopg
from psycopg import errors
from psycopg.pq.abc import PGresult

from ledger.store.contract import Unavailable
from ledger.store.postgres import schema
from ledger.store.postgres.connection import connect, remedy, said, set_all, shown
from ledger.store.postgres.reading import Reading
from ledger.store.postgres.wire import BEGIN, ROLLBACK, Call, Wire
from ledger.store.postgres.writing import IDLE_HOLDER_MS, Writing, prepare

LOCK_TIMEOUT_MS = 10_000
"""How long a writer waits for the log's lock."""

STATEMENT_TIMEOUT_MS = 60_000
"""The longest a statement of the writer may take, the wait for the lock included."""

TRANSACTION_TIMEOUT_MS = 100_000
"""The longest transaction of the writer, where the server knows such a limit (17)."""

IDLE_READER_MS = 300_000
"""How long a reader may be silent inside its view of the log."""

SPARE_CONNECTIONS = 8
"""Idle connections kept for readers; more are opened where more read at once."""

POLL_MS = 500
"""How often a waiting follower looks even if nothing wakes it."""

CHANNEL = "premium_ledger"
"""What `ledger.append` notifies."""

_WRITER = {
    "idle_in_transaction_session_timeout": IDLE_HOLDER_MS,
    "lock_timeout": LOCK_TIMEOUT_MS,
    "statement_timeout": STATEMENT_TIMEOUT_MS,
    # Plans are made once a connection, maybe while tables are still empty.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
}
_VIEW = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_READER = {"idle_in_transaction_session_timeout": IDLE_READER_MS}


class PostgresStore:
    """One ledger's database, open. Any number of threads may use it at once.

    Args:
        address: As `postgresql://user@host/database`; the database was migrated.
    """

    def __init__(self, address: str):
        self._address = address
        self._lock = Lock()
        self._writer: Wire | None = None
        self._spare: deque[psycopg.Connection] = deque()
        self._listeners: deque[psycopg.Connection] = deque()
        self._closed = False
        self.name = shown(address)
        try:
            with self.reading() as reading:
                schema.check(reading.connection, self.name)
        except Unavailable:
            self.close()
            raise

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """The log under its lock, until the block ends: then all is durable.

        Raises:
            psycopg.Error: As `contract.Store`; after an error of the commit itself
                the rows may be there all the same.
        """
        with self._lock:
            writing = Writing(self._begin)
            try:
                yield writing
                writing.commit()
            finally:
                self._end()

    def _begin(self, first: Call) -> tuple[Wire, PGresult]:
        """Begin on the kept connection, or on a new one where that was cut.

        Nothing is written yet, so trying a second time is safe.
        """
        if self._writer is not None:
            try:
                return self._writer, self._writer.call(BEGIN, first)
            except (errors.LockNotAvailable, errors.QueryCanceled):
                raise
            except psycopg.OperationalError:
                self._drop_writer()
        self._writer = self._wire()
        return self._writer, self._writer.call(BEGIN, first)

    def _end(self) -> None:
        """Leave no transaction open, and no connection that cannot begin another."""
        writer = self._writer
        if writer is None:
            return
        if not writer.broken and writer.in_transaction:
            with suppress(psycopg.Error):
                writer.call(ROLLBACK)
        if writer.broken or self._closed:
            self._drop_writer()

    def _drop_writer(self) -> None:
        assert self._writer is not None
        self._writer.connection.close()
        self._writer = None

    def _wire(self) -> Wire:
        connection = self._connect(_WRITER)
        try:
            if connection.info.server_version >= 170_000:
                set_all(connection, {"transaction_timeout": TRANSACTION_TIMEOUT_MS})
            # A server may be set to answer before the disk has it; never for us.
            connection.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
            wire = Wire(connection)
            prepare(wire)
        except psycopg.Error:
            connection.close()
            raise
        return wire

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One unchanging view of the log: what is committed when it is first read.

        Raises:
            Unavailable: If the database cannot be read.
        """
        connection = None
        try:
            connection = self._ready(self._spare, _VIEW)
            yield Reading(connection)
        except psycopg.Error as error:
            raise self._unavailable(error) from error
        finally:
            self._put_back(connection, self._spare)

    def _ready(
        self, spare: deque[psycopg.Connection], first: str
    ) -> psycopg.Connection:
        """A connection that has run a statement; what was cut meanwhile is let go."""
        while spare:
            with suppress(IndexError):
                kept = spare.pop()
                try:
                    kept.execute(first)
                except psycopg.OperationalError:
                    kept.close()
                else:
                    return kept
        connection = self._connect(_READER)
        connection.execute(first)
        return connection

    def _put_back(
        self,
        connection: psycopg.Connection | None,
        spare: deque[psycopg.Connection],
    ) -> None:
        if connection is None:
            return
        with suppress(psycopg.Error):
            if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                connection.execute("ROLLBACK")
        if connection.closed or self._closed or len(spare) >= SPARE_CONNECTIONS:
            connection.close()
        else:
            spare.append(connection)

    def wait(self, after: int, timeout_ms: int) -> int:
        """Wait until the log goes beyond a position, or the time is over.

        It listens before it looks, and looks again every POLL_MS, so that a lost
        notification costs no more than that.
        """
        ends = monotonic_ns() + timeout_ms * 1_000_000
        listener = None
        try:
            listener = self._ready(self._listeners, f"LISTEN {CHANNEL}")
            while True:
                head = Reading(listener).head().position
                left_ms = (ends - monotonic_ns()) // 1_000_000
                if head > after or left_ms <= 0 or self._closed:
                    return head
                seconds = min(left_ms, POLL_MS) / 1_000
                for _ in listener.notifies(timeout=seconds, stop_after=1):
                    pass
        except psycopg.Error as error:
            raise self._unavailable(error) from error
        finally:
            self._put_back(listener, self._listeners)

    def misshapen(self) -> tuple[str, ...]:
        """Rows that no program of ours writes, a sentence each; empty for none."""
        with self.reading() as reading:
            return schema.misshapen(reading.connection)

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the tables, a sentence each; empty if nothing is."""
        with self.reading() as reading:
            return schema.faults(reading.connection)

    def close(self) -> None:
        """Let go of the database; what was answered is durable already."""
        self._closed = True
        with self._lock:
            if self._writer is not None:
                self._drop_writer()
        for spare in (self._spare, self._listeners):
            while spare:
                with suppress(IndexError):
                    spare.pop().close()

    def unavailable(self, error: Exception) -> Unavailable | None:
        """What an error of the database means, with a remedy, or None for any other."""
        return self._unavailable(error) if isinstance(error, psycopg.Error) else None

    def _unavailable(self, error: psycopg.Error) -> Unavailable:
        return Unavailable(f"{self.name}: {said(error)}; {remedy(error)}")

    def _connect(self, settings: dict[str, Any]) -> psycopg.Connection:
        if self._closed:
            raise Unavailable(f"{self.name} was closed: open it again")
        return connect(self._address, settings)


def migrated(address: str) -> tuple[str, ...]:
    """Run what migrations are missing, as the owner of the database.

    Returns:
        The names of those that were run, in order.

    Raises:
        Unavailable: If the database cannot be reached or written, or was migrated
            by a later program.
    """
    name = shown(address)
    try:
        with closing(connect(address, {})) as connection:
            done = schema.migrate(connection)
    except psycopg.Error as error:
        raise Unavailable(f"{name}: {said(error)}; {remedy(error)}") from error
    return tuple(f"{one.number:04} {one.name}" for one in done)
