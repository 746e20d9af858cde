"""A PostgreSQL server that is killed under its writers and started on the same data.

PREMIUM_ROUNDS says how often, of each way to end it.
"""

import os
import subprocess
from collections.abc import Callable
from functools import cache
from queue import Queue
from random import Random
from threading import Thread

import pytest

from ledger.service import Ledger
from ledger.store.postgres.store import PostgresStore
from tests.service.test_killed import (
    ask_again,
    check_after_kill,
    wait_for_what_is_under_way,
)
from tests.service.test_processes import writer
from tests.worlds.payable import filled
from tests.worlds.servers import OwnServer, Server

ROUNDS = int(os.environ.get("PREMIUM_ROUNDS", "1"))
SAYS = "; look whether the server runs and can be reached, and ask again\n"
WRITERS = ("again", "once")
AFTERWARDS = 50
"""Answers that show that a writer has gone on: more than can still be on their way."""


@cache
def own() -> tuple[OwnServer, Server]:
    server = OwnServer()
    return server, Server(server.address)


class Heard:
    """What a writer has acknowledged, line by line, heard while it writes on."""

    def __init__(self, process: subprocess.Popen[str]):
        self.process = process
        self.ids: list[str] = []
        self._lines: Queue[str] = Queue()
        self._thread = Thread(target=self._hear)
        self._thread.start()

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # Else it was torn off.
                self.ids += line.split()
                self._lines.put(line)

    def wait_for_more(self, answers: int) -> None:
        """Until so many lines were heard beyond those that are heard by now."""
        self.wait(self._lines.qsize() + answers)

    def wait(self, answers: int) -> None:
        """Until so many lines were heard since the last wait."""
        for _ in range(answers):
            self._lines.get(timeout=120)

    def end(self) -> tuple[int, str]:
        """Kill it, if it still runs; its exit code, and what it said of a failure."""
        self.process.kill()
        self._thread.join()
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        with self.process.stdout, self.process.stderr:
            return self.process.wait(timeout=120), self.process.stderr.read()


def children_killed(server: OwnServer, once: Heard) -> None:
    """The postmaster recovers by itself, maybe before a writer notices anything."""
    server.kill_children()


def all_killed(server: OwnServer, once: Heard) -> None:
    server.kill()
    once.process.wait(timeout=120)
    server.start()


def stopped_immediately(server: OwnServer, once: Heard) -> None:
    server.stop("immediate")
    once.process.wait(timeout=120)
    server.start()


@pytest.mark.parametrize("end", [children_killed, all_killed, stopped_immediately])
def test_a_server_ended_under_its_writers_loses_and_doubles_nothing_acknowledged(
    end: Callable[[OwnServer, Heard], None],
):
    random = Random(20_131_4)
    server, databases = own()
    for _ in range(ROUNDS):
        db = databases.migrated().app
        filled(PostgresStore(db)).close()
        acknowledged = under_writers(db, lambda once: end(server, once), random)
        with Ledger.open(db) as ledger:
            wait_for_what_is_under_way(ledger)
            check_after_kill(ledger, acknowledged)
            for name in WRITERS:
                acknowledged += ask_again(ledger, name, set(acknowledged))
            check_after_kill(ledger, acknowledged)


def under_writers(db: str, end: Callable[[Heard], None], random: Random) -> list[str]:
    """Ids acknowledged by a writer that asks again, and by one that does not.

    The one goes on once the server is back. So does the other, if the server was
    back before it noticed; else it ends and says what to do, if it is not killed first.
    """
    again = Heard(writer(db, WRITERS[0], 0, "again", stderr=subprocess.PIPE))
    once = Heard(writer(db, WRITERS[1], 0, stderr=subprocess.PIPE))
    try:
        again.wait(random.randint(1, 40))
        once.wait(random.randint(1, 40))
        end(once)
        again.wait_for_more(AFTERWARDS)
    finally:
        went_on = again.end()
        code, said = once.end()
    assert went_on == (-9, "")
    assert (code, bool(said)) in {(5, True), (-9, True), (-9, False)}
    assert not said or said.endswith(SAYS), said
    return again.ids + once.ids
