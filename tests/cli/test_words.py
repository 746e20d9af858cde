"""Heads, targets, attributions, refused awards and unspent money, by their words."""

from typing import Any

import pytest

from tests.cli.program import ACCOUNT, ok, premium
from tests.worlds.years import year

ANALYST = ("--as", "analyst:a1")
APPROVER = ("--as", "approver:p1")
FINANCE = ("--as", "finance-officer:f1@ZZ1")
SAYS = ("--reason", "A reason in words")
SCORE = "2013-04-01..2014-03-31"
GP_LIST = "population.registered.gp-list"
HEADS = f"{GP_LIST}/ZZ1/2013-04-01"
PAID = 135_308_91  # 87.5% earned, less a quarter: 65.625% of £206,185.


def facts(*tokens: str) -> list[dict[str, Any]]:
    """The facts that a command itself recorded, with their topics."""
    return [
        {"topic": one["topic"], **one["fact"]}
        for one in ok(*tokens, "--json").document["facts"]
        if one["topic"] != "party-registered.v1"
    ]


def award() -> dict[str, Any]:
    found: dict[str, Any] = ok("award", "show", ACCOUNT, "--json").document
    return found


def refused(*tokens: str) -> str:
    """What is said of a call that a rule refused."""
    done = premium(*tokens)
    assert (done.code, done.out) == (3, ""), done
    return done.err


# Awards -------------------------------------------------------------------------------

REFUSE = ("award", "refuse", ACCOUNT, *SAYS)


def test_a_refused_award_is_not_confirmed_and_the_next_has_another_number():
    year("year/confirm")
    assert (award()["state"], award()["determination"]) == ("proposed", 1)
    (fact,) = facts(*REFUSE, "--determination", "1", *APPROVER)
    assert (fact["topic"], fact["determination"]) == ("award-refused.v1", 1)
    assert award()["state"] == "refused"
    confirm = ("award", "confirm", ACCOUNT, *APPROVER, "--determination")
    assert "no award is proposed" in refused(*confirm, "1")
    ok("award", "propose", ACCOUNT, *ANALYST)
    assert (award()["state"], award()["determination"]) == ("proposed", 2)
    ok(*confirm, "2")
    assert award()["state"] == "confirmed"


def test_whoever_proposed_an_award_cannot_refuse_it():
    year("year/confirm")
    says = refused(*REFUSE, "--determination", "1", "--as", "approver:payer-analyst-1")
    assert "refused (same-person)" in says
    assert award()["state"] == "proposed"


def test_a_refused_award_leaves_the_one_before_it_as_it_stands():
    year()
    ok("result", "correct", f"red-1/ZZ1/{SCORE}", "--value", "75", *SAYS, *ANALYST)
    ok("assess", ACCOUNT, "constitution.red-1", *ANALYST)
    ok("award", "propose", ACCOUNT, *ANALYST)
    shown = award()
    assert (shown["state"], shown["determination"]) == ("proposed", 2)
    assert (shown["confirmed_determination"], shown["confirmed_pence"]) == (1, PAID)
    ok(*REFUSE, "--determination", "2", *APPROVER)
    assert (award()["state"], award()["confirmed_pence"]) == ("refused", PAID)
    says = ok("award", "show", ACCOUNT).out
    assert "refused; determination 1, confirmed, stands at £135,308.91" in says
    assert "no award is proposed" in refused(*REFUSE, "--determination", "3", *APPROVER)


def test_a_round_leaves_out_what_was_refused_and_confirms_a_later_determination():
    year()
    scheme_year = ("--scheme-year", "2013-14", *APPROVER)
    ok("result", "correct", f"red-1/ZZ1/{SCORE}", "--value", "75", *SAYS, *ANALYST)
    ok("assess", ACCOUNT, "constitution.red-1", *ANALYST)
    ok("award", "propose", ACCOUNT, *ANALYST)
    ok(*REFUSE, "--determination", "2", *APPROVER)
    says = refused("award", "confirm", "--round", "2", *scheme_year)
    assert "no award of round 2 is proposed" in says
    ok("award", "propose", ACCOUNT, *ANALYST)
    third = ("award", "confirm", "--round", "3", *scheme_year, "--json")
    done = ok(*third).document
    assert (done["recorded"], done["control_total_pence"]) == (1, 180_411_88)
    assert award()["confirmed_pence"] == 180_411_88
    assert ok(*third).document["as_before"] == 1


# Terms and heads ----------------------------------------------------------------------

REBASE = (
    *("account", "rebase-target", ACCOUNT, "local-1"),
    *("--agreed-on", "2014-02-01", "--agreed-by", "ZZ1", *SAYS, *ANALYST),
)


def test_a_rebased_target_replaces_the_threshold_and_is_judged_by():
    year("year/propose")
    (before,) = [s for s in award()["standings"] if s["id"] == "local-1"]
    rebased, terms = facts(*REBASE, "60.5", "--agreed-by", "payer")
    assert (rebased["topic"], rebased["before"], rebased["target"]) == (
        "target-rebased.v1",
        "60",
        "60.5",
    )
    assert terms["topic"] == "terms-agreed.v1"
    assert terms["agreed_by"] == ["ZZ1", "payer"]
    assert "at-least 60.5" in ok("account", "terms", ACCOUNT).out
    ok("assess", ACCOUNT, "local-1", *ANALYST)
    (after,) = [s for s in award()["standings"] if s["id"] == "local-1"]
    assert (before["outcome"], after["outcome"]) == ("met", "not met")


def test_what_was_not_agreed_cannot_be_rebased():
    year("year/propose")
    says = refused(*REBASE[:3], "pyll", "7", *REBASE[4:])
    assert "refused (not-agreed): no threshold of 'pyll' is agreed" in says


