"""The waits of a writer for the disk, as strace sees them, beside what it answered.

Run by `make torture` as `python -m tests.service.traced`; where there is no strace it
says so, and tests/service/test_synced.py has counted without it.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.service.test_processes import HOUSE
from tests.worlds.payable import with_payable

ROUNDS = 500


def main() -> None:
    strace = shutil.which("strace")
    if strace is None:
        print("No strace here: syncs were counted by tests/service/test_synced.py.")
        return
    with tempfile.TemporaryDirectory() as folder:
        db, trace = Path(folder) / "l.db", Path(folder) / "trace"
        with_payable(db).close()
        traced = [strace, "-f", "-e", "trace=fsync,fdatasync,write", "-o", str(trace)]
        work = [sys.executable, "-m", "tests.service.writer", str(db), "s", str(ROUNDS)]
        subprocess.run(
            [*traced, *work], cwd=HOUSE, stdout=subprocess.DEVNULL, check=True
        )
        answers, synced = 0, 0
        waits = 0
        for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
            if re.search(r"\bf(data)?sync\(.*= 0$", line):
                waits, synced = waits + 1, synced + 1
            elif re.search(r"\bwrite\(1, ", line):
                assert waits, f"answer {answers + 1} came before the disk had it"
                answers, waits = answers + 1, 0
    assert answers == ROUNDS
    print(f"{answers} answers, {synced} syncs: none before a sync of its own.")


if __name__ == "__main__":
    main()
