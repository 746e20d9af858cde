"""A file given to the ledger: whole or not at all, and never twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interfaces.cli.exits import Exit
from interfaces.cli.main import call
from ledger.decisions.bodies import UnknownBody
from ledger.decisions.evidence import DocumentDiffers
from ledger.decisions.opening import OpenLedger
from ledger.events import PartyId
from ledger.intake.files import Intake, read_file, row_of
from ledger.request import Appended, NotTried, Refused, Repeated, Request
from ledger.service import Ledger
from tests.decisions.given import ANALYST, OPERATOR
from tests.intake.fault_examples import BODY, ONE_BODY, PRACTICE

PRACTICES = PRACTICE + "Z90001,N,X01,,,,,\nZ90002,N,X02,,,,,\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "l.db", create=True) as ledger:
        opening = OpenLedger(name="Some", origin="simulated")
        ledger.give(Request(id="open", by=OPERATOR, command=opening))
        yield ledger


def bodies(
    name: str = "f.csv", party: str = "ana", licence: str | None = None
) -> Intake:
    by = replace(ANALYST, party=PartyId(party))
    content = (BODY + ONE_BODY).encode()
    return read_file("bodies", name, content, by, licence=licence)


def test_the_same_file_again_is_answered_as_the_first_time(ledger: Ledger):
    first = ledger.give_all(bodies().requests)
    assert [type(one) for one in first] == [Appended, Appended]
    head = ledger.head()
    again = ledger.give_all(bodies().requests)
    assert again == tuple(
        Repeated(id=one.id, first=one) for one in first if isinstance(one, Appended)
    )
    assert ledger.head() == head


def test_the_same_file_from_another_person_adds_nothing(ledger: Ledger):
    ledger.give_all(bodies().requests)
    head = ledger.head()
    other = bodies(party="someone-else").requests
    assert ledger.give_all(other) == tuple(
        Appended(id=one.id, records=()) for one in other
    )
    assert ledger.head() == head


def test_the_same_bytes_under_another_name_add_nothing(ledger: Ledger):
    ledger.give_all(bodies().requests)
    head = ledger.head()
    copy = bodies(name="copy of f.csv").requests
    assert ledger.give_all(copy) == tuple(
        Appended(id=one.id, records=()) for one in copy
    )
    assert ledger.head() == head


def test_the_same_bytes_under_another_licence_are_refused_at_the_document(
    ledger: Ledger,
):
    ledger.give_all(bodies().requests)
    copy = bodies(licence="CC0")
    document, row = ledger.give_all(copy.requests)
    assert document == Refused(
        id=copy.requests[0].id,
        refusal=DocumentDiffers(
            document=copy.document,
            recorded_title="f.csv",
            field="licence",
            recorded="None",
            given="CC0",
        ),
    )
    assert isinstance(row, NotTried)


def test_a_refused_row_is_named_and_nothing_of_the_file_is_recorded(ledger: Ledger):
    ledger.give_all(bodies().requests)
    head = ledger.head()
    practices = read_file("practices", "p.csv", PRACTICES.encode(), ANALYST)
    outcomes = ledger.give_all(practices.requests)
    [refused] = [one for one in outcomes if isinstance(one, Refused)]
    assert refused.refusal == UnknownBody(body="X02")
    assert row_of(refused.id) == 3
    assert ledger.head() == head


def premium(db: Path, *arguments: str) -> int:
    return call([*arguments, "--db", str(db)])


def test_a_file_refused_for_what_was_missing_is_taken_once_that_is_there(
    tmp_path: Path,
):
    db = tmp_path / "l.db"
    practices, groups = tmp_path / "practices.csv", tmp_path / "groups.csv"
    practices.write_text(PRACTICES, encoding="utf-8")
    groups.write_text(BODY + ONE_BODY + "X02,,Two,,\n", encoding="utf-8")
    analyst = ("--as", "analyst:ana")
    named = ("--name", "Some", "--origin", "simulated", "--as", "operator:otto")
    assert premium(db, "init", *named) == Exit.OK
    too_early = premium(db, "import", "practices", str(practices), *analyst)
    assert too_early == Exit.REFUSED
    assert premium(db, "import", "bodies", str(groups), *analyst) == Exit.OK
    assert premium(db, "import", "practices", str(practices), *analyst) == Exit.OK
    with Ledger.open(db) as ledger:
        assert len(ledger.streams("body/")) == 4
