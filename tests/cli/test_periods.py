"""What comes in for a closed day is marked in every read; openings add up."""

from pathlib import Path

import pytest

from tests.cli.program import ACCOUNT, ok, premium
from tests.worlds.years import year

pytestmark = pytest.mark.usefixtures("whole_year")

YEAR = ("--scheme-year", "2013-14")
APPROVER = ("--as", "approver:p1")
FINANCE = ("--as", "finance-officer:group-finance-1@ZZ1")
MARK = "prior-period adjustment, closed through 2015-12-31"


def closed() -> None:
    ok("period", "close", "2015-12-31", *APPROVER)


def corrected() -> str:
    """The payee of a spending of November was wrong; the id of its correction."""
    ok(
        *("spend", "correct", ACCOUNT, "s1", "45,000", "--purpose", "a"),
        *("--payee", "imaginary-transport", "--service", "Memory clinic"),
        *("--reason", "The wrong payee", *FINANCE),
    )
    return str(ok("trail", ACCOUNT, "--json").document["steps"][-1]["record_id"])


def test_before_a_close_no_read_marks_anything():
    corrected()
    for read in (
        ("balances", *YEAR),
        ("totals", *YEAR),
        ("trail", ACCOUNT),
        ("trace", ACCOUNT, "--spending", "s1"),
        ("diff", "--known", "60"),
        ("disburse", "list", ACCOUNT),
        ("explain", ACCOUNT),
        ("award", "show", ACCOUNT),
        ("account", "show", ACCOUNT),
        ("assertions",),
        ("export", "journal"),
    ):
        assert "prior" not in ok(*read).out, read
    assert "None: no period is closed" in ok("period", "show").out
    assert ok("period", "show", "--json").document["accounts"] == []


def test_what_came_in_before_the_close_is_not_marked():
    corrected()
    closed()
    found = ok("period", "show", "--json").document
    assert found["adjustments"] == []
    assert MARK not in ok("trail", ACCOUNT).out


def test_what_comes_in_for_a_closed_day_is_marked_in_every_read():
    closed()
    record = corrected()
    rows = ok("balances", *YEAR, "--json").document
    assert rows["closed_through"] == "2015-12-31"
    adjusted = {
        one["ledger_account"]: one["prior_period_pence"]
        for one in rows["balances"]
        if one["prior_period_pence"]
    }
    spent = "group:spent:a:"
    assert adjusted == {
        f"{spent}imaginary-transport": 45_000_00,
        f"{spent}invented-dementia-charity": -45_000_00,
    }
    assert "£ prior period" in ok("balances", *YEAR).out
    [totals] = ok("totals", *YEAR, "--json").document["totals"]
    assert set(totals["prior_period"]) == set(totals["lines"])
    assert set(totals["prior_period"].values()) == {0}  # One purpose: one line.
    assert "closed through 2015-12-31" in ok("totals", *YEAR).out
    assert ok("trail", ACCOUNT).out.count(MARK) == 1
    steps = ok("trail", ACCOUNT, "--json").document["steps"]
    assert [one["record_id"] for one in steps if one["closed_through"]] == [record]
    spending = ("trace", ACCOUNT, "--spending", "s1")
    assert f"{record}: {MARK}" in ok(*spending).out
    [mark] = ok(*spending, "--json").document["prior_period"]
    assert mark == {"record": record, "closed_through": "2015-12-31"}
    facts = ok("diff", "--known", "60", "--json").document["facts"]
    assert [one["record"] for one in facts if one["closed_through"]] == [record]
    assert "prior-period adjustment" in ok("diff", "--known", "60").out
    journal = ok("export", "journal").out
    assert 'prior-period-adjustment: "closed through 2015-12-31"' in journal
    assert f"; {MARK}" in ok("export", "journal", "--format", "hledger").out


