"""`premium compare` and `premium impact`: exact figures, and nothing is recorded."""

import csv
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import ACCOUNT, RULES, ok, premium
from tests.worlds.simulated import worked
from tests.worlds.years import year

YEAR = ("--scheme-year", "2013-14")
SCORE = "2013-04-01..2014-03-31"
RED_1 = f"red-1/ZZ1/{SCORE}"
RTT = f"rtt-incomplete/ZZ1/{SCORE}"
PAID = 135_308_91  # 87.5% earned, less a quarter: 65.625% of £206,185.


def compare(*tokens: str) -> Any:
    return ok("compare", "ZZ1", *YEAR, *tokens, "--json").document


def impact(result: str, value: str) -> Any:
    return ok("impact", result, "--value", value, "--json").document


def moving(document: Any) -> list[str]:
    return [one["clause"] for one in document["lines"] if one["moves"]]


def other_rules(folder: Path, old: str, new: str) -> str:
    """The packaged rules with one change, as a file."""
    packaged = files("ledger.rules").joinpath("rulebooks", f"{RULES}.toml")
    text = packaged.read_text("utf-8")
    assert text.count(old) == 1
    (folder / "other.toml").write_text(text.replace(old, new), encoding="utf-8")
    return "other.toml"


def assert_re_adds(document: Any) -> None:
    """The pence of the lines add up to the award, at both ends, on both sides."""
    for side in ("before", "after"):
        for end in ("worst_pence", "best_pence"):
            lines = [one[side] for one in document["lines"] if one[side] is not None]
            assert sum(one[end] for one in lines) == document[side][end]


# Compare ------------------------------------------------------------------------------


@pytest.mark.usefixtures("whole_year")
def test_a_corrected_result_moves_its_line_and_the_award():
    document = compare("--with", "red-1=75")
    assert document["before"]["worst_pence"] == PAID
    assert document["after"]["worst_pence"] == 180_411_88
    assert document["proposed_pence"] == PAID
    assert moving(document) == ["constitution.red-1"]
    assert_re_adds(document)


@pytest.mark.usefixtures("whole_year")
def test_a_correction_that_just_misses_its_threshold_moves_nothing():
    document = compare("--with", f"red-1@{SCORE}=7499/100")
    assert moving(document) == []
    assert document["after"]["best_pence"] == PAID
    assert document["with"][0]["value"] == "74.99"


@pytest.mark.usefixtures("whole_year")
def test_the_same_facts_under_another_reading_of_the_rules(folder: Path):
    other = other_rules(folder, 'reading = "earned"', 'reading = "maximum"')
    document = compare("--rulebook", other)
    # 87.5 - 25 = 62.5% of the maximum: half a penny goes up.
    assert document["after"]["worst_pence"] == 128_865_63
    assert moving(document) == ["constitution.red-1"]
    assert_re_adds(document)


@pytest.mark.usefixtures("whole_year")
def test_rules_that_read_another_period_are_open_there_and_only_there(folder: Path):
    old = 'indicator = "red-1"\nperiod = "2013-04-01..2014-03-31"'
    new = 'indicator = "red-1"\nperiod = "2014-04-01..2015-03-31"'
    document = compare("--rulebook", other_rules(folder, old, new))
    assert document["after"]["open"] == ["constitution.red-1"]
    assert document["after"]["worst_pence"] == PAID
    assert document["after"]["best_pence"] == 180_411_88
    (line,) = [one for one in document["lines"] if one["moves"]]
    assert line["after"]["outcome"] == "open"
    assert line["after"]["reason"] == "no result for red-1 in 2014-04-01..2015-03-31"
    assert_re_adds(document)


@pytest.mark.usefixtures("whole_year")
def test_rules_can_be_named_by_package_or_by_record_and_the_same_rules_move_nothing():
    for name in (RULES, "rulebook/quality-premium/2013-14@1"):
        document = compare("--rulebook", name)
        assert moving(document) == []
        assert document["before"] == document["after"]


@pytest.mark.usefixtures("whole_year")
def test_a_measure_that_only_one_side_has_stands_beside_nothing(folder: Path):
    other = other_rules(folder, 'id = "local-3"', 'id = "local-9"')
    document = compare("--rulebook", other)
    lines = {one["clause"]: one for one in document["lines"]}
    assert lines["local-3"]["after"] is None
    assert lines["local-9"]["before"] is None
    assert lines["local-9"]["after"]["outcome"] == "open"
    assert lines["local-9"]["after"]["reason"] == "not agreed"
    assert_re_adds(document)


@pytest.mark.usefixtures("whole_year")
def test_rules_whose_value_is_not_set_leave_the_award_open(folder: Path):
    other = other_rules(folder, "pence_per_head = 500\n", "")
    document = compare("--rulebook", other)
    assert document["after"]["maximum_pence"] is None
    assert (document["after"]["worst_pence"], document["after"]["best_pence"]) == (
        0,
        None,
    )
    assert "not known" in ok("compare", "ZZ1", *YEAR, "--rulebook", other).out


