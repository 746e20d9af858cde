"""What is of the file alone; test_contract.py holds what every store does."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from ledger.service import Ledger, Unavailable
from ledger.store.rows import EventRow
from ledger.store.sqlite import store as sqlite
from ledger.store.sqlite.statements import Writing
from ledger.store.sqlite.store import SQLiteStore
from tests.worlds.payable import ask, with_payable

ROW = EventRow(1, "account/a/2013-14/X01", 1, "account-opened.v1", b"{}")


@pytest.fixture
def store(tmp_path: Path):
    store = SQLiteStore(tmp_path / "ledger.db", create=True)
    yield store
    store.close()


def connection_of(writing: object) -> sqlite3.Connection:
    assert isinstance(writing, Writing)
    return writing._connection


def append(store: SQLiteStore, *rows: EventRow) -> None:
    with store.writing() as writing:
        writing.append(rows)


@pytest.mark.parametrize("table", ["events", "commands"])
@pytest.mark.parametrize(
    "change",
    ["DELETE FROM {}", "UPDATE {} SET rowid = 9", "REPLACE INTO {0} SELECT * FROM {0}"],
)
def test_a_row_once_written_is_neither_changed_nor_deleted(
    tmp_path: Path, table: str, change: str
):
    with with_payable(tmp_path / "l.db") as ledger:
        ledger.give(ask("d1", 1))
        before = ledger.raw(0, 100), ledger.command_rows(0, 100)
        with (
            pytest.raises(sqlite3.IntegrityError, match="never changed"),
            ledger._store.writing() as writing,
        ):
            connection_of(writing).execute(change.format(table))
        assert (ledger.raw(0, 100), ledger.command_rows(0, 100)) == before


def test_a_commit_waits_for_the_disk(store: SQLiteStore):
    with store.writing() as writing:
        asked = writing._connection.execute
        assert asked("PRAGMA journal_mode").fetchone() == ("wal",)
        assert asked("PRAGMA synchronous").fetchone() == (2,)  # FULL.
        assert asked("PRAGMA busy_timeout").fetchone() == (sqlite.BUSY_TIMEOUT_MS,)


def test_more_readers_than_are_spared_read_at_once(store: SQLiteStore):
    append(store, ROW)
    seen: list[int] = []

    def nested(depth: int) -> None:
        with store.reading() as reading:
            if depth:
                nested(depth - 1)
            seen.append(reading.head().position)

    threads = [Thread(target=nested, args=(5,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 24
    assert len(store._spare) <= sqlite.SPARE_READERS


# Opening ------------------------------------------------------------------------------


def no_file(path: Path) -> None:
    return


def a_folder(path: Path) -> None:
    path.mkdir()


def not_a_database(path: Path) -> None:
    path.write_text("Practice,Name\n" * 100)


def another_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()


def an_empty_file(path: Path) -> None:
    path.touch()


def a_later_schema(path: Path) -> None:
    SQLiteStore(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ledger_schema SET version = 3")
    connection.close()


def an_earlier_schema(path: Path) -> None:
    SQLiteStore(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ledger_schema SET version = 1")
    connection.close()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (no_file, "there is no ledger at .*premium init"),
        (a_folder, "there is no ledger at .*premium init"),
        (not_a_database, "not a database; it is not a ledger: name another file"),
        (another_database, "is not a ledger: name another file"),
        (an_empty_file, "is not a ledger: name another file"),
        (a_later_schema, "has schema 3 and this program reads 2: use the program"),
        (an_earlier_schema, "made by an earlier version.*make it again from its sourc"),
    ],
)
def test_what_is_no_ledger_is_unavailable_with_a_remedy_and_left_as_it_is(
    tmp_path: Path, made: Callable[[Path], None], says: str
):
    path = tmp_path / "x.db"
    made(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(Unavailable, match=says):
        Ledger.open(path)
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("made", [not_a_database, another_database, a_later_schema])
def test_no_ledger_is_made_over_something_else(
    tmp_path: Path, made: Callable[[Path], None]
):
    path = tmp_path / "x.db"
    made(path)
    with pytest.raises(Unavailable):
        Ledger.open(path, create=True)


def test_a_ledger_cannot_be_made_in_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(Unavailable, match="look whether its folder is there"):
        Ledger.open(tmp_path / "none" / "x.db", create=True)


def test_making_a_ledger_that_is_there_opens_it(tmp_path: Path):
    path = tmp_path / "l.db"
    with with_payable(path) as ledger:
        head = ledger.head()
    with Ledger.open(path, create=True) as again:
        assert again.head() == head


def test_a_name_with_signs_of_an_address_is_a_file_like_any_other(tmp_path: Path):
    path = tmp_path / "a ledger?mode=memory#100%.db"
    Ledger.open(path, create=True).close()
    assert path.is_file()


def test_a_lock_held_for_too_long_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = tuple(
        "PRAGMA busy_timeout=20" if "busy_timeout" in one else one
        for one in sqlite._SETTINGS
    )
    monkeypatch.setattr(sqlite, "_SETTINGS", settings)
    with with_payable(tmp_path / "l.db") as ledger:
        before = ledger.head()
        holder = SQLiteStore(tmp_path / "l.db")
        with (
            holder.writing(),
            pytest.raises(Unavailable, match="locked; another process is writing"),
        ):
            ledger.give(ask("d1", 1))
        holder.close()
        assert ledger.head() == before
