"""Changes beneath the ledger that `verify` must see, and what it says it compared."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from interfaces.cli.exits import Exit
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


def test_a_digest_that_was_kept_says_whether_the_past_is_what_it_was(folder: Path):
    """Rewritten with its views gone, a ledger looks whole: not beside the digest."""
    digest = ok("export", "log", "--output", "a.ndjson", "--json").document["digest"]
    assert f"Digest {digest}" in ok("export", "log", "--output", "b.ndjson").out
    assert "the first 71 records" in ok("verify", "--expect", digest).out
    early = ok("verify", "--expect", digest, "--json").document
    assert (early["expected"], early["differences"]) == (digest, [])
    ok("period", "close", "2016-03-31", "--as", "approver:payer-approver-1")
    ok("verify", "--expect", digest)  # What came later changes nothing of it.
    with changed() as db:
        db.execute(
            "UPDATE events SET state = CAST(replace(CAST(state AS TEXT), 'ZZ1', 'ZZ8') "
            "AS BLOB) WHERE position = 13"
        )
        db.execute(
            "UPDATE events SET state = CAST(replace(CAST(state AS TEXT), "
            "'payer-analyst-1', 'payer-analyst-9') AS BLOB) WHERE position = 13"
        )
    for one in folder.glob("sim.views.db*"):
        one.unlink()
    ok("verify")
    rewritten = premium("verify", "--expect", digest)
    assert rewritten.code == Exit.FOUND
    assert "the records 1 to 71 are not those of the digest" in rewritten.out
    short = digest.replace("71:", "70:")
    for wrong in (short, digest[:-1] + ("0" if digest[-1] != "0" else "1")):
        found = premium("verify", "--expect", wrong, "--json")
        assert found.code == Exit.FOUND
        assert "are not those of the digest" in found.document["differences"][0]["what"]
    beyond = premium("verify", "--expect", f"9000:{digest.partition(':')[2]}")
    assert (beyond.code, "the log ends at" in beyond.out) == (Exit.FOUND, True)


@pytest.mark.parametrize(
    "text", ["", "71", "0:" + "0" * 64, "71:xyz", "71:" + "A" * 64]
)
def test_what_is_no_digest_is_said(folder: Path, text: str):
    done = premium("verify", "--expect", text)
    assert (done.code, done.out) == (Exit.USAGE, "")
    assert "is not a digest" in done.err
