"""Files of results as their publishers laid them out, row by row."""

from datetime import date
from fractions import Fraction

import pytest

from ledger.decisions.evidence import RecordResult
from tests.intake.given import commands, read

INDICATOR = (
    "indicator_id,ods_code,period_start,period_end,numerator,denominator,value,unit\n"
)
LOST = (
    "ods_code,level,period_start,period_end,condition,gender,pyll_rate_per_100000_dsr\n"
)
PATHWAYS = (
    "ods_code,is_ccg,period_start,period_end,pathway_type,pathways_total,"
    "pathways_within_18_weeks,percent_within_18_weeks,file_revised_date\n"
)
YEAR = "2013-01-01,2013-12-31"
MARCH = "2015-03-01,2015-03-31"


def result(content: str) -> RecordResult:
    [command] = commands("results", content)
    assert isinstance(command, RecordResult)
    return command


def test_an_indicator_is_its_two_numbers_and_not_the_ratio_as_printed():
    row = "UTI_TRIM_NITRO_M,X01,2014-04-01,2014-04-30,704,264,2.666667,ratio\n"
    found = result(INDICATOR + row)
    assert (found.measure, found.period) == (
        "trimethoprim-nitrofurantoin-ratio",
        "2014-04-01..2014-04-30",
    )
    assert found.value == Fraction(704, 264)
    assert found.numerator == 704
    assert found.denominator == 264


def test_an_indicator_of_no_known_name_keeps_its_own():
    row = "AE_4H_M,X01,2014-04-01,2014-04-30,9,10,90,percent\n"
    assert result(INDICATOR + row).measure == "ae-4h-m"


@pytest.mark.parametrize(
    ("condition", "sex", "measure"),
    [
        ("All conditions", "person", "pyll-amenable"),
        ("All conditions", "female", "pyll-amenable.female"),
        ("Neoplasms", "person", "pyll-amenable.neoplasms"),
        ("Maternal & infant", "male", "pyll-amenable.maternal-infant.male"),
    ],
)
def test_years_of_life_lost_are_named_by_condition_and_sex(
    condition: str, sex: str, measure: str
):
    found = result(LOST + f"X01,ccg,{YEAR},{condition},{sex},2481.4\n")
    assert (found.measure, found.value) == (measure, Fraction("2481.4"))
    assert (found.numerator, found.denominator) == (None, None)


def test_the_row_of_england_is_not_read_and_a_note_says_so():
    one = f"X01,ccg,{YEAR},All conditions,person,2481.4\n"
    intake = read("results", LOST + one + one.replace("X01,ccg", "England,england"))
    assert intake.notes == ("rows not read: 1 of England, which is not a group",)
    assert intake.counts == {"years of life lost": 1}


def test_waiting_times_are_exact_where_the_printed_per_cent_is_at_the_line():
    row = f"10W,1,{MARCH},incomplete,6212,5715,91.999,2015-07-09\n"
    found = result(PATHWAYS + row)
    assert found.value == Fraction(571_500, 6212)
    assert found.value < 92
    assert found.published_on == date(2015, 7, 9)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"X01,1,{MARCH},incomplete,0,0,,", "pathways_total"),
        (f"X01,1,{MARCH},incomplete,10,11,,", "pathways_within_18_weeks"),
        (f"X01,1,{MARCH},incomplete,10,9,91,", "percent_within_18_weeks"),
        (f"X01,1,{MARCH},waiting,10,9,90,", "pathway_type"),
        (f"X01,yes,{MARCH},incomplete,10,9,90,", "is_ccg"),
    ],
)
def test_a_faulty_row_of_waiting_times_names_its_column(row: str, column: str):
    [error] = read("results", PATHWAYS + row + "\n").errors
    assert error.field == column


def test_years_of_life_lost_without_a_rate_are_a_fault():
    [error] = read("results", LOST + f"X01,ccg,{YEAR},All conditions,person,\n").errors
    assert error.field == "pyll_rate_per_100000_dsr"


def test_a_row_of_no_known_level_is_a_fault_and_not_left_out():
    content = LOST + f"X01,region,{YEAR},All conditions,person,5\n"
    [error] = read("results", content).errors
    assert error.field == "level"
