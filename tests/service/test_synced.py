"""On SQLite a command is answered after the disk has it: a sync for each answer."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from tests.service.syncs import COMMANDS
from tests.service.test_processes import HOUSE
from tests.worlds.payable import with_payable


def test_every_lone_command_that_is_answered_waited_for_the_disk(tmp_path: Path):
    with_payable(tmp_path / "l.db").close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.service.syncs", str(tmp_path / "l.db")],
        cwd=HOUSE,
        capture_output=True,
        check=True,
        text=True,
    )
    synced = [0, *map(int, done.stdout.split())]
    assert len(synced) == COMMANDS + 1
    first, *others = [now - before for before, now in pairwise(synced)]
    assert (first, others) == (2, [1] * (COMMANDS - 1))  # A new log's head is synced.
