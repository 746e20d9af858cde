"""Spending over £25,000: which payments stand in which file, and its Data Package."""

import json
from datetime import date
from pathlib import Path

import frictionless
import pytest

from consumers.open_files.job import publish
from consumers.results.results import Results
from ledger.intake.spending import about, read_spending
from tests.consumers.happening import BODY, Happening, takes
from tests.consumers.open_files.reading import FEB, amounts, month, sees


def test_a_spending_stands_in_the_file_of_its_body_and_month(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 88_664_31, FEB)
    written = sees(results, told, tmp_path / "open")
    assert [path.name for path in written] == [
        "datapackage.json",
        "spending-over-25000-X01-2016-02.csv",
    ]
    assert month(tmp_path / "open", "2016-02") == [
        [
            *("Department of Health", "NHS Test Vale CCG", "10/02/2016", "purpose a"),
            *("QUALITY PREMIUM PROGRAMME", "supplier-1", "AP-1", "88664.31"),
        ]
    ]


@pytest.mark.parametrize(
    ("pence", "listed"), [(24_999_99, []), (25_000_00, ["25000.00"])]
)
def test_25_000_pounds_are_listed_and_a_penny_less_is_not(
    beside: Results, told: Happening, tmp_path: Path, pence: int, listed: list[str]
) -> None:
    told.spends("s1", pence, FEB)
    sees(beside, told, tmp_path / "open")
    assert amounts(tmp_path / "open", "2016-02") == listed


@pytest.mark.parametrize(
    ("second", "listed"),
    [(4_999_99, []), (5_000_00, ["20000.00", "5000.00"])],
)
def test_a_payment_split_over_lines_is_listed_by_its_total(
    beside: Results,
    told: Happening,
    tmp_path: Path,
    second: int,
    listed: list[str],
) -> None:
    told.spends("s1", 20_000_00, FEB, number="AP-7")
    told.spends("s2", second, FEB, number="AP-7")
    told.spends("s3", 24_000_00, FEB, number=None)
    told.spends("s4", 24_000_00, FEB, number=None)
    sees(beside, told, tmp_path / "open")
    assert amounts(tmp_path / "open", "2016-02") == listed


def test_months_end_at_midnight(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, date(2016, 2, 29), number="AP-1")
    told.spends("s2", 40_000_00, date(2016, 3, 1), number="AP-2")
    told.spends("s3", 50_000_00, date(2016, 12, 31), number="AP-3")
    told.spends("s4", 60_000_00, date(2017, 1, 1), number="AP-4")
    sees(beside, told, tmp_path)
    listed = {
        which: amounts(tmp_path, which)
        for which in ("2016-02", "2016-03", "2016-12", "2017-01")
    }
    assert listed == {
        "2016-02": ["30000.00"],
        "2016-03": ["40000.00"],
        "2016-12": ["50000.00"],
        "2017-01": ["60000.00"],
    }


