"""`premium claims`: verdicts for people and machines, and the working of one."""

from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from tests.cli.program import begin, ok, premium

ANALYST = ("--as", "analyst:a1")
FILES = {
    "bodies": "ods_code,ons_code,name,open_date\nX01,,Group One,2013-04-01\n",
    "populations": (
        "ods_code,population,as_at,population_type,basis\n"
        "X01,88000,2013-04-01,registered,gp_list\n"
        "X01,80000,2011-03-27,resident,census\n"
    ),
    "claims": (
        "claim,about,scheme,scheme_year,quantity,as_published,amount_gbp,value,"
        "rounded_to_gbp,published_on,source,status\n"
        "received-2013-14-X01,X01,quality-premium,2013-14,received,"
        '"£220,000",220000,,1000,,https://example.org,inferred\n'
        "maximum-forecast-2013-14-X01,X01,quality-premium,2013-14,maximum-forecast,"
        "£0.44m,440000,,10000,,https://example.org,confirmed\n"
        "groups-2013-14-england,england,quality-premium,2013-14,groups,"
        "2,,2,,,https://example.org,conflicting\n"
    ),
}


@pytest.fixture(autouse=True)
def published(tmp_path: Path) -> None:
    """A ledger with one group, two populations and three published figures."""
    begin("real")
    for kind, text in FILES.items():
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
        ok("import", kind, str(tmp_path / f"{kind}.csv"), *ANALYST)


def test_each_figure_stands_with_its_verdict_and_why():
    out = ok("claims").out
    assert "agrees               received-2013-14-X01: £220,000 [inferred]" in out
    assert "cannot be reached    groups-2013-14-england: 2 [CONFLICTING]" in out
    assert "3 figures: 2 agrees, 0 agrees when rounded, 0 fits only one basis, " in out
    assert "A claim is never evidence. Nothing was recorded." in out


def test_figures_are_chosen_by_year_and_by_whom_they_are_about():
    document = ok("claims", "--about", "X01", "--scheme-year", "2013-14", "--json")
    found = document.document["claims"]
    assert [one["claim"] for one in found] == [
        "maximum-forecast-2013-14-X01",
        "received-2013-14-X01",
    ]
    assert [(one["verdict"], one["basis"]) for one in found] == [
        ("agrees", "registered lists"),
        ("agrees", "registered lists"),
    ]
    assert found[1]["working"]["facts"] == ["claim/received-2013-14-X01@1"]
    assert found[1]["amount_pence"] == 220_000_00
    assert document.document["origin"] == "real"


def test_one_figure_is_shown_with_all_that_was_tried():
    out = ok("claims", "--claim", "received-2013-14-X01").out
    assert "88,000 heads x £5.00 x 50%" in out
    assert "from result/population.registered.gp-list/X01/2013-04-01@1" in out
    assert "80,000 heads" in out
    assert "https://example.org" in out


def test_the_verdict_follows_a_population_recorded_later(tmp_path: Path):
    """Only what is recorded counts: nothing is looked up elsewhere."""
    ask = ("claims", "--claim", "maximum-forecast-2013-14-X01", "--json")
    assert ok(*ask).document["claims"][0]["basis"] == "registered lists"
    more = FILES["populations"].splitlines()[0] + (
        "\nX01,88000,2012-06-30,resident,mid_year\n"
    )
    (tmp_path / "more.csv").write_text(more, encoding="utf-8")
    ok("import", "populations", str(tmp_path / "more.csv"), *ANALYST)
    again = ok(*ask).document["claims"][0]["basis"]
    assert again == "registered lists and residents"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--claim", "x"), "no claim called x is recorded: there are "),
        (("--about", "X0"), "did you mean X01?"),
        (("--scheme-year", "2013-15"), "did you mean 2013-14?"),
    ],
)
def test_what_no_claim_is_about_is_said_with_what_there_is(
    asked: tuple[str, str], says: str
):
    done = premium("claims", *asked)
    assert (done.code, done.out) == (Exit.USAGE, "")
    assert says in done.err


def test_claims_that_no_one_made_together_are_none_of_those_there_are():
    of = ok("claims", "--json").document["claims"]
    one = of[0]
    other = next(two for two in of if two["about"] != one["about"])
    asked = ("--about", one["about"], "--claim", other["claim"])
    assert ok("claims", *asked, "--json").document["claims"] == []
    assert "None: none of 3 claims is of that year and about that." in (
        ok("claims", *asked).out
    )


def test_claims_are_asked_for_as_every_list_is():
    whole = ok("claims", "--json").document["claims"]
    kept = ok("claims", "--where", f"verdict={whole[0]['verdict']}", "--json")
    assert kept.document["claims"] == [
        one for one in whole if one["verdict"] == whole[0]["verdict"]
    ]
    heading = ok("claims", "--format", "csv").out.splitlines()[0]
    assert heading.startswith("verdict,claim,record,about,")
    assert "working" not in heading
