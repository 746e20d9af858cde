"""`premium explain` at every state of an account: complete, and re-adding."""

from typing import Any

import pytest

from tests.cli.program import begin, ok, premium
from tests.worlds.years import year

YEAR = ("--scheme-year", "2013-14")
RED_1 = "year/result/red-1/2013-04-01..2014-03-31"
STATES = {
    "open": "year/terms",
    "assessed": "year/assess/infection",
    "all assessed": "year/confirm-nothing",
    "proposed": "year/confirm-own",
    "confirmed": "year/d1-another-body",
    "requested": "year/approve-own",
    "paid": "year/s1",
    "spent": "",
}
"""State -> the first command of the year that is left out."""


def at(state: str) -> Any:
    year(until=STATES[state])
    return ok("explain", "ZZ1", *YEAR, "--json").document


def assert_re_adds(line: dict[str, Any]) -> int:
    """Every line whose lines have pence is their sum; how many such lines there are."""
    parts = [one for one in line.get("lines", ()) if one.get("pence") is not None]
    if line.get("pence") is not None and parts:
        assert sum(one["pence"] for one in parts) == line["pence"], line["says"]
    return bool(parts) + sum(assert_re_adds(one) for one in line.get("lines", ()))


def reasons(line: dict[str, Any]) -> list[str]:
    why = line["result"] == "open" and line["says"].startswith("Open: ")
    here = [line["says"]] if why else []
    return here + [found for one in line.get("lines", ()) for found in reasons(one)]


@pytest.mark.parametrize("state", STATES)
def test_the_working_re_adds_to_the_penny_at_every_state(state: str):
    working = at(state)["working"]
    assert assert_re_adds(working) >= 1
    awarded = list(STATES).index(state) >= 3
    assert working["pence"] == (135_308_91 if awarded else 206_185_00)


@pytest.mark.parametrize("state", STATES)
def test_every_clause_that_is_judged_stands_there_with_its_status(state: str):
    def clauses(line: dict[str, Any]) -> dict[str, str]:
        here = {line["clause"]: line["status"]} if line.get("clause") else {}
        for one in line.get("lines", ()):
            here |= clauses(one)
        return here

    found = clauses(at(state)["working"])
    assert {"value", "population", "pyll", "infection", "local-3"} <= found.keys()
    assert {"constitution.red-1", "gate.financial", "gate.quality"} <= found.keys()
    assert all(found.values())


def test_what_is_open_says_why():
    document = at("open")
    assert document["standing"]["stage"] == "open"
    said = reasons(document["working"])
    assert len(said) == 13
    assert "Open: left to agreement, and no agreement is recorded" in said
    assert any("no result of red-1 for 2013-04-01..2014-03-31" in one for one in said)
    assert "Open: no result of" in ok("explain", "ZZ1", *YEAR).out


def test_what_is_partly_assessed_shows_outcomes_and_reasons_side_by_side():
    document = at("assessed")
    assert document["standing"]["stage"] == "assessed"
    assert document["standing"]["terms"] == "account/quality-premium/2013-14/ZZ1@2"
    said = reasons(document["working"])
    assert said == ["Open: not assessed yet"] * 10


def test_a_proposal_names_who_put_it_forward_and_its_rules():
    standing = at("proposed")["standing"]
    assert standing["stage"] == "proposed"
    assert standing["determination"] == 1
    assert standing["proposed_by"] == "payer-analyst-1"
    assert standing["rulebook"] == "rulebook/quality-premium/2013-14@1"
    assert "confirmed_by" not in standing


@pytest.mark.parametrize(
    ("state", "stage", "money"),
    [
        ("confirmed", "confirmed", (135_308_91, 0, 0, 0)),
        ("requested", "confirmed", (75_308_91, 60_000_00, 0, 0)),
        ("paid", "paid", (0, 0, 135_308_91, 0)),
        ("spent", "paid", (0, 0, 0, 135_308_91)),
    ],
)
def test_a_confirmed_award_says_where_each_penny_of_it_stands(
    state: str, stage: str, money: tuple[int, ...]
):
    standing = at(state)["standing"]
    names = ("payable_pence", "committed_pence", "held_pence", "spent_pence")
    assert standing["stage"] == stage
    assert tuple(standing[name] for name in names) == money
    assert sum(money) == standing["confirmed_pence"]
    assert standing["confirmed_by"] == "payer-approver-1"
    assert "was proposed by payer-analyst-1" in ok("explain", "ZZ1", *YEAR).out


def test_claims_about_the_body_and_year_are_listed_with_what_fits():
    from tests.cli.files import CLAIMS

    at("spent")
    with open("claims.csv", "w", encoding="utf-8") as file:
        file.write(CLAIMS)
    ok("import", "claims", "claims.csv", "--as", "analyst:a1")
    found = {
        one["claim"]: one
        for one in ok("explain", "ZZ1", *YEAR, "--json").document["claims"]
    }
    assert set(found) == {"simulated-maximum", "received-2013-14-ZZ1"}
    # £206,185.00 is £206,000 in thousands; the other day's 41,300 heads are £207,000.
    assert found["simulated-maximum"]["fits"] == {
        "exact": 0,
        "when rounded": 1,
        "no": 1,
    }
    received = found["received-2013-14-ZZ1"]
    assert (received["as_published"], received["status"]) == ("£135,000", "confirmed")
    assert sum(received["fits"].values()) == 8  # Two populations, four readings.
    assert received["fits"]["when rounded"] >= 1
    out = ok("explain", "ZZ1", *YEAR).out
    assert "Published about it, never evidence" in out
    assert "received-2013-14-ZZ1" in out


def test_claims_about_another_body_are_not_listed():
    assert [one["claim"] for one in at("open")["claims"]] == ["simulated-maximum"]


def test_an_account_that_is_not_there_has_nothing_to_explain():
    begin()
    done = premium("explain", "ZZ1", *YEAR)
    assert (done.code, done.out) == (2, "")
    assert "is open: there is none yet" in done.err


@pytest.mark.parametrize(
    "words",
    [("explain",), ("trail",), ("replay",), ("compare", "--with", "red-1=75")],
)
def test_a_question_about_an_account_that_is_not_there_says_what_comes_near(
    words: tuple[str, ...],
):
    at("open")
    done = premium(words[0], "ZZ9", *words[1:], *YEAR)
    assert (done.code, done.out) == (2, "")
    assert "ZZ9 is open: did you mean ZZ1?" in done.err
