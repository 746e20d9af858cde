"""Published lists of spending, in the layouts that one group used in one year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.headings import ROLES
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
        entity="NHS Waltham Forest CCG",
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
    [error] = read_spending("f", b"").errors
    assert "the file is empty" in error.remedy
    [error] = read_spending("f", HEADINGS.encode()).errors
    assert "there is no row" in error.remedy


LINE = '{day},QP,Somebody,1,"{amount}"\n'


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("2014-04-01", date(2014, 4, 1)),
        ("2014-04-01T00:00:00", date(2014, 4, 1)),
        ("20140401", date(2014, 4, 1)),
        ("1-Apr-14", date(2014, 4, 1)),
        ("01-APR-2014", date(2014, 4, 1)),
        ("01 April 2014", date(2014, 4, 1)),
        ("1st April 2014", date(2014, 4, 1)),
        ("Tuesday 1 April 2014", date(2014, 4, 1)),
        ("April 1 2014", date(2014, 4, 1)),
        ("3 Sept 2014", date(2014, 9, 3)),
        ("16/11/14", date(2014, 11, 16)),
        ("16.11.2014", date(2014, 11, 16)),
        ("16/11/2014 00:00:00", date(2014, 11, 16)),
        ("11/16/2014 12:00 AM", date(2014, 11, 16)),
        ("04/04/2014", date(2014, 4, 4)),
        ("41730", date(2014, 4, 1)),
    ],
)
def test_a_day_is_read_as_spreadsheets_print_it(written: str, on: date):
    listed = read_spending(
        "f", (HEADINGS + LINE.format(day=written, amount=1)).encode()
    )
    assert [one.on for one in listed.lines] == [on]


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("", "is empty"),
        ("01/02/2014", "could be two days"),
        ("01/02/14", "could be two days"),
        ("########", "the column was too narrow"),
        ("Apr-14", "says no day"),
        ("31 April 2014", "is not a day"),
        ("1 Foo 2014", "is not a day"),
        ("16/11/09", "write all four"),
        ("1/1/1914", "is not a day of 1990 to 2100"),
        ("yesterday", "is not a day"),
    ],
)
def test_what_is_not_one_day_names_its_row_its_value_and_what_to_do(
    written: str, remedy: str
):
    rows = HEADINGS + LINE.format(day=written, amount=1)
    [error] = read_spending("f", rows.encode()).errors
    assert (error.row, error.field, error.value) == (2, "date", written)
    assert remedy in error.remedy


def test_a_number_of_a_spreadsheet_among_days_written_out_is_refused():
    rows = HEADINGS + LINE.format(day="41730", amount=1)
    rows += LINE.format(day="13/04/2014", amount=1)
    [error] = read_spending("f", rows.encode()).errors
    assert (error.row, error.value) == (2, "41730")


def test_a_month_is_taken_as_its_last_day_only_where_somebody_says_so():
    rows = (HEADINGS + LINE.format(day="Feb-16", amount=1)).encode()
    [line] = read_spending("f", rows, "month-end").lines
    assert line.on == date(2016, 2, 29)


@pytest.mark.parametrize(
    ("written", "pence"),
    [
        ("£25,000.00-", -25_000_00),
        ("-£1.50", -1_50),
        ("(£1.50)", -1_50),
        ("1.50CR", -1_50),
        (" £-   ", 0),
        ("\u22121.50", -1_50),
        ("\ufffd1.50", 1_50),
        ("GBP 1.5000", 1_50),
        (".5", 50),
    ],
)
def test_signs_and_separators_of_an_amount_are_understood(written: str, pence: int):
    rows = HEADINGS + LINE.format(day="2014-04-01", amount=written)
    assert [one.amount_pence for one in read_spending("f", rows.encode()).lines] == [
        pence
    ]


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("########", "the column was too narrow"),
        ("2.4E+05", "was shortened by a spreadsheet"),
        ("--1", "is not an amount"),
        ("£", "is not an amount"),
        ("100000000000000", "is more than the ledger holds"),
    ],
)
def test_an_amount_that_is_damaged_says_how(written: str, remedy: str):
    rows = HEADINGS + LINE.format(day="2014-04-01", amount=written)
    [error] = read_spending("f", rows.encode()).errors
    assert (error.field, remedy in error.remedy) == ("amount", True)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Date paid", "date"),
        ("DATE OF PAYMENT", "date"),
        ("Cleared Date", "date"),
        ("AP Amount (£)", "amount"),
        ("Amount in Sterling", "amount"),
        ("Amount \ufffd", "amount"),
        ("£", "amount"),
        ("Sum of Amount", "amount"),
        ("Amt £", "amount"),
        ("Amount inc. irrecoverable VAT", "amount"),
        ("£'s", "amount"),
        ("Date Paid (BACS)", "date"),
    ],
)
def test_a_heading_that_bodies_use_is_known(heading: str, role: str):
    other = "Amount" if role == "date" else "Date"
    cells = "2014-04-01,2" if role == "date" else "2,2014-04-01"
    listed = read_spending("f", f"{heading},{other}\n{cells}\n".encode())
    assert listed.errors == ()
    assert [(one.on, one.amount_pence) for one in listed.lines] == [
        (date(2014, 4, 1), 200)
    ]


@pytest.mark.parametrize(
    ("supplier", "number"),
    [
        ("Supplier/Payee", "Trans. No"),
        ("Vendor Name", "Transaction Ref."),
        ("Name of supplier", "Invoice No."),
        ("Creditor", "Our ref"),
    ],
)
def test_payee_and_number_are_known_by_other_headings(supplier: str, number: str):
    rows = f"Date,{supplier},{number},Amount\n2014-04-01,Somebody,7,1\n"
    [line] = read_spending("f", rows.encode()).lines
    assert (line.supplier, line.transaction) == ("Somebody", "7")


def test_amounts_in_thousands_are_not_taken_for_pounds():
    [error] = read_spending("f", "Date,Amount (£000)\n2014-04-01,2\n".encode()).errors
    assert "columns missing: amount" in error.remedy


def test_of_several_columns_the_days_paid_and_the_lines_amount_are_taken_and_said():
    rows = "Invoice Date,Payment Date,Invoice Amount,AP Amount\n1-Apr-14,2-May-14,9,3\n"
    listed = read_spending("f", rows.encode())
    [line] = listed.lines
    assert (line.on, line.amount_pence) == (date(2014, 5, 2), 300)
    assert "date: column 'Payment Date'" in listed.understood
    assert "columns not read: Invoice Date, Invoice Amount" in listed.understood


def test_two_columns_of_one_heading_that_differ_are_refused():
    rows = "Date,Amount,Amount\n2014-04-01,3,{}\n"
    [error] = read_spending("f", rows.format(4).encode()).errors
    assert "columns 2 and 3 are both amount, and differ" in error.remedy
    assert read_spending("f", rows.format(3).encode()).errors == ()


def test_rows_that_are_not_payments_stand_aside_with_their_lines():
    rows = (
        "NHS Somebody,,,,\nSpending in April,,,,\n,,,,\n"
        + HEADINGS
        + LINE.format(day="30/04/2014", amount="20,000")
        + ",,,,\n"
        + HEADINGS
        + LINE.format(day="30/04/2014", amount="10,000")
        + ',,,Grand Total:,"30,000.00"\n'
        + ",,,,29000\n"
        + "Run on 2 May,,,,\n\n"
    )
    listed = read_spending("f", rows.encode())
    assert listed.errors == ()
    assert [one.line for one in listed.lines] == [5, 8]
    assert listed.aside == {
        "rows above the headings": (1, 2, 3),
        "headings": (4,),
        "blank rows": (6, 12),
        "headings again": (7,),
        "totals": (9, 10),
        "remarks": (11,),
    }
    assert listed.rows == 2 + sum(map(len, listed.aside.values()))
    assert any("line 9 is a total, £30,000.00: so much" in one for one in listed.notes)
    assert any("line 10 is a total, £29,000.00, and" in one for one in listed.notes)


def test_a_payment_to_a_payee_called_total_is_never_taken_for_a_total():
    rows = HEADINGS + "30/04/2014,Gas,Total Gas & Power,7,1\n,Gas,Total,8,2\n"
    [error] = read_spending("f", rows.encode()).errors
    assert (error.row, error.field) == (3, "date")


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8-sig", ","), ("utf-16", "\t"), ("cp1252", ";"), ("utf-8", "|")],
)
def test_a_list_is_read_in_each_encoding_and_separation(encoding: str, separator: str):
    rows = "Date;Supplier;Amount (£)\n1-Apr-14;Café;£1.00\n".replace(";", separator)
    [line] = read_spending("f", rows.encode(encoding)).lines
    assert (line.supplier, line.amount_pence) == ("Café", 100)


def test_no_heading_means_two_things():
    every = [key for keys in ROLES.values() for key in keys.split()]
    assert len(every) == len(set(every))


@given(
    st.binary()
    | st.text(alphabet='0123/-.,"£()\n a', max_size=60).map(
        lambda rest: (HEADINGS + rest).encode()
    )
)
def test_no_bytes_make_reading_fail(content: bytes):
    listed = read_spending("f", content)
    assert bool(listed.errors) != bool(listed.lines)
