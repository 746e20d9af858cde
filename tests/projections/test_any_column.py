"""One byte changed in any column of any table is found, and it is said where."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ledger.decisions.bodies import RegisterPractice, Sighting
from ledger.decisions.closing import ClosePeriod
from ledger.decisions.every import COMMANDS
from ledger.decisions.evidence import RecordClaim
from ledger.decisions.spending.crediting import CreditSpending
from ledger.events import EVENTS, BodyCode
from ledger.request import Appended, Request
from ledger.service import Ledger
from ledger.values import names
from projections.following import position
from projections.following.views import Views, views_path
from projections.verify.difference import Difference
from projections.verify.texts import NAMES, commitments
from projections.verify.verify import verify
from tests.projections.real import ledger_with_a_year
from tests.worlds.payable import ANALYST, APPROVER, DAY, account, officer

pytestmark = pytest.mark.usefixtures("small_blocks")

FACTS: tuple[Any, ...] = EVENTS  # Of any one mypy says that it cannot be hashed.

Column = tuple[str, str, str]
"""Which file (`ledger` or `views`), which table, which column."""


def practice(code: str = "P1") -> Request:
    """One whose name lies beside the log."""
    command = RegisterPractice(
        practice=BodyCode(code),
        name="A Surgery",
        sightings=(Sighting(observed_on=DAY, group=BodyCode("X01")),),
    )
    return Request(id=f"practice-{code}", by=ANALYST, command=command)


def claim() -> Request:
    """A figure that somebody published."""
    command = RecordClaim(
        claim="received",
        about="X01",
        scheme="quality-premium",
        scheme_year="2013-14",
        quantity="received",
        as_published="£1",
        source="A page",
        status="confirmed",
        amount_pence=100,
    )
    return Request(id="claim", by=ANALYST, command=command)


def close() -> Request:
    """The books are closed through the day on which the year's money was spent."""
    command = ClosePeriod(through=date(2014, 12, 1))
    return Request(id="close", by=APPROVER, command=command)


def credit() -> Request:
    """What came back of a spending, too late for the close.

    It says that it was decided before the account's opening was.
    """
    day, decided = date(2014, 12, 1), date(2014, 9, 1)
    command = CreditSpending(
        account=account("X01"), spending="s1", credit="k1", amount_pence=1
    )
    return Request(
        id="credit",
        by=officer("X01"),
        command=command,
        effective_on=day,
        decided_on=decided,
    )


def make(db: Path) -> None:
    """A ledger in which every column of every table has a value, and its views."""
    with ledger_with_a_year(db) as ledger:
        for request in (practice(), claim(), close(), credit()):
            assert isinstance(ledger.give(request), Appended)
        with closing(Views.beside(ledger, db)) as views:
            views.follow()


def columns(path: Path, name: str) -> Iterator[Column]:
    with closing(sqlite3.connect(path)) as db:
        yield from (
            (name, table, column)
            for (table,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            ).fetchall()
            for (column,) in db.execute(
                "SELECT name FROM pragma_table_info(?)", (table,)
            )
        )


@cache
def all_columns() -> tuple[Column, ...]:
    """Read from the files' own schemas, so that a new column is tried as well."""
    with TemporaryDirectory() as folder:
        db = Path(folder) / "l.db"
        Ledger.open(db, create=True).close()
        with closing(sqlite3.connect(":memory:")) as views:
            tables = [one.definition() for one in position.TABLES]
            for statement in (*tables, *position.indexes()):
                views.execute(statement)
            made = Path(folder) / "v.db"
            with closing(sqlite3.connect(made)) as kept:
                views.backup(kept)
        return (*columns(db, "ledger"), *columns(made, "views"))


