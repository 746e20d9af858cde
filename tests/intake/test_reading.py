"""What a file says, however people wrote it."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.bodies import (
    RegisterBody,
)
from ledger.decisions.evidence import RecordDocument
from ledger.events import BodyCode, DocumentId, PartyId
from ledger.intake.files import Intake, read_file, row_of
from ledger.request import Checked
from tests.decisions.given import ANALYST
from tests.intake.fault_examples import (
    BODY,
    ONE_BODY,
    POPULATION,
)
from tests.intake.given import commands, read

SHA = "0" * 64


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
            Checked(
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
            Checked(
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
    with pytest.raises(ValueError, match="is not a request of an import"):
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
    by = replace(ANALYST, party=PartyId("p" * 80))
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
