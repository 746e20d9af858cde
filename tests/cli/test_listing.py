"""One way to ask: which rows and fields of a list, in which order and form."""

import csv
import io
import json
from datetime import date
from fractions import Fraction

import pytest

from interfaces.cli.lists.asked import Shape
from interfaces.cli.lists.columns import (
    Column,
    count,
    day,
    flag,
    key,
    money,
    number,
    text,
)
from interfaces.cli.lists.written import List, write
from interfaces.cli.session import Session
from interfaces.settings import settings
from tests.cli.program import begin, ok, premium

COLUMNS: tuple[Column, ...] = (
    key("body"),
    text("state"),
    day("paid_on"),
    count("heads"),
    number("share"),
    flag("late"),
    money("paid_pence"),
)
ROWS = (
    ("ZZ1", "Paid", date(2015, 11, 2), 1200, Fraction(1, 3), False, 25_000_00),
    ("ZZ2", "returned", date(2015, 12, 1), 900, Fraction(1, 2), True, 0),
    ("ZZ3", "asked", None, None, None, None, None),
    ("ZZ4", "=1+1", date(2015, 11, 2), 40, Fraction(1), False, -5),
)


@pytest.fixture
def session() -> Session:
    begin()
    return Session(settings({}, "sim.db", None, 0))


def bodies(
    session: Session, capsys: pytest.CaptureFixture[str], **asked: object
) -> str:
    """The bodies of the rows that come, in their order."""
    shape = Shape(format="ndjson", **asked)  # type: ignore[arg-type]
    rows = [dict(zip((one.field for one in COLUMNS), row, strict=True)) for row in ROWS]
    write(session, shape, List("payments", "Payments", COLUMNS, rows))
    lines = capsys.readouterr().out.splitlines()
    return "".join(json.loads(line)["body"].removeprefix("ZZ") for line in lines)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("body=zz2", "2"),
        ("body!=ZZ2", "134"),
        ("state~A", "13"),
        ("paid=25,000.00", "1"),
        ("paid_pence=2500000", "1"),
        ("paid<0.00", "4"),
        ("paid>=0.00", "12"),
        ("paid=-0.05", "4"),
        ("paid=", "3"),
        ("paid!=", "124"),
        ("paid_on=2015-11-02", "14"),
        ("paid_on>2015-11-02", "2"),
        ("heads<=900", "24"),
        ("share=1/2", "2"),
        ("share>0.4", "24"),
        ("late=yes", "2"),
        ("late!=no", "23"),
    ],
)
def test_where_holds_a_field_against_a_value(
    session: Session, capsys: pytest.CaptureFixture[str], where: str, found: str
):
    assert bodies(session, capsys, where=(where,)) == found


def test_every_where_must_hold(session: Session, capsys: pytest.CaptureFixture[str]):
    both = ("paid_on=2015-11-02", "heads>100")
    assert bodies(session, capsys, where=both) == "1"


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("heads", "4213"),
        ("-heads", "1243"),
        ("state", "4312"),
        ("paid_on,-paid", "1423"),
        ("-paid_on,paid", "2413"),
    ],
)
def test_rows_come_in_the_order_asked_and_last_those_without(
    session: Session, capsys: pytest.CaptureFixture[str], sort: str, found: str
):
    assert bodies(session, capsys, sort=sort) == found


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--where", "bdy=1"), "no field 'bdy', did you mean body?"),
        (("--where", "balance=x"), "'x' is not an amount"),
        (("--where", "balance_pence=1.5"), "'1.5' is not a whole number of pence"),
        (("--where", "balance~1.00"), "compare balance by ="),
        (("--where", "body"), "write FIELD=VALUE"),
        (("--where", "body<"), "there is no value to compare with"),
        (("--sort", "-size"), "no field 'size'"),
        (("--columns", "body,size"), "the fields are account, scheme, body"),
        (("--top", "-1"), "write how many rows"),
        (("--json", "--format", "csv"), "not both of them"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_is_written(
    asked: tuple[str, ...], says: str
):
    begin()
    done = premium("balances", *asked)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


@pytest.mark.usefixtures("whole_year")
def test_every_form_holds_the_same_rows_and_fields():
    asked = ("balances", "--sort", "-balance", "--top", "4")
    document = ok(*asked, "--json").document
    rows = document["balances"]
    assert document["rows"] > len(rows) == 4
    lines = ok(*asked, "--format", "ndjson").out.splitlines()
    origin = {"origin": "simulated"}
    assert [json.loads(line) for line in lines] == [{**origin, **one} for one in rows]
    table = list(csv.DictReader(io.StringIO(ok(*asked, "--format", "csv").out)))
    assert table == [
        {field: str(value) for field, value in {**one, **origin}.items()}
        for one in rows
    ]
    assert "4 of " in ok(*asked).out


@pytest.mark.usefixtures("whole_year")
@pytest.mark.parametrize("columns", ["0", "20", "60", "", "1000"])
def test_nothing_of_a_table_is_cut(monkeypatch: pytest.MonkeyPatch, columns: str):
    monkeypatch.setenv("COLUMNS", columns)
    shown = ok("balances").out
    for one in ok("balances", "--json").document["balances"]:
        assert one["body"] in shown
        assert one["ledger_account"] in shown
        assert f"{abs(one['balance_pence']) // 100:,}." in shown


@pytest.mark.usefixtures("whole_year")
def test_rows_of_nothing_are_left_out_unless_asked():
    few, all_ = (
        ok("balances", *zeros, "--json").document["balances"]
        for zeros in ((), ("--zeros",))
    )
    assert [one for one in all_ if one["balance_pence"]] == few
    assert len(few) < len(all_)


def test_none_is_said_with_its_reason():
    begin()
    assert "None: no account had moved by then." in ok("balances").out