def test_what_an_award_rests_on_is_marked_where_it_is_explained():
    closed()
    record = corrected()
    for words in ("explain", "award show", "account show"):
        read = (*words.split(), ACCOUNT)
        assert ok(*read, *YEAR).out.count(f"  {record}: {MARK}\n") == 1, read
        [mark] = ok(*read, *YEAR, "--json").document["prior_period"]
        assert mark == {
            "record": record,
            "topic": "spending-corrected.v1",
            "closed_through": "2015-12-31",
        }
    before = ("--effective", "2015-11-15")
    for words in ("explain", "award show"):
        read = (*words.split(), ACCOUNT)
        assert ok(*read, *YEAR, *before, "--json").document["prior_period"] == []
        assert MARK in ok(*read, *YEAR, "--effective", "2015-11-16").out


def test_what_is_asserted_is_marked_where_what_stood_there_was_adjusted():
    said = ("assert-balance", ACCOUNT, "group:spent:a:imaginary-transport")
    for on in ("2015-11-15", "2015-11-16"):
        ok(*said, "0", "--on", on, "--says", "ledger", "--as", "analyst:a1")
    closed()
    assert "prior" not in ok("assertions").out
    corrected()
    found = premium("assertions", "--json").document["assertions"]
    assert [one["prior_period_pence"] for one in found] == [0, 45_000_00]
    assert "£ prior period" in premium("assertions").out


def test_what_is_reconciled_names_the_late_records_of_what_it_compares(folder: Path):
    closed()
    record = corrected()
    (folder / "list.csv").write_text(
        "Department,CCG,Date,Expense Area,Supplier,Transaction Number,Amount\n"
        'DoH,ZZ1,30/11/2015,QUALITY PREMIUM,IMAGINARY TRANSPORT,T1,"45,000.00"\n'
    )
    read = ("reconcile", "spending", "list.csv", "ZZ1")
    [mark] = premium(*read, "--json").document["prior_period"]
    assert (mark["record"], mark["closed_through"]) == (record, "2015-12-31")
    assert f"  {record}: {MARK}\n" in premium(*read).out
    before = ("--effective", "2015-11-15")
    assert premium(*read, *before, "--json").document["prior_period"] == []


def test_a_payment_that_the_bank_returned_later_is_marked_in_the_list():
    year(until="year/s1")
    ok("period", "close", "2016-03-31", "--effective-on", "2016-04-01", *APPROVER)
    request = ("disburse", "list", ACCOUNT)
    assert "prior" not in ok(*request).out
    ok(
        *("disburse", "return", ACCOUNT, "d1", "--reason", "Wrong account"),
        *("--as", "analyst:payer-analyst-1"),
    )
    rows = ok(*request, "--json").document["payments"]
    marks = {one["disbursement"]: one["closed_through"] for one in rows}
    assert marks["d1"] == "2016-03-31"
    assert marks["d3"] is None
    assert "prior-period adjustment" in ok(*request).out


def test_an_opening_is_the_close_and_its_adjustments():
    closed()
    corrected()
    found = ok("period", "show", ACCOUNT, "--json").document
    assert found["closed_through"] == "2015-12-31"
    for one in found["accounts"]:
        opens = one["closed_pence"] + one["adjusted_pence"]
        assert (one["opening_pence"], one["difference_pence"]) == (opens, 0)
    assert len(found["adjustments"]) == 2
    then = ok(
        *("balances", "--json", "--effective", "2015-12-31"),
        *("--known", str(found["closed_at_position"])),
    ).document
    stood = {one["ledger_account"]: one["balance_pence"] for one in then["balances"]}
    assert {
        one["ledger_account"]: one["closed_pence"]
        for one in found["accounts"]
        if one["closed_pence"]
    } == {name: pence for name, pence in stood.items() if pence}
    known = ("--known", str(found["closed_at_position"]))
    assert ok("period", "show", *known, "--json").document["adjustments"] == []
    missed = premium("period", "show", "--through", "2015-12-30")
    assert (missed.code, "2015-12-30 is not closed" in missed.err) == (2, True)
    assert "Prior-period adjustments" in ok("period", "show").out
