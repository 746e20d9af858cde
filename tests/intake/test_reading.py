"""What a file says, however people wrote it."""

import hashlib
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.decisions.bodies import (
    Membership,
    RegisterBody,
    RegisterPractice,
    SucceedBody,
)
from ledger.decisions.evidence import RecordClaim, RecordDocument, RecordResult
from ledger.events import BodyCode, DocumentId, PartyId, RecordId
from ledger.intake.files import KINDS, Intake, read_file, row_of
from ledger.request import Request
from tests.decisions.given import ANALYST
from tests.intake.fault_examples import (
    BODY,
    CLAIM,
    DERIVED,
    FAULTS,
    ONE_BODY,
    ONE_CLAIM,
    ONE_RESULT,
    PERIOD,
    POPULATION,
    PRACTICE,
    RESULT,
    SUCCESSION,
)


def read(kind: str, content: str | bytes) -> Intake:
    encoded = content if isinstance(content, bytes) else content.encode()
    return read_file(kind, "f.csv", encoded, ANALYST)


def commands(kind: str, content: str | bytes) -> list[object]:
    """The commands of a good file's rows, as if it had no document."""
    intake = read(kind, content)
    assert intake.errors == ()
    return [replace(request.command, document=None) for request in intake.requests[1:]]


def value(numerator: str, denominator: str, given: str, unit: str) -> Fraction:
    row = f"{ONE_RESULT},{numerator},{denominator},{given},{unit},\n"
    [command] = commands("results", RESULT + row)
    assert isinstance(command, RecordResult)
    return command.value


SHA = "0" * 64

# The file -----------------------------------------------------------------------------


def test_a_file_gives_its_document_and_a_request_a_row():
    content = (BODY + ONE_BODY).encode()
    intake = read_file(
        "bodies",
        "some/folder\\groups.csv",
        content,
        ANALYST,
        publisher="A publisher",
        url="https://example.org/groups",
        published_on=date(2013, 4, 2),
        licence="OGL",
    )
    document = DocumentId(hashlib.sha256(content).hexdigest())
    prefix = f"import/bodies/{document}/94f40e42598a"
    assert intake == Intake(
        file="groups.csv",
        document=document,
        requests=(
            Request(
                id=f"{prefix}/1",
                by=ANALYST,
                command=RecordDocument(
                    document=document,
                    title="groups.csv",
                    publisher="A publisher",
                    url="https://example.org/groups",
                    published_on=date(2013, 4, 2),
                    licence="OGL",
                ),
                correlation_id=prefix,
            ),
            Request(
                id=f"{prefix}/2",
                by=ANALYST,
                command=RegisterBody(
                    body=BodyCode("X01"),
                    kind="group",
                    name="One",
                    opened_on=date(2013, 4, 1),
                    document=document,
                ),
                correlation_id=prefix,
            ),
        ),
        errors=(),
        notes=(),
        counts={"groups": 1},
    )


def test_the_row_of_a_request_is_its_line_in_the_file():
    intake = read("bodies", BODY + "\n" + ONE_BODY + "X02,,Two,,\n")
    assert [row_of(request.id) for request in intake.requests] == [1, 3, 4]


@pytest.mark.parametrize(
    "other",
    [
        "",
        "c1",
        "1/2",
        f"import/bodies/{SHA}/{'0' * 12}",
        f"import/x/{SHA}/{'0' * 12}/2",
    ],
)
def test_the_id_of_any_other_request_has_no_row(other: str):
    with pytest.raises(ValueError, match="is no request of an import"):
        row_of(other)


