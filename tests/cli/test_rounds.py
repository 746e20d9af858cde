"""Assessing, proposing and confirming a whole scheme year; whatever is left over."""

import os
import re
from pathlib import Path

import pytest

from interfaces.cli.amounts import as_option
from ledger.service import Ledger, Unavailable
from tests.cli.program import HOUSE, ok, premium, register
from tests.worlds.years import bodies, ledger_of, year_of

YEAR = ("--scheme-year", "2013-14")
ON = ("--effective-on", "2015-10-20", "--decided-on", "2015-10-20")
ANALYST = ("--as", "analyst:payer-analyst-1")
APPROVER = ("--as", "approver:payer-approver-1")
ASSESS = ("assess", "--all", *YEAR, *ON, *ANALYST)
PROPOSE = ("award", "propose", "--all", *YEAR, *ON, *ANALYST)
CONFIRM = ("award", "confirm", "--round", "1", *YEAR, *ON, *APPROVER)
LATE = "ZG900"  # A group whose last three results are missing.
TOTALS = (135_308_91, 135_430_31, 135_551_72)
"""Of the invented year at 41,237 heads and 37 and 74 more; by hand: 65.625%."""


@pytest.fixture(autouse=True)
def year(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three groups with all results, one that lacks three, and nothing judged."""
    monkeypatch.chdir(HOUSE)
    monkeypatch.setenv("PREMIUM_DB", str(folder / "sim.db"))
    whole = ledger_of(folder / "sim.db", bodies(3), until="year/assess/pyll")
    whole.close()
    more(folder / "sim.db", LATE, until="year/result/red-1/2013-04-01..2014-03-31")


def more(db: Path, body: str, until: str = "") -> None:
    """One more group, up to a command of its year."""
    with Ledger.open(db) as ledger:
        ledger.give_each(list(year_of(body, 50_000, until)))


def head() -> int:
    return int(ok("balances", "--json").document["position"])


def proposed() -> None:
    ok(*ASSESS)
    ok(*PROPOSE)


def test_all_that_has_results_is_judged_and_what_stays_open_is_no_error():
    before = head()
    document = ok(*ASSESS, "--json").document
    assert (document["recorded"], document["as_before"]) == (3 * 13 + 10, 0)
    assert document["open"] == [
        {
            "body": LATE,
            "clauses": ["constitution.red-1", "gate.financial", "gate.quality"],
        }
    ]
    assert document["exceptions"] == []
    assert head() == before + 49


def test_assessing_again_records_nothing_and_leaves_no_refusal_behind():
    ok(*ASSESS)
    stands, commands = head(), answered()
    again = ok(*ASSESS, "--json").document
    assert (again["recorded"], again["as_before"]) == (0, 49)
    assert (head(), answered()) == (stands, commands)


def answered() -> int:
    """Commands that the ledger keeps an answer of."""
    with Ledger.open(os.environ["PREMIUM_DB"]) as ledger:
        return len(ledger.command_rows(0, 10_000))


def test_what_waits_for_a_providers_result_stays_open_and_can_be_judged_later():
    provider = ("result", "attribute", "red-1/P01/2013-04-01..2014-03-31", *ANALYST)
    premium("run", "-", stdin=register("p", "P01"))
    ok(*provider, "ZG000")
    before = answered()
    document = ok(*ASSESS, "--json").document
    assert document["open"][0] == {"body": "ZG000", "clauses": ["constitution.red-1"]}
    assert answered() == before + document["recorded"]
    assert "no result of red-1" in ok("award", "show", "ZG000", *YEAR).out
    ok(*provider, "--nobody")
    assert ok(*ASSESS, "--json").document["recorded"] == 1


def test_awards_that_are_figures_are_proposed_and_ranges_are_listed():
    ok(*ASSESS)
    document = ok(*PROPOSE, "--json").document
    assert document["recorded"] == 3
    (still,) = document["ranges"]
    assert still == {
        "body": LATE,
        "open": ["constitution.red-1", "gate.financial", "gate.quality"],
        "certain_pence": 0,
        "open_pence": 218_750_00,
        "lost_pence": 31_250_00,
    }
    assert document["rounds"] == [
        {"round": 1, "count": 3, "control_total_pence": sum(TOTALS)}
    ]
    shown = ok("award", "show", LATE, *YEAR, "--json").document
    assert shown["state"] == "open"


def test_proposing_again_proposes_only_what_is_new(folder: Path):
    proposed()
    more(folder / "sim.db", LATE, until="year/assess/pyll")
    ok(*ASSESS)
    document = ok(*PROPOSE, "--json").document
    assert (document["recorded"], document["as_before"]) == (1, 3)
    assert document["ranges"] == []
    assert document["rounds"][0]["count"] == 4


def test_a_round_is_confirmed_under_its_control_total_each_account_by_itself():
    proposed()
    before = head()
    total = as_option(sum(TOTALS))
    document = ok(*CONFIRM, "--control-total", total, "--json").document
    assert (document["recorded"], document["count"]) == (3, 3)
    assert document["control_total_pence"] == sum(TOTALS)
    assert head() == before + 3
    for body, pence in zip(bodies(3), TOTALS, strict=True):
        balances = ok("balances", body, *YEAR, "--json").document["balances"]
        stands = {one["ledger_account"]: one["balance_pence"] for one in balances}
        assert stands["premium:payable"] == pence


def test_a_control_total_that_is_a_penny_off_is_refused_and_nothing_is_recorded():
    proposed()
    stands, commands = head(), answered()
    done = premium(*CONFIRM, "--control-total", as_option(sum(TOTALS) + 1))
    assert (done.code, done.out) == (3, "")
    assert "given as £406,290.95" in done.err
    assert "the 3 awards of round 1 come to £406,290.94" in done.err
    assert (head(), answered()) == (stands, commands)


def test_ids_follow_from_round_body_and_proposal():
    proposed()
    ok(*CONFIRM)
    with Ledger.open(os.environ["PREMIUM_DB"]) as ledger:
        ids = [row.id for row in ledger.command_rows(0, 10_000) if "round/" in row.id]
    assert [re.sub(r"/\d+$", "", one) for one in ids] == [
        f"round/quality-premium/2013-14/1/{body}" for body in bodies(3)
    ]


def test_what_a_stopped_round_left_is_done_by_the_same_call(
    monkeypatch: pytest.MonkeyPatch,
):
    proposed()
    monkeypatch.setattr("interfaces.cli.bulk.CHUNK", 1)
    give, calls = Ledger.give_each, []

    def stops_at_the_second(self: Ledger, requests: object) -> object:
        calls.append(requests)
        if len(calls) == 2:
            raise Unavailable("the disk is full")
        return give(self, requests)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "give_each", stops_at_the_second)
        assert premium(*CONFIRM).code == 5
    total = as_option(sum(TOTALS))
    rest = ok(*CONFIRM, "--control-total", total, "--json").document
    assert (rest["recorded"], rest["as_before"]) == (2, 1)
    again = ok(*CONFIRM, "--control-total", total, "--json").document
    assert (again["recorded"], again["as_before"]) == (0, 3)


def test_bodies_can_be_left_out_and_confirmed_later():
    proposed()
    but = ok(*CONFIRM, "--except", "ZG001", "--json").document
    assert (but["recorded"], but["excepted"]) == (2, ["ZG001"])
    assert but["control_total_pence"] == TOTALS[0] + TOTALS[2]
    rest = ok(*CONFIRM, "--json").document
    assert (rest["recorded"], rest["as_before"]) == (1, 2)
    strange = premium(*CONFIRM, "--except", "ZG007")
    assert strange.code == 2
    assert "ZG007 is not in round 1" in strange.err


def test_who_proposed_a_round_cannot_confirm_it_and_another_still_can():
    proposed()
    stands, commands = head(), answered()
    same = premium(*CONFIRM[:-2], "--as", "approver:payer-analyst-1", "--json")
    assert same.code == 3
    assert [(one["body"], one["refusal"]) for one in same.document["exceptions"]] == [
        (body, "same-person") for body in bodies(3)
    ]
    assert (head(), answered()) == (stands, commands)
    assert ok(*CONFIRM, "--json").document["recorded"] == 3


def test_an_exception_of_one_account_harms_no_other_and_can_be_mended():
    ok(*ASSESS)
    # Put forward five days later, so the round's day would come before it.
    later = ("--effective-on", "2015-10-25", "--decided-on", "2015-10-20")
    ok("award", "propose", "ZG001", *YEAR, *later, *ANALYST)
    ok(*PROPOSE)
    done = premium(*CONFIRM)
    assert done.code == 3
    assert "Exceptions: 1" in done.out
    assert re.search(r"ZG001 +date-runs-backwards", done.out)
    assert "2 recorded, 0 as before" in done.out
    mended = (*CONFIRM[:4], *YEAR, *later, *APPROVER, "--json")
    rest = ok(*mended).document
    assert (rest["recorded"], rest["as_before"]) == (1, 2)


def test_an_id_of_the_round_that_was_used_otherwise_is_a_conflict_of_that_account():
    proposed()
    with Ledger.open(os.environ["PREMIUM_DB"]) as ledger:
        version = len(ledger.stream("account/quality-premium/2013-14/ZG001"))
    id = f"round/quality-premium/2013-14/1/ZG001/{version}"
    taken = ("award", "confirm", "ZG001", "--determination", "2", "--id", id)
    assert premium(*taken, *YEAR, *APPROVER).code == 3
    done = premium(*CONFIRM, "--json")
    assert done.code == 4
    assert done.document["recorded"] == 2
    (exception,) = done.document["exceptions"]
    assert (exception["body"], exception["refusal"]) == ("ZG001", "command-id-reused")


def test_a_dry_run_shows_the_round_and_records_nothing():
    proposed()
    stands = head()
    done = ok(*CONFIRM, "--dry-run")
    assert "round 1, 3 awards, control total £406,290.94" in done.out
    assert "3 would be recorded" in done.out
    assert head() == stands


def test_a_round_that_nobody_proposed_is_refused():
    ok(*ASSESS)
    done = premium(*CONFIRM)
    assert done.code == 3
    assert "no award of round 1 is proposed" in done.err


def test_a_role_without_the_right_is_an_exception_of_every_account():
    done = premium("assess", "--all", *YEAR, *ON, *APPROVER, "--json")
    assert done.code == 3
    exceptions = done.document["exceptions"]
    assert {one["refusal"] for one in exceptions} == {"role-may-not"}
    assert done.document["recorded"] == 0


@pytest.mark.parametrize(
    "tokens",
    [
        ("assess", *YEAR),
        ("assess", "ZG000", "--all", *YEAR),
        ("award", "propose", *YEAR),
        ("award", "propose", "ZG000", "--all", *YEAR),
        ("award", "confirm", *YEAR),
        ("award", "confirm", "ZG000", "--round", "1", *YEAR),
        ("award", "confirm", "ZG000", *YEAR),
        ("award", "confirm", "ZG000", "--determination", "1", "--except", "X", *YEAR),
        ("assess", "--all"),
        ("assess", "--all", *YEAR, "--id", "i"),
    ],
    ids=" ".join,
)
def test_what_is_meant_must_be_said_once(tokens: tuple[str, ...]):
    done = premium(*tokens, *APPROVER)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("premium: ")
