"""Full disk, no right to write, a held lock, a clock that steps back: nothing lost."""

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.decisions.bodies import RegisterBody
from ledger.events import BodyCode
from ledger.request import Appended, Repeated, Request
from ledger.service import Ledger, Unavailable
from ledger.store.rows import instant
from ledger.store.sqlite import store
from ledger.store.sqlite.store import SQLiteStore
from tests.worlds.payable import ANALYST, check_whole, open_ledger

HOUSE = Path(__file__).parents[2]
NOBODY = 65_534


def register(number: int) -> Request:
    command = RegisterBody(
        body=BodyCode(f"Z{number}"),
        kind="group",
        name=f"Group {number} " + "x" * 180,
        region="x" * 500,
    )
    return Request(id=f"register-{number}", by=ANALYST, command=command)


def begun(db: Path) -> None:
    with Ledger.open(db, create=True) as ledger:
        ledger.give(open_ledger())


def premium(*words: str, before: Callable[[], None]):
    """Run the program as a process of its own, after something was taken from it."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "interfaces.cli.main", *words],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


# Full disk ----------------------------------------------------------------------------

FILLER = """
import sys
from ledger.request import Appended
from ledger.service import Ledger, Unavailable
from tests.service.test_hard_times import register

with Ledger.open(sys.argv[1]) as ledger:
    for number in range(10_000):
        try:
            outcome = ledger.give(register(number))
        except Unavailable as reason:
            print(f"{number} {reason}", flush=True)
            sys.exit(5)
        assert isinstance(outcome, Appended), outcome
        print(number, flush=True)
"""


def limited(size: int) -> Callable[[], None]:
    """No file of the process may grow beyond a size, as on a disk that is full."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_on_a_full_disk_what_was_acknowledged_stays_and_the_rest_is_said(
    tmp_path: Path,
):
    db = tmp_path / "l.db"
    begun(db)
    done = subprocess.run(
        [sys.executable, "-B", "-c", FILLER, str(db)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited(1 << 20),
    )
    assert done.returncode == 5, done
    *acknowledged, last = done.stdout.splitlines()
    number, _, says = last.partition(" ")
    assert len(acknowledged) > 20
    assert "look at the disk" in says
    with Ledger.open(db) as ledger:
        check_whole(ledger)
        recorded = {one.meta.command_id for one in ledger.read(0, 100_000)}
        assert recorded == {"open", *(f"register-{n}" for n in acknowledged)}
        assert isinstance(ledger.give(register(0)), Repeated)
        assert isinstance(ledger.give(register(int(number))), Appended)
        assert ledger.faults() == ()


class Full(sqlite3.Connection):
    """A connection to a disk without room for more pages than are there."""

    def execute(self, statement: str, *given: Any) -> sqlite3.Cursor:
        if statement == "BEGIN IMMEDIATE":
            super().execute("PRAGMA max_page_count = 1")  # As few as are there.
        return super().execute(statement, *given)


def test_a_disk_without_room_is_said_with_what_to_do_and_the_command_can_come_again(
    tmp_path: Path,
):
    db = tmp_path / "l.db"
    begun(db)
    full = Ledger(SQLiteStore(db, connection=Full))
    with full, pytest.raises(Unavailable, match=r"is full; make room on its disk"):
        full.give_each([register(number) for number in range(50)])
    with Ledger.open(db) as ledger:
        assert ledger.head() == 2
        outcomes = ledger.give_each([register(number) for number in range(50)])
        assert {type(one) for one in outcomes} == {Appended}
        check_whole(ledger)


def test_a_backup_or_export_on_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path,
):
    db = tmp_path / "l.db"
    begun(db)
    with Ledger.open(db) as ledger:
        ledger.give_each([register(number) for number in range(200)])
    for words in (
        ("backup", str(tmp_path / "copy.db")),
        ("export", "log", "--output", str(tmp_path / "copy.ndjson")),
    ):
        done = premium(*words, "--db", str(db), before=limited(100_000))
        assert (done.returncode, done.stdout) == (5, ""), done
        assert done.stderr.startswith("premium: "), done
        assert "Traceback" not in done.stderr
        assert list(tmp_path.glob("copy*")) == []


