"""National totals, payments and differences, at two clocks."""

import csv
from itertools import pairwise
from typing import Any

import pytest

from tests.cli.program import ACCOUNT, ok, premium

pytestmark = pytest.mark.usefixtures("whole_year")

YEAR = ("--scheme-year", "2013-14")


def stood(*clocks: str) -> dict[str, int]:
    document = ok("balances", "--zeros", "--json", *clocks).document
    return {one["ledger_account"]: one["balance_pence"] for one in document["balances"]}


def head() -> int:
    position = ok("balances", "--json").document["position"]
    assert isinstance(position, int)
    return position


@pytest.mark.parametrize(
    "clocks",
    [(), ("--effective", "2015-11-01"), ("--known", "45"), ("--known", "0")],
    ids=" ".join,
)
def test_totals_are_the_balances_of_all_bodies_without_payees(clocks: tuple[str, ...]):
    found = ok("totals", *YEAR, "--json", *clocks).document["totals"]
    sums: dict[str, int] = {}
    for name, pence in stood(*clocks).items():
        kept = 3 if name.startswith("group:spent") else 9
        line = ":".join(name.split(":")[:kept])
        sums[line] = sums.get(line, 0) + pence
    lines = {line: pence for one in found for line, pence in one["lines"].items()}
    assert lines == sums


def test_the_waterfall_leaves_nothing_of_the_maximum():
    [found] = ok("totals", "--json").document["totals"]
    falls = found["waterfall"]
    assert (falls.pop("maximum"), falls.pop("difference")) == (206_185_00, 0)
    assert sum(falls.values()) == 206_185_00
    assert falls["paid out"] > 0
    assert "£206,185.00" in ok("totals").out


def test_a_payment_is_listed_as_far_as_it_was_known_and_counted():
    def first(*clocks: str) -> dict[str, Any]:
        rows = ok("disburse", "list", "ZZ1", *YEAR, "--json", *clocks).document
        one = rows["payments"][0]
        assert isinstance(one, dict)
        return one

    paid = first()
    assert (paid["state"], paid["reference"]) == ("paid", "SIM-2015-001")
    assert (paid["committed_pence"], paid["paid_pence"]) == (0, paid["amount_pence"])
    before = first("--effective", "2015-11-01")
    assert (before["committed_pence"], before["paid_pence"]) == (
        paid["amount_pence"],
        0,
    )
    whole = ok("disburse", "list", *YEAR, "--json").document["payments"]
    assert whole[0] == paid
    assert "SIM-2015-001" in ok("disburse", "list", *YEAR).out


def test_what_changed_is_the_difference_of_the_balances():
    last = head()
    for before, after in ((0, last), (40, last), (40, 45), (last, last)):
        clocks = ("--known", str(before), "--known", str(after))
        found = ok("diff", *clocks, "--json").document
        then, now = stood("--known", str(before)), stood("--known", str(after))
        assert {
            one["ledger_account"]: one["change_pence"] for one in found["balances"]
        } == {
            name: now[name] - then.get(name, 0)
            for name in now
            if now[name] != then.get(name, 0)
        }
        for one in found["balances"]:
            assert one["before_pence"] == then.get(one["ledger_account"], 0)
            assert one["after_pence"] == now[one["ledger_account"]]
        assert {one["position"] for one in found["facts"]} <= set(
            range(before + 1, after + 1)
        )


def test_an_award_that_was_confirmed_between_is_named_with_its_facts():
    found = ok("diff", "ZZ1", *YEAR, "--known", "10", "--json").document
    [one] = found["awards"]
    assert (one["account"], one["before"]) == (ACCOUNT, None)
    assert one["after"]["stage"] == "paid"
    assert "award-confirmed.v1" in {fact["topic"] for fact in found["facts"]}
    done = premium("diff", "ZZ2", *YEAR, "--known", "10")
    assert (done.code, done.out) == (2, "")
    assert "did you mean ZZ1?" in done.err
    done = premium("diff", "--scheme-year", "2014-15", "--known", "10")
    assert (done.code, "those of 2013-14" in done.err) == (2, True)
    text = ok("diff", "--known", "10").out
    assert "SIMULATED" in text
    assert "  confirmed  " in text


