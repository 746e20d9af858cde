"""A provider's corrected result: who would move, and all of them in one commit."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from interfaces.cli.amounts import as_option
from ledger.decisions.accounts import OpenAccount
from ledger.decisions.assessments.judging import AssessGate
from ledger.decisions.rulebooks import PublishRulebook
from ledger.events import PartyId
from ledger.money import pounds
from ledger.recorded import account_id
from ledger.request import Appended, By, Request
from ledger.rules.rulebook import packaged
from ledger.service import Ledger
from tests.cli.program import HOUSE, ok, premium
from tests.cli.provided import (
    ANALYST,
    APPROVER,
    CORRECT,
    DECIDE,
    DIABETES,
    HEADS,
    MEASURED,
    ON,
    RED_1,
    SCHEME_YEAR,
    SCORE,
    attributed,
    award_pence,
    request,
)
from tests.worlds.years import year_of


@pytest.fixture(autouse=True)
def db(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ledger's file; the invented year is read from the house."""
    monkeypatch.chdir(HOUSE)
    monkeypatch.setenv("PREMIUM_DB", str(folder / "sim.db"))
    return folder / "sim.db"


@pytest.fixture
def groups(db: Path) -> list[str]:
    """33 groups of one provider; the first was paid, the others are confirmed."""
    codes = [f"ZG{number:03d}" for number in range(33)]
    attributed(db, codes, "year/d1", MEASURED)
    paid = [one for one in year_of(codes[0], HEADS[0], "") if one.id.endswith("d1")]
    with Ledger.open(db) as ledger:
        assert {type(one) for one in ledger.give_each(paid)} == {Appended}
    return codes


def head() -> int:
    return int(ok("balances", "--json").document["position"])


def show(body: str) -> dict[str, Any]:
    found: dict[str, Any] = ok("award", "show", body, *SCHEME_YEAR, "--json").document
    return found


# Before it is recorded ----------------------------------------------------------------


def test_impact_follows_a_providers_result_to_every_group_it_counts_for(
    groups: list[str],
):
    before = head()
    document = ok("impact", RED_1, "--value", "75", "--json").document
    assert document["value_before"] == "74.9"
    assert document["attributed"] == groups
    found = document["accounts"]
    assert [one["body"] for one in found] == groups
    for one, heads in zip(found, HEADS, strict=True):
        was, then = (award_pence(heads, red_1=met) for met in (False, True))
        assert one["before"]["worst_pence"] == one["before"]["best_pence"] == was
        assert one["after"]["worst_pence"] == one["after"]["best_pence"] == then
        assert one["change"] == {"worst_pence": then - was, "best_pence": then - was}
        assert one["approved_by"] == ["payer-approver-1"]
        assert (one["confirmed_pence"], one["overpaid_pence"]) == (was, 0)
    assert [one["stage"] for one in found] == ["paid", *["confirmed"] * 32]
    assert head() == before


def test_impact_says_in_one_table_who_moves_by_how_much_and_all_together(
    groups: list[str],
):
    out = ok("impact", RED_1, "--value", "75").out
    gained = [award_pence(h, red_1=True) - award_pence(h, red_1=False) for h in HEADS]
    assert "It counts for 33 attributed groups." in out
    assert "33 of 33 accounts that read it would move" in out
    (line,) = [one for one in out.splitlines() if groups[32] in one]
    assert f"+{pounds(gained[32])}" in line
    assert "payer-approver-1" in line
    (total,) = [one for one in out.splitlines() if one.strip().startswith("total")]
    assert f"+{pounds(sum(gained))}" in total
    assert "What rests on it" not in out
    assert "What rests on it" in ok("impact", RED_1, "--value", "75", "--details").out


def test_a_change_that_crosses_no_threshold_moves_nobody(groups: list[str]):
    document = ok("impact", RED_1, "--value", "74.99", "--json").document
    assert [one["lines"] for one in document["accounts"]] == [[]] * 33
    out = ok("impact", RED_1, "--value", "74.99").out
    assert "0 of 33 accounts that read it would move" in out


def test_a_worse_result_of_a_provider_says_what_would_be_overpaid(db: Path):
    attributed(db, ["ZG000", "ZG001"], "year/d1", {"red-1": "75"})
    whole, part = (award_pence(HEADS[0], red_1=met) for met in (True, False))
    pay = ("disburse", "pay", "ZG000", "d9", "--reference", "R", "--value-date")
    for tokens in (
        ("disburse", "request", "ZG000", "d9", f"{whole // 100}.{whole % 100:02d}"),
        ("disburse", "approve", "ZG000", "d9"),
        (*pay, "2016-01-11"),
    ):
        who = {"request": "finance-officer:f1@ZG000", "approve": "approver:p2"}
        ok(*tokens, *SCHEME_YEAR, *ON, "--as", who.get(tokens[1], ANALYST[1]))
    worse = ok("impact", RED_1, "--value", "74.9", "--json").document["accounts"]
    assert [one["stage"] for one in worse] == ["paid", "confirmed"]
    assert worse[0]["change"]["worst_pence"] == part - whole
    assert [one["overpaid_pence"] for one in worse] == [whole - part, 0]
    assert worse[0]["approved_by"] == ["payer-approver-1", "p2"]


