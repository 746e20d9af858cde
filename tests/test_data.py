"""The shipped data is what SOURCES.md says it is."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent / "data"

# From the rulebook's vocabulary: how far a reading can be trusted.
STATUSES = {"confirmed", "reported-from-draft", "inferred", "assumed", "conflicting"}
NO_ONE_GROUP = {
    "england",
    "north-west-33",
    "average-group",
    "average-practice",
    "average-network",
    "any-provider",
    "greater-manchester-as-printed",
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claim(claim_id: str) -> dict[str, str]:
    [found] = [row for row in rows("claims") if row["claim"] == claim_id]
    return found


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("ccgs", 248),
        ("successions", 142),
        ("practices", 8_239),
        ("ccg_population", 7_030),
        ("national_totals", 6),
        ("ccg_payments", 12),
        ("worked_cases", 27),
        ("claims", 89),
        ("derived_populations", 1),
        ("indicators", 9_108),
        ("ccg_pyll_2009_2014", 1_272),
        ("ccg_rtt_18_weeks", 1_268),
    ],
)
def test_each_file_has_the_rows_that_sources_states(name: str, count: int):
    assert len(rows(name)) == count
    sources = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    [stated] = [
        line for line in sources.splitlines() if line.startswith(f"**{name}.csv**")
    ]
    assert f" {count:,} " in stated


def test_no_file_lies_here_that_sources_does_not_name():
    sources = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    unnamed = [p.name for p in DATA.glob("*.csv") if f"**{p.name}**" not in sources]
    assert unnamed == []


def test_registered_heads_of_april_2013_add_up_to_the_published_sum():
    heads = sum(
        int(row["population"])
        for row in rows("ccg_population")
        if row["as_at"] == "2013-04-01" and row["basis"] == "gp_list"
    )
    assert heads == 56_002_534


def test_incomplete_pathways_of_march_2015_add_up_to_the_published_sums():
    month = [
        row
        for row in rows("ccg_rtt_18_weeks")
        if row["period_end"] == "2015-03-31" and row["pathway_type"] == "incomplete"
    ]
    within = sum(int(row["pathways_within_18_weeks"]) for row in month)
    assert within == 2_800_845
    assert sum(int(row["pathways_total"]) for row in month) == 3_006_877


def test_each_succession_joins_two_known_groups():
    known = {row["ods_code"] for row in rows("ccgs")}
    assert {
        code
        for row in rows("successions")
        for code in (row["predecessor_code"], row["successor_code"])
    } <= known


def test_a_claims_id_is_its_quantity_year_and_whom_it_is_about():
    found = [row["claim"] for row in rows("claims")]
    assert found == [
        f"{row['quantity']}-{row['scheme_year']}-{row['about']}"
        for row in rows("claims")
    ]
    assert len(set(found)) == len(found)


def test_a_claim_is_about_a_known_group_or_about_no_one_group():
    known = {row["ods_code"] for row in rows("ccgs")} | NO_ONE_GROUP
    assert {row["about"] for row in rows("claims")} <= known


def test_a_claim_states_a_status_a_source_and_the_figure_as_printed():
    for row in rows("claims"):
        assert row["status"] in STATUSES, row
        assert row["source"].startswith("http"), row
        assert row["as_published"], row


def test_a_claim_is_money_or_a_number_and_never_both():
    both = [row for row in rows("claims") if row["amount_gbp"] and row["value"]]
    neither = [
        row["as_published"]
        for row in rows("claims")
        if not row["amount_gbp"] and not row["value"]
    ]
    assert both == []
    assert neither == ["just over a quarter", "around three-quarters"]


def test_an_amount_of_money_is_whole_in_the_unit_it_was_rounded_to():
    for row in rows("claims"):
        if row["amount_gbp"]:
            assert Decimal(row["amount_gbp"]) % Decimal(row["rounded_to_gbp"]) == 0, row
            assert Decimal(row["amount_gbp"]) > 0, row
        else:
            assert row["rounded_to_gbp"] == "", row


def test_no_claim_says_withheld_because_that_is_a_decision():
    assert [row for row in rows("claims") if "withheld" in row["quantity"]] == []


@pytest.mark.parametrize(
    ("not_paid", "years"),
    [
        ("not-paid-2013-14-england", ["2013-14"]),
        ("not-paid-two-years-2014-15-england", ["2013-14", "2014-15"]),
        ("not-paid-2015-16-england", ["2015-16"]),
        (
            "not-paid-three-years-2015-16-england",
            ["2013-14", "2014-15", "2015-16"],
        ),
    ],
)
def test_the_printed_sum_not_paid_is_maximum_less_paid_when_rounded(
    not_paid: str, years: list[str]
):
    exact = sum(
        Decimal(claim(f"maximum-{year}-england")["amount_gbp"])
        - Decimal(claim(f"paid-{year}-england")["amount_gbp"])
        for year in years
    )
    printed = claim(not_paid)
    unit = Decimal(printed["rounded_to_gbp"])
    assert (exact / unit).quantize(Decimal(1)) * unit == Decimal(printed["amount_gbp"])


def test_every_group_figure_published_stands_among_the_claims():
    """A page read with a figure on it gives a claim with the same address."""
    sources = {row["source"] for row in rows("claims")}
    columns = ("max_gbp_published", "pct_of_max_published", "paid_gbp_published")
    for row in rows("ccg_payments"):
        if any(row[column] for column in columns):
            pages = row["source_url"].split(" ; ")
            assert sources.intersection(pages), row["ccg"]


def test_derived_heads_are_the_arithmetic_of_their_claim():
    for row in rows("derived_populations"):
        dividend, divisor = row["arithmetic"].split(" / ")
        assert claim(row["derived_from_claim"])["amount_gbp"] == dividend
        assert claim(row["derived_from_claim"])["about"] == row["ods_code"]
        assert Decimal(row["heads"]) == Decimal(dividend) / Decimal(divisor)
