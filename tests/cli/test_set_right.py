"""The commands that set money right: tried first, repeated harmlessly, refused."""

import re
from typing import Any

import pytest

from tests.cli.program import ACCOUNT, ok, premium
from tests.worlds.years import year

ANALYST = ("--as", "analyst:a1")
APPROVER = ("--as", "approver:p1")
FINANCE = ("--as", "finance-officer:f1@ZZ1")
SAYS = ("--reason", "A reason in words")
KEEP = (
    *("withhold", "propose", ACCOUNT, "w1", "--ground", "financial-requirements"),
    *("--legal-basis", "4(1)(a)", "--discretion", "Appropriate", "--share", "1/10"),
    *ANALYST,
)
DECIDE = ("withhold", "decide", ACCOUNT, "w1", *APPROVER)
SPEAK = (
    *("represent", "make", ACCOUNT, "rep1", "--withholding", "w1"),
    *("--grounds", "It was raised", *FINANCE),
)
DEMENTIA = "dementia-diagnosis/ZZ1/2013-04-01..2014-03-31"
HEADS = "population.registered.gp-list/ZZ1/2013-04-01"
RED_1 = "red-1/ZZP/2013-04-01..2014-03-31"

# The line of the invented year before which it happens, and commands one after another.
STORIES: list[tuple[str, list[tuple[str, ...]]]] = [
    (
        "year/d1",
        [
            KEEP,
            DECIDE,
            ("withhold", "vary", ACCOUNT, "w1", "£9,000.00", *SAYS, *APPROVER),
            SPEAK,
            (
                *("represent", "decide", ACCOUNT, "rep1", "--outcome", "upheld"),
                *(*SAYS, "--as", "approver:p2"),
            ),
            ("withhold", "release", ACCOUNT, "w1", *SAYS, *APPROVER),
        ],
    ),
    ("year/d1", [KEEP, ("withhold", "refuse", ACCOUNT, "w1", *SAYS, *APPROVER)]),
]

STORIES += [
    ("year/pay-d1", [("disburse", "withdraw", ACCOUNT, "d1", *SAYS, *FINANCE)]),
    ("year/pay-d1", [("disburse", "expire", ACCOUNT, "d1", *ANALYST)]),
    (
        "year/s1",
        [
            ("receipt", "dispute", ACCOUNT, "d1", *SAYS, *FINANCE),
            (
                *("receipt", "confirm", ACCOUNT, "d1"),
                *("--received-on", "2015-11-03", *FINANCE),
            ),
            ("disburse", "return", ACCOUNT, "d1", *SAYS, *ANALYST),
            ("period", "close", "2015-12-31", *APPROVER),
            (
                *("assert-balance", ACCOUNT, "group:held", "0"),
                *("--on", "2015-12-31", "--says", "bank", *ANALYST),
            ),
        ],
    ),
    (
        "year/d2-too-soon",
        [
            (
                *("spend", "record", ACCOUNT, "s1", "45,000", "--payee", "x"),
                *("--purpose", "a", "--service", "Clinic", *FINANCE),
            ),
            (
                *("spend", "correct", ACCOUNT, "s1", "44,000", "--payee", "x"),
                *("--purpose", "a", "--service", "Clinic", *SAYS, *FINANCE),
            ),
            (
                *("spend", "pass-on", ACCOUNT, "s9", "1,000", "--payee", "y"),
                *("--purpose", "a", "--service", "Carers", *FINANCE),
            ),
            (
                *("result", "correct", DEMENTIA, "--value", "59"),
                *(*SAYS, *ANALYST),
            ),
            ("assess", ACCOUNT, "local-1", *ANALYST),
            ("award", "propose", ACCOUNT, *ANALYST),
            ("award", "confirm", ACCOUNT, "--determination", "2", *APPROVER),
            ("recover", "propose", ACCOUNT, "r0", "5000", *SAYS, *ANALYST),
            ("recover", "refuse", ACCOUNT, "r0", *SAYS, *APPROVER),
            ("recover", "propose", ACCOUNT, "r1", "5000", *SAYS, *ANALYST),
            ("recover", "order", ACCOUNT, "r1", *APPROVER),
            (
                *("recover", "receive", ACCOUNT, "r1", "p1", "3000"),
                *("--reference", "R-1", *ANALYST),
            ),
            ("recover", "set-off", ACCOUNT, "so1", "1000", *APPROVER),
        ],
    ),
]

