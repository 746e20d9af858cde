"""A corrected result of one group, and what is decided again with it."""

from tests.cli.program import ACCOUNT, command, ok, premium
from tests.cli.program import ANALYST as ANALYST_1
from tests.cli.provided import ANALYST, DECIDE, ON, SCORE, award_pence
from tests.worlds.years import year


def test_what_was_judged_but_not_calculated_is_only_judged_again():
    year(until="year/propose")
    red_1 = f"red-1/ZZ1/{SCORE}"
    document = ok("result", "correct", red_1, "--value", "75", *DECIDE, "--json")
    (one,) = document.document["accounts"]
    assert (one["judged"], one["proposed_pence"]) == (["constitution.red-1"], None)
    (gate,) = [s for s in ok("award", "show", ACCOUNT, "--json").document["standings"]
               if s["id"] == "constitution.red-1"]  # fmt: skip
    assert gate["outcome"] == "met"


def test_what_was_never_judged_is_left_alone():
    year(until="year/assess/pyll")
    red_1 = f"red-1/ZZ1/{SCORE}"
    out = ok("result", "correct", red_1, "--value", "75", *DECIDE).out
    assert "no account was decided again" in out


def test_a_corrected_population_is_put_on_the_account_and_the_award_calculated():
    year(until="year/d1")
    heads = "population.registered.gp-list/ZZ1/2013-04-01"
    correct = ("result", "correct", heads, "--value", "41000", *DECIDE, "--json")
    document = ok(*correct).document
    topics = [f["topic"] for one in document["outcomes"] for f in one["facts"]]
    assert topics == [
        "result-corrected.v1",
        "party-registered.v1",  # Who corrected it: their first act.
        "population-corrected.v1",
        "award-proposed.v1",
    ]
    (one,) = document["accounts"]
    assert one["stands_pence"] == award_pence(41_237, red_1=False)
    assert one["proposed_pence"] == award_pence(41_000, red_1=False)


def test_a_result_corrected_before_is_decided_with_the_same_words():
    year(until="year/d1")
    alone = ("result", "correct", f"red-1/ZZ1/{SCORE}", "--value", "75", *ANALYST)
    ok(*alone, "--reason", "Recounted", *ON)
    document = ok(*alone, *DECIDE[:-2], "--json").document
    assert document["outcomes"][0]["facts"] == []
    (one,) = document["accounts"]
    assert one["proposed_pence"] == award_pence(41_237, red_1=True)


def test_what_is_not_recorded_cannot_be_corrected_nor_decided():
    year(until="year/d1")
    done = premium("result", "correct", f"red-1/ZZ2/{SCORE}", "--value", "1", *DECIDE)
    assert (done.code, "refused (nothing-to-correct)" in done.err) == (3, True)


def test_what_stands_is_what_was_confirmed_whatever_was_proposed_since():
    year(until="year/d1")
    red_1 = ("result", "correct", f"red-1/ZZ1/{SCORE}", *DECIDE, "--json", "--value")
    ok(*red_1, "75")
    (one,) = ok(*red_1, "74").document["accounts"]
    missed = award_pence(41_237, red_1=False)
    assert (one["stands_pence"], one["proposed_pence"]) == (missed, missed)
    assert one["determination"] == 3


def test_a_group_judged_on_its_own_result_goes_over_to_one_attributed_since():
    year(until="year/d1")
    provided = f"red-1/ZZP/{SCORE}"
    result = {"measure": "red-1", "subject": "ZZP", "period": SCORE}
    record = command(
        "r", "record-result", ANALYST_1, value="74", unit="percent", **result
    )
    premium("run", "-", stdin=record)
    ok("result", "attribute", provided, "ZZ1", *ANALYST)
    (since,) = ok("replay", ACCOUNT, "--json").document["recorded_since"]
    assert since["record"] == f"attribution/red-1/{SCORE}@1"
    assert len(since["decisions"]) == 1
    correct = ("result", "correct", provided, "--value", "75", *DECIDE, "--json")
    (one,) = ok(*correct).document["accounts"]
    assert one["judged"] == ["constitution.red-1"]
    assert one["proposed_pence"] == award_pence(41_237, red_1=True)


def test_a_day_without_rules_refuses_all_of_it():
    year(until="year/d1")
    early = [one.replace("2016-01-11", "2012-01-11") for one in DECIDE]
    red_1 = f"red-1/ZZ1/{SCORE}"
    done = premium("result", "correct", red_1, "--value", "75", *early)
    assert (done.code, done.out) == (3, "")
    assert "refused (no-rulebook)" in done.err
    assert "nothing was recorded, the correction included" in done.err
    assert ok("impact", red_1, "--value", "1", "--json").document["record"][-2:] == "@1"
