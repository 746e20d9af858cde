"""The demo runs from nothing, in its own folder, and says what it found."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.demo import shown
from tests.cli.program import ok

pytestmark = pytest.mark.xdist_group("demo")

REFUSED = [
    "account-already-open",
    "account-not-open",
    "beyond-held",
    "beyond-payable",
    "body-differs",
    "claim-differs",
    "command-id-reused",
    "date-runs-backwards",
    "disbursement-id-taken",
    "document-differs",
    "evidence-published-later",
    "ledger-opened-otherwise",
    "no-population",
    "no-result",
    "no-rulebook",
    "no-such-disbursement",
    "no-such-proposal",
    "not-a-group",
    "not-all-assessed",
    "not-in-rulebook",
    "not-left-to-agreement",
    "not-whole-heads",
    "not-your-body",
    "purpose-not-permitted",
    "reference-taken",
    "result-differs",
    "role-may-not",
    "same-person",
    "spending-id-taken",
    "succeeded-otherwise",
    "terms-in-use",
    "test-not-agreed",
    "unknown-body",
    "version-changed",
    "wrong-state",
]
"""Every refusal that the rules of 2013/14 and one group's year can lead to."""


def test_it_imports_all_open_data_and_finds_exactly_half(told: tuple[Path, str]):
    text = told[1]
    assert "248 groups" in text
    assert "142 successions" in text
    assert "8,239 practices" in text
    assert "7,030 populations" in text
    for published in ("£269m", "£86.3m", "£180m", "32%", "£380m", "£218m", "20%"):
        assert published in text
    assert re.search(r"exact +running-cost\.derived .* 88,000 +all +50% +£220,000\.00",
                     text)  # fmt: skip
    real = text[: text.index("SIMULATED: three years")]
    assert "withheld" not in real.replace("withheld by decision", "")


def test_it_shows_which_published_figures_fit_and_which_cannot(
    told: tuple[Path, str],
):
    text = told[1]
    for checked in (
        "29% is reached by no rule",
        "one fits residents alone, the other lists alone, and both stand so",
        "it is a conflict with the weights recalled, and stays one",
    ):
        assert f"Checked: {checked}." in text
    for gives in (
        r"additive: nearest states +28\.125% and 31\.25%",
        r"resident\.ons-mid-year, 2015-06-30 +£273,931,635\.00  when rounded",
        r"gp-list, 2015-04-01 \(33 groups.+\) +£7,542,552\.00  when rounded",
        r"resident\.ons-mid-year, 2015-06-30 \(33 groups.+\) +£7,213,068\.00  no",
        r"implies +115,000 heads",
        r"both trimethoprim parts\) +about £107,777\.05  no",
    ):
        assert re.search(gives, text), gives


def test_it_holds_three_measures_of_every_group_against_their_tests(
    told: tuple[Path, str],
):
    text = told[1]
    for checked in (
        "204 of 207 met it, and NHS West Norfolk CCG missed by least",
        "68 of 211 met it, and NHS Birmingham CrossCity CCG missed by least",
        "161 of 211 met it, and NHS South Reading CCG missed by least",
    ):
        assert f"Checked: {checked}." in text
    assert text.count("not NHS England's determinations") == 3
    assert "Trusts that did not submit: Barking, Havering and Redbridge" in text


def test_it_attempts_every_refusal_that_can_arise_in_a_year(told: tuple[Path, str]):
    lines = (told[0] / "simulated-answers.ndjson").read_text("utf-8").splitlines()
    answers = [json.loads(line) for line in lines]
    refused = {one["refusal"] for one in answers if one["outcome"] == "refused"}
    assert sorted(refused) == REFUSED
    assert {one["outcome"] for one in answers} == {
        "appended",
        "repeated",
        "refused",
        "invalid",
    }


def test_it_ends_with_every_penny_spent_and_beancount_agreeing(told: tuple[Path, str]):
    folder, text = told
    assert "beancount finds no fault" in text
    assert "balances are ours, to the penny" in text
    asked = ("balances", "--zeros", "--db", str(folder / "simulated.db"))
    balances = ok(*asked, "--json").document
    held = [
        one["balance_pence"]
        for one in balances["balances"]
        if one["ledger_account"] in ("group:held", "premium:payable")
    ]
    assert held == [0, 0]


def test_it_works_three_years_and_shows_what_became_of_the_maximum(
    told: tuple[Path, str],
):
    text = told[1]
    fall = text[text.index("SIMULATED: three years") :]
    for step in ("maximum", "not earned", "reduced", "withheld", "paid out"):
        assert re.search(rf"^  {step} +(£[1-9][\d,]*\.\d\d *){{3}}$", fall, re.M), step
    assert re.search(r"^  difference +£0\.00 +£0\.00 +£0\.00$", fall, re.MULTILINE)
    assert "Checked: the 6 refused are those that were meant to be." in fall
    assert "Preparation 1: by sim-analyst-1 on " in fall
    assert "Checked: what was approved is what the ledger has." in fall


def test_it_leaves_each_ledger_sound_and_says_what_to_try(told: tuple[Path, str]):
    folder, text = told
    for name in ("real", "simulated", "years"):
        ok("verify", "--db", str(folder / f"{name}.db"))
    tail = text[text.index("Try next") :]
    assert tail.count("premium ") >= 5


def test_run_again_it_starts_from_nothing_and_ends_the_same(told: tuple[Path, str]):
    folder, text = told

    def same(said: str) -> str:
        ids = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+ s\b|  \(\d+\.\d s\)\n"
        return re.sub(ids, "", said)

    assert same(shown(folder)) == same(text)
