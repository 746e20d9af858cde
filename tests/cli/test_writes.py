"""What the writing commands do: dry runs, ids, imports of whole files."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest

from interfaces.cli.amounts import pence
from interfaces.cli.exits import Stop
from interfaces.cli.outcomes import fresh_id
from tests.cli.files import write_all
from tests.cli.program import (
    ACCOUNT,
    RULES,
    begin,
    ok,
    premium,
)
from tests.worlds.years import year

YEAR = ("--scheme-year", "2013-14")
ANALYST = ("--as", "analyst:a1")
APPROVER = ("--as", "approver:p1")
FINANCE = ("--as", "finance-officer:f1@ZZ1")

# The command of each subject, and the line of the invented year that it comes before.
WRITES = [
    (
        "year/open",
        (
            *("account", "open", ACCOUNT, "--as-at", "2013-04-01"),
            *("--population", "population.registered.gp-list", *ANALYST),
        ),
    ),
    ("year/terms", ("account", "terms", ACCOUNT, "terms.toml", *ANALYST)),
    ("year/assess/pyll", ("assess", ACCOUNT, "pyll", *ANALYST)),
    ("year/propose", ("award", "propose", ACCOUNT, *ANALYST)),
    ("year/confirm", ("award", "confirm", ACCOUNT, "--determination", "1", *APPROVER)),
    ("year/d1", ("disburse", "request", ACCOUNT, "d1", "60,000.00", *FINANCE)),
    ("year/approve-d1", ("disburse", "approve", ACCOUNT, "d1", *APPROVER)),
    (
        "year/approve-d1",
        ("disburse", "refuse", ACCOUNT, "d1", "--reason", "No", *APPROVER),
    ),
    (
        "year/pay-d1",
        (
            *("disburse", "pay", ACCOUNT, "d1", "--reference", "R-1"),
            *("--value-date", "2026-01-01"),
            *("--effective-on", "2026-01-01", *ANALYST),
        ),
    ),
    (
        "year/s1",
        (
            *("spend", "record", ACCOUNT, "s1", "£1,234.56", "--payee", "x"),
            *("--purpose", "a", "--service", "Clinic", *FINANCE),
        ),
    ),
]


def head() -> int:
    return int(ok("balances", "--json").document["position"])


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    write_all(folder)


@pytest.mark.parametrize(("before", "tokens"), WRITES)
def test_a_dry_run_shows_the_facts_and_records_nothing(
    before: str, tokens: tuple[str, ...]
):
    year(until=before)
    stands = head()
    trial = ok(*tokens, "--dry-run", "--json").document
    assert trial["dry_run"] is True
    assert trial["outcome"] == "appended"
    assert trial["facts"]
    assert "Would be recorded" in ok(*tokens, "--dry-run").out
    assert head() == stands

    done = ok(*tokens, "--json").document
    assert done["dry_run"] is False
    salted = ("reason", "service")
    for fact, tried in zip(done["facts"], trial["facts"], strict=True):
        assert fact["record"] == tried["record"]
        for name, value in fact["fact"].items():
            if name not in salted:  # Each commitment has a new salt.
                assert tried["fact"][name] == value
    assert head() == stands + len(done["facts"])


@pytest.mark.parametrize(("before", "tokens"), WRITES)
def test_the_printed_id_repeats_a_command_without_doubling(
    before: str, tokens: tuple[str, ...]
):
    year(until=before)
    first = ok(*tokens)
    printed = re.search(r"\(id (\S+)\)", first.out)
    assert printed is not None
    id = printed[1].partition("/")[0] if tokens[0] == "assess" else printed[1]
    stands = head()
    again = ok(*tokens, "--id", id)
    assert "Recorded before, by the same command" in again.out
    assert head() == stands


def test_a_dry_run_shows_the_legs_with_their_dates():
    year(until="year/d1")
    request = ("disburse", "request", ACCOUNT, "d1", "60000", *FINANCE)
    out = ok(*request, "--effective-on", "2015-10-26", "--dry-run").out
    assert "premium:committed" in out
    assert "2015-10-26" in out
    assert "SIMULATED: Would be recorded" in out


def test_a_dry_run_of_a_beginning_makes_no_file(folder: Path):
    tokens = ("init", "--name", "A", "--origin", "real", "--as", "operator:o1")
    assert "Would be recorded" in ok(*tokens, "--dry-run").out
    assert not (folder / "sim.db").exists()
    refused = premium(*tokens[:-1], "auditor:u1")
    assert refused.code == 3
    assert not (folder / "sim.db").exists()
    ok(*tokens)
    assert premium("init", "--name", "B", *tokens[3:]).code == 3


def test_an_id_of_ours_is_a_uuid_of_version_7_and_they_sort_by_time():
    ids = [fresh_id() for _ in range(1_000)]
    assert {(UUID(id).version, UUID(id).variant[:8]) for id in ids} == {(7, "specifie")}
    assert len(set(ids)) == 1_000
    assert [id[:13] for id in ids] == sorted(id[:13] for id in ids)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("0.01", 1),
        ("1", 100),
        ("1.50", 150),
        ("220000", 220_000_00),
        ("220,000.00", 220_000_00),
        ("£1,234.56", 1_234_56),
        ("1,234,567", 1_234_567_00),
    ],
)
def test_an_amount_is_read_in_pounds(given: str, meant: int):
    assert pence(given) == meant


@pytest.mark.parametrize(
    "given",
    ["", "1.5", "1.555", "12,34", "1e3", "-1", "1_000", "£", "1,0000", "٣", "∞"],
)
def test_what_is_no_amount_is_not_guessed_at(given: str):
    with pytest.raises(Stop, match="is not an amount"):
        pence(given)


# Assessing ----------------------------------------------------------------------------


def test_assessing_without_names_judges_what_can_be_and_says_what_stays_open():
    year(until="year/result/red-1/2013-04-01..2014-03-31")
    done = ok("assess", ACCOUNT, *ANALYST)
    assert done.out.count("SIMULATED: Recorded:") == 10
    assert "no result of red-1 for 2013-04-01..2014-03-31" in done.out
    award = ok("award", "show", ACCOUNT, "--json").document
    still = [one["id"] for one in award["standings"] if one["outcome"] == "open"]
    assert still == ["constitution.red-1", "gate.financial", "gate.quality"]
    assert award["certain_pence"] == 0
    assert award["open_pence"] == 180_411_88
    assert award["lost_pence"] == 25_773_12


def test_assessing_leaves_no_refusal_behind_for_what_is_open():
    year(until="year/terms")
    done = ok("assess", ACCOUNT, *ANALYST, "--json").document
    assert done["outcomes"] == []
    named = premium("assess", ACCOUNT, "pyll", "local-1", *ANALYST)
    assert named.code == 3
    assert "no-result" in named.err
    assert "test-not-agreed" in named.err


# Importing ----------------------------------------------------------------------------


def test_an_import_is_previewed_recorded_once_and_known_the_second_time():
    begin()
    stands = head()
    tokens = ("import", "bodies", "bodies.csv", *ANALYST)
    trial = ok(*tokens, "--dry-run")
    assert "2 groups" in trial.out
    assert "register-body" in trial.out
    assert "2 rows would be recorded (2 facts), 0 known already" in trial.out
    assert head() == stands
    assert "2 rows recorded (2 facts), 0 known already" in ok(*tokens).out
    assert head() == stands + 4
    again = ok(*tokens, "--json").document
    assert (again["recorded"], again["known_already"]) == (0, 2)
    assert head() == stands + 4


def test_a_file_with_faulty_rows_names_them_all_and_records_none(folder: Path):
    begin()
    stands = head()
    faulty = (
        "ods_code,population,as_at,population_type,basis\n"
        "ZZ1,41x37,2013-04-01,registered,gp_list\n"
        "ZZ1,41237,01/04/2013,registered,gp_list\n"
    )
    (folder / "faulty.csv").write_text(faulty, encoding="utf-8")
    done = premium("import", "populations", "faulty.csv", *ANALYST)
    assert (done.code, done.out) == (2, "")
    assert "faulty.csv, line 2, population '41x37': " in done.err
    assert "faulty.csv, line 3, as_at '01/04/2013': " in done.err
    assert "2 errors in faulty.csv: nothing was recorded" in done.err
    errors = premium("import", "populations", "faulty.csv", *ANALYST, "--json")
    assert [one["row"] for one in errors.document["errors"]] == [2, 3]
    assert all(one["remedy"] for one in errors.document["errors"])
    assert head() == stands


def test_a_row_that_a_rule_refuses_is_named_and_the_whole_file_left_out():
    begin()
    stands = head()
    for options in ((), ("--dry-run",)):
        done = premium("import", "populations", "populations.csv", *ANALYST, *options)
        assert done.code == 3
        assert "populations.csv, line 2: refused (unknown-body): 'ZZ1'" in done.err
        assert "nothing of the file was recorded" in done.err
        assert head() == stands
    ok("import", "bodies", "bodies.csv", *ANALYST)
    document = ok(
        "import", "populations", "populations.csv", *ANALYST, "--json"
    ).document
    assert (document["recorded"], document["refused"]) == (1, [])


def test_an_import_may_be_tried_again_after_its_refusal():
    begin()
    refused = premium("import", "results", "results.csv", *ANALYST)
    assert refused.code == 3
    ok("import", "bodies", "bodies.csv", *ANALYST)
    again = premium("import", "results", "results.csv", *ANALYST)
    assert (again.code, again.err) == (0, "")


def test_what_is_known_of_a_file_is_recorded_with_it():
    begin()
    ok(
        *("import", "bodies", "bodies.csv", "--publisher", "P", "--url", "u"),
        *("--published-on", "2013-04-01", "--licence", "OGL", *ANALYST),
    )
    assert "2 known already" in ok("import", "bodies", "bodies.csv", *ANALYST).out
    other = premium("import", "bodies", "bodies.csv", "--publisher", "Q", *ANALYST)
    assert other.code == 3
    assert "bodies.csv, line 1: refused (document-differs)" in other.err
    assert "publisher P, not Q" in other.err


def test_a_colleague_may_import_the_same_file_and_nothing_is_doubled():
    begin()
    ok("import", "bodies", "bodies.csv", *ANALYST)
    stands = head()
    again = ok("import", "bodies", "bodies.csv", "--as", "analyst:a2")
    assert "0 rows recorded (0 facts), 2 known already" in again.out
    assert head() == stands


def test_a_rulebook_is_read_from_a_file_as_well(folder: Path):
    from importlib.resources import files

    text = (
        files("ledger.rules").joinpath("rulebooks", f"{RULES}.toml").read_text("utf-8")
    )
    (folder / "own.toml").write_text(text, encoding="utf-8")
    ok("init", "--name", "A", "--origin", "real", "--as", "operator:o1")
    done = ok("rulebook", "publish", "own.toml", *APPROVER, "--json").document
    assert done["facts"][0]["record"] == "rulebook/quality-premium/2013-14@1"
    listed = ok("rulebook", "list", "--json").document
    assert [one["version"] for one in listed["published"]] == [1]
    assert RULES in listed["packaged"]
    changed = text.replace("version = 1", "version = 3", 1)
    (folder / "own.toml").write_text(changed, encoding="utf-8")
    refused = premium("rulebook", "publish", "own.toml", *APPROVER, "--json")
    assert refused.code == 3
    assert json.loads(refused.out)["refusal"] == "version-not-next"