def test_an_account_that_is_only_open_is_compared_as_a_range():
    year(until="year/terms")
    shown = ok("award", "show", "ZZ1", *YEAR, "--json").document
    document = compare("--rulebook", RULES)
    before = document["before"]
    assert before["worst_pence"] == shown["certain_pence"] == 0
    assert before["best_pence"] == shown["open_pence"] == 206_185_00
    assert len(before["open"]) == 13
    assert_re_adds(document)


@pytest.mark.usefixtures("whole_year")
def test_a_comparison_is_printed_clause_by_clause_and_records_nothing():
    done = ok("compare", "ZZ1", *YEAR, "--with", "red-1=75")
    assert "SIMULATED" in done.out
    assert "2013/14, paid in 2014/15" in done.out
    assert "* constitution.red-1" in done.out
    assert "£180,411.88" in done.out
    assert "Nothing was recorded." in done.out
    assert ok("balances", "--json").document["position"] == 71


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        ((), "compare with what?"),
        (("--with", "red-1"), "write it as indicator=value"),
        (("--with", "beds=3"), "no test of the rules reads 'beds'"),
        (("--with", "red-1=many"), "is not a number"),
        (("--with", "pyll-amenable=3"), "pyll-amenable@2013-01-01..2013-12-31=3 or"),
        (("--rulebook", "nowhere.toml"), "is not a rulebook"),
        (("--rulebook", "rulebook/quality-premium"), "write stream@version"),
    ],
)
@pytest.mark.usefixtures("whole_year")
def test_what_cannot_be_compared_is_said(tokens: tuple[str, ...], says: str):
    done = premium("compare", "ZZ1", *YEAR, *tokens)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


@pytest.mark.usefixtures("whole_year")
def test_a_faulty_rulebook_is_refused_with_its_faults(folder: Path):
    other = other_rules(folder, "pence_per_head = 500", 'pence_per_head = "many"')
    done = premium("compare", "ZZ1", *YEAR, "--rulebook", other)
    assert done.code == 2
    assert "is not a usable rulebook" in done.err
    assert "pence_per_head" in done.err


@pytest.mark.usefixtures("whole_year")
def test_what_is_not_recorded_cannot_be_compared_with():
    unknown = ("--rulebook", "rulebook/quality-premium/2013-14@2")
    assert premium("compare", "ZZ1", *YEAR, *unknown).code == 2
    assert premium("compare", "ZZ2", *YEAR, "--with", "red-1=75").code == 2


# Impact -------------------------------------------------------------------------------


@pytest.mark.usefixtures("whole_year")
def test_impact_says_whose_money_a_better_result_would_move():
    document = impact(RED_1, "75")
    assert (document["value_before"], document["value_after"]) == ("74.83", "75")
    (moved,) = document["accounts"]
    assert (moved["account"], moved["stage"]) == (ACCOUNT, "paid")
    assert moved["before"]["worst_pence"] == PAID == moved["paid_pence"]
    assert moved["after"]["worst_pence"] == 180_411_88
    assert moved["overpaid_pence"] == 0
    assert moving(moved) == ["constitution.red-1"]


@pytest.mark.usefixtures("whole_year")
def test_impact_names_every_decision_and_approval_that_rests_on_the_result():
    (moved,) = impact(RED_1, "75")["accounts"]
    rests = [(one["topic"], one["says"], one["who"]) for one in moved["rests"]]
    assert rests == [
        ("gate-assessed", "constitution.red-1", "payer-analyst-1"),
        ("award-proposed", "determination 1", "payer-analyst-1"),
        ("award-confirmed", "determination 1", "payer-approver-1"),
        ("disbursement-requested", "d1", "group-finance-1"),
        ("disbursement-approved", "d1", "payer-approver-1"),
        ("disbursement-paid", "d1", "payer-analyst-1"),
        ("disbursement-requested", "d2", "group-finance-1"),
        ("disbursement-requested", "d3", "group-finance-1"),
        ("disbursement-approved", "d3", "payer-approver-1"),
        ("disbursement-paid", "d3", "payer-analyst-1"),
    ]
    paid = [o["amount_pence"] for o in moved["rests"] if "paid" in o["topic"]]
    assert sum(paid) == PAID


@pytest.mark.usefixtures("whole_year")
def test_impact_of_a_worse_result_says_what_would_be_overpaid():
    (moved,) = impact(RTT, "91.99")["accounts"]
    # Two standards missed: half of 87.5% is left, 43.75% of £206,185.
    assert moved["after"]["worst_pence"] == 90_205_94
    assert moved["overpaid_pence"] == PAID - 90_205_94
    shown = ok("impact", RTT, "--value", "91.99").out
    assert "£45,102.97 of what was paid would be overpaid" in shown