def test_a_result_that_two_schemes_read_moves_an_account_of_each(db: Path):
    attributed(db, ["ZG000"], "year/d1", {"red-1": "74.9"})
    rules = packaged("quality-premium-2013-14")
    again = PublishRulebook(rulebook=rules.model_copy(update={"scheme": "second"}))
    account = account_id("second", "2013-14", "ZG000")
    opened = OpenAccount(
        account=account,
        population="population.registered.gp-list",
        as_at=date(2013, 4, 1),
    )
    approver = By(role="approver", party=PartyId("payer-approver-1"))
    judge = AssessGate(account=account, gate="constitution.red-1")
    with Ledger.open(db) as ledger:
        ledger.give(replace(request("s1", again), by=approver))
        ledger.give_each([request("s2", opened), request("s3", judge)])
    found = ok("impact", RED_1, "--value", "75", "--json").document["accounts"]
    assert [(one["account"], one["stage"]) for one in found] == [
        ("quality-premium/2013-14/ZG000", "confirmed"),
        ("second/2013-14/ZG000", "assessed"),
    ]
    out = ok("impact", RED_1, "--value", "75").out
    assert "quality-premium 2013/14, paid in 2014/15" in out
    assert "second 2013/14, paid in 2014/15" in out
    decided = ok(*CORRECT, "--json").document["accounts"]
    assert [one["account"] for one in decided] == [one["account"] for one in found]
    assert [one["determination"] for one in decided] == [2, None]


def test_a_groups_own_result_counts_for_nobody_while_a_providers_does(
    groups: list[str],
):
    own = f"red-1/{groups[0]}/{SCORE}"
    document = ok("impact", own, "--value", "75", "--json").document
    assert (document["accounts"], document["attributed"]) == ([], [])
    ok("result", "attribute", RED_1, *groups[1:], *ANALYST)
    (moved,) = ok("impact", own, "--value", "75", "--json").document["accounts"]
    assert moved["before"]["open"] == ["constitution.red-1"]
    rest = ok("impact", RED_1, "--value", "75", "--json").document
    assert rest["attributed"] == groups[1:]
    # What was judged on it still rests on it, and would no longer move.
    first = rest["accounts"][0]
    assert (first["body"], first["lines"]) == (groups[0], [])
    assert "award-confirmed" in [one["topic"] for one in first["rests"]]


def test_compare_judges_on_the_providers_result(groups: list[str]):
    document = ok(
        "compare", groups[0], *SCHEME_YEAR, "--with", "red-1=75", "--json"
    ).document
    assert document["before"]["open"] == []
    assert document["before"]["worst_pence"] == award_pence(HEADS[0], red_1=False)
    assert document["after"]["worst_pence"] == award_pence(HEADS[0], red_1=True)


# In one commit ------------------------------------------------------------------------


def test_a_correction_decides_33_groups_again_in_one_commit(groups: list[str]):
    before = head()
    document = ok(*CORRECT, "--json").document
    facts = [fact for one in document["outcomes"] for fact in one["facts"]]
    # The correction; of each group what is superseded, judged again and proposed; and
    # who corrected it, whose first act it is.
    assert len(facts) == 1 + 33 * 3 + 1
    assert head() == before + len(facts)
    topics = [one["topic"].partition(".")[0] for one in facts]
    assert topics[:2] == ["result-corrected", "party-registered"]
    assert (
        topics[2:] == ["assessment-superseded", "gate-assessed", "award-proposed"] * 33
    )
    for one, heads in zip(document["accounts"], HEADS, strict=True):
        assert one["judged"] == ["constitution.red-1"]
        assert one["stands_pence"] == award_pence(heads, red_1=False)
        assert one["proposed_pence"] == award_pence(heads, red_1=True)
        assert one["determination"] == 2
    with Ledger.open(os.environ["PREMIUM_DB"]) as ledger:
        records = ledger.read(before, 200)
    assert len({one.meta.recorded_at for one in records}) == 1
    assert len({one.meta.correlation_id for one in records}) == 1
    stands = show(groups[5])
    assert (stands["state"], stands["confirmed_determination"]) == ("proposed", 1)


def test_a_dry_run_shows_all_of_it_and_records_nothing(groups: list[str]):
    before = head()
    tried = ok(*CORRECT, "--dry-run")
    assert "Would be recorded in one commit: 101 facts, 33 accounts" in tried.out
    line = next(one for one in tried.out.splitlines() if groups[7] in one)
    assert pounds(award_pence(HEADS[7], red_1=True)) in line
    assert head() == before


