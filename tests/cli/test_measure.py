"""`premium measure`: which groups met a test, and what is said beside it."""

from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from tests.cli.program import begin, ok, premium

ANALYST = ("--as", "analyst:a1")
BODIES = (
    "ods_code,ons_code,name,open_date\n"
    "X01,,Group One,2013-04-01\n"
    "X02,,Group Two,2013-04-01\n"
    "X03,,Group Three,2013-04-01\n"
)
MONTHS = (
    "measure,subject,period_start,period_end,numerator,denominator,value,unit\n"
    "rtt-incomplete,X01,2015-03-01,2015-03-31,9199,10000,,percent\n"
    "rtt-incomplete,X02,2015-03-01,2015-03-31,92,100,,percent\n"
    "a-ratio,X01,2015-01-01,2015-01-31,1,2,,ratio\n"
    "a-ratio,X01,2015-02-01,2015-02-28,3,100,,ratio\n"
    "pyll-amenable,X01,2013-01-01,2013-12-31,,,1000,per-100000\n"
    "pyll-amenable,X01,2014-01-01,2014-12-31,,,968,per-100000\n"
)
MARCH = ("measure", "rtt-incomplete", "--period", "2015-03")


@pytest.fixture(autouse=True)
def measured(tmp_path: Path) -> None:
    """A ledger with three groups and some of their results."""
    begin("real")
    for kind, text in (("bodies", BODIES), ("results", MONTHS)):
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
        ok("import", kind, str(tmp_path / f"{kind}.csv"), *ANALYST)


def test_the_nearest_miss_stands_first_and_all_is_said():
    out = ok(*MARCH).out
    assert out.index("Group One") < out.index("Group Two")
    for said in (
        "not NHS England's determinations",
        "clause constitution.rtt.standard of 2013-14: ASSUMED",
        "91.99000",
        "1 of 2 groups met it, 1 did not",
        "Missing: Group Three (X03): no result in 2015-03-01..2015-03-31",
        "Walsall (RBK): no data",
    ):
        assert said in " ".join(out.split()), said


def test_the_document_holds_exact_fractions_and_the_records_used():
    document = ok(*MARCH, "--json").document
    first, second = document["standings"]
    assert (first["body"], first["outcome"], first["margin"]) == (
        "X01",
        "not met",
        "-0.01",
    )
    assert second["records"] == [
        "result/rtt-incomplete/X02/2015-03-01..2015-03-31@1",
    ]
    assert (document["met"], document["not_met"], document["groups"]) == (1, 1, 2)
    assert document["test"]["rulebook"] == "rulebook/quality-premium/2013-14@1"
    assert document["england"]["numerator"] == "9291"
    assert [one["body"] for one in document["missing"]] == ["X03"]
    assert "RBK" in [one["trust"] for one in document["trusts_without_data"]]
    assert document["position"] == 16


def test_a_window_of_months_is_the_sum_of_its_counts():
    document = ok("measure", "a-ratio", "--period", "2015-01..2015-02", "--json")
    [one] = document.document["standings"]
    assert (one["value"], one["outcome"]) == ("2/51", "open")
    assert document.document["test"] is None


def test_a_test_of_a_change_needs_a_window_to_compare_with():
    out = ok("measure", "pyll-amenable", "--period", "2014").out
    assert "It asks for a change: give --against." in out
    held = ok("measure", "pyll-amenable", "--period", "2014", "--against", "2013").out
    assert "1 of 1 group met it, 0 did not" in held
    assert "-3.20000" in held


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("rtt-incomplete", "--period", "2013-14"), Exit.USAGE, "is not a period"),
        (
            ("rtt-incomplete", "--period", "2015-03", "--scheme-year", "2016-17"),
            Exit.USAGE,
            "no rulebook of 2016-17 is recorded: those that are: 2013-14",
        ),
        (
            ("zz", "--period", "2014"),
            Exit.USAGE,
            "measures recorded: a-ratio, pyll-amenable, rtt-incomplete",
        ),
        (("rtt-incomplet", "--period", "2014"), Exit.USAGE, "mean rtt-incomplete?"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(
    words: tuple[str, ...], code: Exit, says: str
):
    done = premium("measure", *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err


@pytest.mark.parametrize(
    ("words", "within"),
    [
        (("--period", "2014"), "2014-01-01..2014-12-31"),
        (("--period", "2015-03", "--against", "2014"), "2014-01-01..2014-12-31"),
    ],
)
def test_a_window_without_results_is_empty_and_says_which_have_some(
    words: tuple[str, ...], within: str
):
    asked = ("measure", "rtt-incomplete", *words)
    says = f"None: no result of rtt-incomplete lies within {within}: those recorded are"
    assert f"{says} from 2015-03-01 to 2015-03-31." in ok(*asked).out
    assert ok(*asked, "--json").document["standings"] == []


def test_groups_are_asked_for_as_every_list_is():
    asked = ("measure", "rtt-incomplete", "--period", "2015-03")
    by_value = ok(*asked, "--sort", "-value", "--json").document["standings"]
    values = [one["value"] for one in by_value]
    assert len(set(values)) == 2
    assert values != [
        one["value"] for one in ok(*asked, "--json").document["standings"]
    ]
    most = ok(*asked, "--where", f"value={values[0]}").out
    assert by_value[0]["body"] in most
    assert f" {by_value[1]['body']} " not in most


def test_results_are_called_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert "  Real results under our reading of the test; " in ok(*MARCH).out
    monkeypatch.setenv("PREMIUM_DB", "invented.db")
    begin()
    for kind in ("bodies", "results"):
        ok("import", kind, str(tmp_path / f"{kind}.csv"), *ANALYST)
    found = ok(*MARCH, "--json").document
    assert found["label"].startswith("Simulated results under our reading of the test;")
    assert f"  {found['label']}\n" in ok(*MARCH).out
    assert found["says"] == [], "what is known of the real results alone"