@pytest.mark.parametrize(
    "other",
    [
        {"content": (BODY + ONE_BODY + "\n").encode()},
        {"name": "copy of f.csv"},
        {"by": replace(ANALYST, party=PartyId("someone-else"))},
        {"publisher": "A publisher"},
        {"url": "https://example.org"},
        {"published_on": date(2013, 4, 2)},
        {"licence": "OGL"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_an_id_is_the_same_only_for_the_same_request(other: dict[str, Any]):
    given: dict[str, Any] = {
        "kind": "bodies",
        "name": "f.csv",
        "content": (BODY + ONE_BODY).encode(),
        "by": ANALYST,
    }
    first, again = read_file(**given), read_file(**given)
    changed = read_file(**(given | other))
    assert again == first
    assert not {r.id for r in changed.requests} & {r.id for r in first.requests}


def test_folders_are_no_part_of_a_files_name():
    content = (BODY + ONE_BODY).encode()
    here, there = (
        read_file("bodies", name, content, ANALYST)
        for name in ("f.csv", "some/where\\f.csv")
    )
    assert here == there


def test_an_id_fits_a_request():
    by = replace(ANALYST, party=PartyId("p" * 500))
    content = (BODY + "\n" * 99_999 + ONE_BODY).encode()
    ids = [r.id for r in read_file("bodies", "n" * 500, content, by).requests]
    assert max(map(len, ids)) <= 200


@pytest.mark.parametrize(
    "content",
    [
        (BODY + "X01,,Café,,\n").encode(),
        b"\xef\xbb\xbf" + (BODY + "X01,,Café,,\n").encode(),
        (BODY + "X01,,Café,,\n").replace("\n", "\r\n").encode(),
        (BODY + "X01,,Café,,\n").replace("\n", "\r").encode(),
        (BODY + "X01,,Café,,").encode(),
        (BODY + "X01,,Café,,\n\n\r\n,,,,\n").encode(),
        ("\n\n" + BODY + "X01,,Café,,\n").encode(),
        (BODY + ' X01 , ,"Café ",,\n').encode(),
        ("ODS Code,ONS-code,NAME, open date,Close_Date\n" + "X01,,Café,,\n").encode(),
        ("name,close_date,ods_code,open_date,ons_code\nCafé,,X01,,\n").encode(),
        (BODY + "X01,,Café,,\n").encode("cp1252"),
    ],
    ids=[
        "as it is",
        "byte order mark",
        "CRLF",
        "CR",
        "no last line end",
        "empty lines at the end",
        "empty lines before",
        "outer spaces",
        "headings otherwise written",
        "columns in another order",
        "Windows-1252",
    ],
)
def test_the_same_is_read_however_a_file_is_written(content: bytes):
    assert commands("bodies", content) == [
        RegisterBody(body=BodyCode("X01"), kind="group", name="Café")
    ]


def test_a_note_says_what_was_taken_otherwise():
    header = BODY.replace("\n", ",colour,shape\n")
    content = (header + "X01,,Café,,,red,round\n" * 2).encode("cp1252")
    assert read("bodies", content).notes == (
        "not UTF-8 on line 2: read as Windows-1252",
        "columns not read: colour, shape",
        "lines that repeat an earlier one: 3 (2)",
    )


def test_a_column_without_heading_is_said_if_it_holds_anything():
    header = BODY.replace("\n", ",,\n")
    intake = read("bodies", header + "X01,,One,,,,\nX02,,Two,,,seen,\n")
    assert intake.errors == ()
    assert intake.notes == ("columns not read: column_6_without_heading",)


def test_a_row_that_repeats_another_is_counted_once():
    intake = read("populations", POPULATION + "X01,10,2013-04-01,a,b\n" * 2)
    assert intake.errors == ()
    assert [row_of(request.id) for request in intake.requests] == [1, 2]
    assert intake.counts == {"populations": 1}


# Kinds --------------------------------------------------------------------------------


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
            memberships=(
                Membership(observed_on=date(2013, 4, 1), group=BodyCode("X01")),
                Membership(observed_on=date(2016, 3, 31), group=BodyCode("X02")),
                Membership(observed_on=date(2017, 3, 31), group=BodyCode("X03")),
            ),
        )
    ]


def test_two_lists_that_agree_on_a_day_are_one_sighting():
    [practice] = commands("practices", PRACTICE + "Z90001,N,,X01,X01,2016-17,,\n")
    assert isinstance(practice, RegisterPractice)
    assert practice.memberships == (
        Membership(observed_on=date(2017, 3, 31), group=BodyCode("X01")),
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


# Whatever the bytes -------------------------------------------------------------------

HEADERS = [BODY, SUCCESSION, PRACTICE, POPULATION, DERIVED, RESULT, PERIOD, CLAIM]
WRITING = st.text(alphabet='X01Zé9,.;"\n\r\t -/%£²\0\x85\u2028')
ODD = ["", "x", "9" * 30, "٣", "²", "2013-٠4-01", "9999-12-31", "..", "2200000 / 25"]
CELL = st.sampled_from(
    [*ODD, "X01", "0", "1", "-1", "1.5", "2013-04-01", "2013-14", "percent", "inferred"]
)


@given(
    kind=st.sampled_from(list(KINDS)),
    content=st.binary()
    | st.builds(
        lambda head, rest: (head + rest).encode(), st.sampled_from(HEADERS), WRITING
    ),
)
@example(kind="bodies", content=BODY.encode() + b'"' + b"x" * 200_000)
@example(kind="bodies", content=BODY.encode() + b"x" * 200_000)
def test_no_bytes_make_reading_fail(kind: str, content: bytes):
    intake = read(kind, content)
    assert bool(intake.errors) != bool(intake.requests)


@given(header=st.sampled_from(HEADERS), cells=st.lists(CELL, min_size=12, max_size=24))
def test_no_cells_make_reading_fail(header: str, cells: list[str]):
    width = header.count(",") + 1
    rows = [cells[at : at + width] for at in range(0, len(cells), width)]
    content = header + "".join(",".join(row) + "\n" for row in rows)
    for kind in KINDS:
        intake = read(kind, content)
        assert bool(intake.errors) != bool(intake.requests)


def table(content: str | bytes) -> list[list[str]]:
    """The cells of a file that splits at every comma; otherwise none."""
    if isinstance(content, bytes) or '"' in content:
        return []
    rows = [line.split(",") for line in content.splitlines()]
    even = len({len(row) for row in rows}) == 1 and len(rows[0]) > 1
    return rows if even else []


TABLES = {what: fault for what, fault in FAULTS.items() if table(fault[1])}


@given(data=st.data(), what=st.sampled_from(list(TABLES)))
def test_the_order_of_columns_changes_nothing_but_the_order_of_errors(
    data: st.DataObject, what: str
):
    kind, content = TABLES[what]
    rows = table(content)
    order = data.draw(st.permutations(range(len(rows[0]))))
    moved = "".join(",".join(row[at] for at in order) + "\n" for row in rows)

    def where(intake: Intake) -> list[tuple[int, str, str]]:
        return sorted((one.row, one.field, one.value) for one in intake.errors)

    assert where(read(kind, moved)) == where(read(kind, content))