def test_three_known_points_are_one_too_many():
    done = premium("diff", "--known", "1", "--known", "2", "--known", "3")
    assert (done.code, done.out) == (2, "")


def test_what_came_to_count_is_the_difference_of_the_balances_of_two_days():
    days = ("2015-10-01", "2015-11-04", "2016-03-31")
    for first, last in pairwise(days):
        asked = ("diff", "--effective", last, "--effective", first)
        found = ok(*asked, "--json").document
        then, now = stood("--effective", first), stood("--effective", last)
        names = {*then, *now}
        assert {
            one["ledger_account"]: (one["before_pence"], one["change_pence"])
            for one in found["balances"]
        } == {
            name: (then.get(name, 0), now.get(name, 0) - then.get(name, 0))
            for name in names
            if now.get(name, 0) != then.get(name, 0)
        }
        assert found["balances"]
        assert (found["effective_before"], found["effective"]) == (first, last)
        assert found["awards"] == []
        assert f"what counts after {first} and by {last}" in ok(*asked).out


def test_what_came_to_count_is_told_with_the_facts_that_counted_then():
    asked = ("--effective", "2015-10-16", "--effective", "2015-11-02")
    found = ok("diff", *asked, "--json").document
    topics = {one["topic"] for one in found["facts"]}
    assert "award-confirmed.v1" in topics
    assert "spending-recorded.v1" not in topics
    known = ok("diff", *asked, "--known", "30", "--json").document
    assert known["position"] == 30
    assert all(one["position"] <= 30 for one in known["facts"])


def test_a_change_is_told_with_the_results_and_rules_that_it_rests_on():
    found = ok("diff", "ZZ1", *YEAR, "--known", "10", "--json").document
    causes = {one["record"]: one for one in found["causes"]}
    red_1 = causes["result/red-1/ZZ1/2013-04-01..2014-03-31@1"]
    assert "red-1 of" in red_1["says"]
    assert red_1["accounts"] == [ACCOUNT]
    assert red_1["since"] == (red_1["position"] > 10)
    assert "rulebook/quality-premium/2013-14@1" in causes
    assert not any(one.startswith("account/") for one in causes)
    positions = [one["position"] for one in found["causes"]]
    assert positions == sorted(positions, reverse=True)
    assert "They rest on " in ok("diff", "ZZ1", *YEAR, "--known", "10").out


def test_nothing_that_changed_has_no_causes_and_says_so():
    last = str(head())
    found = ok("diff", "--known", last, "--json").document
    assert (found["balances"], found["facts"], found["causes"]) == ([], [], [])
    assert "None: no account changed." in ok("diff", "--known", last).out


@pytest.mark.parametrize(
    "points",
    [
        (),
        ("--effective", "2015-10-01"),
        ("--known", "1", "--known", "2", "--known", "3"),
        ("--known", "1", "--known", "2", *2 * ("--effective", "2015-10-01")),
    ],
)
def test_two_points_of_one_clock_are_asked_for(points: tuple[str, ...]):
    done = premium("diff", *points)
    assert (done.code, done.out) == (2, "")
    assert "give two points of one clock" in done.err


def test_totals_are_a_row_a_year_in_a_file():
    [row] = csv.DictReader(ok("totals", "--format", "csv").out.splitlines())
    [found] = ok("totals", "--json").document["totals"]
    assert {
        name: int(pence) for name, pence in row.items() if name.endswith("_pence")
    } == {name: found[name] for name in found if name.endswith("_pence")}
    assert int(row["maximum_pence"]) == found["waterfall"]["maximum"] == 206_185_00
    assert "None of 1." in ok("totals", "--where", "withheld>1000000").out


def test_an_award_is_a_row_a_measure_in_a_file():
    asked = ("award", "show", ACCOUNT)
    rows = list(csv.DictReader(ok(*asked, "--format", "csv").out.splitlines()))
    document = ok(*asked, "--json").document
    assert sum(int(one["payable_pence"]) for one in rows) == document["total_pence"]
    off = sum(one["pence"] for one in document["reductions"])
    assert (
        sum(one["earned_pence"] for one in document["lines"]) - off
        == (document["total_pence"])
    )
    most, *_ = ok(*asked, "--sort", "-earned", "--json").document["lines"]
    assert most["earned_pence"] == max(int(one["earned_pence"]) for one in rows)
