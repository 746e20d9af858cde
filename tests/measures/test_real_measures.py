"""Three real measures over every group, to the figures of the dossier."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from ledger.events import BodyCode, RecordId
from ledger.intake.files import read_file
from ledger.measures.groups import Group
from ledger.measures.measuring import Measures, measured
from ledger.measures.stated import ABOUT
from ledger.measures.windows import Measured, Window, window
from tests.decisions.given import ANALYST

DATA = Path(__file__).parents[2] / "data"


def results(file: str) -> list[Measured]:
    """Every result of a shipped file, as the ledger would hold it."""
    intake = read_file("results", file, (DATA / file).read_bytes(), ANALYST)
    found = []
    for request in intake.requests[1:]:
        command = request.command
        days = window(command.period)
        found.append(
            Measured(
                subject=command.subject,
                days=days,
                value=command.value,
                unit=command.unit,
                numerator=command.numerator,
                denominator=command.denominator,
                record=RecordId(f"row/{command.row}@1"),
            )
        )
    return sorted(found, key=lambda one: (one.days.first, one.days.last, one.subject))


def groups() -> list[Group]:
    def day(text: str) -> Window | None:
        return window(text) if text else None

    with (DATA / "ccgs.csv").open(encoding="utf-8", newline="") as file:
        return [
            Group(
                body=BodyCode(row["ods_code"]),
                name=row["name"],
                opened_on=opened.first if (opened := day(row["open_date"])) else None,
                closed_on=closed.first if (closed := day(row["close_date"])) else None,
            )
            for row in csv.DictReader(file)
        ]


def table(file: str, measure: str, now: str, before: str | None = None) -> Measures:
    found = results(file)

    def inside(days: Window) -> list[Measured]:
        return [
            one
            for one in found
            if days.first <= one.days.first and one.days.last <= days.last
        ]

    return measured(
        measure,
        groups(),
        now=inside(window(now)),
        days=window(now),
        before=inside(window(before)) if before else (),
        baseline=window(before) if before else None,
        against=ABOUT[measure].against,
    )


@pytest.fixture(scope="module")
def trimethoprim() -> Measures:
    return table(
        "indicators.csv",
        "trimethoprim-nitrofurantoin-ratio",
        "2016-12..2017-11",
        "2015-06..2016-05",
    )


@pytest.fixture(scope="module")
def years_lost() -> Measures:
    return table("ccg_pyll_2009_2014.csv", "pyll-amenable", "2014", "2013")


@pytest.fixture(scope="module")
def waiting() -> Measures:
    return table("ccg_rtt_18_weeks.csv", "rtt-incomplete", "2015-03")


def hundredths(number: Fraction | None) -> str:
    """Half a hundredth up, as the dossier prints."""
    assert number is not None
    whole = round(abs(number) * 100)
    return f"{'-' if number < 0 else '+'}{whole // 100}.{whole % 100:02d}"


def test_trimethoprim_fell_by_a_tenth_in_204_of_207_groups(trimethoprim: Measures):
    assert len(trimethoprim.standings) == 207
    assert (trimethoprim.met(), trimethoprim.missed()) == (204, 3)
    assert trimethoprim.missing == ()
    assert [
        (one.name, hundredths(one.change)) for one in trimethoprim.standings[:3]
    ] == [
        ("NHS West Norfolk CCG", "-8.93"),
        ("NHS Hillingdon CCG", "-5.25"),
        ("NHS Lewisham CCG", "+16.30"),
    ]


def test_england_fell_from_1_478_to_0_867(trimethoprim: Measures):
    england = trimethoprim.england
    assert england is not None
    assert england.before is not None
    assert round(england.before.value * 1_000) == 1_478
    assert round(england.now.value * 1_000) == 867


def test_years_of_life_lost_fell_by_3_2_per_cent_in_68_of_211(years_lost: Measures):
    assert len(years_lost.standings) == 211
    assert (years_lost.met(), years_lost.missed()) == (68, 143)
    assert years_lost.missing == ()


def test_birmingham_crosscity_missed_by_less_than_what_was_cut_off(
    years_lost: Measures,
):
    first = years_lost.standings[0]
    assert first.body == "13P"
    assert first.now.value == 2402
    assert first.before is not None
    assert first.before.value == Fraction("2481.4")
    assert first.margin == 100 * Fraction("79.4") / Fraction("2481.4") - Fraction("3.2")
    assert first.within_rounding
    assert [one.body for one in years_lost.standings if one.within_rounding] == ["13P"]


def test_92_per_cent_waited_no_longer_in_161_of_211(waiting: Measures):
    assert len(waiting.standings) == 211
    assert (waiting.met(), waiting.missed()) == (161, 50)
    assert waiting.missing == ()


def test_two_groups_printed_as_91_999_missed_by_a_thousandth(waiting: Measures):
    nearest = [(one.body, one.now.value) for one in waiting.standings[:2]]
    assert nearest == [("10W", Fraction(571_500, 6_212)), ("99K", waiting_of("99K"))]
    assert all(91 < value < 92 for _, value in nearest)
    assert round(nearest[1][1], 2) == 92  # Rounded it would have met the standard.


def waiting_of(body: str) -> Fraction:
    [one] = [
        one
        for one in results("ccg_rtt_18_weeks.csv")
        if one.subject == body and one.days == window("2015-03")
    ]
    assert one.numerator is not None
    assert one.denominator is not None
    return 100 * one.numerator / one.denominator


def test_may_2015_is_held_for_the_209_groups_of_that_month():
    found = table("ccg_rtt_18_weeks.csv", "rtt-incomplete", "2015-05")
    assert (len(found.standings), found.missing) == (209, ())