def test_only_the_month_that_changed_is_written_again(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    told.spends("s2", 40_000_00, date(2016, 3, 1))
    sees(results, told, tmp_path / "open")
    assert publish(results.db, tmp_path / "open") == []
    told.spends("s3", 50_000_00, date(2016, 3, 2))
    written = sees(results, told, tmp_path / "open")
    assert [path.name for path in written] == [
        "datapackage.json",
        "spending-over-25000-X01-2016-03.csv",
    ]


def test_a_corrected_spending_stands_corrected_on_the_day_it_was_made(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    told.spends("s1", 30_000_00, FEB)
    sees(results, told, folder)
    told.corrects("s1", (30_000_00, FEB), 31_000_00, date(2016, 5, 12))
    written = sees(results, told, folder)
    assert [path.name for path in written] == [
        "datapackage.json",
        "spending-over-25000-X01-2016-02.csv",
    ]
    [row] = month(folder, "2016-02")
    assert (row[2], row[-1]) == ("10/02/2016", "31000.00")


@pytest.mark.parametrize(
    ("pence", "listed"), [(24_999_99, []), (25_000_00, ["25000.00"])]
)
def test_a_correction_can_take_a_spending_below_the_threshold(
    beside: Results, told: Happening, tmp_path: Path, pence: int, listed: list[str]
) -> None:
    told.spends("s1", 30_000_00, FEB)
    told.corrects("s1", (30_000_00, FEB), pence, date(2016, 5, 12))
    sees(beside, told, tmp_path)
    assert amounts(tmp_path, "2016-02") == listed


def test_a_correction_of_what_was_discarded_stands_on_the_day_it_undoes(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    told.corrects("s1", (30_000_00, FEB), 31_000_00, date(2016, 5, 12))
    registered, _, corrected = told.messages
    takes(beside, [registered, corrected])
    publish(beside.db, tmp_path)
    assert amounts(tmp_path, "2016-02") == ["31000.00"]


def test_an_undone_spending_leaves_a_month_with_the_headings_alone(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    told.spends("s1", 30_000_00, FEB)
    sees(results, told, folder)
    told.corrects("s1", (30_000_00, FEB), 0, FEB)
    sees(results, told, folder)
    assert month(folder, "2016-02") == []
    report = frictionless.validate(
        str(folder / "spending-over-25000/X01/datapackage.json")
    )
    assert report.valid, report.flatten(["type", "note"])


def test_a_correction_of_a_correction_counts_alone(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    told.corrects("s1", (30_000_00, FEB), 31_000_00, date(2016, 5, 12))
    told.corrects("s1", (31_000_00, FEB), 32_000_00, date(2016, 6, 13))
    sees(beside, told, tmp_path)
    assert amounts(tmp_path, "2016-02") == ["32000.00"]
    assert len(list(tmp_path.rglob("*.csv"))) == 1


def test_the_ledger_s_own_reader_of_published_lists_reads_a_file(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_05, FEB, payee="=1", number="AP-1")
    told.spends("s2", 1_234_567_00, date(2016, 2, 29), number="AP-2")
    sees(beside, told, tmp_path)
    [path] = tmp_path.rglob("*.csv")
    listed = read_spending(path.name, path.read_bytes())
    assert (listed.errors, listed.has_areas) == ((), True)
    assert [
        (line.on, line.amount_pence, line.supplier, line.transaction)
        for line in about(listed.lines, "quality premium")
    ] == [
        (FEB, 30_000_05, "'=1", "AP-1"),
        (date(2016, 2, 29), 1_234_567_00, "supplier-1", "AP-2"),
    ]


def test_what_was_never_spent_is_no_line_of_a_split_payment(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    told.spends("s2", 40_000_00, FEB)
    told.corrects("s2", (40_000_00, FEB), 0, FEB)
    sees(beside, told, tmp_path)
    assert amounts(tmp_path, "2016-02") == ["30000.00"]


def test_what_was_passed_on_says_so(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.passes_on("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    [row] = month(tmp_path, "2016-02")
    assert row[3:] == [
        *("Passed on: purpose c", "QUALITY PREMIUM PROGRAMME", "charity-1"),
        *("2013-14/s1", "30000.00"),
    ]


def test_the_purpose_is_told_in_the_words_of_the_rules(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    """The rules are a key of their own, and may come behind the spending."""
    told.spends("s1", 30_000_00, FEB)
    sees(results, told, tmp_path / "open")
    for version, words in enumerate(("Quality of services", "Better services"), 1):
        told.publishes_rules("2013-14", version, {"a": words})
        told.publishes_rules("2014-15", version, {"a": "Of another year"})
        sees(results, told, tmp_path / "open")
        assert [row[3] for row in month(tmp_path / "open", "2016-02")] == [words]


def test_frictionless_accepts_the_package_and_notices_a_changed_file(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    told.spends("s2", 12_345_67, date(2016, 3, 1))
    sees(results, told, tmp_path / "open")
    package = tmp_path / "open" / "spending-over-25000" / BODY / "datapackage.json"
    report = frictionless.validate(str(package))
    assert report.valid, report.flatten(["type", "note"])
    assert [task.name for task in report.tasks] == [
        "spending-over-25000-x01-2016-02",
        "spending-over-25000-x01-2016-03",
    ]
    file = package.with_name("spending-over-25000-X01-2016-02.csv")
    file.write_bytes(file.read_bytes().replace(b"30000.00", b"30000.01"))
    report = frictionless.validate(str(package))
    assert report.flatten(["type"]) == [["hash-count"]]
    assert [task.valid for task in report.tasks] == [False, True]


def test_the_package_says_what_it_may_be_used_for(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    said = json.loads(
        (tmp_path / "spending-over-25000" / BODY / "datapackage.json").read_text()
    )
    assert said["title"] == "NHS Test Vale CCG: spending over £25,000"
    assert said["licenses"][0]["name"] == "OGL-UK-3.0"
    assert said["premium-ledger:origin"] == "real"
    assert [one["title"] for one in said["resources"]] == [
        "NHS Test Vale CCG: spending over £25,000, February 2016"
    ]
