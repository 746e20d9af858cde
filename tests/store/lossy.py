"""A connection to PostgreSQL that loses what it is told to lose."""

import select
import socket
from contextlib import suppress
from threading import Thread
from typing import Literal

from psycopg.conninfo import conninfo_to_dict

from tests.worlds.servers import Database, address

Fault = Literal["none", "request", "reply", "stall"]


class Lossy:
    """Stands between a ledger and its server, byte for byte.

    `fault` says what happens to what is sent after it is set:
    - request: the connection is cut before the server sees the commit;
    - reply: it is cut after the server answered the commit;
    - stall: nothing more is passed on beyond `stall_after` bytes, and nothing cut.
    """

    def __init__(self, database: Database):
        given = conninfo_to_dict(database.app)
        self._host = str(given.pop("host", "localhost"))
        self._port = int(given.pop("port", 5432) or 5432)
        self.fault: Fault = "none"
        self.stall_after = 0
        self.cuts = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        pairs = " ".join(f"{key}={value}" for key, value in given.items())
        self.address = address(f"{pairs} host=127.0.0.1 port={port} sslmode=disable")
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                Thread(target=self._between, args=(client,), daemon=True).start()

    def _upstream(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._port))
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(f"{self._host}/.s.PGSQL.{self._port}")
        return upstream

    def _between(self, client: socket.socket) -> None:
        with suppress(OSError), client, self._upstream() as upstream:
            passed, committing = 0, False
            while True:
                ready, _, _ = select.select([client, upstream], [], [])
                if client in ready:
                    data = client.recv(65_536)
                    committing = b"COMMIT\0" in data
                    if not data or (committing and self.fault == "request"):
                        break
                    if self.fault == "stall" and passed > self.stall_after:
                        self._stalled(client, upstream)
                        break
                    passed += len(data)
                    upstream.sendall(data)
                if upstream in ready:
                    data = upstream.recv(65_536)
                    if not data or (committing and self.fault == "reply"):
                        break
                    client.sendall(data)
        self.cuts += 1

    def _stalled(self, client: socket.socket, upstream: socket.socket) -> None:
        """As from a process that was stopped: open, and silent, until it is cut."""
        while upstream.recv(65_536):
            pass
        client.shutdown(socket.SHUT_RDWR)