@pytest.mark.usefixtures("whole_year")
def test_a_changed_population_moves_the_maximum_and_everything_rests_on_it():
    result = "population.registered.gp-list/ZZ1/2013-04-01"
    (moved,) = impact(result, "41236")["accounts"]
    assert moved["after"]["maximum_pence"] == 206_180_00
    assert moved["after"]["worst_pence"] == 135_305_63
    assert moved["overpaid_pence"] == PAID - 135_305_63
    assert moved["rests"][0]["topic"] == "account-opened"
    assert "award-confirmed" in [one["topic"] for one in moved["rests"]]


@pytest.mark.parametrize("value", ["41236.5", "0", "-1"])
@pytest.mark.usefixtures("whole_year")
def test_a_population_is_of_whole_people(value: str):
    result = "population.registered.gp-list/ZZ1/2013-04-01"
    done = premium("impact", result, f"--value={value}")
    assert (done.code, done.out) == (2, "")
    assert "is not a number of heads" in done.err


@pytest.mark.usefixtures("whole_year")
def test_impact_of_the_value_that_stands_moves_nothing():
    (moved,) = impact(f"result/{RED_1}@1", "7483/100")["accounts"]
    assert moved["lines"] == []
    assert moved["before"] == moved["after"]
    assert "would stay £135,308.91" in ok("impact", RED_1, "--value", "74.83").out


@pytest.mark.usefixtures("whole_year")
def test_impact_of_a_result_that_nothing_reads_is_none():
    rows = f"measure,subject,period,unit,value\nbeds,ZZ1,{SCORE},count,2\n"
    Path("beds.csv").write_text(rows)
    ok("import", "results", "beds.csv", "--as", "analyst:a1")
    document = impact(f"beds/ZZ1/{SCORE}", "3")
    assert (document["record"], document["value_before"]) == (
        f"result/beds/ZZ1/{SCORE}@1",
        "2",
    )
    assert document["accounts"] == []
    shown = ok("impact", f"beds/ZZ1/{SCORE}", "--value", "3").out
    assert "no money would move" in shown
    assert "Nothing was recorded." in shown


@pytest.mark.usefixtures("whole_year")
def test_impact_of_a_result_that_is_not_there_and_nothing_reads_says_what_comes_near():
    done = premium("impact", f"red-1/ZZ8/{SCORE}", "--value", "3")
    assert (done.code, done.out) == (2, "")
    assert f"did you mean result/{RED_1}?" in done.err


@pytest.mark.usefixtures("whole_year")
def test_accounts_that_would_move_are_asked_for_as_every_list_is():
    rows = ok("impact", RED_1, "--value", "75", "--format", "csv").out.splitlines()
    [one] = csv.DictReader(rows)
    (moved,) = impact(RED_1, "75")["accounts"]
    assert int(one["change_worst_pence"]) == moved["change"]["worst_pence"] > 0
    assert one["approved_by"] == ", ".join(moved["approved_by"])
    none = ok("impact", RED_1, "--value", "75", "--where", "stage=open").out
    assert "None of 1." in none


def test_impact_of_a_result_that_is_not_there_yet_shows_what_it_would_settle():
    year(until=f"year/result/red-1/{SCORE}")
    document = impact(RED_1, "75")
    assert document["record"] is None
    (moved,) = document["accounts"]
    assert moved["stage"] == "open"
    assert moved["rests"] == []
    assert "constitution.red-1" in moved["before"]["open"]
    assert "constitution.red-1" not in moved["after"]["open"]
    # At its worst the gate still takes all: of more, now that nothing is reduced.
    assert moving(moved) == ["constitution.red-1", "gate.financial"]
    assert moved["after"]["worst_pence"] == 0


@pytest.mark.parametrize("result", ["red-1", "red-1/ZZ1", "a/b/c/d", "red-1//x"])
@pytest.mark.usefixtures("whole_year")
def test_what_is_no_result_is_said(result: str):
    done = premium("impact", result, "--value", "1")
    assert done.code == 2
    assert "write measure/subject/period" in done.err


def test_every_award_of_a_year_is_compared_as_each_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PREMIUM_DB", str(worked(tmp_path)))
    what = ("--scheme-year", "2013-14", "--rulebook", "quality-premium-2014-15")
    found = ok("compare", "--all", *what, "--json").document
    assert (found["recorded"], found["rows"]) == (False, len(found["awards"]))
    assert found["rows"] > 1
    for row in found["awards"]:
        alone = ok("compare", row["account"], *what[2:], "--json").document
        for side in ("before", "after"):
            for end in ("worst_pence", "best_pence"):
                assert row[f"{side}_{end}"] == alone[side][end]
        assert row["moves"] == [one["clause"] for one in alone["lines"] if one["moves"]]
    assert "Nothing was recorded" in ok("compare", "--all", *what).out
    for wrong, says in (
        (("compare", *what), "--all"),
        (("compare", "ZZ0001", *what, "--top", "1"), "give --all for a list"),
        (("compare", "--all", "--with", "x=1"), "--scheme-year"),
    ):
        done = premium(*wrong)
        assert (done.code, done.out, says in done.err) == (2, "", True), done