# No right to write --------------------------------------------------------------------


WITHOUT_RIGHTS = """
import io, os, sys
import interfaces.cli.failures  # Which is loaded when something fails.
from interfaces.cli.main import call

line, warm, db, nobody = sys.argv[1:]
# Once with rights, so that all modules are loaded; rights do not bind root.
call(["run", "-", "--db", warm], stdin=io.BytesIO(line.encode()))
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(int(nobody))
    os.setuid(int(nobody))
sys.stdout.flush()
print("without rights:", flush=True)
sys.exit(call(["run", "-", "--db", db], stdin=io.BytesIO(line.encode())))
"""


@pytest.fixture
def open_folder():
    """A folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="premium-rights-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o555, 0o444), (0o777, 0o444)])
def test_where_nothing_may_be_written_it_is_said_and_nothing_is_changed(
    tmp_path: Path, open_folder: Path, folder_mode: int, file_mode: int
):
    db = open_folder / "l.db"
    begun(db)
    before = db.read_bytes()
    db.chmod(file_mode)
    open_folder.chmod(folder_mode)
    line = (
        '{"id":"r","command":"register-body","by":{"role":"analyst","party":"a"},'
        '"data":{"body":"Z1","kind":"group","name":"Z"}}'
    )
    warm = tmp_path / "warm.db"
    begun(warm)
    done = subprocess.run(
        [sys.executable, "-B", "-c", WITHOUT_RIGHTS, line, warm, db, str(NOBODY)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5, done
    assert done.stdout.endswith("without rights:\n")
    assert done.stderr.count("\n") == 1
    assert "write" in done.stderr, done
    open_folder.chmod(0o755)
    assert db.read_bytes() == before
    with Ledger.open(db) as ledger:
        assert ledger.head() == 2
        assert isinstance(ledger.give(register(1)), Appended)


# A held lock --------------------------------------------------------------------------


def test_a_file_that_another_program_holds_is_said_and_free_again_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    db = tmp_path / "l.db"
    begun(db)
    settings = tuple(
        "PRAGMA busy_timeout=20" if "busy_timeout" in one else one
        for one in store._SETTINGS
    )
    monkeypatch.setattr(store, "_SETTINGS", settings)
    with Ledger.open(db) as ledger:
        with closing(sqlite3.connect(db, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable, match=r"locked; another process is writ"):
                ledger.give(register(1))
            assert ledger.head() == 2
            other.execute("ROLLBACK")
        assert isinstance(ledger.give(register(1)), Appended)
        check_whole(ledger)


# The clock ----------------------------------------------------------------------------


def test_a_clock_that_steps_back_an_hour_moves_no_instant_back(tmp_path: Path):
    """Neither in one process nor in a later one; once it has caught up it is used."""
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    ticks = [noon, noon - timedelta(hours=1), noon - timedelta(minutes=30)]
    now = ticks[0]
    db = tmp_path / "l.db"
    with Ledger.open(db, create=True) as ledger:
        ledger._clock = lambda: now
        ledger.give(open_ledger())
        now = ticks[1]
        ledger.give(register(1))
    with Ledger.open(db) as ledger:
        ledger._clock = lambda: now
        now = ticks[2]
        ledger.give(register(2))
        now = noon + timedelta(seconds=1)
        ledger.give(register(3))
        instants = [one.meta.recorded_at for one in ledger.read(0, 10)]
        # The first two commands make known who gives them.
        assert instants == [noon] * 5 + [now]
        rows = [row.recorded_at for row in ledger.command_rows(0, 10)]
        assert rows == [instant(one) for one in (noon, noon, noon, now)]
        assert ledger.position_at(noon) == 5
