"""docs/year-end.md walks from the bank's figures to the premium's and back."""

import re
import shlex

from tests.cli.program import HOUSE, ok, premium

PAGE = (HOUSE / "docs" / "year-end.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^    (premium [^\n]+)$|^```\n(.*?)^```$", PAGE, re.M | re.S)


def words(line: str) -> str:
    return " ".join(line.split())


def test_each_line_of_the_page_runs_and_prints_what_the_page_shows():
    printed: set[str] = set()
    blocks = 0
    for command, block in STEPS:
        if command:
            done = ok(*shlex.split(command)[1:])
            printed = {words(line) for line in done.out.splitlines()}
            continue
        blocks += 1
        assert [one for one in block.splitlines() if words(one) not in printed] == []
    assert blocks == 2


def test_the_bank_and_the_correction_stand_in_the_certificate():
    commands = [command for command, _ in STEPS if command]
    for command in commands[:-1]:
        ok(*shlex.split(command)[1:])
    asked = ("certificate", "ZZ0002", "--payment-year", "2015-16", "--db", "end.db")
    found = ok(*asked, "--json").document
    [premium_] = found["premiums"]
    assert [one["topic"] for one in premium_["prior_period"]] == [
        "spending-corrected.v1"
    ]
    [bank] = found["said"]
    assert (bank["says"], bank["of"]) == ("bank", "group:held")
    assert (bank["asserted_pence"], bank["difference_pence"]) == (5_867_78, 0)
    ok(
        *("assert-balance", "ZZ0002", "group:held", "5,867.79", "--says", "bank"),
        *("--on", "2016-03-31", "--scheme-year", "2013-14", "--db", "end.db"),
        *("--as", "analyst:a1"),
    )
    assert premium(*asked).code == 1
    assert "prior-period adjustment, closed through 2016-03-31" in premium(*asked).out


def test_a_body_without_a_premium_and_a_year_that_is_none_are_said():
    ok("init", "--origin", "simulated", "--name", "A", "--as", "operator:o1")
    done = premium("certificate", "ZZ1", "--payment-year", "2015-16")
    assert (done.code, "ZZ1 has no premium" in done.err) == (3, True)
    done = premium("certificate", "ZZ1", "--payment-year", "2015-17")
    assert (done.code, "'2015-17' is not a year" in done.err) == (2, True)
