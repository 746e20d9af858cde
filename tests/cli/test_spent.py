"""`premium list spendings`: what was spent, out of what, and who decided on it."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import ACCOUNT, command, ok, premium
from tests.worlds.simulated import worked

YEAR = ("--scheme-year", "2013-14")
OFFICER = {
    "role": "finance-officer",
    "party": "group-finance-1",
    "on_behalf_of": "ZZ1",
}


def spendings(*asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok("list", "spendings", *asked, "--json").document[
        "spendings"
    ]
    return found


def run(name: str, **data: Any) -> None:
    """Give one command about interests, which must be recorded."""
    id = "-".join(str(one) for one in data.values() if len(str(one)) < 12)
    line = command(f"{name}/{id}", name, OFFICER, body="ZZ1", **data)
    [answer] = premium("run", "-", stdin=line).answers
    assert answer["outcome"] == "appended", answer


def declared(interest: str, payee: str, since: str) -> None:
    run(
        "declare-interest",
        interest=interest,
        person="Member-1",
        payee=payee,
        kind="financial",
        since=since,
        nature="Owns a part of it",
    )


def test_what_is_listed_adds_up_to_what_stands_as_spent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PREMIUM_DB", str(worked(folder)))
    # Words of a spending of February 2016 are corrected in June.
    for effective in ((), ("--effective", "2016-02-29")):
        listed: dict[str, int] = {}
        for one in spendings(*effective):
            net = one["amount_pence"] - one["credited_pence"]
            listed[one["account"]] = listed.get(one["account"], 0) + net
        stood: dict[str, int] = {}
        for one in ok("balances", *effective, "--json").document["balances"]:
            if one["ledger_account"].startswith(("group:spent:", "group:passed-on:")):
                account = one["account"]
                stood[account] = stood.get(account, 0) + one["balance_pence"]
        assert listed
        assert listed == stood


@pytest.mark.usefixtures("whole_year")
def test_each_spending_names_its_payments_and_who_approved_and_recorded():
    [first, *_] = spendings("ZZ1", *YEAR)
    said = ("account", "spending", "recorded_on", "payee", "purpose")
    assert {name: first[name] for name in said} == {
        "account": ACCOUNT,
        "spending": "s1",
        "recorded_on": "2015-11-16",
        "payee": "invented-dementia-charity",
        "purpose": "a",
    }
    assert (first["service"], first["state"]) == (
        "Memory clinic, twelve months",
        "spent",
    )
    assert (first["requests"], first["approved_by"], first["recorded_by"]) == (
        "d1",
        "payer-approver-1",
        "group-finance-1",
    )
    assert first["interests"] is None


@pytest.mark.usefixtures("whole_year")
def test_an_interest_counts_on_its_first_and_last_day_and_on_no_other():
    # s1 was spent on 16 November 2015, s2 on 7 December.
    declared("i1", "INVENTED-dementia-charity", "2015-11-16")
    declared("i2", "invented-dementia-charity", "2015-11-17")
    declared("i3", "imaginary-transport", "2013-04-01")
    run("end-interest", interest="i3", ended_on="2015-12-06")
    held = {one["spending"]: one["interests"] for one in spendings("ZZ1", *YEAR)}
    assert held["s1"] == "Member-1 (financial): part not recorded"
    assert held["s2"] is None
    run("end-interest", interest="i3", ended_on="2015-12-07")
    run(
        "record-participation",
        premium=ACCOUNT,
        use="s1",
        person="member-1",
        part="voted",
        on="2015-11-16",
        reason="As the minutes say",
    )
    held = {one["spending"]: one["interests"] for one in spendings("ZZ1", *YEAR)}
    assert held["s1"] == "Member-1 (financial): voted"
    assert held["s2"] == "Member-1 (financial): part not recorded"
    assert held["s3"] is None
    run(
        "record-participation",
        premium=ACCOUNT,
        use="s1",
        person="member-1",
        part="left",
        on="2015-11-15",
        reason="As the minutes say, read again",
    )
    held = {one["spending"]: one["interests"] for one in spendings("ZZ1", *YEAR)}
    assert held["s1"] is None, "the day of the decision counts, before that of spending"


@pytest.mark.usefixtures("whole_year")
def test_a_spending_that_was_undone_stands_for_nothing_and_an_unknown_year_is_said():
    ok(
        *("spend", "correct", "ZZ1", "s2", "0", *YEAR, "--purpose", "c"),
        *("--payee", "imaginary-transport", "--service", "Transport"),
        *("--reason", "Never spent", "--as", "finance-officer:group-finance-1@ZZ1"),
    )
    found = {one["spending"]: one for one in spendings("ZZ1", *YEAR)}
    assert (found["s2"]["state"], found["s2"]["amount_pence"]) == ("corrected", 0)
    done = premium("list", "spendings", "--scheme-year", "2099-00")
    assert (done.code, "no account of 2099-00 is open" in done.err) == (2, True)


@pytest.mark.usefixtures("whole_year")
def test_a_spending_that_was_moved_to_a_later_day_stands_for_nothing_before_it():
    ok(
        *("spend", "correct", "ZZ1", "s1", "45,000", *YEAR, "--purpose", "a"),
        *("--payee", "invented-dementia-charity", "--service", "Memory clinic"),
        *("--reason", "The day was wrong", "--spent-on", "2015-12-20"),
        *("--as", "finance-officer:group-finance-1@ZZ1"),
    )
    for until, pence in (("2015-12-19", 0), ("2015-12-20", 45_000_00)):
        [one] = spendings("ZZ1", *YEAR, "--effective", until, "--where", "spending=s1")
        assert one["amount_pence"] == pence
