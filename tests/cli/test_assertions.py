"""Balances from a file: recorded whatever they say, and held against the ledger."""

from pathlib import Path

import pytest

from tests.cli.program import ACCOUNT, ok, premium

pytestmark = pytest.mark.usefixtures("whole_year")

YEAR = ("--scheme-year", "2013-14")
ANALYST = ("--as", "analyst:a1")
HEADINGS = "ods_code,scheme_year,account,on,amount_gbp,says\n"


def balance(account: str, on: str) -> int:
    """What stands in an account of the group, pence."""
    asked = ("balances", "ZZ1", *YEAR, "--effective", on, "--zeros")
    found = ok(*asked, "--json").document
    sums = {one["ledger_account"]: one["balance_pence"] for one in found["balances"]}
    return int(sums[account])


def pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"


def test_what_agrees_and_what_differs_by_a_penny_is_listed(folder: Path):
    held = balance("group:held", "2016-03-31")
    payable = balance("premium:payable", "2016-03-31")
    (folder / "b.csv").write_text(
        f"{HEADINGS}ZZ1,2013-14,group:held,2016-03-31,{pounds(held)},bank\n"
        f"ZZ1,2013-14,premium:payable,2016-03-31,{pounds(payable + 1)},ledger\n"
        "ZZ1,2013-14,group:held,2013-04-01,0.00,bank\n"
    )
    recorded = ok("import", "balances", "b.csv", *ANALYST, "--json").document
    assert (recorded["recorded"], recorded["facts"]) == (3, 3)
    done = premium("assertions", "--json")
    assert (done.code, done.err) == (1, "")
    found = done.document
    assert (found["asserted"], found["differing"]) == (3, 1)
    assert [one["difference_pence"] for one in found["assertions"]] == [0, 1, 0]
    failing = premium("assertions", "ZZ1", *YEAR, "--failing", "--json").document
    [one] = failing["assertions"]
    assert (one["account"], one["of"], one["says"]) == (
        ACCOUNT,
        "premium:payable",
        "ledger",
    )
    assert (one["asserted_pence"], one["stood_pence"]) == (payable + 1, payable)
    shown = premium("assertions", "--failing")
    assert "Balances asserted: 3, of which 1 differ" in shown.out
    assert "£0.01" in shown.out


def test_the_later_word_on_a_day_counts_and_the_earlier_as_it_was_known(folder: Path):
    held = balance("group:held", "2016-03-31")
    ends = []
    for pence in (held + 500, held):
        (folder / "b.csv").write_text(
            f"{HEADINGS}ZZ1,2013-14,group:held,2016-03-31,{pounds(pence)},bank\n"
        )
        ok("import", "balances", "b.csv", *ANALYST)
        done = premium("assertions", "--json")
        ends.append((done.code, done.document["asserted"]))
    assert ends == [(1, 1), (0, 1)]
    head = done.document["position"]
    # The second file's document and assertion are the last two records.
    before = premium("assertions", "--known", str(head - 2), "--json")
    assert before.code == 1
    assert before.document["assertions"][0]["difference_pence"] == 500


def test_the_same_file_again_records_nothing_and_a_fault_names_its_cell(folder: Path):
    good = f"{HEADINGS}ZZ1,2013-14,group:held,2016-03-31,1,bank\n"
    (folder / "b.csv").write_text(good)
    ok("import", "balances", "b.csv", *ANALYST)
    again = ok("import", "balances", "b.csv", *ANALYST, "--json").document
    assert (again["facts"], again["known_already"]) == (0, 1)
    (folder / "c.csv").write_text(f"{good}ZZ1,2013-14,group:hold,31/3/2016,1,bank\n")
    done = premium("import", "balances", "c.csv", *ANALYST)
    assert done.code == 2
    assert "c.csv, line 3, account 'group:hold': is not an account" in done.err
    assert "c.csv, line 3, on '31/3/2016': write it as 2016-03-31" in done.err


def test_an_account_that_is_not_open_is_refused_and_nothing_is_recorded(folder: Path):
    before = ok("assertions", "--json").document
    (folder / "b.csv").write_text(
        f"{HEADINGS}ZZ1,2013-14,group:held,2016-03-31,1,bank\n"
        "ZZ8,2013-14,group:held,2016-03-31,1,bank\n"
    )
    done = premium("import", "balances", "b.csv", *ANALYST)
    assert (done.code, "line 3: refused (account-not-open)" in done.err) == (3, True)
    assert ok("assertions", "--json").document == before


def test_an_assertion_has_its_own_day_so_no_other_can_be_asked_for():
    done = premium("assertions", "--effective", "2016-03-31")
    assert (done.code, "leave --effective out" in done.err) == (2, True)
