"""What a row says, kind by kind."""

from datetime import date
from fractions import Fraction

import pytest

from ledger.decisions.bodies import (
    RegisterBody,
    RegisterPractice,
    Sighting,
)
from ledger.decisions.evidence import RecordClaim, RecordResult
from ledger.decisions.successions import SucceedBody
from ledger.events import BodyCode, RecordId
from tests.intake.fault_examples import (
    BODY,
    CLAIM,
    DERIVED,
    ONE_CLAIM,
    ONE_RESULT,
    PERIOD,
    POPULATION,
    PRACTICE,
    RESULT,
    SUCCESSION,
)
from tests.intake.given import commands, read


def value(numerator: str, denominator: str, given: str, unit: str) -> Fraction:
    own = ONE_RESULT.replace("rtt-incomplete", "of-mine")
    row = f"{own},{numerator},{denominator},{given},{unit},\n"
    [command] = commands("results", RESULT + row)
    assert isinstance(command, RecordResult)
    return command.value


def test_a_body_may_be_a_provider_and_have_an_area():
    header = "ods_code,ons_code,name,open_date,close_date,kind,area_team,region\n"
    content = header + "RXX,E1,Trust,2013-04-01,2014-03-31,provider,Q52,North\n"
    assert commands("bodies", content) == [
        RegisterBody(
            body=BodyCode("RXX"),
            kind="provider",
            name="Trust",
            opened_on=date(2013, 4, 1),
            closed_on=date(2014, 3, 31),
            ons_code="E1",
            area_team="Q52",
            region="North",
        )
    ]
    assert read("bodies", content).counts == {"groups": 0, "providers": 1}


def test_a_body_may_close_on_the_day_it_opened():
    [body] = commands("bodies", BODY + "X01,,One,2013-04-01,2013-04-01\n")
    assert isinstance(body, RegisterBody)
    assert body.closed_on == body.opened_on


def test_a_header_of_successions_gives_successions():
    assert commands("bodies", SUCCESSION + "X01,X02,2015-04-01\n") == [
        SucceedBody(
            body=BodyCode("X01"), successor=BodyCode("X02"), on=date(2015, 4, 1)
        )
    ]


def test_a_practice_is_seen_in_groups_in_order_of_days():
    content = PRACTICE + "Z90001,Name,X01,X03,X02,2015-16,1974-04-01,\n"
    assert commands("practices", content) == [
        RegisterPractice(
            practice=BodyCode("Z90001"),
            name="Name",
            opened_on=date(1974, 4, 1),
            sightings=(
                Sighting(observed_on=date(2013, 4, 1), group=BodyCode("X01")),
                Sighting(observed_on=date(2016, 3, 31), group=BodyCode("X02")),
                Sighting(observed_on=date(2017, 3, 31), group=BodyCode("X03")),
            ),
        )
    ]


def test_two_lists_that_agree_on_a_day_are_one_sighting():
    [practice] = commands("practices", PRACTICE + "Z90001,N,,X01,X01,2016-17,,\n")
    assert isinstance(practice, RegisterPractice)
    assert practice.sightings == (
        Sighting(observed_on=date(2017, 3, 31), group=BodyCode("X01")),
    )


@pytest.mark.parametrize(
    ("ods", "paid", "closed_on"),
    [
        ("2016-12-31", "2015-11-16", date(2016, 12, 31)),
        ("", "2015-11-16", date(2015, 11, 16)),
        ("", "", None),
    ],
)
def test_a_practice_closes_when_ods_says_so_or_else_the_payments(
    ods: str, paid: str, closed_on: date | None
):
    header = PRACTICE.replace("\n", ",close_date_nhs_payments\n")
    [practice] = commands("practices", header + f"Z90001,N,,,,,,{ods},{paid}\n")
    assert isinstance(practice, RegisterPractice)
    assert practice.closed_on == closed_on


def test_a_populations_basis_is_part_of_its_measure():
    content = POPULATION + "X01,88000,2013-04-01,registered,gp_list\n"
    assert commands("populations", content) == [
        RecordResult(
            measure="population.registered.gp-list",
            subject=BodyCode("X01"),
            period="2013-04-01",
            value=Fraction(88_000),
            unit="heads",
            row=2,
        )
    ]


def test_populations_on_two_bases_are_two_results():
    rows = "X01,10,2013-04-01,a,b\nX01,11,2013-04-01,a,c\n"
    assert len(commands("populations", POPULATION + rows)) == 2


def test_derived_heads_name_their_claim_and_hold_their_working():
    content = DERIVED + "X01,88000,2013-04-01,running-cost,a b,2200000 / 25\n"
    assert commands("populations", content) == [
        RecordResult(
            measure="population.running-cost.derived",
            subject=BodyCode("X01"),
            period="2013-04-01",
            value=Fraction(88_000),
            unit="heads",
            numerator=Fraction(2_200_000),
            denominator=Fraction(25),
            status="derived",
            derived_from=(RecordId("claim/a%20b@1"),),
            row=2,
        )
    ]


