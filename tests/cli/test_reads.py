"""What the reading commands print: tables, and one JSON document with `--json`."""

import re
from datetime import date
from typing import Any

import pytest

from tests.cli.program import ACCOUNT, RULES, ok, premium

pytestmark = pytest.mark.usefixtures("whole_year")

YEAR = ("--scheme-year", "2013-14")
READS = [
    ("account", "show", "ZZ1", *YEAR),
    ("account", "terms", "ZZ1", *YEAR),
    ("award", "show", "ZZ1", *YEAR),
    ("balances",),
    ("balances", "ZZ1", *YEAR, "--slices"),
    ("balances", "--payment-year", "2014-15"),
    ("compare", "ZZ1", *YEAR, "--with", "red-1=75"),
    ("explain", "ZZ1", *YEAR),
    ("explain", "ZZ1", *YEAR, "--claim", "simulated-maximum"),
    ("impact", "red-1/ZZ1/2013-04-01..2014-03-31", "--value", "75"),
    ("rebuild",),
    ("replay", "--all"),
    ("replay", "ZZ1", *YEAR),
    ("rulebook", "list"),
    ("rulebook", "show", *YEAR),
    ("rulebook", "show", *YEAR, "--clause", "constitution.rtt"),
    ("show", "year/d1"),
    ("trail", "ZZ1", *YEAR),
    ("verify",),
]


def amounts(document: Any) -> list[tuple[str, Any]]:
    """Every field of a document that names pence, at any depth."""
    if isinstance(document, list):
        return [found for one in document for found in amounts(one)]
    if not isinstance(document, dict):
        return []
    here = [(k, v) for k, v in document.items() if k.endswith("_pence")]
    return here + [found for one in document.values() for found in amounts(one)]


def floats(document: Any) -> list[float]:
    """Every number in a document that is not whole."""
    if isinstance(document, dict):
        document = list(document.values())
    if isinstance(document, list):
        return [found for one in document for found in floats(one)]
    return [document] if isinstance(document, float) else []


@pytest.mark.parametrize("tokens", READS, ids=" ".join)
def test_json_is_one_document_with_origin_position_and_whole_pence(
    tokens: tuple[str, ...],
):
    document = ok(*tokens, "--json").document
    assert document["origin"] == "simulated"
    assert document["position"] == 71
    assert floats(document) == []
    for name, value in amounts(document):
        values = value.values() if isinstance(value, dict) else [value]
        assert all(one is None or type(one) is int for one in values), name


@pytest.mark.parametrize("tokens", READS, ids=" ".join)
def test_what_is_printed_says_simulated(tokens: tuple[str, ...]):
    assert "SIMULATED" in ok(*tokens).out


@pytest.mark.parametrize(
    "tokens",
    [one for one in READS if "ZZ1" in one or one[0] == "balances"],
    ids=" ".join,
)
def test_both_years_are_printed(tokens: tuple[str, ...]):
    assert "2013/14, paid in 2014/15" in ok(*tokens).out
    document = ok(*tokens, "--json").document
    where = document["balances"][0] if "balances" in document else document
    assert (where["scheme_year"], where["payment_year"]) == ("2013-14", "2014-15")


@pytest.mark.parametrize("tokens", READS, ids=" ".join)
def test_a_real_ledger_says_real_and_never_simulated(tokens: tuple[str, ...]):
    real = ("--db", "real.db")
    ok("init", "--name", "R", "--origin", "real", "--as", "operator:o1", *real)
    ok("rulebook", "publish", RULES, "--as", "approver:p1", *real)
    done = premium(*tokens, *real)
    assert "SIMULATED" not in done.out + done.err


def test_an_account_is_named_in_any_of_three_ways():
    by_scheme_year = ok("account", "show", "ZZ1", *YEAR).out
    by_payment_year = ok("account", "show", "ZZ1", "--payment-year", "2014-15").out
    by_id = ok("account", "show", ACCOUNT).out
    assert by_scheme_year == by_payment_year == by_id


