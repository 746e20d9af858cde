"""A ledger, a backup or an archive from before the limits: refused, and left alone."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from ledger.store.contract import EARLIER
from ledger.store.postgres.schema import _EARLIER
from tests.cli.program import begin, ok, premium, register
from tests.worlds.servers import Database, server

Where = tuple[str, Callable[[], object]]
"""The name of an earlier ledger, and what tells whether anything of it is another."""

WORDS = [
    *(("verify",), ("status",), ("balances",), ("rebuild",), ("follow", "--once")),
    ("trail", "ZZ7", "--scheme-year", "2013-14"),
    ("replay", "--all"),
    ("export", "log", "--output", "new.ndjson"),
    ("export", "journal", "--output", "new.beancount"),
    ("export", "reporting", "--to", "new.db"),
    ("init", "--name", "A ledger", "--origin", "simulated", "--as", "operator:o1"),
    ("run", "-"),
]


def a_file() -> Where:
    begin()
    return earlier("sim.db")


def earlier(name: str) -> Where:
    with closing(sqlite3.connect(name)) as connection:
        connection.execute("UPDATE ledger_schema SET version = 1")
        connection.commit()
    return name, Path(name).read_bytes


def a_database() -> Where:
    database = server().migrated()
    begin()
    ok("export", "log", "--output", "sim.ndjson")
    ok("import", "log", "sim.ndjson", "--db", database.app)
    database.execute(
        "UPDATE ledger.migrations SET sha256 = %s WHERE number = 1", _EARLIER
    )
    return database.app, lambda: held(database)


def held(database: Database) -> object:
    tables = ("events", "commands", "texts", "parties", "migrations")
    return [database.execute(f"TABLE ledger.{table}") for table in tables]


@pytest.mark.parametrize("made", [a_file, a_database])
def test_every_word_refuses_an_earlier_ledger_and_says_what_to_do(
    made: Callable[[], Where],
):
    db, content = made()
    before, files = content(), set(Path().iterdir())
    for words in WORDS:
        done = premium(*words, "--db", db, stdin=register("b1", "ZZ7"))
        assert (done.code, done.out) == (Exit.UNAVAILABLE, ""), words
        assert EARLIER in done.err, words
    assert EARLIER.split(": ")[0] in premium("doctor", "--db", db).out
    assert content() == before
    assert set(Path().iterdir()) == files


def test_an_earlier_database_is_not_migrated():
    database = server().migrated()
    database.execute(
        "UPDATE ledger.migrations SET sha256 = %s WHERE number = 1", _EARLIER
    )
    done = premium("migrate", "--db", database.owner)
    assert (done.code, done.out) == (Exit.UNAVAILABLE, "")
    assert EARLIER in done.err


def test_an_earlier_backup_is_not_restored():
    begin()
    ok("backup", "copy.db")
    _, content = earlier("copy.db")
    before, files = content(), set(Path().iterdir())
    done = premium("restore", "copy.db", "--db", "new.db")
    assert (done.code, done.out) == (Exit.UNAVAILABLE, "")
    assert EARLIER in done.err
    assert content() == before
    assert set(Path().iterdir()) == files


def test_an_earlier_archive_is_not_imported():
    begin()
    ok("export", "log", "--output", "now.ndjson")
    text = Path("now.ndjson").read_text()
    assert text.count('"version":2') == 1
    Path("old.ndjson").write_text(text.replace('"version":2', '"version":1', 1))
    done = premium("import", "log", "old.ndjson", "--db", "new.db")
    assert (done.code, done.out) == (Exit.USAGE, "")
    assert done.err.strip().endswith(f"line 1: it {EARLIER}: nothing was imported")
    assert not Path("new.db").exists()
