"""`premium replay`: what it says, how it ends, and that no file changes it."""

import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from tests.cli.program import ACCOUNT, RULES, ok, premium
from tests.worlds.years import year_commands

YEAR = ("--scheme-year", "2013-14")


def a_year_under(rules: str) -> None:
    """The invented group's whole year under a rulebook of a name or file."""
    ok("init", "--name", "A ledger", "--origin", "simulated", "--as", "operator:o1")
    ok("rulebook", "publish", rules, "--as", "approver:p1")
    premium("run", "-", stdin=year_commands())


def tamper(old: str, new: str) -> None:
    """Change a stored record, as somebody with the file in hand could."""
    with closing(sqlite3.connect("sim.db")) as db:
        db.execute("DROP TRIGGER events_no_update")
        changed = db.execute(
            "UPDATE events SET state = CAST(REPLACE(CAST(state AS TEXT), ?1, ?2) AS "
            "BLOB) WHERE INSTR(CAST(state AS TEXT), ?1)",
            (old, new),
        )
        assert changed.rowcount == 1
        db.commit()


def test_a_whole_ledger_and_one_account_are_replayed_and_nothing_differs():
    a_year_under(RULES)
    for tokens in (("--all",), ("ZZ1", *YEAR), (ACCOUNT,)):
        said = ok("replay", *tokens).out
        assert "SIMULATED" in said
        assert "28 decisions, decided again in" in said
        assert "each comes out as it is recorded" in said
        document = ok("replay", *tokens, "--json").document
        assert document["origin"] == "simulated"
        assert document["decisions"] == 28
        assert document["differences"] == []
        assert document["decisions_per_second"] > 0
    assert document["payment_year"] == "2014-15"


def test_a_difference_ends_with_1_and_shows_both_outcomes():
    a_year_under(RULES)
    total = ok("award", "show", "ZZ1", *YEAR, "--json").document["total_pence"]
    tamper(
        f'"before_gates_pence":{total},"total_pence":{total}',
        f'"before_gates_pence":{total},"total_pence":{total + 1}',
    )
    done = premium("replay", "--all")
    assert done.code == 1
    assert f"recorded: {total + 1}" in done.out
    assert f"decided:  {total}" in done.out
    found = premium("replay", "ZZ1", *YEAR, "--json")
    assert found.code == 1
    first = found.document["differences"][0]
    assert first["why"] == "differs"
    assert {
        "field": "total_pence",
        "recorded": str(total + 1),
        "decided": str(total),
    } in first["differing"]


def test_rules_come_from_the_log_and_editing_or_losing_their_file_changes_nothing(
    folder: Path,
):
    packaged = files("ledger.rules").joinpath("rulebooks", f"{RULES}.toml")
    text = packaged.read_text("utf-8")
    own = folder / "own.toml"
    own.write_text(text, encoding="utf-8")
    a_year_under("own.toml")
    before = ok("replay", "--all", "--json").document
    edited = text.replace('percent = "25"', 'percent = "24"')
    assert edited != text
    own.write_text(edited, encoding="utf-8")
    after = ok("replay", "--all", "--json").document
    own.unlink()
    without = ok("replay", "--all", "--json").document
    for document in (before, after, without):
        assert (document["decisions"], document["differences"]) == (28, [])


def test_the_same_change_in_the_log_is_found(folder: Path):
    # The twin of the test above: it could have failed.
    a_year_under(RULES)
    tamper('\\"percent\\":\\"25\\"', '\\"percent\\":\\"24\\"')
    done = premium("replay", "--all", "--json")
    assert done.code == 1
    assert done.document["differences"]


def test_what_to_replay_must_be_said_once():
    a_year_under(RULES)
    for tokens in ((), ("ZZ1", *YEAR, "--all")):
        done = premium("replay", *tokens)
        assert (done.code, done.out) == (2, "")
        assert "name an account, or give --all" in done.err
    assert premium("replay", "ZZ2", *YEAR).code == 2
