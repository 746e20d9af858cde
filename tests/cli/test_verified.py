"""Changes beneath the ledger that `verify` must see, and what it says it compared."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger.proof import row_digest
from tests.cli.program import ok, premium

pytestmark = pytest.mark.usefixtures("whole_year")

STREAM = "account/quality-premium/2013-14/ZZ1"


@contextmanager
def changed() -> Iterator[sqlite3.Connection]:
    """The file of the ledger without its triggers, which come back behind."""
    with closing(sqlite3.connect("sim.db", isolation_level=None)) as db:
        triggers = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        for _, sql in triggers:
            db.execute(sql)


@pytest.mark.parametrize(
    ("instant", "says"),
    [
        ("2099-01-01T00:00:00.000000Z", "which is still to come"),
        ("2001-01-01T00:00:00.000000Z", "before the row before it"),
        ("2026-01-01", "which is not written as one"),
        ("yesterday", "which is not written as one"),
    ],
)
def test_an_instant_of_a_refused_command_that_cannot_be_is_found(
    instant: str, says: str
):
    ok("verify")
    # A refusal leaves no fact that could tell of its instant.
    given = ("disburse", "pay", "ZZ1", "none", "--scheme-year", "2013-14")
    words = ("--reference", "R 9", "--value-date", "2016-04-01", "--as", "analyst:a1")
    assert premium(*given, *words).code == 3
    with changed() as db:
        [row] = db.execute(
            "SELECT number, id, hash, outcome, recorded_at, first_position, count, "
            "refusal FROM commands WHERE outcome = 'refused' ORDER BY number DESC "
            "LIMIT 1"
        )
        row = (*row[:4], instant, *row[5:])
        db.execute(
            "UPDATE commands SET recorded_at = ?, digest = ? WHERE number = ?",
            (instant, row_digest(row), row[0]),
        )
    done = premium("verify")
    assert done.code == 1
    assert says in done.out


@pytest.mark.parametrize("position", [0, -1, -(2**40)])
def test_a_record_before_the_first_is_found(position: int):
    ok("verify")
    with changed() as db:
        topic, state, version = db.execute(
            "SELECT topic, state, (SELECT MAX(version) FROM events WHERE stream = ?) "
            "FROM events WHERE topic LIKE 'disbursement-requested%' LIMIT 1",
            (STREAM,),
        ).fetchone()
        state = json.dumps(json.loads(state), separators=(",", ":")).encode()
        db.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
            (position, STREAM, version + 1, topic, state),
        )
    done = premium("verify")
    assert done.code == 1
    assert f"a record stands at position {position}, and the first is 1" in done.out


def test_verify_says_what_it_compared_the_records_with(folder: Path):
    ok("balances")
    assert "Compared with what the views took in before: all 70" in ok("verify").out
    assert ok("verify", "--json").document["compared"] == 70
    for one in folder.glob("sim.views.db*"):
        one.unlink()
    assert "Compared with nothing but itself" in ok("verify").out
    assert "all 70 records" in ok("verify").out
