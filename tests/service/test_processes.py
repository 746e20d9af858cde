"""Several processes on one file."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from ledger.service import Ledger
from tests.service.writer import GROUP
from tests.worlds.payable import asked_pence, check_whole, with_payable

HOUSE = Path(__file__).parents[2]


def writer(
    db: str | Path, name: str, rounds: int, *how: str, **given: Any
) -> subprocess.Popen[str]:
    words = [str(db), name, str(rounds), *how]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.service.writer", *words],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        text=True,
        **given,
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
