"""The whole ledger out and in again, copies, the follower, and the doctor."""

import json
import re
import shlex
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interfaces.cli import session
from interfaces.cli.exits import Exit
from ledger.proof import row_digest
from ledger.service import Ledger
from tests.cli.program import HOUSE, begin, ok, premium, process, register
from tests.cli.test_exits import tamper
from tests.worlds.years import year_commands

PAGE = (HOUSE / "docs" / "operations.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    premium (.+)$", PAGE, re.MULTILINE)
ALL_OK = {
    "rights",
    "program",
    "ledger",
    "who acts",
    "store",
    "schema",
    "clock",
    "views",
    "folder",
    "disk",
}


def states(*tokens: str) -> dict[str, str]:
    """What the doctor says of each thing, and that the exit code fits."""
    done = premium("doctor", "--json", *tokens)
    found = {one["what"]: one for one in done.document["checks"]}
    wrong = [one for one in found.values() if one["state"] == "wrong"]
    assert done.code == (Exit.FOUND if wrong else Exit.OK)
    assert done.document["ok"] is not bool(wrong)
    assert all(one["remedy"] for one in wrong)
    return {name: f"{one['state']}: {one['says']}" for name, one in found.items()}


def test_every_example_of_the_page_on_operations_runs(whole_year: None, tmp_path: Path):
    Path("sim.db").rename("real.db")
    for example in EXAMPLES:
        done = premium(*shlex.split(example))
        assert (done.code, done.err) == (0, ""), example
    for name in ("restored", "imported"):
        with Ledger.open("real.db") as one, Ledger.open(f"{name}.db") as other:
            assert one.raw(0, 1_000) == other.raw(0, 1_000)


# Out and in again ---------------------------------------------------------------------


def test_a_log_that_was_exported_fills_a_new_ledger_that_gives_the_same_bytes(
    whole_year: None,
):
    done = process("export", "log")
    assert done.code == 0
    Path("l.ndjson").write_text(done.out, encoding="utf-8")
    found = ok("import", "log", "l.ndjson", "--db", "new.db", "--json").document
    assert found["origin"] == "simulated"
    assert (found["position"], found["file"]) == (
        ok("balances", "--json").document["position"],
        "l.ndjson",
    )
    assert process("export", "log", "--db", "new.db").out == done.out
    piped = process("import", "log", "-", "--db", "piped.db", stdin=done.out.encode())
    assert piped.code == 0
    assert process("export", "log", "--db", "piped.db").out == done.out
    again = premium("run", "-", stdin=year_commands()).answers
    assert "repeated" in {one["outcome"] for one in again}
    assert "appended" not in {one["outcome"] for one in again}
    assert premium("run", "-", "--db", "new.db", stdin=year_commands()).answers == again


def test_a_damaged_log_is_refused_with_its_line_and_leaves_no_ledger(whole_year: None):
    ok("export", "log", "--output", "l.ndjson")
    content = Path("l.ndjson").read_bytes()
    Path("l.ndjson").write_bytes(content.replace(b"41237", b"41238", 1))
    line = content.count(b"\n", 0, content.index(b"41237")) + 1
    done = premium("import", "log", "l.ndjson", "--db", "new.db")
    assert done.code == Exit.USAGE
    assert f"l.ndjson, line {line}: " in done.err
    assert "nothing was imported" in done.err
    assert list(Path().glob("new*")) == []


def test_a_log_is_not_imported_into_a_ledger_that_holds_something(whole_year: None):
    ok("export", "log", "--output", "l.ndjson")
    before = ok("export", "log", "--output", "before.ndjson")
    done = premium("import", "log", "l.ndjson")
    assert done.code == Exit.CONFLICT
    assert "name a new one" in done.err
    assert before.code == 0
    ok("export", "log", "--output", "after.ndjson")
    assert Path("after.ndjson").read_bytes() == Path("before.ndjson").read_bytes()


@pytest.mark.parametrize(
    ("tokens", "code", "says"),
    [
        (("export", "log", "--json"), 2, "give --output"),
        (("export", "log", "--output", "there"), 2, "there is there already"),
        (("export", "log", "--output", "none/l"), 5, "cannot be written"),
        (("import", "log", "there", "--dry-run"), 2, "no --dry-run"),
        (("import", "log", "missing", "--db", "n.db"), 2, "cannot be read"),
        (("import", "log", "there", "--db", "n.db"), 2, "line 1: it is not JSON"),
        (("backup", "there"), 5, "there is there already"),
        (("restore", "missing", "--db", "n.db"), 5, "no backup at missing"),
        (("restore", "there", "--db", "n.db"), 5, "not a ledger"),
    ],
)
def test_what_cannot_be_copied_is_said_and_nothing_is_made(
    tokens: tuple[str, ...], code: int, says: str
):
    begin()
    Path("there").write_text("something\n")
    done = premium(*tokens)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert Path("there").read_text() == "something\n"
    assert list(Path().glob("n.db*")) == []


def test_a_restored_ledger_is_verified_and_goes_on(whole_year: None):
    ok("backup", "copy.db")
    premium("run", "-", stdin=register("late", "ZZ7"))
    found = ok("restore", "copy.db", "--verify", "--db", "new.db", "--json").document
    assert found["differences"] == []
    done = premium("run", "-", "--db", "new.db", stdin=register("late", "ZZ7"))
    assert done.answers[0]["outcome"] == "appended"
    assert done.answers[0]["positions"][0] == found["position"] + 1


