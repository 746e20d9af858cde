"""How much processor time a call of the program takes before it does anything."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.harness import Effort, Found, Row, Subject, in_turn, milliseconds, times
from tests.worlds.years import bodies, ledger_of

BARS = {"premium --help": 10_00, "premium balances": 22_50}
"""Call -> hundredths of what `python -c pass` takes, at most."""


def run(folder: Path, effort: Effort) -> Found:
    """Each call and `python -c pass` in turn; the first round is not counted."""
    path = folder / "started.db"
    ledger_of(path, bodies(1)).close()
    program = ("-m", "interfaces.cli.main")
    calls = {
        "python -c pass": ("-c", "pass"),
        "premium --help": (*program, "--help"),
        "premium balances": (*program, "balances", "--db", str(path)),
    }
    sides = {name: partial(_processor_ns, words) for name, words in calls.items()}
    in_turn(1, sides)  # Writes the compiled modules, and the views.
    took = in_turn(effort.rounds, sides)
    least = took.pop("python -c pass")
    rows = []
    for name, ours in took.items():
        ratios = [a * 100 // max(b, 1) for a, b in zip(ours, least, strict=True)]
        ratio = int(median(ratios))
        rows.append(
            Row(
                f"`{name}`",
                milliseconds(int(median(ours))),
                milliseconds(int(median(least))),
                times(ratio),
                f"at most {times(BARS[name])}",
                ratio <= BARS[name],
            )
        )
    return Found(rows, LIMITS)


def _processor_ns(words: tuple[str, ...]) -> int:
    """Processor time of one process, its own and the system's for it."""
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL) as ours:
        _, status, used = os.wait4(ours.pid, 0)
        ours.returncode = os.waitstatus_to_exitcode(status)
    assert ours.returncode == 0, words
    return int((used.ru_utime + used.ru_stime) * 1_000_000_000)


ABOUT = """\
Processor time, the program's own and the system's for it, of a whole process from its
start to its end. The peer is `python -c pass`: the interpreter, which starts and ends.
`premium balances` reads all balances of one invented group's year, as `make demo`
leaves it, whose views stand at its head already.
"""

LIMITS = """\
Help is printed from the table of words, without the parser of the command line. A read
loads that parser, which is a third of its time, the facts, the views and the store, and
no decider: what a process never needs, it does not load.
"""

SUBJECT = Subject(name="start", title="Starting", about=ABOUT, run=run)
