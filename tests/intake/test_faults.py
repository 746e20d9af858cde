"""What is wrong with a file, as people read it: a golden file, and its rules."""

from pathlib import Path

import pytest

from ledger.intake.table import RowError
from tests.intake.fault_examples import BODY, FAULTS, POPULATION, PRACTICE
from tests.intake.given import read

GOLDEN = Path(__file__).parents[1] / "golden" / "row_errors.txt"


def test_every_fault_reads_as_in_the_golden_file():
    said: list[str] = []
    for what, fault in FAULTS.items():
        said.append(f"# {what}\n")
        said += [f"{error}\n" for error in read(*fault).errors]
    assert "".join(said) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("what", FAULTS)
def test_a_file_with_a_fault_gives_no_request_at_all(what: str):
    intake = read(*FAULTS[what])
    assert intake.errors
    assert intake.requests == ()


def test_an_error_names_file_line_column_value_and_remedy():
    assert read("populations", POPULATION + 'X01,"88,000",2013-04-01,a,b\n').errors == (
        RowError(
            file="f.csv",
            row=2,
            field="population",
            value="88,000",
            remedy="write it as 88000, without separators or signs",
        ),
    )


def test_a_line_is_that_of_the_file_with_empty_and_broken_lines_counted():
    content = BODY + '\nX01,,"One",,\n,,,,\nX02,,,,\n'
    assert [error.row for error in read("bodies", content).errors] == [5]
    broken = BODY + 'X01,"a\nb",One,,\nX02,,,,\n'
    assert [error.row for error in read("bodies", broken).errors] == [2, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_is_counted_alike_with_every_line_end(end: str):
    content = (BODY + "X01,,One,,\nX02,,,,\n").replace("\n", end)
    assert [error.row for error in read("bodies", content).errors] == [3]
    unreadable = content.encode() + b"X03,,\x81,,"
    assert [error.row for error in read("bodies", unreadable).errors] == [4]


def test_what_stands_in_a_practices_name_is_in_no_error():
    rows = [
        f"Z90001,{'Drs Secret ' * 60},,,,,,\n",
        'Z90002,"Drs\nSecret",,,,,,\n',
        "Z90003,Drs Secret, Secret,,,,,,\n",
        "Z90004,Drs Secret,,,,,,\n",
        "Z90004,Drs Secret and One,,,,,,\n",
    ]
    errors = read("practices", PRACTICE + "".join(rows)).errors
    assert [error.row for error in errors] == [2, 3, 5, 7]
    assert "Secret" not in "".join(map(str, errors))


def test_a_long_value_is_shortened_to_80_characters():
    [error] = read("bodies", BODY + f"X01,,One,{'9' * 81},\n").errors
    assert error.value == "9" * 77 + "..."
    [error] = read("bodies", BODY + f"X01,,One,{'9' * 80},\n").errors
    assert error.value == "9" * 80
