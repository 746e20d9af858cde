"""A PostgreSQL ledger by the commands that operators use."""

import json
from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from ledger.service import Ledger
from tests.cli.program import begin, ok, premium, process
from tests.worlds.servers import Database, server
from tests.worlds.years import year_commands


@pytest.fixture
def database() -> Database:
    return server().migrated()


@pytest.fixture
def db(database: Database) -> str:
    """The address of a ledger with the invented year, carried over as a log."""
    begin()
    premium("run", "-", stdin=year_commands())
    ok("export", "log", "--output", "sim.ndjson")
    ok("import", "log", "sim.ndjson", "--db", database.app)
    return database.app


def test_a_ledger_in_a_database_gives_the_same_answers_as_the_file(db: str):
    for words in (
        ("balances", "--json"),
        ("trail", "ZZ1", "--scheme-year", "2013-14", "--json"),
        ("award", "show", "ZZ1", "--scheme-year", "2013-14", "--json"),
    ):
        assert ok(*words, "--db", db).out == ok(*words).out
    exported = process("export", "log", "--db", db)
    assert exported.out == Path("sim.ndjson").read_text(encoding="utf-8")


def test_its_views_are_followed_rebuilt_and_verified(db: str):
    with Ledger.open(db) as ledger:
        head = ledger.head()
    assert ok("follow", "--once", "--db", db).out.endswith(f"position {head}\n")
    assert ok("rebuild", "--json", "--db", db).document["position"] == head
    assert ok("verify", "--json", "--db", db).document["differences"] == []
    assert ok("balances", "--at-least", str(head), "--db", db).code == 0


def test_verify_finds_a_changed_record_a_changed_view_and_a_trigger_that_is_off(
    db: str, database: Database
):
    ok("verify", "--db", db)
    database.execute("ALTER TABLE ledger.events DISABLE TRIGGER never_changed")
    database.execute(
        "UPDATE ledger.events SET state = convert_to(replace("
        "convert_from(state, 'UTF8'), '41237', '41238'), 'UTF8') WHERE position = 15"
    )
    database.execute("UPDATE views.awards SET maximum_pence = maximum_pence + 1")
    done = premium("verify", "--json", "--db", db)
    assert done.code == Exit.FOUND
    differences = json.loads(done.out)["differences"]
    assert 15 in [one["position"] for one in differences]
    assert "awards" in [one["table"] for one in differences]
    says = " ".join(one["what"] for one in differences)
    assert "the trigger never_changed of events is missing or off" in says


def test_the_doctor_looks_at_a_database_and_prints_no_password(db: str):
    done = premium("doctor", "--json", "--db", db)
    found = {one["what"]: one for one in done.document["checks"]}
    assert (done.code, {one["state"] for one in found.values()}) == (0, {"ok"})
    assert {"ledger", "store", "schema", "clock", "views"} <= found.keys()
    assert "premium_test_clerk" not in done.out


def test_the_doctor_says_that_a_server_cannot_be_reached():
    address = "postgresql://127.0.0.1:1/none"
    done = premium("doctor", "--json", "--db", address)
    found = {one["what"]: one for one in done.document["checks"]}
    assert done.code == Exit.FOUND
    assert found["store"]["state"] == "wrong"
    assert found["store"]["remedy"]


@pytest.mark.parametrize("words", [("backup", "b.db"), ("restore", "b.db")])
def test_files_are_not_copied_and_what_to_use_is_said(words: tuple[str, ...]):
    done = premium(*words, "--db", "postgresql://127.0.0.1:1/none")
    assert (done.code, done.out) == (Exit.USAGE, "")
    assert "pg_" in done.err
