"""How a call ends: its exit code, one clear sentence, and no traceback."""

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from interfaces.acting import acting
from interfaces.cli.exits import Exit
from interfaces.environment import Unset
from ledger.store.sqlite import store
from tests.cli.program import (
    ACCOUNT,
    begin,
    ok,
    premium,
    process,
    register,
)

YEAR = ("--scheme-year", "2013-14")


def says(*tokens: str, stdin: bytes = b"") -> tuple[int, str]:
    """The exit code and what was complained of, in one line."""
    done = premium(*tokens, stdin=stdin)
    assert done.out == ""
    assert done.err.count("\n") == 1
    return done.code, done.err.removeprefix("premium: ").strip()


# 0 and 1 ------------------------------------------------------------------------------


def test_what_is_so_already_ends_well():
    begin()
    done = ok("rulebook", "publish", "quality-premium-2013-14", "--as", "approver:p1")
    assert "Nothing to record: it is so already." in done.out


def tamper(old: str, new: str, position: int) -> None:
    """Change a stored record as nobody may: the triggers must go first."""
    with closing(sqlite3.connect("sim.db")) as db:
        for (trigger,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f'DROP TRIGGER "{trigger}"')
        db.execute(
            "UPDATE events SET state = CAST(replace(CAST(state AS TEXT), ?, ?)"
            " AS BLOB) WHERE position = ?",
            (old, new, position),
        )
        db.commit()


def test_verify_ends_with_1_and_says_where_one_byte_was_changed(whole_year: None):
    ok("verify")
    tamper("41237", "41238", position=15)
    done = premium("verify")
    assert done.code == Exit.FOUND
    assert "position 15" in done.out
    found = premium("verify", "--json")
    assert found.code == Exit.FOUND
    assert 18 in [one["position"] for one in found.document["differences"]]


def test_verify_names_a_record_that_no_view_has_taken_in_and_none_can_read(
    whole_year: None,
):
    tamper('"account"', '"acc#unt"', position=18)
    found = premium("verify", "--json")
    assert found.code == Exit.FOUND
    assert 18 in [one["position"] for one in found.document["differences"]]


def test_a_read_of_a_log_that_ends_before_its_views_ends_with_1(whole_year: None):
    ok("balances")
    Path("sim.db").unlink()
    for rest in Path().glob("sim.db-*"):
        rest.unlink()
    begin()
    code, sentence = says("balances")
    assert code == Exit.FOUND
    assert "premium verify" in sentence


# 2 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (("nonsense",), 'Unknown command "nonsense"'),
        (("balances", "--nonsense"), "Unknown option: --nonsense"),
        (("account", "show"), "ACCOUNT"),
        (("account", "show", "ZZ1"), "which year? give --scheme-year 2013-14"),
        (("account", "show", "ZZ1", "--scheme-year", "2013"), "'2013' is not a year"),
        (
            ("account", "show", "ZZ1", *YEAR, "--payment-year", "2014-15"),
            "not both of them",
        ),
        (("account", "show", "a/b"), "write scheme/scheme-year/body"),
        (
            ("account", "show", ACCOUNT, "--scheme-year", "2014-15"),
            "give no other year",
        ),
        (("init", "--name", "X", "--origin", "invented"), "--origin"),
        (("rulebook", "publish", "no-such.toml"), "is not a rulebook: give a"),
        (("rulebook", "show", *YEAR, "--clause", "nonsense"), "no clause 'nonsense'"),
        (("import", "bodies", "none.csv"), "none.csv cannot be read"),
        (("import", "wishes", "none.csv"), "wishes"),
        (("run", "none.ndjson"), "none.ndjson cannot be read"),
        (("run", "--nonsense"), "unknown option --nonsense"),
        (("explain", "ZZ1", *YEAR, "--claim", "none"), "no claim 'none' is recorded"),
        (
            ("disburse", "request", ACCOUNT, "d1", "1.5"),
            "'1.5' is not an amount: write pounds",
        ),
        (("disburse", "request", ACCOUNT, "d1", "0"), "write more than 0"),
        (("disburse", "request", ACCOUNT, "d1", "-1"), "-1"),
        (("award", "propose", ACCOUNT, "--effective-on", "soon"), "--effective-on"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else None,
)
def test_what_cannot_be_understood_ends_with_2(tokens: tuple[str, ...], sentence: str):
    begin()
    code, said = says(*tokens, "--as", "analyst:a1")
    assert code == Exit.USAGE
    assert sentence in said


def test_nobody_named_ends_with_2():
    begin()
    code, said = says("award", "propose", ACCOUNT)
    assert code == Exit.USAGE
    assert "--as ROLE:PARTY" in said
    assert "PREMIUM_AS" in said


