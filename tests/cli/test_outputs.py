"""Files that commands write: whole or not at all, and never the ledger's own."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from tests.cli.program import HOUSE, Done, ok, premium, process, register

pytestmark = pytest.mark.usefixtures("whole_year")

WRITERS = {
    "journal": ("export", "journal", "--output"),
    "log": ("export", "log", "--output"),
    "simulate": ("simulate", "--seed", "1", "--groups", "1"),
    "backup": ("backup",),
    "reporting": ("export", "reporting", "--to"),
}
"""Each is given the file last."""
LIMIT = 36_000
"""Bytes: more than SQLite's shared memory takes, less than what is exported."""
OWN = (
    *("sim.db", "sim.db-wal", "sim.db-shm", "sim.db-journal"),
    *("sim.views.db", "sim.views.db-wal", "sim.views.db.rebuild"),
)


@pytest.mark.parametrize("words", WRITERS.values(), ids=WRITERS)
def test_no_command_writes_onto_a_file_of_the_ledger(
    folder: Path, words: tuple[str, ...]
):
    ok("balances")
    (folder / "link").symlink_to("sim.db-wal")
    (folder / "hard").hardlink_to("sim.views.db")
    (folder / "below").mkdir()
    before = {one: (folder / one).read_bytes() for one in ("sim.db", "sim.views.db")}
    for own in (*OWN, "link", "hard", "below/../sim.db", folder / "sim.db"):
        done = premium(*words, str(own))
        assert (done.code, done.err) == (
            Exit.USAGE,
            f"premium: {own} belongs to the ledger sim.db: name another file\n",
        )
    assert before == {one: (folder / one).read_bytes() for one in before}
    ok("verify")


def limited(*tokens: str) -> Done:
    """A call that may write no file beyond LIMIT: its disk is full then."""
    done = subprocess.run(
        [sys.executable, "-m", "interfaces.cli.main", *tokens],
        env={**os.environ, "PYTHONPATH": str(HOUSE), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT)),
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("name", ["log", "simulate"])
def test_a_file_that_cannot_be_finished_is_not_there(folder: Path, name: str):
    ok("verify")
    there = {one.name for one in folder.iterdir()}
    done = limited(*WRITERS[name], "written")
    assert done.code == Exit.UNAVAILABLE
    assert done.err == (
        "premium: written cannot be written (File too large): name another, or make "
        "room on its disk\n"
    )
    assert {one.name for one in folder.iterdir()} - {"sim.db-wal", "sim.db-shm"} == (
        there - {"sim.db-wal", "sim.db-shm"}
    )


def test_what_was_there_stays_where_a_file_cannot_be_finished(folder: Path):
    (folder / "written").write_text("before")
    assert limited(*WRITERS["simulate"], "written").code == Exit.UNAVAILABLE
    assert (folder / "written").read_text() == "before"


def test_a_link_stays_one_and_a_file_keeps_its_rights(folder: Path):
    (folder / "file").touch(mode=0o640)
    (folder / "link").symlink_to("file")
    ok("export", "journal", "--output", "link")
    assert (folder / "link").readlink() == Path("file")
    assert (folder / "file").stat().st_mode & 0o777 == 0o640
    assert b"balance" in (folder / "file").read_bytes()


def test_a_device_and_a_pipe_are_written_as_they_come(folder: Path):
    ok("export", "journal", "--output", "/dev/null")
    assert Path("/dev/null").is_char_device()
    given = process("export", "journal", "--output", "/dev/stdout").out
    assert given.startswith(process("export", "journal").out)
    full = premium("export", "journal", "--output", "/dev/full")
    assert (full.code, full.err.count("\n")) == (5, 1)


