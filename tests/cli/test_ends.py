"""Whatever stands at the other end of an answer, a call ends as the page says."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from interfaces.cli.standard import UNREAD
from tests.cli.program import HOUSE, begin, ok, process
from tests.cli.test_exits import tamper

PREMIUM = f"{sys.executable} -m interfaces.cli.main"
PAY = (
    "disburse pay ZZ1 d1 --scheme-year 2013-14 --reference R9 --value-date 2016-04-01 "
    "--as analyst:a1"
)
ENDINGS = {
    Exit.OK: "balances",
    Exit.FOUND: "verify",
    Exit.USAGE: "balances --nonsense",
    Exit.REFUSED: f"{PAY} --effective-on 2016-04-02",
    Exit.CONFLICT: f"{PAY} --if-version 1",
    Exit.UNAVAILABLE: "balances --db none.db",
}
"""A call for each exit code, in the folder of `broken`."""


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash; it ends as the first that fails in a pipe."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line.replace("premium", PREMIUM, 1)],
        env={**os.environ, "PYTHONPATH": str(HOUSE), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def broken(whole_year: None) -> None:
    """A whole year with one changed record, which `verify` finds."""
    ok("verify")
    tamper("41237", "41238", position=15)


def on_a_terminal(line: str) -> int:
    """How a call ends that prints on a terminal."""
    ours, its = pty.openpty()
    words = line.split()
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    with subprocess.Popen(
        [sys.executable, "-m", "interfaces.cli.main", *words],
        stdin=its,
        stdout=its,
        stderr=its,
        env=environment,
    ) as running:
        os.close(its)
        try:
            while os.read(ours, 1 << 16):
                pass
        except OSError:  # The other side is closed.
            pass
        code = running.wait(timeout=60)
    os.close(ours)
    return code


ENDS: dict[str, Callable[[str], int]] = {
    "a terminal": on_a_terminal,
    "a pipe": lambda line: shell(f"premium {line} | cat").returncode,
    "complaints nowhere": lambda line: shell(f"premium {line} 2>&-").returncode,
    "complaints on a full disk": lambda line: (
        shell(f"premium {line} 2>/dev/full").returncode
    ),
    "ASCII": lambda line: (
        shell(f"premium {line}", PYTHONIOENCODING="ascii", LC_ALL="C").returncode
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_each_exit_code_is_the_same_at_each_end(broken: None, end: str):
    assert {ENDS[end](line): line for line in ENDINGS.values()} == ENDINGS


@pytest.mark.parametrize("code", ENDINGS)
def test_a_reader_that_went_away_is_told_nothing_and_ends_with_141(
    broken: None, code: Exit
):
    """What prints no answer ends as ever."""
    silent = code not in (Exit.OK, Exit.FOUND)
    line = f"mkfifo p; exec 3<>p; exec 4>p; exec 3<&-; premium {ENDINGS[code]} >&4"
    done = shell(line)
    assert done.returncode == (code if silent else UNREAD)
    assert done.stderr.count("\n") == silent
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("end", [">/dev/full", ">&-"])
@pytest.mark.parametrize("code", ENDINGS)
def test_answers_that_cannot_be_written_end_with_5_and_one_line(
    broken: None, code: Exit, end: str
):
    """What prints no answer ends as ever."""
    silent = code not in (Exit.OK, Exit.FOUND)
    done = shell(f"premium {ENDINGS[code]} {end}")
    assert done.returncode == (code if silent else Exit.UNAVAILABLE)
    assert done.stderr.startswith("premium: ")
    assert done.stderr.count("\n") == 1
    assert silent or "standard output cannot be written" in done.stderr


@pytest.mark.parametrize(
    "line",
    ["", "--help", "help balances", "--version", "completion bash", "export log",
     "export journal", "schemas commands", "simulate --seed 1 --groups 1 --years 1",
     "balances --format csv", "balances --json", "run year.ndjson"],
)  # fmt: skip
def test_every_kind_of_answer_ends_so(whole_year: None, line: str):
    Path("year.ndjson").write_bytes(b"{}\n")
    for end in (">/dev/full", ">&-"):
        done = shell(f"premium {line} {end}")
        assert (done.returncode, done.stderr.count("\n")) == (5, 1), (end, done.stderr)


def test_standard_input_that_cannot_be_read_ends_with_2():
    begin()
    for line in ("run -", "import log - --db new.db"):
        done = shell(f"premium {line} <&-")
        assert (done.returncode, done.stderr) == (
            Exit.USAGE,
            "premium: standard input cannot be read (Bad file descriptor): name "
            "another file\n",
        )


def test_the_ledger_never_takes_the_place_of_an_end_that_was_closed(whole_year: None):
    before = Path("sim.db").read_bytes()
    assert shell("premium balances >&- <&- 2>&-").returncode == Exit.UNAVAILABLE
    assert Path("sim.db").read_bytes() == before
    ok("verify")


def test_a_pound_sign_that_an_end_has_not_is_written_in_ascii(whole_year: None):
    done = shell("premium balances", PYTHONIOENCODING="ascii")
    assert "\\xa3" in done.stdout
    assert done.stdout.isascii()


def test_files_for_machines_are_in_utf_8_whatever_the_end(whole_year: None):
    for line in ("export journal", "export log", "balances --format csv"):
        ascii_only = process(*line.split(), env={"PYTHONIOENCODING": "ascii"})
        assert ascii_only == process(*line.split()), line