def test_a_result_is_worked_out_exactly_from_its_two_numbers():
    content = RESULT + f"{ONE_RESULT},2,3,66.7,percent,2014-06-01\n"
    assert commands("results", content) == [
        RecordResult(
            measure="rtt-incomplete",
            subject=BodyCode("X01"),
            period="2013-04-01..2014-03-31",
            value=Fraction(200, 3),
            unit="percent",
            numerator=Fraction(2),
            denominator=Fraction(3),
            published_on=date(2014, 6, 1),
            row=2,
        )
    ]


@pytest.mark.parametrize(
    ("numerator", "denominator", "given", "unit", "found"),
    [
        ("2", "3", "", "percent", Fraction(200, 3)),
        ("2", "3", "67", "percent", Fraction(200, 3)),
        ("1", "8", "12.5", "percent", Fraction(25, 2)),
        ("1", "8", "13", "percent", Fraction(25, 2)),  # A half may go up
        ("1", "8", "12", "percent", Fraction(25, 2)),  # or down.
        ("1", "8", "0.125", "ratio", Fraction(1, 8)),
        ("3", "1000", "300", "per-100000", Fraction(300)),
        ("3", "1000", "3", "items-per-1000", Fraction(3)),
        ("2", "3", "0.667", "items-per-starpu", Fraction(2, 3)),
        ("6.6", "3", "2.2167", "ratio", Fraction(11, 5)),  # 6.65 / 3 = 2.21666
        ("", "", "84.3", "percent", Fraction(843, 10)),
        ("5", "", "5", "cases", Fraction(5)),
        ("", "", "-1.5", "percent", Fraction(-3, 2)),
        ("", "", "0", "yes-no", Fraction(0)),
        ("", "", "1", "yes-no", Fraction(1)),
    ],
)
def test_a_value_agrees_with_its_numbers_at_its_printed_precision(
    numerator: str, denominator: str, given: str, unit: str, found: Fraction
):
    assert value(numerator, denominator, given, unit) == found


@pytest.mark.parametrize(
    ("numerator", "denominator", "given", "unit"),
    [
        ("1", "8", "12.4", "percent"),
        ("1", "8", "12.50001", "percent"),
        ("1", "8", "11", "percent"),
        ("6.6", "3", "2.2168", "ratio"),
        ("3", "1000", "301", "per-100000"),
    ],
)
def test_a_value_beyond_its_printed_precision_is_an_error(
    numerator: str, denominator: str, given: str, unit: str
):
    row = f"{ONE_RESULT},{numerator},{denominator},{given},{unit},\n"
    assert [one.field for one in read("results", RESULT + row).errors] == ["value"]


@pytest.mark.parametrize(
    ("given", "period"),
    [
        ("2013-04-01..2014-03-31", "2013-04-01..2014-03-31"),
        ("2013-04-01", "2013-04-01"),
        ("2013-04-01..2013-04-01", "2013-04-01"),
    ],
)
def test_a_period_may_be_one_cell(given: str, period: str):
    [command] = commands("results", PERIOD + f"m,X01,{given},92,percent\n")
    assert isinstance(command, RecordResult)
    assert command.period == period


def test_a_claim_in_pounds_is_whole_pence():
    content = CLAIM + f"{ONE_CLAIM},£86.3m,86300000.05,,0.01,2015-04-01,web,inferred\n"
    assert commands("claims", content) == [
        RecordClaim(
            claim="paid-1",
            about="england",
            scheme="quality-premium",
            scheme_year="2013-14",
            quantity="paid",
            as_published="£86.3m",
            source="web",
            status="inferred",
            amount_pence=86_300_000_05,
            rounded_to_pence=1,
            published_on=date(2015, 4, 1),
            row=2,
        )
    ]


def test_a_claim_may_be_a_share_or_words_alone():
    rows = (
        f"{ONE_CLAIM},32%,,0.32,,,web,confirmed\n"
        f"{ONE_CLAIM.replace('paid-1', 'paid-2')},a quarter,,,,,web,confirmed\n"
    )
    share, words = commands("claims", CLAIM + rows)
    assert isinstance(share, RecordClaim)
    assert isinstance(words, RecordClaim)
    assert (share.amount_pence, share.value) == (None, Fraction(8, 25))
    assert (words.amount_pence, words.value) == (None, None)


@pytest.mark.parametrize(
    ("figures", "remedy"),
    [
        (",,-5,cases", "below zero"),
        ("7,5,,percent", "part of a whole"),
        ("7,5,140,percent", "part of a whole"),
        (",,2,yes-no", "write 1 for yes"),
    ],
)
def test_a_value_that_nothing_can_have_is_an_error(figures: str, remedy: str):
    own = ONE_RESULT.replace("rtt-incomplete", "of-mine")
    errors = read("results", f"{RESULT}{own},{figures},\n").errors
    assert [remedy in one.remedy for one in errors] == [True]