@pytest.mark.parametrize("where", ["none/file", ".", "sim.db/file", "a" * 300, "ring"])
def test_an_odd_path_is_one_clear_line(folder: Path, where: str):
    (folder / "ring").symlink_to("ring")
    for words in WRITERS.values():
        done = premium(*words, where)
        if where != "ring" or done.code:  # A ring of links may be replaced.
            assert done.code in (Exit.USAGE, Exit.UNAVAILABLE), words
            assert done.err.count("\n") == 1, words


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_what_holds_names_is_its_owners_alone_from_its_beginning(
    folder: Path, mask: int
):
    before = os.umask(mask)
    try:
        (folder / "new").mkdir()
        os.chdir(folder / "new")
        ok("init", "--name", "A", "--origin", "real", "--as", "operator:o1")
        ok("balances")
        ok("rebuild")
        ok("backup", "copy.db")
        ok("export", "log", "--output", "log.ndjson")
        ok("restore", "copy.db", "--db", "again.db")
        ok("import", "log", "log.ndjson", "--db", "third.db")
        ok("export", "journal", "--output", "journal")
    finally:
        os.umask(before)
    rights = {one.name: one.stat().st_mode & 0o777 for one in Path().iterdir()}
    assert rights.pop("journal") == 0o666 & ~mask
    assert len(rights) >= 6
    assert set(rights.values()) == {0o600}, rights


@pytest.mark.parametrize(
    "address", ["postgresql:/u:secret@h/d", "postgresql://u:sec/secret@h/d"]
)
def test_no_command_shows_the_password_of_an_address(address: str):
    for words in (
        ("balances", "--db", address),
        ("doctor", "--db", address),
        ("migrate", "--db", address),
        (
            "init",
            "--name",
            "A",
            "--origin",
            "real",
            "--db",
            address,
            "--as",
            "operator:o",
        ),
        ("export", "reporting", "--to", address),
        ("consume", "reporting", "--to", address),
        ("parked", "list", "reporting", "--to", address),
    ):
        done = premium(*words)
        assert done.code in (Exit.FOUND, Exit.USAGE, Exit.UNAVAILABLE), words
        assert "secret" not in done.out + done.err, words


@pytest.mark.parametrize("name", ["a folder", "a pipe", "a letter", "nothing", "ring"])
def test_what_is_not_a_ledger_is_one_clear_line(folder: Path, name: str):
    (folder / "a folder").mkdir()
    os.mkfifo(folder / "a pipe")
    (folder / "a letter").write_text("Dear aunt")
    (folder / "nothing").touch()
    (folder / "ring").symlink_to("ring")
    for words in (
        ("balances",),
        ("verify",),
        ("run", "-"),
        ("backup", "copy.db"),
        ("init", "--name", "A", "--origin", "real", "--as", "operator:o1"),
    ):
        done = premium(*words, "--db", name, stdin=register("r1", "ZZ2"))
        if (words[0], name) == ("init", "nothing"):
            continue
        assert (done.code, done.err.count("\n")) == (Exit.UNAVAILABLE, 1), words
        assert done.err.startswith("premium: "), words
    assert premium("restore", name, "--db", "again.db").code == Exit.UNAVAILABLE
    assert premium("doctor", "--db", name).code == Exit.FOUND


@pytest.mark.parametrize(
    "name", ["a?b.db", "a#b.db", "a%20b.db", "a b.db", "ä.db", "'"]
)
def test_a_ledger_may_have_any_name(folder: Path, name: str):
    ok("backup", name)
    ok("balances", "--db", name)
    ok("rebuild", "--db", name)
    ok("verify", "--db", f"./{name}")


def test_doctor_says_which_file_others_may_read(folder: Path):
    ok("doctor")
    ok("balances")
    (folder / "sim.db").chmod(0o640)
    done = premium("doctor")
    assert done.code == Exit.FOUND
    assert "others may read sim.db" in done.out
    (folder / "sim.db").chmod(0o600)
    ok("balances")
    (folder / "sim.views.db").chmod(0o604)
    assert "chmod 600 sim.views.db" in premium("doctor").out
