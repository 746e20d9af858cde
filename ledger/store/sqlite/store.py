"""The log in one SQLite file: the embedded store.

One connection writes, under the log's lock (`BEGIN IMMEDIATE`), also against other
processes; readers have connections of their own and never wait for it. A commit
returns when the rows are on disk (WAL, synchronous=FULL). Texts and names lie in
tables beside the log and may be deleted; rows of events and commands may not.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import monotonic_ns, sleep

from ledger.store.contract import EARLIER, Unavailable
from ledger.store.files import make_private
from ledger.store.sqlite import soundness
from ledger.store.sqlite.statements import Reading, Writing

SCHEMA_VERSION = 2
BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another process's transaction, milliseconds."""

LOOK_EVERY_S = 2 / 1_000
"""How often a waiting follower looks at the file, seconds."""

SPARE_READERS = 8
"""Idle connections kept; more are opened where more threads read at once."""

_SCHEMA = (
    "CREATE TABLE ledger_schema (version INTEGER NOT NULL)",
    f"INSERT INTO ledger_schema VALUES ({SCHEMA_VERSION})",
    "CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL,"
    " version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL,"
    " UNIQUE (stream, version))",
    "CREATE TABLE commands (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " hash TEXT NOT NULL, outcome TEXT NOT NULL, recorded_at TEXT NOT NULL,"
    " first_position INTEGER, count INTEGER NOT NULL, refusal TEXT,"
    " digest TEXT NOT NULL)",
    "CREATE TABLE texts (commitment TEXT PRIMARY KEY, salt BLOB NOT NULL,"
    " text TEXT NOT NULL)",
    "CREATE TABLE parties (party TEXT NOT NULL, commitment TEXT PRIMARY KEY,"
    " salt BLOB NOT NULL, name TEXT NOT NULL)",
    "CREATE INDEX parties_party ON parties (party)",
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} BEGIN"
        f" SELECT RAISE(ABORT, 'the rows of {table} are never changed'); END"
        for table in ("events", "commands")
        for verb in ("update", "delete")
    ),
)
_SETTINGS = (
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA recursive_triggers=ON",  # So that a REPLACE meets the delete trigger.
    "PRAGMA cache_size=-65536",  # Kibibytes.
    "PRAGMA wal_autocheckpoint=4000",  # Pages: 16 MB of log before it is moved over.
)