def test_balances_add_up_to_nothing_and_are_right_aligned():
    document = ok("balances", "--slices", "--json").document
    assert sum(one["balance_pence"] for one in document["balances"]) == 0
    assert sum(one["balance_pence"] for one in document["slices"]) == 0
    lines = [line.rstrip() for line in ok("balances").out.splitlines() if "£" in line]
    assert len({len(line) for line in lines[1:]}) == 1
    assert "-£206,185.00" in lines[1]


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (("--scheme-year", "2014-15"), "no account of 2014-15 is open"),
        (
            ("--scheme-year", "2014-15", "--scheme", "quality-premium"),
            "no account of quality-premium 2014-15 is open",
        ),
        (("--scheme", "qof"), "no account of a scheme 'qof' is open"),
        (("--payment-year", "2013-14"), "those of 2013-14"),
        (("ZZ1", "--scheme-year", "2014-15"), "ZZ1 has accounts of 2013-14 alone"),
        (("zz1", *YEAR), "did you mean ZZ1?"),
        (("Q", *YEAR), "premium balances shows every one"),
        (
            ("ZZ1", *YEAR, "--scheme", "quality"),
            "did you mean quality-premium/2013-14/ZZ1?",
        ),
    ],
)
def test_what_is_not_there_is_an_error_that_says_what_is(
    tokens: tuple[str, ...], says: str
):
    of_all_bodies = tokens[0].startswith("--")
    for word in ("balances", "totals") if of_all_bodies else ("balances", "trail"):
        done = premium(word, *tokens)
        assert (done.code, done.out) == (2, "")
        assert says in done.err


def test_the_award_is_certain_open_and_lost_and_they_add_up():
    award = ok("award", "show", "ZZ1", *YEAR, "--json").document
    assert award["state"] == "confirmed"
    assert (award["certain_pence"], award["open_pence"], award["lost_pence"]) == (
        135_308_91,
        0,
        70_876_09,
    )
    assert award["total_pence"] == award["certain_pence"]


def lines_of(line: dict[str, Any]) -> None:
    """Where lines have pence they add up to the line above."""
    inner = [one for one in line.get("lines", ()) if "pence" in one]
    if inner and "pence" in line:
        assert sum(one["pence"] for one in inner) == line["pence"], line["says"]
    for one in line.get("lines", ()):
        lines_of(one)


def test_an_explanation_adds_up_to_the_award_to_the_penny():
    working = ok("explain", "ZZ1", *YEAR, "--json").document["working"]
    assert working["pence"] == 135_308_91
    lines_of(working)
    text = ok("explain", "ZZ1", *YEAR).out
    assert "£135,308.91" in text
    assert "ASSUMED" in text


def test_an_explanation_against_a_claim_tries_every_basis_and_records_nothing():
    before = ok("verify", "--json").document["position"]
    tokens = ("explain", "ZZ1", *YEAR, "--claim", "simulated-maximum")
    document = ok(*tokens, "--json").document
    assert document["recorded"] is False
    # Two populations are held for the group, each under four readings.
    assert [fit["as_at"] for fit in document["fits"]] == 4 * ["2013-04-01"] + 4 * [
        "2013-07-01"
    ]
    # £206,185.00 rounds to the £206,000 published; £206,500.00 rounds to £207,000.
    verdicts = [fit["verdict"] for fit in document["fits"]]
    assert verdicts == 4 * ["when rounded"] + 4 * ["no"]
    assert "Nothing was recorded." in ok(*tokens).out
    assert ok("verify", "--json").document["position"] == before


def test_a_claim_about_another_body_is_not_compared():
    done = premium("explain", "ZZ2", *YEAR, "--claim", "simulated-maximum")
    assert done.code == 2
    assert "is about ZZ1" in done.err


def test_the_trail_tells_cause_before_effect():
    steps = ok("trail", "ZZ1", *YEAR, "--json").document["steps"]
    seen: set[str] = set()
    for step in steps:
        assert set(step["because"]) <= seen, step
        seen.add(step["record_id"])
        assert date.fromisoformat(step["effective_on"])
    told = " ".join(step["sentence"] for step in steps)
    assert "£135,308.91" in told
    assert "No plan was agreed" in told


def test_one_clause_is_shown_with_its_source():
    tokens = ("rulebook", "show", *YEAR, "--clause", "reduction-base")
    clause = ok(*tokens, "--json").document["clause"]
    assert (clause["status"], clause["reading"]) == ("assumed", "earned")
    assert "[ASSUMED]" in ok(*tokens).out
    assert "Source:" in ok(*tokens).out


def test_the_journal_goes_to_standard_output_where_no_file_is_named():
    text = ok("export", "journal").out
    assert text.startswith('option "title" "SIMULATED: ')
    assert len(re.findall(r"^\d{4}-\d\d-\d\d \* ", text, re.MULTILINE)) == 11


def test_views_that_are_deleted_are_rebuilt_equal(folder):
    before = ok("balances", "--slices", "--json").out
    (folder / "sim.views.db").unlink()
    assert ok("balances", "--slices", "--json").out == before
    ok("rebuild")
    assert ok("balances", "--slices", "--json").out == before
    ok("verify")
