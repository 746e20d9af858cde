"""Processes that are killed while they write: nothing lost, doubled or skipped.

PREMIUM_ROUNDS says how often; `make torture` says 200.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from ledger.request import Appended, Repeated
from ledger.service import Ledger
from ledger.store.postgres.store import PostgresStore
from tests.service.test_processes import facts_of_commands, writer
from tests.service.writer import GROUP, work
from tests.worlds.payable import check_whole, filled, with_payable
from tests.worlds.servers import server

ROUNDS = int(os.environ.get("PREMIUM_ROUNDS", "5"))


EACH = 20
"""Rounds on one ledger; each round reads all of it several times."""


@pytest.fixture(params=["sqlite", "postgres"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes ledgers in each kind of store; gives the file, or the address."""
    numbers = count(1)

    def file() -> str:
        path = tmp_path / f"l{next(numbers)}.db"
        with_payable(path).close()
        return str(path)

    def address() -> str:
        given = server().migrated().app
        filled(PostgresStore(given)).close()
        return given

    return file if request.param == "sqlite" else address


def test_what_was_acknowledged_survives_kill_9_and_nothing_is_half_written(
    new: Callable[[], str],
):
    random = Random(20_131_4)
    acknowledged: list[str] = []
    for number in range(ROUNDS):
        if number % EACH == 0:
            db = new()
            acknowledged.clear()
        names = [f"r{number}-{one}" for one in ("a", "b")]
        acknowledged += write_and_kill(db, names, random)
        with Ledger.open(db) as ledger:
            wait_for_what_is_under_way(ledger)
            check_after_kill(ledger, acknowledged)
            asked_again = [
                one
                for name in names
                for one in ask_again(ledger, name, set(acknowledged))
            ]
            check_whole(ledger)
        acknowledged += asked_again
        assert len(acknowledged) >= 2


def write_and_kill(db: str, names: list[str], random: Random) -> list[str]:
    """Ids that two processes acknowledged, one after the other killed at its work."""
    writers = [writer(db, name, 0) for name in names]
    lines: list[str] = []
    wanted = random.choices(range(1, 41), k=len(writers))

    def read(one: subprocess.Popen[str], many: int) -> None:
        lines.extend(read_then_kill(one, many))

    readers = [
        Thread(target=read, args=each) for each in zip(writers, wanted, strict=True)
    ]
    for reader in readers:
        reader.start()
    for reader, one in zip(readers, writers, strict=True):
        reader.join(timeout=120)
        one.kill()
        assert one.wait(timeout=60) == -9
        assert one.stdout is not None
        one.stdout.close()
    return [one for line in lines for one in line.split()]


def read_then_kill(process: subprocess.Popen[str], wanted: int) -> list[str]:
    """Lines acknowledged before the kill; it writes on while they are read."""
    assert process.stdout is not None
    lines = list(islice(process.stdout, wanted))
    process.kill()
    # What was in the pipe is acknowledged too, but for a line that was torn off.
    return lines + [line for line in process.stdout if line.endswith("\n")]


def wait_for_what_is_under_way(ledger: Ledger) -> None:
    """Until no commit of the killed is left: a server ends one that it has whole."""
    with ledger._store.writing() as writing:
        writing.head()


def check_after_kill(ledger: Ledger, acknowledged: list[str]) -> None:
    check_whole(ledger)
    facts = facts_of_commands(ledger)
    rows = Counter(row.id for row in ledger.command_rows(0, 1_000_000))
    for one in acknowledged:
        assert (facts[one], rows[one]) == (2 if "import" in one else 1, 1), one
    del facts["seed"]
    assert set(facts) == set(rows), "facts and answers are written together"
    imports = Counter(one.rpartition("-")[0] for one in rows if "import" in one)
    assert set(imports.values()) <= {GROUP}, "an import is whole or absent"


def ask_again(ledger: Ledger, name: str, acknowledged: set[str]) -> list[str]:
    """The commands that were not acknowledged, as a client does after a crash."""
    asked: list[str] = []
    for requests in work(name):
        if requests[0].id in acknowledged:
            continue
        outcomes = ledger.give_all(requests)
        kinds = {type(outcome) for outcome in outcomes}
        assert kinds in ({Appended}, {Repeated}), "a group is repeated whole or new"
        asked += [one.id for one in requests]
        if kinds == {Appended}:
            return asked
    raise AssertionError("the work has no end")
