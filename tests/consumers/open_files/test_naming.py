"""What the open files call bodies and payees."""

from pathlib import Path

import pytest

from consumers.open_files.job import named, publish
from consumers.open_files.naming import Naming, cell, payees, slug
from consumers.results.place import Unfit
from consumers.results.results import Results
from tests.consumers.happening import BODY, Happening, takes
from tests.consumers.open_files.reading import FEB, month, sees


def test_a_payee_is_called_as_registered_then_as_given_then_by_its_id(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    told.registers("RXX", "Test Hospital", "provider")
    told.registers("P00001", None, "practice")
    for number, payee in enumerate(("RXX", "P00001", "supplier-1", "supplier-2")):
        told.spends(f"s{number}", 30_000_00, FEB, payee=payee, number=f"AP-{number}")
    takes(results, told.messages)
    given = {"RXX": "Not this", "P00001": "The Surgery", "supplier-1": "Acme Ltd"}
    job = named(Naming(given))
    assert job.publish is not None
    job.publish(results.db, tmp_path / "open")
    assert [row[5] for row in month(tmp_path / "open", "2016-02")] == [
        *("Test Hospital", "The Surgery", "Acme Ltd", "supplier-2")
    ]


def test_other_given_names_have_every_file_written_again(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    publish(beside.db, tmp_path, Naming({"supplier-1": "Acme Ltd"}))
    assert [row[5] for row in month(tmp_path, "2016-02")] == ["Acme Ltd"]
    publish(beside.db, tmp_path)
    assert [row[5] for row in month(tmp_path, "2016-02")] == ["supplier-1"]


def test_a_payee_registered_later_has_its_months_written_again(
    results: Results, tmp_path: Path
) -> None:
    """Its registration may come late: bodies are keys of their own."""
    told = Happening()
    told.registers("RAA", "First Hospital", "provider")
    told.registers("RBB", "Second Hospital", "provider")
    first, second = told.messages
    told.registers(BODY, "NHS Test Vale CCG")
    told.spends("s1", 30_000_00, FEB, payee="RAA", number="AP-1")
    told.spends("s2", 30_000_00, FEB, payee="RBB", number="AP-2")
    folder, rest = tmp_path / "open", told.messages[2:]
    for messages, names in (
        (rest, ["RAA", "RBB"]),
        ([second], ["RAA", "Second Hospital"]),
        ([first], ["First Hospital", "Second Hospital"]),
    ):
        takes(results, messages)
        publish(results.db, folder)
        assert [row[5] for row in month(folder, "2016-02")] == names


def test_rules_that_come_behind_a_later_registration_are_not_missed(
    beside: Results, tmp_path: Path
) -> None:
    told = Happening()
    told.publishes_rules("2013-14", 1, {"a": "Quality of services"})
    told.registers("RXX", "Test Hospital", "provider")
    told.spends("s1", 30_000_00, FEB, payee="RXX")
    rules, payee, spent = told.messages
    for messages, said in (
        ([spent], ["purpose a", "QUALITY PREMIUM PROGRAMME", "RXX"]),
        ([payee], ["purpose a", "QUALITY PREMIUM PROGRAMME", "Test Hospital"]),
        (
            [rules],
            ["Quality of services", "QUALITY PREMIUM PROGRAMME", "Test Hospital"],
        ),
    ):
        takes(beside, messages)
        publish(beside.db, tmp_path)
        assert [row[3:6] for row in month(tmp_path, "2016-02")] == [said]


def test_a_body_registered_later_has_its_months_written_again(
    beside: Results, tmp_path: Path
) -> None:
    told = Happening()
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    assert [row[1] for row in month(tmp_path, "2016-02")] == ["X01"]
    told.registers(BODY, "NHS Test Vale CCG")
    sees(beside, told, tmp_path)
    assert [row[1] for row in month(tmp_path, "2016-02")] == ["NHS Test Vale CCG"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("+44 20 7946 0000", "'+44 20 7946 0000"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" \t=1+1", "'=1+1"),
        ("\r\n=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("A = B + C", "A = B + C"),
        ("Two\nlines", "Two lines"),
    ],
)
def test_no_cell_is_a_formula(text: str, written: str) -> None:
    assert cell(text) == written


def test_a_formula_in_a_name_or_a_number_is_not_executed(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.registers("RXX", "=1+1", "provider")
    told.spends("s1", 30_000_00, FEB, payee="RXX", number="@AP")
    told.spends("s2", 30_000_00, FEB, payee="-2+3", number="+1")
    sees(beside, told, tmp_path)
    assert [row[5:7] for row in month(tmp_path, "2016-02")] == [
        ["'=1+1", "'@AP"],
        ["'-2+3", "'+1"],
    ]


def test_no_code_of_a_body_leads_out_of_the_folder() -> None:
    assert slug("../../etc") == "%2E%2E%2F%2E%2E%2Fetc"
    assert slug("00F") == "00F"
    assert slug("é") == "%C3%A9"


def test_names_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "payees.csv"
    file.write_bytes(b'\xef\xbb\xbfpayee,name\r\np1,"Acme, Ltd"\r\np2, Beta \r\n')
    assert payees(file) == {"p1": "Acme, Ltd", "p2": "Beta"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\np1,A\n", "its first line must name the columns payee,name"),
        ("", "its first line must name the columns payee,name"),
        ("payee,name\np1,\n", "line 2: it needs a payee and a name"),
        ("payee,name\np1\n", "line 2: it needs a payee and a name"),
        ("payee,name\np1,A\np1,B\n", "line 3: p1 has another name above"),
    ],
)
def test_a_file_of_names_that_cannot_be_used_says_why(
    tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "payees.csv"
    file.write_text(text)
    with pytest.raises(Unfit, match=says):
        payees(file)
