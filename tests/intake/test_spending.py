"""Published lists of spending, in the layouts that one group used in one year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.spending import Line, about, read_spending

# The headings and the premium's lines of lists of 2020/21, as they were published.
JULY = (
    "Department family,Entity,Date,Expense Type,Expense area,Supplier,Transaction,"
    "Amount\r\n"
    "Department of Health,NHS Waltham Forest CCG,31/07/2020,Programme Support Costs,"
    "QUALITY PREMIUM PROGRAMME,REVITALISE,33310517,239142.85\r\n"
    "Department of Health,NHS Waltham Forest CCG,31/07/2020,"
    '"Hcare Srv Rec NHS Trust-Contract \r\nBaseline",AMBULANCE SERVICES,'
    "LONDON AMBULANCE SERVICE NHS TRUST,33277379,-70187.4\r\n"
    "Department of Health,NHS Waltham Forest CCG,31/07/2020,Programme Support Costs,"
    "QUALITY PREMIUM PROGRAMME,LONDON BOROUGH OF WALTHAM FOREST,33155339,895000\r\n"
)
SEPTEMBER = (
    "Department of Health,CCG,Date,Expense Area,Expense Type,Suppkuer,"
    "Transaction Number,Amount\n"
    "Department of Health,NHS Waltham Forest CCG,30/09/2020,Programme Support Costs,"
    'QUALITY PREMIUM PROGRAMME,LONDON BOROUGH OF WALTHAM FOREST,33713898,"475,000.00"\n'
)
DECEMBER = (
    "Department,CCG,Date,Expense Type,Expsense Area,Supplier,Transaction Number,"
    "Amount\n"
    "Department of Health,NHS Waltham Forest CCG,12/31/2020,Programme Support Costs,"
    'QUALITY PREMIUM PROGRAMME,,35001681,"652,000.00"\n'
)
MARCH = (
    "Department,CCG,Date,Expense Type,Expense Area,Transaction Number,Amount\n"
    "Department of Health,NHS Waltham Forest CCG,31/03/2021,Programme Support Costs,"
    'QUALITY PREMIUM PROGRAMME,35821562,"216,000.00"\n'
)
HEADINGS = "Date,Expense Area,Supplier,Transaction Number,Amount\n"
BOROUGH = "LONDON BOROUGH OF WALTHAM FOREST"


def premium(content: str) -> list[tuple[int, date, str, str, int]]:
    """Line, day, supplier, transaction and pence of the premium's lines."""
    listed = read_spending("list.csv", content.encode())
    assert listed.errors == ()
    return [
        (one.line, one.on, one.supplier, one.transaction, one.amount_pence)
        for one in about(listed.lines, "quality premium")
    ]


def test_each_months_own_layout_is_read():
    assert premium(JULY) == [
        (2, date(2020, 7, 31), "REVITALISE", "33310517", 239_142_85),
        (5, date(2020, 7, 31), BOROUGH, "33155339", 895_000_00),
    ]
    assert premium(SEPTEMBER) == [
        (2, date(2020, 9, 30), BOROUGH, "33713898", 475_000_00)
    ]
    assert premium(DECEMBER) == [(2, date(2020, 12, 31), "", "35001681", 652_000_00)]
    assert premium(MARCH) == [(2, date(2021, 3, 31), "", "35821562", 216_000_00)]
    listed = read_spending("list.csv", MARCH.encode())
    assert listed.notes == ("columns not in the list: supplier",)


def test_a_line_break_in_a_cell_and_a_credit_are_taken_as_they_are():
    [_, credit, _] = read_spending("list.csv", JULY.encode()).lines
    assert credit == Line(
        line=3,
        on=date(2020, 7, 31),
        amount_pence=-70_187_40,
        area="AMBULANCE SERVICES Hcare Srv Rec NHS Trust-Contract Baseline",
        supplier="LONDON AMBULANCE SERVICE NHS TRUST",
        transaction="33277379",
    )


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("25000", 25_000_00),
        ('"25,000.01"', 25_000_01),
        ('"£1,025,000.5"', 1_025_000_50),
        ('"(1,100,000.00)"', -1_100_000_00),
        ("-0.01", -1),
    ],
)
def test_an_amount_is_exact_however_it_is_written(text: str, pence: int):
    listed = read_spending("f", f"{HEADINGS}31/07/2020,a,b,1,{text}\n".encode())
    assert [one.amount_pence for one in listed.lines] == [pence]


@pytest.mark.parametrize(
    "text", ["", "1.005", '"25.000,00"', "1e5", '"25,00.00"', "tbc"]
)
def test_what_is_no_amount_names_its_cell(text: str):
    listed = read_spending("f", f"{HEADINGS}31/07/2020,a,b,1,{text}\n".encode())
    assert [(one.row, one.field) for one in listed.errors] == [(2, "amount")]
    assert listed.lines == ()


def test_one_day_beyond_the_twelfth_shows_the_order_of_all():
    rows = f"{HEADINGS}03/04/2020,a,b,1,1\n13/04/2020,a,b,2,1\n"
    listed = read_spending("f", rows.encode())
    assert [one.on for one in listed.lines] == [date(2020, 4, 3), date(2020, 4, 13)]
    other = read_spending("f", rows.replace("13/04", "04/13").encode())
    assert [one.on for one in other.lines] == [date(2020, 3, 4), date(2020, 4, 13)]


def test_where_no_day_shows_the_order_it_must_be_given():
    rows = f"{HEADINGS}03/04/2020,a,b,1,1\n05/05/2020,a,b,2,1\n".encode()
    [error] = read_spending("f", rows).errors
    assert (error.row, error.value) == (2, "03/04/2020")
    assert "give --dates day-first or month-first" in error.remedy
    first = read_spending("f", rows, "day-first").lines
    assert [one.on for one in first] == [date(2020, 4, 3), date(2020, 5, 5)]
    second = read_spending("f", rows, "month-first").lines
    assert [one.on for one in second] == [date(2020, 3, 4), date(2020, 5, 5)]


def test_a_day_in_another_order_than_the_others_is_an_error():
    rows = f"{HEADINGS}13/04/2020,a,b,1,1\n04/13/2020,a,b,2,1\nyesterday,a,b,3,1\n"
    errors = read_spending("f", rows.encode()).errors
    assert [(one.row, one.field) for one in errors] == [(3, "date"), (4, "date")]


def test_a_list_without_amounts_says_which_columns_are_missing():
    [error] = read_spending("f", b"Date,Supplier\n31/07/2020,a\n").errors
    assert "columns missing: amount" in error.remedy
    [error] = read_spending("f", HEADINGS.encode()).errors
    assert "there is no row" in error.remedy


@given(
    st.binary()
    | st.text(alphabet='0123/-.,"£()\n a', max_size=60).map(
        lambda rest: (HEADINGS + rest).encode()
    )
)
def test_no_bytes_make_reading_fail(content: bytes):
    listed = read_spending("f", content)
    assert bool(listed.errors) != bool(listed.lines)
