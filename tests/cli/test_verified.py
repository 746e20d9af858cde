"""Changes beneath the ledger that `verify` must see, and what it says it compared."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

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


def refuse() -> None:
    """One more command, refused: a refusal leaves no fact that could tell of it."""
    given = ("disburse", "pay", "ZZ1", "none", "--scheme-year", "2013-14")
    words = ("--reference", "R 9", "--value-date", "2016-04-01", "--as", "analyst:a1")
    assert premium(*given, *words).code == 3


def rewrite(of: str, **columns: Any) -> None:
    """Change the last command of an outcome, and make its digest again."""
    with changed() as db:
        [row] = db.execute(
            "SELECT number, id, hash, outcome, recorded_at, first_position, count, "
            "refusal FROM commands WHERE outcome = ? ORDER BY number DESC LIMIT 1",
            (of,),
        )
        names = "number id hash outcome recorded_at first_position count refusal"
        row = dict(zip(names.split(), row, strict=True)) | columns
        db.execute(
            "UPDATE commands SET (hash, outcome, recorded_at, refusal, digest) = "
            "(?, ?, ?, ?, ?) WHERE number = ?",
            (
                *(row["hash"], row["outcome"], row["recorded_at"], row["refusal"]),
                *(row_digest(tuple(row.values())), row["number"]),
            ),
        )


@pytest.mark.parametrize(
    ("outcome", "columns", "says"),
    [
        *(
            ("refused", {"recorded_at": instant}, says)
            for instant, says in (
                ("2099-01-01T00:00:00.000000Z", "which is still to come"),
                ("2001-01-01T00:00:00.000000Z", "before the row before it"),
                ("2026-01-01", "which is not written as one"),
                ("yesterday", "which is not written as one"),
            )
        ),
        ("refused", {"hash": "zz"}, "as the hash of its request"),
        ("refused", {"outcome": "maybe"}, "has the outcome 'maybe'"),
        ("refused", {"outcome": "appended"}, "bears a refusal"),
        ("appended", {"outcome": "refused"}, "which names no refusal"),
        ("appended", {"refusal": '{"refusal":"x"}'}, "bears a refusal"),
        ("refused", {"refusal": None}, "which names no refusal"),
        ("refused", {"refusal": "{"}, "which names no refusal"),
        ("refused", {"refusal": "[]"}, "which names no refusal"),
    ],
)
def test_a_command_that_no_program_of_ours_answered_so_is_found(
    outcome: str, columns: dict[str, Any], says: str
):
    refuse()
    ok("verify")
    rewrite(outcome, **columns)
    done = premium("verify")
    assert done.code == 1
    assert says in done.out


@pytest.mark.parametrize("position", [0, -1, -(2**63)])
def test_a_record_before_the_first_is_found_and_no_decision_uses_it(position: int):
    ok("verify")
    with changed() as db:
        [(topic, state, version)] = db.execute(
            "SELECT topic, state, (SELECT MAX(version) FROM events WHERE stream = ?) "
            "FROM events WHERE topic LIKE 'disbursement-requested%' LIMIT 1",
            (STREAM,),
        )
        forged = json.loads(state)
        forged["data"]["disbursement"] = "d99"
        text = json.dumps(forged, separators=(",", ":")).encode()
        db.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
            (position, STREAM, version + 1, topic, text),
        )
    done = premium("verify")
    assert done.code == 1
    assert f"events is {position}, and the first is 1" in done.out
    assert "Compared with nothing" in done.out
    asked = ("disburse", "approve", "ZZ1", "d99", "--scheme-year", "2013-14")
    assert "no-such-disbursement" in premium(*asked, "--as", "approver:p9").err


@pytest.mark.parametrize("table", ["events", "commands", "texts", "parties"])
def test_a_value_of_another_type_in_any_column_is_found(table: str):
    ok("verify")
    whole = Path("sim.db").read_bytes()
    with closing(sqlite3.connect("sim.db")) as db:
        columns = db.execute(f"SELECT name, type FROM pragma_table_info('{table}')")
        others = [
            (name, other)
            for name, kind in columns.fetchall()
            for other in ("x'00ff'", "'x'", "1.5")
            if (kind, other[0]) not in (("BLOB", "x"), ("TEXT", "'"), ("TEXT", "1"))
            and name not in ("position", "number")  # The file takes no other there.
        ]
    assert len(others) >= 4
    for name, other in others:
        with changed() as db:
            row = f"(SELECT MAX(rowid) FROM {table})"
            db.execute(f"UPDATE {table} SET {name} = {other} WHERE rowid = {row}")
        done = premium("verify")
        assert (done.code, done.err) == (1, ""), (name, other)
        assert f"in the ledger, the {name} of row" in done.out, (name, other)
        Path("sim.db").write_bytes(whole)


def test_verify_says_what_it_compared_the_records_with(folder: Path):
    ok("balances")
    assert "Compared with what the views took in before: all 71" in ok("verify").out
    assert ok("verify", "--json").document["compared"] == 71
    for one in folder.glob("sim.views.db*"):
        one.unlink()
    assert "Compared with nothing but itself" in ok("verify").out
    assert "all 71 records" in ok("verify").out