def test_a_threshold_that_is_no_number_is_not_understood():
    year("year/propose")
    done = premium(*REBASE, "many")
    assert (done.code, "target 'many'" in done.err) == (2, True)


POPULATION = (
    *("account", "correct-population", ACCOUNT, "--population", GP_LIST),
    *("--as-at", "2013-04-01", *SAYS, *ANALYST),
)


def test_a_corrected_population_moves_the_maximum_once_it_is_put_on_the_account():
    year("year/assess/pyll")
    ok("result", "correct", HEADS, "--value", "41000", *SAYS, *ANALYST)
    assert award()["maximum_pence"] == 206_185_00
    (fact,) = facts(*POPULATION)
    assert (fact["topic"], fact["heads"]) == ("population-corrected.v1", 41_000)
    assert fact["heads_result"] == f"result/{HEADS}@2"
    assert award()["maximum_pence"] == 205_000_00
    assert award()["balances_pence"]["premium:potential"] == 205_000_00
    assert facts(*POPULATION) == []


def test_a_population_that_is_not_recorded_cannot_be_put_on_an_account():
    year("year/assess/pyll")
    tokens = [one.replace("2013-04-01", "2014-04-01") for one in POPULATION]
    assert "refused (no-population)" in refused(*tokens)


# Unspent ------------------------------------------------------------------------------


def held() -> int:
    return int(award()["balances_pence"]["group:held"])


def test_what_is_declared_unspent_moves_nothing_and_counts_for_its_day():
    year("year/d2-too-soon")
    before = held()
    tokens = ("unspent", "declare", ACCOUNT, "0", "--on", "2016-03-31", *FINANCE)
    (fact,) = facts(*tokens)
    assert (fact["topic"], fact["on"], fact["amount_pence"]) == (
        "unspent-declared.v1",
        "2016-03-31",
        0,
    )
    assert (held(), facts(*tokens)) == (before, [])
    says = refused(*tokens[:-1], "finance-officer:f1@ZZ2")
    assert "refused (not-your-body)" in says


def test_a_lapse_hands_back_what_is_held_and_not_a_penny_more():
    year("year/d2-too-soon")
    before = held()
    about = ("--reference", "SIM-2016-L1", *SAYS, *ANALYST)
    propose = ("unspent", "propose-lapse", ACCOUNT, "l1")
    pounds = f"{before // 100}.{before % 100:02d}"
    beyond = f"{(before + 1) // 100}.{(before + 1) % 100:02d}"
    assert "refused (beyond-held)" in refused(*propose, beyond, *about)
    (fact,) = facts(*propose, pounds, *about)
    assert (fact["topic"], held()) == ("lapse-proposed.v1", before)
    fact, reference = facts("unspent", "lapse", ACCOUNT, "l1", *APPROVER)
    assert reference["topic"] == "payment-reference-taken.v1"
    assert (fact["topic"], fact["amount_pence"]) == ("lapsed.v1", before)
    shown = award()["balances_pence"]
    assert (shown["group:held"], shown["board:returned"]) == (0, before)
    assert "refused (settlement-id-taken)" in refused(*propose, "1", *about)


def test_one_movement_of_the_bank_is_claimed_part_by_part():
    year("year/d2-too-soon")
    both = ("--reference", "SIM-BULK", *SAYS, *ANALYST)
    parts = (
        *("--parts", f"{ACCOUNT},lapse/l1,1.00"),
        *("--parts", f"{ACCOUNT},lapse/l2,1,000.00"),
    )
    propose = ("unspent", "propose-lapse", ACCOUNT)
    lapse = ("unspent", "lapse", ACCOUNT)
    facts(*propose, "l1", "1.00", *parts, *both)
    _, reference = facts(*lapse, "l1", *APPROVER)
    assert (reference["direction"], reference["total_pence"]) == ("in", 1_001_00)
    assert [one["what"] for one in reference["parts"]] == ["lapse/l1", "lapse/l2"]
    no_part = refused(*propose, "l3", "1.00", *both)
    assert "refused (reference-taken)" in no_part
    facts(*propose, "l2", "1,000.00", *both)
    (fact,) = facts(*lapse, "l2", *APPROVER)
    assert fact["topic"] == "lapsed.v1"


# Attributions -------------------------------------------------------------------------


def test_a_providers_result_counts_for_the_groups_named_until_others_are():
    year()
    red_1 = f"red-1/ZZP/{SCORE}"
    (fact,) = facts("result", "attribute", red_1, "ZZ1", "ZZ1", *ANALYST)
    assert (fact["topic"], fact["provider"], fact["bodies"]) == (
        "attribution-published.v1",
        "ZZP",
        ["ZZ1"],
    )
    judge = ("assess", ACCOUNT, "constitution.red-1", *ANALYST)
    assert "refused (no-result)" in refused(*judge)
    shown = award()["standings"]
    ok("result", "attribute", red_1, "--nobody", *ANALYST)
    assert facts(*judge) == []
    assert award()["standings"] == shown


def test_one_providers_result_counts_for_a_group_and_not_two():
    year()
    ok("result", "attribute", f"red-1/ZZP/{SCORE}", "ZZ1", *ANALYST)
    says = refused("result", "attribute", f"red-1/ZZ1/{SCORE}", "ZZ1", *ANALYST)
    assert "refused (attributed-otherwise)" in says


@pytest.mark.parametrize("bodies", [(), ("ZZ1", "--nobody")])
def test_it_is_said_for_whom_a_result_counts(bodies: tuple[str, ...]):
    year("year/propose")
    done = premium("result", "attribute", f"red-1/ZZP/{SCORE}", *bodies, *ANALYST)
    assert (done.code, "for whom?" in done.err) == (2, True)
