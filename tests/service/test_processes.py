"""Several processes on one file, and processes that are killed."""

import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

from ledger.request import Appended, Repeated
from ledger.service import Ledger
from tests.service.seed import asked_pence, check_whole, with_payable
from tests.service.writer import GROUP, work

HOUSE = Path(__file__).parents[2]
ROUNDS = 20


def writer(db: Path, name: str, rounds: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.service.writer", str(db), name, str(rounds)],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        text=True,
    )


def facts_of_commands(ledger: Ledger) -> Counter[str]:
    return Counter(one.meta.command_id for one in ledger.read(0, 1_000_000))


def test_two_processes_write_at_once_and_nothing_conflicts(tmp_path: Path):
    db = tmp_path / "l.db"
    with_payable(db).close()
    writers = [writer(db, name, 150) for name in ("a", "b")]
    answered = [one.communicate(timeout=120)[0].splitlines() for one in writers]
    assert [one.returncode for one in writers] == [0, 0]
    assert [len(lines) for lines in answered] == [150, 150]
    with Ledger.open(db) as ledger:
        check_whole(ledger)
        facts = facts_of_commands(ledger)
        ids = [one for lines in answered for line in lines for one in line.split()]
        assert len(ids) == 2 * (120 + 30 * GROUP) == len(set(ids))
        assert all(facts[one] == (2 if "import" in one else 1) for one in ids)
        assert asked_pence(ledger) == 240


def test_what_was_acknowledged_survives_kill_9_and_nothing_is_half_written(
    tmp_path: Path,
):
    db = tmp_path / "l.db"
    with_payable(db).close()
    random = Random(20_131_4)
    acknowledged: list[str] = []
    for number in range(ROUNDS):
        name = f"r{number}"
        with writer(db, name, 0) as process:
            acknowledged += read_then_kill(process, random.randint(1, 40))
            assert process.wait(timeout=60) == -9
        with Ledger.open(db) as ledger:
            check_after_kill(ledger, acknowledged)
            asked_again = ask_again(ledger, name, set(acknowledged))
            check_whole(ledger)
        acknowledged += asked_again


def read_then_kill(process: subprocess.Popen[str], wanted: int) -> list[str]:
    """Ids acknowledged before the kill; it writes on while they are read."""
    assert process.stdout is not None
    lines = list(islice(process.stdout, wanted))
    process.kill()
    # What was in the pipe is acknowledged too, but for a line that was torn off.
    lines += [line for line in process.stdout if line.endswith("\n")]
    return [one for line in lines for one in line.split()]


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
