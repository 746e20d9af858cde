"""What somebody says of a list's layout, and what cannot be said of it."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.mapping import UnreadableMapping, layout_of
from ledger.intake.spending import read_spending
from tests.cli.program import HOUSE

HEADED = """
header = 2
separator = ";"
dates = "month-end"
decimal = ","
[columns]
date = "Booked in"
amount = "Worth"
supplier = 1
"""


def test_a_mapping_reads_what_no_heading_says():
    rows = "anything\nTo whom;Booked in;Worth\nSomebody;Apr-14;1.250,50\n"
    [line] = read_spending("f", rows.encode(), None, layout_of(HEADED)).lines
    assert (line.on, line.amount_pence) == (date(2014, 4, 30), 1_250_50)
    assert line.supplier == "Somebody"


def test_a_list_without_headings_is_read_by_places():
    said = layout_of("header = 0\n[columns]\ndate = 2\namount = 1\n")
    [line] = read_spending("f", b"5,2014-04-01\n", None, said).lines
    assert (line.line, line.on, line.amount_pence) == (1, date(2014, 4, 1), 500)


def test_a_mapping_counts_for_more_than_a_heading_that_is_known():
    said = layout_of('[columns]\ndate = "Date"\namount = "Net"\n')
    rows = b"Date,Amount,Net\n2014-04-01,6,5\n"
    assert read_spending("f", rows, None, said).lines[0].amount_pence == 500


def test_a_heading_that_is_not_there_is_an_error():
    said = layout_of('[columns]\ndate = "Date"\namount = "Nett"\n')
    [error] = read_spending("f", b"Date,Net\n2014-04-01,5\n", None, said).errors
    assert "columns missing: amount; found: Date, Net" in error.remedy


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns", "it is not TOML"),
        ("seperator = ';'", "did you mean separator?"),
        ("[columns]\ndata = 1\namount = 2", "did you mean date?"),
        ("[columns]\ndate = 1", "amount must be named"),
        ("[columns]\ndate = 0\namount = 1", "columns.date 0: write a place"),
        ('[columns]\ndate = ""\namount = 1', "columns.date '': write a place"),
        ("[columns]\ndate = true\namount = 1", "columns.date True: write a place"),
        ("header = 0", "date and amount must be named"),
        ("header = -1", "header -1: write the line"),
        ("separator = 'x'", "separator 'x': write"),
        ("encoding = 'ebcdic'", "encoding 'ebcdic': write one of utf-8"),
        ("dates = 'first'", "dates 'first': write one of day-first"),
        ("decimal = ';'", "decimal ';': write one of"),
    ],
)
def test_what_is_wrong_in_a_mapping_names_its_key(text: str, says: str):
    with pytest.raises(UnreadableMapping, match=re.escape(says)):
        layout_of(text)


@given(st.text(alphabet='columns=[]date amount"12.\n', max_size=60), st.binary())
def test_no_mapping_makes_reading_fail(text: str, content: bytes):
    try:
        said = layout_of(text)
    except UnreadableMapping:
        return
    listed = read_spending("f", content, None, said)
    assert bool(listed.errors) != bool(listed.lines)


def test_the_mapping_that_the_page_shows_can_be_read():
    page = (HOUSE / "docs" / "importing.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```toml\n(.*?\[columns\].*?)```", page, re.DOTALL)
    said = layout_of(shown)
    assert (said.header, said.columns["supplier"]) == (3, 4)