STORIES += [
    (
        "year/confirm",
        [("award", "refuse", ACCOUNT, "--determination", "1", *SAYS, *APPROVER)],
    ),
    (
        "year/d2-too-soon",
        [
            (
                *("account", "rebase-target", ACCOUNT, "local-1", "60.5"),
                *("--agreed-on", "2014-02-01", "--agreed-by", "ZZ1"),
                *("--agreed-by", "payer", *SAYS, *ANALYST),
            ),
            (
                *("result", "correct", HEADS, "--value", "41000"),
                *(*SAYS, *ANALYST),
            ),
            (
                *("account", "correct-population", ACCOUNT),
                *("--population", "population.registered.gp-list"),
                *("--as-at", "2013-04-01", *SAYS, *ANALYST),
            ),
            (
                *("unspent", "declare", ACCOUNT, "£15,000.00"),
                *("--on", "2016-03-31", *FINANCE),
            ),
            (
                *("unspent", "propose-lapse", ACCOUNT, "l1", "1,000.00"),
                *("--reference", "L1", *SAYS, *ANALYST),
            ),
            ("unspent", "lapse", ACCOUNT, "l1", *APPROVER),
            (
                *("unspent", "propose-lapse", ACCOUNT, "l2", "1,000.00"),
                *("--reference", "L2", *SAYS, *ANALYST),
            ),
            ("unspent", "refuse-lapse", ACCOUNT, "l2", *SAYS, *APPROVER),
            ("result", "attribute", RED_1, "ZZ1", *ANALYST),
            ("result", "attribute", RED_1, "--nobody", *ANALYST),
        ],
    ),
]


def head() -> int:
    return int(ok("balances", "--json").document["position"])


def recorded(*tokens: str) -> list[dict[str, Any]]:
    """The facts that a command itself recorded, with their topics."""
    return [
        {"topic": one["topic"], **one["fact"]}
        for one in ok(*tokens, "--json").document["facts"]
        if one["topic"] != "party-registered.v1"
    ]


@pytest.mark.parametrize(("before", "story"), STORIES)
def test_each_is_tried_recorded_and_repeated_without_doubling(
    before: str, story: list[tuple[str, ...]]
):
    year(before)
    for tokens in story:
        stands = head()
        trial = ok(*tokens, "--dry-run", "--json").document
        assert (trial["outcome"], trial["dry_run"]) == ("appended", True), tokens
        assert trial["facts"]
        assert head() == stands
        first = ok(*tokens)
        printed = re.search(r"\(id (\S+)\)", first.out)
        assert printed is not None
        assert head() == stands + len(trial["facts"])
        id = printed[1].partition("/")[0] if tokens[0] == "assess" else printed[1]
        again = ok(*tokens, "--id", id)
        assert "Recorded before, by the same command" in again.out
        assert head() == stands + len(trial["facts"])


def test_a_tenth_of_the_award_is_kept_back_and_another_person_decides():
    year("year/d1")
    ok(*KEEP)
    refused = premium("withhold", "decide", ACCOUNT, "w1", "--as", "approver:a1")
    assert (refused.code, "same-person" in refused.err) == (3, True)
    (decided,) = recorded(*DECIDE)
    assert (decided["topic"], decided["award_pence"], decided["amount_pence"]) == (
        "withholding-decided.v1",
        135_308_91,
        13_530_89,
    )


def test_a_share_and_an_amount_together_are_not_understood():
    year("year/d1")
    done = premium(*KEEP, "--amount", "100")
    assert (done.code, "--share or --amount" in done.err) == (2, True)


@pytest.mark.parametrize("more", [(), ("--withholding", "w1", "--determination", "1")])
def test_a_representation_is_against_one_thing(more: tuple[str, ...]):
    year("year/d1")
    done = premium(
        "represent", "make", ACCOUNT, "rep1", "--grounds", "No", *more, *FINANCE
    )
    assert (done.code, "against what?" in done.err) == (2, True)


def test_a_body_speaks_against_the_award_by_its_number():
    year("year/d1")
    (made,) = recorded(
        *("represent", "make", ACCOUNT, "rep1", "--determination", "1"),
        *("--grounds", "The heads were others", *FINANCE),
    )
    assert (made["about"], made["subject"]) == ("award", "1")


def test_a_corrected_result_keeps_its_unit_and_cites_what_it_corrects():
    year("year/s2")
    (corrected,) = recorded(
        "result", "correct", DEMENTIA, "--value", "59", *SAYS, *ANALYST
    )
    assert (corrected["topic"], corrected["value"], corrected["unit"]) == (
        "result-corrected.v1",
        "59",
        "percent",
    )
    assert corrected["corrects"] == f"result/{DEMENTIA}@1"


def test_a_result_that_is_not_there_cannot_be_corrected():
    year("year/s2")
    done = premium(
        *(
            "result",
            "correct",
            "red-1/ZZ9/2013-04-01..2014-03-31",
            "--value",
            "1",
            *SAYS,
            *ANALYST,
        )
    )
    assert (done.code, "nothing-to-correct" in done.err) == (3, True)


def test_a_debt_is_set_off_only_against_the_same_body():
    year("year/s2")
    done = premium(
        *("recover", "set-off", ACCOUNT, "so1", "10", *APPROVER),
        *("--against", "quality-premium/2014-15/ZZ2"),
    )
    assert (done.code, "other-body" in done.err) == (3, True)


@pytest.mark.parametrize(("amount", "pence"), [("-1234.56", -1234_56), ("0.01", 1)])
def test_a_balance_can_be_asserted_on_either_side_of_nought(amount: str, pence: int):
    year("year/d1")
    (asserted,) = recorded(
        *("assert-balance", ACCOUNT, "premium:overpaid", amount),
        *("--on", "2015-12-31", "--says", "ledger", *ANALYST),
    )
    assert (asserted["of"], asserted["pence"]) == ("premium:overpaid", pence)