def test_the_whole_round_is_confirmed_and_asking_again_adds_nothing(
    groups: list[str],
):
    first = ok(*CORRECT, "--id", "recount-1")
    assert "Recorded in one commit: 101 facts" in first.out
    total = sum(award_pence(heads, red_1=True) for heads in HEADS)
    confirm = ("award", "confirm", "--round", "2", *SCHEME_YEAR, *ON, *APPROVER)
    done = ok(*confirm, "--control-total", as_option(total), "--json").document
    assert (done["recorded"], done["as_before"]) == (33, 0)
    assert show(groups[32])["confirmed_pence"] == award_pence(HEADS[32], red_1=True)
    stands = head()
    again = ok(*CORRECT, "--id", "recount-1")
    assert "Recorded before, by the same command: 101 facts" in again.out
    assert again.out.splitlines()[1:] == first.out.splitlines()[1:]
    assert head() == stands
    assert ok("replay", "--all", "--json").document["differences"] == []
    assert ok("replay", groups[0], *SCHEME_YEAR, "--json").document["differences"] == []


def test_where_one_group_is_refused_nothing_is_recorded_of_any(groups: list[str]):
    own = f"diabetes-admissions/{groups[20]}/2012-04-01..2013-03-31"
    recount = ("result", "correct", own, "--reason", "Recounted", *ON, *ANALYST)
    ok(*recount, "--value", "0")
    before, shown = head(), show(groups[0])
    correct = ("result", "correct", DIABETES, "--value", "400", *DECIDE)
    done = premium(*correct, "--id", "recount-2")
    assert (done.code, done.out) == (3, "")
    assert "refused (baseline-not-above-zero)" in done.err
    assert f"for quality-premium/2013-14/{groups[20]}: nothing was recorded" in done.err
    assert (head(), show(groups[0])) == (before, shown)
    answers = premium(*correct, "--json").document["outcomes"]
    assert {one["outcome"] for one in answers} == {"not-tried", "refused"}
    with Ledger.open(os.environ["PREMIUM_DB"]) as ledger:
        assert len(ledger.stream(f"result/{DIABETES}")) == 1
    ok(*recount, "--value", "450")
    done = premium(*correct, "--id", "recount-2")
    assert done.code == 3, "its refusal was recorded: a new id asks again"
    decided = ok(*correct, "--json").document["accounts"]
    assert len(decided) == 33
    lost = [one["stands_pence"] - one["proposed_pence"] for one in decided]
    assert min(lost) == lost[20] == 0


def test_only_whom_a_result_now_counts_for_is_decided_again(db: Path):
    attributed(db, ["ZG000", "ZG001"], "year/d1", {"red-1": "74.9"})
    ok("result", "attribute", RED_1, "ZG001", *ANALYST)
    (one,) = ok(*CORRECT, "--json").document["accounts"]
    assert one["body"] == "ZG001"


def test_replay_lists_an_attribution_that_came_later_with_whom_it_concerns(db: Path):
    attributed(db, ["ZG000", "ZG001"], "year/d1", {"red-1": "74.9"})
    assert ok("replay", "--all", "--json").document["recorded_since"] == []
    ok("result", "attribute", RED_1, "ZG001", *ANALYST)
    attribution = f"attribution/red-1/{SCORE}@2"
    for tokens in (("--all",), ("ZG000", *SCHEME_YEAR)):
        document = ok("replay", *tokens, "--json").document
        (since,) = document["recorded_since"]
        assert (since["record"], document["differences"]) == (attribution, [])
        (decision,) = since["decisions"]
        assert decision.startswith("account/quality-premium/2013-14/ZG000@")
    same = ok("replay", "ZG001", *SCHEME_YEAR, "--json").document
    assert same["recorded_since"] == []


def test_a_group_judged_meanwhile_is_named_and_decided_by_the_same_call(
    db: Path, monkeypatch: pytest.MonkeyPatch
):
    attributed(db, ["ZG000", "ZG001"], "year/propose", {"red-1": "74.9"})
    red_1 = "constitution.red-1"
    propose = ("award", "propose", "ZG001", *SCHEME_YEAR, *ON, *ANALYST)
    give = Ledger.give_all

    def after_another(self: Ledger, requests: Sequence[Request]) -> Any:
        monkeypatch.setattr(Ledger, "give_all", give)
        ok(*propose)
        return give(self, requests)

    monkeypatch.setattr(Ledger, "give_all", after_another)
    done = premium(*CORRECT, "--id", "recount-3", "--json")
    assert done.code == 1
    assert "2013-14/ZG001 was judged meanwhile" in done.err
    assert done.document["missed"] == ["quality-premium/2013-14/ZG001"]
    again = ok(*CORRECT, "--id", "recount-3", "--json").document
    assert again["missed"] == []
    assert [one["judged"] for one in again["accounts"]] == [[red_1]] * 2
    assert again["accounts"][1]["proposed_pence"] == award_pence(HEADS[1], red_1=True)
    assert show("ZG001")["determination"] == 2