def test_no_ledger_named_ends_with_2(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PREMIUM_DB")
    code, said = says("balances")
    assert code == Exit.USAGE
    assert "--db FILE" in said


@pytest.mark.parametrize(
    "text", ["analyst", "analyst:", ":a1", "king:a1", "analyst:a b", "analyst:a@"]
)
def test_who_acts_is_a_known_role_and_a_party(text: str):
    with pytest.raises(Unset):
        acting(text)


def test_who_acts_may_come_from_the_environment_and_an_option_wins(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("PREMIUM_AS", "operator:o1")
    ok("init", "--name", "A ledger", "--origin", "simulated")
    code, said = says("import", "bodies", "none.csv", "--as", "nobody:x")
    assert code == Exit.USAGE
    assert "none.csv" in said or "nobody" in said


def test_the_global_options_may_stand_before_the_command():
    ok("--db", "other.db", "--as", "operator:o1", "init", "--name", "A", "--origin",
       "real")  # fmt: skip
    assert ok("--db=other.db", "balances", "--json").document["origin"] == "real"


def test_a_faulty_rulebook_ends_with_2_and_every_fault():
    begin()
    Path("faulty.toml").write_text('scheme = "x"\nversion = 1.5\n', encoding="utf-8")
    done = premium("rulebook", "publish", "faulty.toml", "--as", "approver:p1")
    assert done.code == Exit.USAGE
    assert done.err.count("faulty.toml: rulebook,") > 3


# 3 and 4 ------------------------------------------------------------------------------


def test_a_rules_no_ends_with_3_and_its_figures(whole_year: None):
    code, said = says(
        *("disburse", "request", ACCOUNT, "d9", "0.01"),
        *("--as", "finance-officer:f1@ZZ1"),
    )
    assert code == Exit.REFUSED
    assert said == "refused (beyond-payable): £0.01 is asked for and £0.00 is payable"


def test_a_role_that_may_not_ends_with_3(whole_year: None):
    code, said = says("award", "propose", ACCOUNT, "--as", "auditor:u1")
    assert (code, said[:22]) == (Exit.REFUSED, "refused (role-may-not)")


@pytest.mark.parametrize("command", ["show", "terms"])
def test_an_account_that_is_not_open_ends_with_2(command: str):
    begin()
    code, said = says("account", command, "ZZ1", *YEAR)
    assert code == Exit.USAGE
    assert "there is none yet" in said


def test_another_version_ends_with_4(whole_year: None):
    code, said = says(
        *("disburse", "request", ACCOUNT, "d9", "0.01", "--if-version", "27"),
        *("--as", "finance-officer:f1@ZZ1"),
    )
    assert code == Exit.CONFLICT
    assert said.startswith("refused (version-changed)")


def test_an_id_used_for_another_request_ends_with_4():
    begin()
    premium("run", "-", stdin=register("r1", "ZZ1"))
    code, said = says(
        *("award", "propose", ACCOUNT, "--id", "r1", "--as", "analyst:a1")
    )
    assert code == Exit.CONFLICT
    assert said.startswith("refused (command-id-reused)")


# 5 ------------------------------------------------------------------------------------


@pytest.mark.parametrize("tokens", [("balances",), ("verify",), ("run", "-")])
def test_a_missing_ledger_ends_with_5_and_is_not_made(tokens: tuple[str, ...]):
    code, said = says(*tokens, stdin=register("r1", "ZZ1"))
    assert code == Exit.UNAVAILABLE
    assert "premium init" in said
    assert not Path("sim.db").exists()


def test_a_file_that_is_no_ledger_ends_with_5():
    Path("sim.db").write_bytes(b"this is a letter to my aunt" * 100)
    code, _ = says("balances")
    assert code == Exit.UNAVAILABLE


def test_a_ledger_of_another_schema_ends_with_5():
    begin()
    with closing(sqlite3.connect("sim.db")) as db:
        db.execute("UPDATE ledger_schema SET version = 99")
        db.commit()
    code, said = says("balances")
    assert code == Exit.UNAVAILABLE
    assert "schema 99" in said


def test_a_ledger_that_another_program_holds_ends_with_5(
    monkeypatch: pytest.MonkeyPatch,
):
    begin()
    patient = [one for one in store._SETTINGS if "busy_timeout" not in one]
    monkeypatch.setattr(store, "_SETTINGS", (*patient, "PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect("sim.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        code, said = says("run", "-", stdin=register("r1", "ZZ1"))
        assert code == Exit.UNAVAILABLE
        assert "sim.db" in said
        other.execute("ROLLBACK")
    again = premium("run", "-", stdin=register("r1", "ZZ1"))
    assert again.answers[0]["outcome"] == "appended"


def test_a_ledger_in_a_folder_that_is_not_there_ends_with_5():
    code, said = says(
        *("init", "--name", "A", "--origin", "real", "--as", "operator:o1"),
        *("--db", "no/such/folder/x.db"),
    )
    assert code == Exit.UNAVAILABLE
    assert "does not exist" in said


def test_a_journal_that_cannot_be_written_ends_with_5(whole_year: None):
    code, said = says("export", "journal", "--output", "no/such/file")
    assert code == Exit.UNAVAILABLE
    assert "cannot be written" in said


# As a process -------------------------------------------------------------------------


def test_a_process_ends_with_the_code_and_no_traceback():
    done = process("balances")
    assert (done.code, done.out) == (Exit.UNAVAILABLE, "")
    assert done.err.startswith("premium: there is no ledger at sim.db")
    assert "Traceback" not in done.err


def test_help_of_the_program_and_its_version_end_well():
    assert process("--help").code == 0
    assert "Exit codes: 0 done" in premium().out


def test_no_colour_and_no_progress_where_nobody_watches(whole_year: None):
    done = process("balances")
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out


def test_colour_is_left_out_when_it_is_not_wanted(whole_year: None):
    forced = process("balances", env={"FORCE_COLOR": "1", "TERM": "xterm"})
    plain = process(
        "balances", env={"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm"}
    )
    assert "\x1b[" in forced.out
    assert "\x1b[3" not in plain.out


def test_help_fills_the_lines_of_the_terminal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = ok("certificate", "--help").out.splitlines()
    begins = [line.startswith("Of each") for line in lines].index(True)
    paragraph = lines[begins : lines.index("", begins)]
    assert len(paragraph) > 2
    # No next word would have fitted.
    for line, following in pairwise(one.rstrip() for one in paragraph):
        assert len(f"{line} {following.split()[0]}") > 80
