"""The command line on a ledger in a PostgreSQL database."""

import pytest

from tests.cli.program import begin, ok, premium
from tests.worlds.servers import Database, server
from tests.worlds.years import year_commands


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database that is not yet migrated; the service's address is the ledger."""
    database = server().empty()
    monkeypatch.setenv("PREMIUM_DB", database.app)
    return database


def test_a_database_is_migrated_once_by_its_owner_and_then_serves(empty: Database):
    refused = premium("balances", "--scheme-year", "2013-14")
    assert refused.code == 5
    assert "run premium migrate" in refused.err
    assert premium("migrate").code == 5  # A service may not.

    migrated = ok("migrate", "--db", empty.owner)
    assert "Ran migration 0001 log\n" in migrated.out
    assert "has the tables that this program needs" in migrated.out
    assert "premium_test_clerk" not in migrated.out
    again = ok("migrate", "--json", "--db", empty.owner)
    assert again.document["migrations"] == []
    begin()
    assert ok("verify").out.startswith("SIMULATED")


def test_a_file_needs_no_migration():
    begin()
    assert ok("migrate").out == "sim.db has the tables that this program needs\n"
    missing = premium("migrate", "--db", "none.db")
    assert (missing.code, missing.out) == (5, "")


def test_a_simulated_year_comes_out_as_in_a_file(
    empty: Database, monkeypatch: pytest.MonkeyPatch
):
    ok("migrate", "--db", empty.owner)
    ledgers = (empty.app, "file.db")
    answers = []
    for db in ledgers:
        monkeypatch.setenv("PREMIUM_DB", db)
        begin()
        first = premium("run", "-", stdin=year_commands()).answers
        again = premium("run", "-", stdin=year_commands()).answers
        assert [one["line"] for one in again if one["outcome"] == "appended"] == []
        ok("verify")
        answers.append(
            (
                [(one["line"], one["outcome"], one.get("refusal")) for one in first],
                ok("balances", "--scheme-year", "2013-14", "--json").out,
            )
        )
    assert answers[0] == answers[1]


def test_a_correction_is_decided_and_repeated_as_in_a_file(
    empty: Database, monkeypatch: pytest.MonkeyPatch
):
    ok("migrate", "--db", empty.owner)
    decide = (
        *("result", "correct", "red-1/ZZ1/2013-04-01..2014-03-31", "--value", "75"),
        *("--reason", "Recounted", "--decide", "--id", "c1", "--as", "analyst:a1"),
        *("--effective-on", "2016-01-11", "--decided-on", "2016-01-11"),
    )
    answers = []
    for db in (empty.app, "file.db"):
        monkeypatch.setenv("PREMIUM_DB", db)
        begin()
        premium("run", "-", stdin=year_commands(until="year/d1"))
        answers.append([ok(*decide).out for _ in range(2)])
        document = ok("balances", "--json").document
        answers[-1].append(str(document["position"]))
    assert answers[0] == answers[1]
    assert "Recorded in one commit: 5 facts" in answers[0][0]
    assert "Recorded before, by the same command: 5 facts" in answers[0][1]