class SQLiteStore:
    """One ledger file, open. Any number of threads may use it at once.

    Args:
        connection: The class of connections; tests give one that fails.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        create: bool = False,
        connection: type[sqlite3.Connection] = sqlite3.Connection,
    ):
        self.path = Path(path)
        self._connection = connection
        self._mode = "rwc" if create else "rw"
        self._writer: sqlite3.Connection | None = None
        self._lock = Lock()
        self._spare: deque[sqlite3.Connection] = deque()
        self._closed = False
        if not create and not self.path.is_file():
            raise Unavailable(
                f"there is no ledger at {path}: name another file, or make one with "
                "premium init"
            )
        try:
            if create:
                make_private(self.path)
            self._writer = self._connect()
            self._prepare(self._writer, create)
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise unavailable(self.path, error) from error
        except Unavailable:
            self.close()
            raise

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """The log under its lock, until the block ends: then all is on disk.

        Any exception in the block, and one in the commit, leaves nothing of it.

        Raises:
            sqlite3.Error: When the disk is full, the lock is held for longer than
                the busy timeout, and the like. After an error of the commit
                itself the rows may be there all the same: look before retrying.
        """
        with self._lock:
            if self._writer is None:
                self._writer = self._connect()
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield Writing(self._writer)
                self._writer.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One unchanging view of the log: what is committed when it is first read.

        Raises:
            Unavailable: If the file cannot be read.
        """
        if self._closed:
            raise Unavailable(f"{self.path} was closed: open it again")
        connection = None
        try:
            try:
                connection = self._spare.pop()
            except IndexError:
                connection = self._connect()
            connection.execute("BEGIN")
            yield Reading(connection)
        except sqlite3.Error as error:
            raise unavailable(self.path, error) from error
        finally:
            self._put_back(connection)

    def wait(self, after: int, timeout_ms: int) -> int:
        """Wait until the log goes beyond a position, or the time is over.

        SQLite wakes nobody; so it looks at the file's `data_version`, which changes
        with each commit of another connection and costs no read of the file.
        """
        ends = monotonic_ns() + timeout_ms * 1_000_000
        try:
            with closing(self._connect()) as watcher:
                while True:
                    version = _data_version(watcher)
                    head = Reading(watcher).head().position
                    while head <= after and version == _data_version(watcher):
                        if monotonic_ns() >= ends or self._closed:
                            return head
                        sleep(LOOK_EVERY_S)
                    if head > after:
                        return head
        except sqlite3.Error as error:
            raise unavailable(self.path, error) from error

    def unavailable(self, error: Exception) -> Unavailable | None:
        """What an error of the database means, with a remedy, or None for any other."""
        return (
            unavailable(self.path, error) if isinstance(error, sqlite3.Error) else None
        )

    def misshapen(self) -> tuple[str, ...]:
        """Rows that no program of ours writes, a sentence each; empty for none."""
        with self._lock:
            reader = self._connect()
        with closing(reader), suppress(sqlite3.DatabaseError):  # `faults` says which.
            return soundness.misshapen(reader, _SCHEMA)
        return ()

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the file, a sentence each; empty if nothing is."""
        with self._lock:
            reader = self._connect()
        with closing(reader):
            found = soundness.faults(reader, _SCHEMA)
            versions = [row[0] for row in _versions(reader)]
        if versions != [SCHEMA_VERSION]:
            found += (
                f"ledger_schema holds {versions}, and must hold {[SCHEMA_VERSION]}",
            )
        return found

    def close(self) -> None:
        """Let go of the file. Threads that still read close theirs when they end."""
        self._closed = True
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        while self._spare:
            self._spare.pop().close()

    def _put_back(self, reader: sqlite3.Connection | None) -> None:
        if reader is None:
            return
        with suppress(sqlite3.Error):
            reader.execute("ROLLBACK")
        if self._closed or len(self._spare) >= SPARE_READERS:
            reader.close()
        else:
            self._spare.append(reader)

    def _roll_back(self) -> None:
        writer = self._writer
        if writer is None:
            return
        try:
            if writer.in_transaction:
                writer.execute("ROLLBACK")
        except sqlite3.Error:
            # Nothing was committed; a new connection starts from what is on disk.
            writer.close()
            self._writer = None

    def _connect(self) -> sqlite3.Connection:
        if self._closed:
            raise Unavailable(f"{self.path} was closed: open it again")
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={self._mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            factory=self._connection,
        )
        try:
            for setting in _SETTINGS:
                connection.execute(setting)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self, writer: sqlite3.Connection, create: bool) -> None:
        """Make the tables of a new file; check what an old one holds."""
        if self._tables(writer) == 0 and create:
            # Set before the first table: a crash here leaves an empty file.
            writer.execute("PRAGMA journal_mode=WAL")
            with self.writing():
                if self._tables(writer) == 0:
                    for statement in _SCHEMA:
                        writer.execute(statement)
        check_form(writer, self.path)

    @staticmethod
    def _tables(connection: sqlite3.Connection) -> int:
        [(count,)] = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
        return int(count)


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def check_form(connection: sqlite3.Connection, path: Path) -> None:
    """Check that a file is a ledger of this program's form.

    Raises:
        Unavailable: If not; the text says what to do.
    """
    known = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'ledger_schema'"
    ).fetchone()
    if known is None:
        raise Unavailable(
            f"{path} is not a ledger: name another file, or make a ledger "
            "with premium init"
        )
    versions = _versions(connection)
    if versions == [(1,)]:
        raise Unavailable(f"{path} {EARLIER}")
    if versions != [(SCHEMA_VERSION,)]:
        stated = ", ".join(str(version) for (version,) in versions) or "none"
        raise Unavailable(
            f"{path} has schema {stated} and this program reads "
            f"{SCHEMA_VERSION}: use the program that wrote it"
        )


def _versions(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT version FROM ledger_schema").fetchall()


def unavailable(path: Path, error: sqlite3.Error | OSError) -> Unavailable:
    """What an error of the database means to the caller, with a remedy."""
    text = error.strerror or "" if isinstance(error, OSError) else str(error)
    if "locked" in text or "busy" in text:
        remedy = "another process is writing for long: try again"
    elif "not a database" in text:
        remedy = "it is not a ledger: name another file"
    elif "full" in text or "No space" in text:
        remedy = "make room on its disk"
    elif "unable to open" in text or isinstance(error, OSError):
        remedy = "look whether its folder is there and may be written"
    elif "readonly" in text:
        remedy = "it may only be read: ask for the right to write"
    else:
        remedy = "look at the disk, and check the ledger with premium verify"
    return Unavailable(f"{path}: {text}; {remedy}")
