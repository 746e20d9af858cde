"""The shipped files are read without an error, and the deciders refuse no row."""

from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from ledger.decisions.bodies import RegisterBody, RegisterPractice
from ledger.decisions.evidence import RecordClaim, RecordResult
from ledger.events import LedgerOpened
from ledger.intake.files import Intake, read_file
from tests.decisions.given import ANALYST, Book

DATA = Path(__file__).parents[2] / "data"

# In the order in which one file needs the one before.
FILES = [
    ("bodies", "ccgs.csv", {"groups": 248}),
    ("bodies", "successions.csv", {"successions": 142}),
    ("practices", "practices.csv", {"practices": 8_239, "with no sighting": 39}),
    ("populations", "ccg_population.csv", {"populations": 7_030}),
    ("claims", "claims.csv", {"claims": 89}),
    ("populations", "derived_populations.csv", {"derived populations": 1}),
    ("results", "indicators.csv", {"indicators": 9_108}),
    ("results", "ccg_pyll_2009_2014.csv", {"years of life lost": 1_266}),
    ("results", "ccg_rtt_18_weeks.csv", {"waiting times": 1_262}),
]
NOT_READ = {
    "ccg_pyll_2009_2014.csv": "rows not read: 6 of England, which is not a group",
    "ccg_rtt_18_weeks.csv": "rows not read: 6 of a commissioner that is not a group",
}


@pytest.fixture(scope="module")
def intakes() -> dict[str, Intake]:
    return {
        file: read_file(kind, file, (DATA / file).read_bytes(), ANALYST)
        for kind, file, _ in FILES
    }


def read(intakes: dict[str, Intake], file: str) -> list[Any]:
    return [request.command for request in intakes[file].requests[1:]]


@pytest.mark.parametrize(("file", "counts"), [one[1:] for one in FILES])
def test_a_shipped_file_is_read_whole(
    intakes: dict[str, Intake], file: str, counts: dict[str, int]
):
    intake = intakes[file]
    assert intake.errors == ()
    assert intake.counts == counts
    rows = sum(n for name, n in counts.items() if name != "with no sighting")
    assert len(intake.requests) == rows + 1
    notes = [note for note in intake.notes if not note.startswith("columns not read:")]
    assert notes == ([NOT_READ[file]] if file in NOT_READ else [])


def test_211_groups_opened_in_april_2013_and_37_by_merger(intakes: dict[str, Intake]):
    opened = Counter(
        command.opened_on.isoformat()[:4] == "2013"
        for command in read(intakes, "ccgs.csv")
    )
    assert opened == {True: 211, False: 37}


def test_surrey_heath_is_read_as_it_stands_in_the_file(intakes: dict[str, Intake]):
    [group] = [one for one in read(intakes, "ccgs.csv") if one.body == "10C"]
    assert isinstance(group, RegisterBody)
    assert (group.name, group.ons_code) == ("NHS Surrey Heath CCG", "E38000178")


def test_every_measure_of_population_is_one_a_rulebook_may_name(
    intakes: dict[str, Intake],
):
    measures = Counter(one.measure for one in read(intakes, "ccg_population.csv"))
    assert measures == {
        "population.registered.gp-list": 4_968,
        "population.registered.last-known-figure-in-year": 1_031,
        "population.registered.qof-list-size": 211,
        "population.resident.census-2011": 211,
        "population.resident.ons-mid-year": 209,
        "population.resident.ons-mid-year-2019-boundaries": 191,
        "population.resident-attributed.lsoa-mid-year-attributed-to-ccg": 209,
    }


def test_a_command_built_here_is_one_that_would_be_read_from_outside(
    intakes: dict[str, Intake],
):
    """Rows are checked by intake itself, for speed: it must not be laxer."""
    for kind in (RegisterBody, RegisterPractice, RecordResult, RecordClaim):
        adapter = TypeAdapter[Any](kind)
        commands = [
            request.command
            for intake in intakes.values()
            for request in intake.requests
            if isinstance(request.command, kind)
        ]
        assert commands
        for command in commands:
            outside = adapter.dump_python(command, mode="json")
            assert adapter.validate_python(outside) == command, fields(command)


def test_the_deciders_refuse_no_row_and_a_second_time_add_nothing(
    intakes: dict[str, Intake],
):
    book = Book()
    book.tell(LedgerOpened(name="England", origin="real"))
    facts = Counter(
        type(fact).TOPIC
        for _, file, _ in FILES
        for request in intakes[file].requests
        for fact in book.do(request.command, request.by)
    )
    assert facts == {
        "document-recorded.v1": 9,
        "body-registered.v1": 248 + 8_239,
        "body-succeeded.v1": 142,
        "practice-seen.v1": 24_045,  # Of 8,200 practices.
        "result-recorded.v1": 7_031 + 9_108 + 1_266 + 1_262,
        "claim-recorded.v1": 89,
    }
    head = book.position
    for _, file, _ in FILES:
        for request in intakes[file].requests:
            assert book.do(request.command, request.by) == ()
    assert book.position == head