def test_a_tampered_backup_is_found_once_views_know_better(whole_year: None):
    """New views know nothing of what was; the old ones do."""
    ok("verify")
    Path("sim.views.db").rename("new.views.db")
    tamper("41237", "41238", position=15)
    ok("backup", "copy.db")
    done = premium("restore", "copy.db", "--verify", "--db", "new.db")
    assert done.code == Exit.FOUND
    assert "position 15" in done.out


# Reads that know of a position --------------------------------------------------------


def test_a_read_that_asks_for_a_position_knows_of_it_or_says_how_far_it_is(
    whole_year: None, monkeypatch: pytest.MonkeyPatch
):
    head = ok("balances", "--json").document["position"]
    assert ok("balances", "--at-least", str(head), "--json").code == 0
    monkeypatch.setattr(session, "WAIT_MS", 30)
    done = premium("balances", "--at-least", str(head + 1))
    assert (done.code, done.out) == (Exit.UNAVAILABLE, "")
    assert f"at position {head}, and {head + 1} was asked for" in done.err


def test_following_once_brings_the_views_to_the_head(whole_year: None):
    done = ok("follow", "--once")
    with Ledger.open("sim.db") as ledger:
        assert done.out == f"SIMULATED: Views at position {ledger.head()}\n"


# The doctor ---------------------------------------------------------------------------


def test_the_doctor_finds_all_in_order_and_says_where_settings_come_from(
    whole_year: None, monkeypatch: pytest.MonkeyPatch
):
    ok("balances")
    monkeypatch.setenv("PREMIUM_AS", "analyst:a1")
    found = states("--db", "sim.db")
    assert found.keys() == ALL_OK
    assert {one.partition(":")[0] for one in found.values()} == {"ok"}
    assert found["ledger"] == "ok: sim.db (--db)"
    assert found["who acts"] == "ok: analyst:a1 (PREMIUM_AS)"
    assert found["views"].endswith(", 0 behind")


def test_the_doctor_needs_no_ledger(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PREMIUM_DB")
    assert states()["ledger"] == "wrong: none is named"
    assert states("--db", "none/x.db")["folder"].endswith("is not there")
    assert states("--db", "x.db")["store"] == "wrong: there is no ledger at x.db"


def test_the_doctor_says_how_far_views_are_behind(whole_year: None):
    ok("balances")
    premium("run", "-", stdin=register("late", "ZZ7"))
    # The body, and who registered it: it is their first act.
    assert states()["views"].endswith("2 behind")


def clock_ahead() -> None:
    with closing(sqlite3.connect("sim.db")) as db:
        db.execute("DROP TRIGGER commands_no_update")
        late = datetime.now(UTC) + timedelta(hours=1)
        text = late.isoformat(timespec="microseconds")[:26] + "Z"
        db.execute("UPDATE commands SET recorded_at = ?", (text,))
        db.commit()


def views_changed() -> None:
    with closing(sqlite3.connect("sim.views.db")) as db:
        db.execute("UPDATE following SET position = position + 1")
        db.commit()


def views_ahead() -> None:
    with closing(sqlite3.connect("sim.views.db")) as db:
        [code] = db.execute("SELECT code FROM following").fetchone()
        digest = row_digest((999, code))
        db.execute("UPDATE following SET position = 999, digest = ?", (digest,))
        db.commit()


def views_replaced() -> None:
    for path in Path().glob("sim.views.db*"):
        path.unlink()
    Path("sim.views.db").write_text("something else, and no database at all")


def schema_changed() -> None:
    with closing(sqlite3.connect("sim.db")) as db:
        db.execute("DROP TRIGGER events_no_delete")


def ledger_replaced() -> None:
    for path in Path().glob("sim.db*"):
        path.unlink()
    Path("sim.db").write_text("something else, and no database at all")


@pytest.mark.parametrize(
    ("harm", "what", "says"),
    [
        (clock_ahead, "clock", "and the last command was answered at"),
        (schema_changed, "schema", "trigger events_no_delete is missing"),
        (views_changed, "views", "not what its digest was made of"),
        (views_ahead, "views", "the views have taken in records up to 999"),
        (views_replaced, "views", "cannot be read as views"),
        (ledger_replaced, "store", "not a database"),
    ],
)
def test_the_doctor_finds_what_is_wrong_and_says_what_to_do(
    whole_year: None, harm, what: str, says: str
):
    ok("balances")
    harm()
    found = states()
    assert found[what].startswith("wrong: ")
    assert says in found[what]


def test_the_doctor_finds_a_setting_that_cannot_be_read(whole_year: None):
    found = states("--as", "nobody")
    assert found["who acts"].startswith("wrong: 'nobody' does not say who acts")


def test_the_doctor_finds_a_disk_that_is_nearly_full(
    whole_year: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("interfaces.cli.operations.doctor.LEAST_FREE_BYTES", 1 << 60)
    assert states()["disk"].startswith("wrong: ")


def test_verify_finds_a_decision_that_comes_out_differently(whole_year: None):
    """The record was changed before any view took it in: only its reasons betray it."""
    with closing(sqlite3.connect("sim.db")) as db:
        [(position, state)] = db.execute(
            "SELECT position, state FROM events WHERE topic = 'gate-assessed.v1'"
            " AND CAST(state AS TEXT) LIKE '%\"passed\":true%' LIMIT 1"
        ).fetchall()
        db.execute("DROP TRIGGER events_no_update")
        db.execute(
            "UPDATE events SET state = ? WHERE position = ?",
            (state.replace(b'"passed":true', b'"passed":false'), position),
        )
        db.commit()
    done = premium("verify", "--json")
    assert done.code == Exit.FOUND
    differences = json.loads(done.out)["differences"]
    assert [one for one in differences if "comes out differently" in one["what"]]
