"""A file with one fault: its row and column are named, and no other is blamed."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.excerpts import printable
from ledger.intake.files import KINDS
from ledger.intake.mapping import UnreadableMapping, layout_of
from ledger.intake.spending import read_spending
from ledger.intake.table import RowError
from tests.cli.program import HOUSE
from tests.intake.given import read
from tests.worlds.single_faults import (
    TOML_FORMS,
    FaultyTable,
    OneFault,
    at,
    csv_text,
    faulty_table,
    one_fault,
    toml_text,
)

PAGE = (HOUSE / "docs" / "importing.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))


def tables() -> dict[str, tuple[str, list[list[str]]]]:
    """Each layout's example, with three rows that differ in what they are about."""
    found = {}
    for kind in KINDS:
        examples = re.findall(r"```csv\n(.*?)```", SECTIONS[kind], re.S)
        for number, example in enumerate(examples):
            head, row = (line.split(",") for line in example.splitlines())
            at = next(n for n, one in enumerate(head) if one in ABOUT)
            rows = [[*row[:at], f"Y0{n}", *row[at + 1 :]] for n in range(3)]
            found[f"{kind} {number}"] = (kind, [head, *rows])
    return found


ABOUT = {"ods_code", "subject", "predecessor_code", "claim"}
TABLES = tables()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_a_fault_is_read(name: str):
    kind, rows = TABLES[name]
    found = read(kind, csv_text(rows))
    assert (found.errors, len(found.requests)) == ((), 4)


TOGETHER = [
    {"period_start", "period_end"},
    {"open_date", "close_date", "close_date_2017_03", "close_date_nhs_payments"},
    {"numerator", "denominator", "value", "unit", "measure"},
    {"amount_gbp", "value", "rounded_to_gbp"},
    {"pathways_total", "pathways_within_18_weeks", "percent_within_18_weeks"},
    {"ccg_2013_q2", "ccg_2017_03", "ccg_last_paid", "last_paid_fy"},
    {"heads", "arithmetic", "derived_from_claim"},
    {"predecessor_code", "successor_code"},
]
"""Columns that are held against each other: a fault of one may be told of another."""


def is_at(error: RowError, faulty: FaultyTable) -> bool:
    """Whether an error is told of the place at fault."""
    together = {faulty.column, ""}.union(*(t for t in TOGETHER if faulty.column in t))
    # A line end, or a quote left open, makes two lines of one or one of two; what a
    # heading no longer names is missed in every row.
    near = faulty.line == 1 or error.row - faulty.line in (0, 1)
    return near and (error.field in together or not faulty.column)


def is_readable(error: RowError) -> bool:
    """Whether people can read it on a screen: short, and with nothing unseen."""
    short = len(error.value) <= 80 and len(error.remedy) <= 400
    assert not re.search(r"\b[Ii]nput\b|required", error.remedy), "it says what to do"
    return short and str(error).isprintable()


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
def test_a_table_with_one_fault_is_refused_there_or_is_one_like_another(
    name: str, data: st.DataObject
):
    kind, rows = TABLES[name]
    faulty = data.draw(faulty_table(rows))
    found = read(kind, faulty.content)
    assert bool(found.errors) != bool(found.requests)
    for error in found.errors:
        assert is_readable(error)
        assert is_at(error, faulty), error
        assert "invented surgery" not in str(error)
    if found.requests and faulty.what == "unseen" and faulty.line > 1:
        text = io.StringIO(faulty.content.decode(), newline="")
        place = rows[0].index(faulty.column)
        read_as = [row[place].strip() for row in csv.reader(text) if row]
        assert read_as == [row[place] for row in rows]


LIST = [
    ["Entity", "Date", "Expense area", "Supplier", "Transaction", "Amount"],
    ["X01", "30/11/2015", "QUALITY PREMIUM", "A CHARITY", "T-1", "44000.00"],
    ["X01", "25/11/2015", "QUALITY PREMIUM", "B CHARITY", "T-2", "1250.50"],
    ["X01", "13/11/2015", "QUALITY PREMIUM", "C CHARITY", "T-3", "-10"],
]


@given(faulty_table(LIST))
def test_a_list_of_spending_with_one_fault_is_refused_there_or_is_read(
    faulty: FaultyTable,
):
    found = read_spending("f.csv", faulty.content)
    assert bool(found.errors) != bool(found.lines)
    for error in found.errors:
        assert is_readable(error)
        # What a heading no longer names, or a quote swallows, is missed further down.
        assert faulty.line == 1 or error.row - faulty.line in (0, 1), error


# Mappings -----------------------------------------------------------------------------

MAPPING = {
    "header": 3,
    "separator": ";",
    "encoding": "utf-8",
    "dates": "day-first",
    "decimal": ",",
    "columns": {"date": "Booked in", "amount": "Worth", "supplier": 4},
}
RIGHT = layout_of(toml_text(MAPPING))


@given(one_fault(MAPPING, TOML_FORMS))
def test_a_mapping_with_one_fault_is_refused_there_or_says_something_else(
    faulty: OneFault,
):
    try:
        found = layout_of(toml_text(faulty.whole))
    except UnreadableMapping as reason:
        says = str(reason)
        assert says.isprintable()
        assert len(says) <= 300
        line = 1 + [*dict(faulty.whole)].index(faulty.path[0])
        lines = (f"line {line}", f"line {line + 1}", "end of document", "twice")
        last = printable(str(faulty.path[-1]))[:40]
        assert any(one in says for one in (last, *lines)), says
        return
    assert faulty.what not in ("twice", "raw", "deep", "unknown", "long")
    assert found != RIGHT or faulty.here == at(MAPPING, faulty.path), faulty