@pytest.fixture(scope="module")
def whole(small_blocks: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("whole") / "l.db"
    make(db)
    for path in (db, views_path(db)):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return db


@pytest.fixture
def db(whole: Path, tmp_path: Path) -> Path:
    """A copy of the ledger and its views."""
    for path in (whole, views_path(whole)):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path / whole.name


def other(value: Any, kind: str) -> Any:
    """The same with its middle byte changed; a number one higher; not NULL."""
    if value is None:
        return 1 if kind == "INTEGER" else "x"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        middle = len(value) // 2
        sign = "7" if value[middle] != "7" else "8"
        return value[:middle] + sign + value[middle + 1 :]
    middle = len(value) // 2
    return value[:middle] + bytes((value[middle] ^ 1,)) + value[middle + 1 :]


def change(path: Path, table: str, column: str) -> Any:
    """Change one value of a column, leaving all else, triggers too, as it was.

    Returns:
        The value that stood there.
    """
    with closing(sqlite3.connect(path)) as db:
        triggers = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        [old] = db.execute(
            f"SELECT {column} FROM {table} ORDER BY {column} DESC LIMIT 1"
        ).fetchone()  # NULL sorts last: there is a value, or none in the table.
        [kind] = db.execute(
            "SELECT type FROM pragma_table_info(?) WHERE name = ?", (table, column)
        ).fetchone()
        changed = db.execute(
            f"UPDATE {table} SET {column} = ? WHERE {column} IS ?",
            (other(old, kind), old),
        )
        assert changed.rowcount > 0
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
        return old


def found(ledger: Ledger, db: Path) -> tuple[Difference, ...]:
    with closing(Views.beside(ledger, db)) as views:
        return verify(views)


def test_a_copy_in_which_nothing_was_changed_has_no_difference(db: Path):
    with Ledger.open(db) as ledger:
        assert found(ledger, db) == ()


@pytest.mark.parametrize("column", all_columns(), ids="-".join)
def test_a_change_of_any_column_is_found_and_its_table_or_position_named(
    db: Path, column: Column
):
    name, table, of = column
    with Ledger.open(db) as ledger:
        old = change(db if name == "ledger" else views_path(db), table, of)
        differences = found(ledger, db)
    assert differences, (column, old)
    if table == "ledger_schema":
        assert "ledger_schema holds [3]" in differences[0].what
    elif table == "events":
        assert differences[0].position is not None
    elif table == "leaves":
        assert any("leaf hash" in one.what for one in differences)
    else:
        assert table in {one.table for one in differences}


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("DROP TRIGGER events_no_delete", "trigger events_no_delete is missing"),
        ("CREATE TABLE mine (a)", "table mine was not made by this program"),
        ("DROP INDEX parties_party", "index parties_party is missing"),
        (
            "DROP TRIGGER events_no_update; CREATE TRIGGER events_no_update "
            "BEFORE UPDATE ON events WHEN 0 BEGIN SELECT RAISE(ABORT, ''); END",
            "trigger events_no_update is not as this program made it",
        ),
    ],
)
def test_other_tables_indexes_and_triggers_than_the_programs_are_found(
    db: Path, damage: str, says: str
):
    with closing(sqlite3.connect(db)) as connection:
        connection.executescript(damage)
    with Ledger.open(db) as ledger:
        [difference] = found(ledger, db)
    assert says in difference.what


def test_a_damaged_index_is_found(db: Path):
    """It would hide a record from its stream, though every row is as it was."""
    with closing(sqlite3.connect(db)) as connection:
        [page] = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'parties_party'"
        ).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(db.read_bytes())
    at = content.index(b"P1", (page - 1) * size)
    content[at] = ord("Q")
    db.write_bytes(content)
    with Ledger.open(db) as ledger:
        differences = found(ledger, db)
    assert any("the file is damaged" in one.what for one in differences)


# Texts and names ----------------------------------------------------------------------


def test_a_text_or_name_that_was_forgotten_is_no_difference(db: Path):
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("DELETE FROM texts")
        connection.execute("DELETE FROM parties WHERE party = 'P1'")
        connection.commit()
    with Ledger.open(db) as ledger:
        assert found(ledger, db) == ()


@pytest.mark.parametrize("table", ["texts", "parties"])
def test_a_text_or_name_to_which_no_fact_is_committed_is_found(db: Path, table: str):
    salt, said = b"s" * 16, "invented"
    commitment = sha256(salt + said.encode()).hexdigest()
    row: tuple[object, ...] = (commitment, salt, said)
    marks = "?, ?, ?"
    if table == "parties":
        row, marks = ("P1", *row), "?, ?, ?, ?"
    with closing(sqlite3.connect(db)) as connection:
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
        connection.commit()
    with Ledger.open(db) as ledger:
        [difference] = found(ledger, db)
    assert difference.table == table
    assert f"{commitment} is one that no fact is committed to" in difference.what


def test_every_commitment_of_every_fact_is_checked():
    for fact in FACTS:
        typed = [one.name for one in fields(fact) if "Commitment" in str(one.type)]
        assert [name for name, _ in commitments(fact)] == typed, fact


def test_every_name_of_a_command_is_checked_for_its_party():
    """A further command that holds a name must say in its fact whose it is."""
    named = {
        party for command in COMMANDS.values() for party in names(command).values()
    }
    assert named == {"practice", "party"}
    assert set(NAMES.values()) == {"body", "party"}
    found = {pair for fact in FACTS for pair in commitments(fact) if pair[1]}
    assert found == set(NAMES.items())
