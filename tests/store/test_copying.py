"""Backups made while the ledger is in use, and ledgers made of them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from ledger.request import Appended, Repeated
from ledger.service import Ledger, Unavailable
from ledger.store.sqlite import backup
from tests.worlds.payable import ask, check_whole, with_payable


def test_a_backup_made_while_others_write_is_whole_and_of_one_instant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each step of the copy meets a commit that was made since the one before."""
    monkeypatch.setattr(backup, "PAGES", 1)
    db = tmp_path / "l.db"
    with with_payable(db) as ledger:
        for n in range(20):
            ledger.give(ask(f"before-{n}", 1))
        head = ledger.head()
        given = 0

        def told(copied: int, pages: int) -> None:
            nonlocal given
            given += 1
            ledger.give(ask(f"meanwhile-{given}", 1))

        assert backup.backup(db, tmp_path / "copy.db", told) == head
        assert given > 5
        assert ledger.head() == head + given
    with Ledger.open(tmp_path / "copy.db") as copy:
        assert copy.head() == head
        check_whole(copy)
        assert copy.faults() == ()


def test_a_backup_does_not_wait_for_a_writer_in_the_midst_of_a_batch(tmp_path: Path):
    db = tmp_path / "l.db"
    with with_payable(db) as ledger, ledger._store.writing():
        assert backup.backup(db, tmp_path / "copy.db") == ledger.head()


def test_a_backup_is_one_file_and_restoring_leaves_it_as_it_is(tmp_path: Path):
    folder = tmp_path / "backups"
    folder.mkdir()
    with_payable(tmp_path / "l.db").close()
    backup.backup(tmp_path / "l.db", folder / "copy.db")
    before = (folder / "copy.db").read_bytes()
    assert backup.restore(folder / "copy.db", tmp_path / "new.db") == 9
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert (folder / "copy.db").read_bytes() == before


def test_a_restored_ledger_goes_on(tmp_path: Path):
    """The next position and version follow, and what was answered is repeated."""
    db = tmp_path / "l.db"
    with with_payable(db) as ledger:
        first = ledger.give(ask("d1", 7))
        assert isinstance(first, Appended)
        backup.backup(db, tmp_path / "copy.db")
        ledger.give(ask("lost", 7))
    backup.restore(tmp_path / "copy.db", tmp_path / "new.db")
    with Ledger.open(tmp_path / "new.db") as restored:
        assert restored.give(ask("d1", 7)) == Repeated(id="d1", first=first)
        second = restored.give(ask("d2", 7))
        assert isinstance(second, Appended)
        [one], [two] = first.records, second.records
        assert (two.position, two.version) == (one.position + 1, one.version + 1)
        check_whole(restored)
        assert restored.faults() == ()
        with closing(sqlite3.connect(tmp_path / "new.db")) as db_again:
            assert db_again.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_writers_and_backups_at_once_lose_nothing(tmp_path: Path):
    db, done = tmp_path / "l.db", Event()
    with with_payable(db) as ledger:
        answered: list[str] = []

        def write() -> None:
            while not done.is_set():
                name = f"d{len(answered)}"
                ledger.give(ask(name, 1))
                answered.append(name)

        writer = Thread(target=write)
        writer.start()
        heads = []
        for n in range(5):
            before = ledger.head()
            heads.append(backup.backup(db, tmp_path / f"copy-{n}.db"))
            assert heads[-1] >= before
        done.set()
        writer.join()
        assert ledger.head() == 9 + len(answered)
    for n, head in enumerate(heads):
        with Ledger.open(tmp_path / f"copy-{n}.db") as copy:
            assert copy.head() == head
            check_whole(copy)


def test_nothing_is_copied_over_what_is_there(tmp_path: Path):
    with_payable(tmp_path / "l.db").close()
    there = tmp_path / "there.db"
    there.write_text("mine")
    for copy in (backup.backup, backup.restore):
        with pytest.raises(Unavailable, match="is there already: name a new file"):
            copy(tmp_path / "l.db", there)
    assert there.read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no backup at .*: name another file"),
        (b"not a database at all" * 50, "it is not a ledger: name another file"),
        (b"", "is not a ledger: name another file"),
    ],
)
def test_what_is_no_backup_is_said_and_leaves_no_ledger_behind(
    tmp_path: Path, content: bytes | None, says: str
):
    copy = tmp_path / "copy.db"
    if content is not None:
        copy.write_bytes(content)
    with pytest.raises(Unavailable, match=says):
        backup.restore(copy, tmp_path / "new.db")
    assert list(tmp_path.glob("new*")) == []


def test_a_backup_with_a_damaged_page_is_not_restored(tmp_path: Path):
    with_payable(tmp_path / "l.db").close()
    copy = tmp_path / "copy.db"
    backup.backup(tmp_path / "l.db", copy)
    with closing(sqlite3.connect(copy)) as db:
        [page] = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'commands'"
        ).fetchone()
        [size] = db.execute("PRAGMA page_size").fetchone()
    content = bytearray(copy.read_bytes())
    content[(page - 1) * size : (page - 1) * size + 8] = b"\xff" * 8
    copy.write_bytes(content)
    with pytest.raises(Unavailable, match=r"damaged|malformed"):
        backup.restore(copy, tmp_path / "new.db")
    assert list(tmp_path.glob("new*")) == []


def test_a_copy_into_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with_payable(tmp_path / "l.db").close()
    with pytest.raises(Unavailable, match=r"or directory\): name another file"):
        backup.backup(tmp_path / "l.db", tmp_path / "none" / "copy.db")
