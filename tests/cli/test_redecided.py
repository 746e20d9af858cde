"""A provider's corrected result: who would move, and all of them in one commit."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.years import ledger_of, year_of
from ledger.decisions.accounts import OpenAccount
from ledger.decisions.assessments import AssessGate
from ledger.decisions.attributions import PublishAttribution
from ledger.decisions.bodies import RegisterBody
from ledger.decisions.evidence import RecordResult
from ledger.decisions.rulebooks import PublishRulebook
from ledger.events import BodyCode, PartyId
from ledger.money import exact, pounds
from ledger.recorded import account_id
from ledger.request import Appended, By, Request
from ledger.rules.rulebook import packaged
from ledger.service import Ledger
from tests.cli.program import ACCOUNT, HOUSE, begin, demo_year, ok, premium

SCHEME_YEAR = ("--scheme-year", "2013-14")
SCORE = "2013-04-01..2014-03-31"
RED_1 = f"red-1/P01/{SCORE}"
DIABETES = f"diabetes-admissions/P01/{SCORE}"
MEASURED = {"red-1": "74.9", "diabetes-admissions": "380"}
ANALYST = ("--as", "analyst:payer-analyst-2")
APPROVER = ("--as", "approver:payer-approver-1")
ON = ("--effective-on", "2016-01-11", "--decided-on", "2016-01-11")
DECIDE = ("--reason", "Recounted", "--decide", *ON, *ANALYST)
CORRECT = ("result", "correct", RED_1, "--value", "75", *DECIDE)
BY = By(role="analyst", party=PartyId("payer-analyst-1"))
HEADS = [41_237 + 37 * number for number in range(33)]


def award_pence(heads: int, *, red_1: bool) -> int:
    """87.5% of £5 a head, less a quarter where Red 1 is missed; half a penny up.

    Of the invented year, by hand: local-3, an eighth, is missed and the rest is met.
    """
    thousandths = heads * 500 * 875 * (100 if red_1 else 75)
    return (thousandths + 50_000) // 100_000


def request(id: str, command: Any) -> Request:
    day = date(2015, 10, 15)
    return Request(id=id, by=BY, command=command, effective_on=day, decided_on=day)


def provider(codes: Sequence[str], measured: dict[str, str]) -> list[Request]:
    """A provider whose results count for groups."""
    name = "Imaginary Hospital (simulated provider)"
    code = BodyCode("P01")
    commands: list[Any] = [RegisterBody(body=code, kind="provider", name=name)]
    for measure, value in measured.items():
        commands += [
            RecordResult(
                measure=measure,
                subject=code,
                period=SCORE,
                value=exact(value),
                unit="x",
            ),
            PublishAttribution(
                measure=measure,
                period=SCORE,
                provider=code,
                bodies=tuple(BodyCode(one) for one in codes),
            ),
        ]
    return [request(f"provider/{n}", one) for n, one in enumerate(commands)]


def attributed(
    path: Path, codes: Sequence[str], until: str, measured: dict[str, str]
) -> None:
    """Groups up to a line of their year, judged on what one provider's results are."""
    first, rest = [], []
    for code, heads in zip(codes, HEADS, strict=False):
        year = [
            one
            for one in year_of(code, heads, until)
            if not any(f"/result/{m}/{SCORE}" in one.id for m in measured)
        ]
        judged = next(n for n, one in enumerate(year) if "/assess/" in one.id)
        first += year[:judged]
        rest += year[judged:]
    with ledger_of(path, []) as ledger:
        asked = [*first, *provider(codes, measured), *rest]
        outcomes = ledger.give_each(asked)
    assert {type(one) for one in outcomes} == {Appended}, outcomes


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
        who = {"request": "finance-officer:f1@ZG000", "approve": APPROVER[1]}
        ok(*tokens, *SCHEME_YEAR, *ON, "--as", who.get(tokens[1], ANALYST[1]))
    worse = ok("impact", RED_1, "--value", "74.9", "--json").document["accounts"]
    assert [one["stage"] for one in worse] == ["paid", "confirmed"]
    assert worse[0]["change"]["worst_pence"] == part - whole
    assert [one["overpaid_pence"] for one in worse] == [whole - part, 0]
    assert worse[0]["approved_by"] == ["payer-approver-1"]


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
    # The correction; of each group what is superseded, judged again and proposed.
    assert len(facts) == 1 + 33 * 3
    assert head() == before + len(facts)
    topics = [one["topic"].partition(".")[0] for one in facts]
    assert topics[0] == "result-corrected"
    assert (
        topics[1:] == ["assessment-superseded", "gate-assessed", "award-proposed"] * 33
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
    assert "Would be recorded in one commit: 100 facts, 33 accounts" in tried.out
    line = next(one for one in tried.out.splitlines() if groups[7] in one)
    assert pounds(award_pence(HEADS[7], red_1=True)) in line
    assert head() == before


def test_the_whole_round_is_confirmed_and_asking_again_adds_nothing(
    groups: list[str],
):
    first = ok(*CORRECT, "--id", "recount-1")
    assert "Recorded in one commit: 100 facts" in first.out
    total = sum(award_pence(heads, red_1=True) for heads in HEADS)
    confirm = ("award", "confirm", "--round", "2", *SCHEME_YEAR, *ON, *APPROVER)
    done = ok(*confirm, "--control-total", str(total), "--json").document
    assert (done["recorded"], done["as_before"]) == (33, 0)
    assert show(groups[32])["confirmed_pence"] == award_pence(HEADS[32], red_1=True)
    stands = head()
    again = ok(*CORRECT, "--id", "recount-1")
    assert "Recorded before, by the same command: 100 facts" in again.out
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
    assert done.code == 3, "its refusal was recorded: a new id asks anew"
    decided = ok(*correct, "--json").document["accounts"]
    assert len(decided) == 33
    lost = [one["stands_pence"] - one["proposed_pence"] for one in decided]
    assert min(lost) == lost[20] == 0


# Of one group -------------------------------------------------------------------------


def test_what_was_judged_but_not_calculated_is_only_judged_again():
    begin()
    premium("run", "-", stdin=demo_year(until="year/propose"))
    red_1 = f"red-1/ZZ1/{SCORE}"
    document = ok("result", "correct", red_1, "--value", "75", *DECIDE, "--json")
    (one,) = document.document["accounts"]
    assert (one["judged"], one["proposed_pence"]) == (["constitution.red-1"], None)
    (gate,) = [s for s in ok("award", "show", ACCOUNT, "--json").document["standings"]
               if s["id"] == "constitution.red-1"]  # fmt: skip
    assert gate["outcome"] == "met"


def test_what_was_never_judged_is_left_alone():
    begin()
    premium("run", "-", stdin=demo_year(until="year/assess/pyll"))
    red_1 = f"red-1/ZZ1/{SCORE}"
    out = ok("result", "correct", red_1, "--value", "75", *DECIDE).out
    assert "no account was decided again" in out


def test_a_corrected_population_is_put_on_the_account_and_the_award_calculated():
    begin()
    premium("run", "-", stdin=demo_year(until="year/d1"))
    heads = "population.registered.gp-list/ZZ1/2013-04-01"
    correct = ("result", "correct", heads, "--value", "41000", *DECIDE, "--json")
    document = ok(*correct).document
    topics = [f["topic"] for one in document["outcomes"] for f in one["facts"]]
    assert topics == [
        "result-corrected.v1",
        "population-corrected.v1",
        "award-proposed.v1",
    ]
    (one,) = document["accounts"]
    assert one["stands_pence"] == award_pence(41_237, red_1=False)
    assert one["proposed_pence"] == award_pence(41_000, red_1=False)


def test_a_result_corrected_before_is_decided_with_the_same_words():
    begin()
    premium("run", "-", stdin=demo_year(until="year/d1"))
    alone = ("result", "correct", f"red-1/ZZ1/{SCORE}", "--value", "75", *ANALYST)
    ok(*alone, "--reason", "Recounted", *ON)
    document = ok(*alone, *DECIDE[:-2], "--json").document
    assert document["outcomes"][0]["facts"] == []
    (one,) = document["accounts"]
    assert one["proposed_pence"] == award_pence(41_237, red_1=True)


def test_what_is_not_recorded_cannot_be_corrected_nor_decided():
    begin()
    premium("run", "-", stdin=demo_year(until="year/d1"))
    done = premium("result", "correct", f"red-1/ZZ2/{SCORE}", "--value", "1", *DECIDE)
    assert (done.code, "refused (nothing-to-correct)" in done.err) == (3, True)
