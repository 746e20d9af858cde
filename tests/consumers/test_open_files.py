"""The open files: spending over £25,000, its Data Package, and 360Giving."""

import csv
import fcntl
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import frictionless
import jsonschema
import pytest
from referencing import Registry, Resource

from consumers import folder as folders
from consumers.folder import STATE, Files
from consumers.loop import run_once
from consumers.open_files import spending
from consumers.open_files.job import JOB, named, publish
from consumers.open_files.naming import Naming, cell, payees, slug
from consumers.open_files.spending import HEADINGS
from consumers.places import Unfit
from consumers.target import Results
from tests.consumers.adding import files_say, ledger_says
from tests.consumers.given import Played, twice_in_another_order, years
from tests.consumers.happening import BODY, Happening, takes
from tests.servers import server

FEB = date(2016, 2, 10)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SCHEMAS = Path(__file__).parent.parent / "data" / "360giving"


@pytest.fixture(params=["file", "postgres"])
def results(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Results]:
    """An empty place for the job's results."""
    where = str(tmp_path / "results.db")
    if request.param == "postgres":
        where = server().empty().owner
    with closing(Results(where, JOB)) as opened:
        yield opened


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Results]:
    """An empty place for the job's results, in a file."""
    with closing(Results(str(tmp_path / "beside.db"), JOB)) as opened:
        yield opened


@pytest.fixture
def told() -> Happening:
    """A real ledger that knows one group."""
    happening = Happening()
    happening.registers(BODY, "NHS Test Vale CCG")
    return happening


def month(folder: Path, which: str, body: str = BODY, mark: str = "") -> list[Any]:
    """The rows of a month's file, as a reader of CSV finds them."""
    name = f"{mark}spending-over-25000-{body}-{which}.csv"
    text = (folder / "spending-over-25000" / body / name).read_bytes().decode()
    headings, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert tuple(headings) == HEADINGS
    return rows


def amounts(folder: Path, which: str, body: str = BODY) -> list[str]:
    return [row[-1] for row in month(folder, which, body)]


def grants(folder: Path, name: str = "360giving-quality-premium-2013-14") -> Any:
    return json.loads(
        (folder / "360giving" / f"{name}.json").read_bytes(), parse_float=Decimal
    )


def everything(folder: Path) -> dict[str, bytes]:
    """Every file that readers see."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def sees(results: Results, told: Happening, folder: Path, **how: Any) -> list[Path]:
    """Take in what was told since, and publish."""
    takes(results, told.messages, **how)
    return sorted(publish(results.db, folder))


# Spending over £25,000 ----------------------------------------------------------------


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


def test_a_corrected_spending_leaves_its_month_and_stands_in_the_correction_s(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    told.spends("s1", 30_000_00, FEB)
    sees(results, told, folder)
    told.corrects("s1", (30_000_00, FEB), 31_000_00, date(2016, 5, 12))
    sees(results, told, folder)
    assert amounts(folder, "2016-02") == []
    assert amounts(folder, "2016-05") == ["31000.00"]


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
    told.corrects("s1", (31_000_00, date(2016, 5, 12)), 32_000_00, date(2016, 5, 13))
    sees(beside, told, tmp_path)
    assert amounts(tmp_path, "2016-02") == []
    assert amounts(tmp_path, "2016-05") == ["32000.00"]


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


# Names --------------------------------------------------------------------------------


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


# The Data Package ---------------------------------------------------------------------


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


# 360Giving ----------------------------------------------------------------------------


def is_instant(text: object) -> bool:
    return isinstance(text, str) and bool(INSTANT.fullmatch(text))


def standard() -> jsonschema.Draft202012Validator:
    """The standard's schemas; their `$schema` is written with http:, so is stated."""
    registry: Registry[Any] = Registry()
    loaded = {}
    for name in ("360-giving-schema.json", "360-giving-package-schema.json"):
        loaded[name] = json.loads((SCHEMAS / name).read_bytes())
        loaded[name]["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        resource = Resource.from_contents(loaded[name])
        registry = registry.with_resource(loaded[name]["$id"], resource)
    checker = jsonschema.FormatChecker(formats=())
    # Without a check every plain date passes for an instant as well.
    checker.checkers["date-time"] = (is_instant, ())
    return jsonschema.Draft202012Validator(
        loaded["360-giving-package-schema.json"],
        registry=registry,
        format_checker=checker,
    )


def faults(folder: Path, name: str) -> list[str]:
    said = json.loads((folder / "360giving" / f"{name}.json").read_bytes())
    return [
        f"{error.json_path}: {error.message}" for error in standard().iter_errors(said)
    ]


def test_the_standard_s_schema_accepts_payments_and_what_was_passed_on(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    told.pays("d1", 230_951_25, date(2015, 11, 2))
    told.passes_on("s1", 10, FEB)
    sees(results, told, tmp_path / "open")
    assert faults(tmp_path / "open", "360giving-quality-premium-2013-14") == []
    paid, passed = grants(tmp_path / "open")["grants"]
    assert paid == {
        "id": "premium-ledger-quality-premium-2013-14-X01-paid-d1",
        "title": "Quality premium 2013/14, paid in 2014/15: NHS Test Vale CCG",
        "description": "Premium of NHS Test Vale CCG, paid in cash: a payment inside "
        "the NHS.",
        "currency": "GBP",
        "amountAwarded": Decimal("230951.25"),
        "amountDisbursed": Decimal("230951.25"),
        "awardDate": "2015-10-30",
        "dateModified": "2026-01-01T00:00:03+00:00",
        "fundingOrganization": [{"id": "GB-NHS-X24", "name": "NHS England"}],
        "recipientOrganization": [{"id": "GB-NHS-X01", "name": "NHS Test Vale CCG"}],
        "grantProgramme": [
            {
                "code": "quality-premium/2013-14",
                "title": "Quality premium 2013/14, paid in 2014/15",
            }
        ],
        "disbursementTransaction": [
            {
                "id": "BACS d1",
                "transactionDate": "2015-11-02",
                "currency": "GBP",
                "value": Decimal("230951.25"),
                "provider": "GB-NHS-X24",
                "recipient": "GB-NHS-X01",
            }
        ],
    }
    assert passed["amountAwarded"] == Decimal("0.10")
    assert passed["fundingOrganization"][0]["id"] == "GB-NHS-X01"
    assert passed["recipientOrganization"] == [
        {
            "id": "premium-ledger-quality-premium-2013-14-payee-charity-1",
            "name": "charity-1",
        }
    ]


def test_the_schema_refuses_an_entry_without_an_amount(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.pays("d1", 1, date(2015, 11, 2))
    sees(beside, told, tmp_path)
    name = "360giving-quality-premium-2013-14"
    path = tmp_path / "360giving" / f"{name}.json"
    path.write_text(path.read_text().replace("amountAwarded", "amount"))
    assert faults(tmp_path, name) != []


def test_a_payment_that_came_back_is_left_out_and_an_empty_year_has_no_file(
    results: Results, told: Happening, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    told.pays("d1", 100_00, date(2015, 11, 2))
    told.pays("d2", 200_00, date(2015, 11, 2))
    told.gets_back("d1", 100_00, date(2015, 11, 12))
    sees(results, told, folder)
    assert [one["amountAwarded"] for one in grants(folder)["grants"]] == [200]
    told.gets_back("d2", 200_00, date(2015, 11, 13))
    sees(results, told, folder)
    assert list((folder / "360giving").glob("*.json")) == []
    told.pays("d3", 300_00, date(2015, 11, 20))
    sees(results, told, folder)
    assert [one["amountAwarded"] for one in grants(folder)["grants"]] == [300]


def test_a_name_that_looks_like_an_amount_stays_a_name(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    name = 'A "value": 5 and "amountAwarded": 6, é'
    told.registers(BODY, name)
    told.pays("d1", 7, date(2015, 11, 2))
    sees(beside, told, tmp_path)
    [paid] = grants(tmp_path)["grants"]
    assert paid["recipientOrganization"][0]["name"] == name
    assert paid["amountAwarded"] == Decimal("0.07")


# Simulated ----------------------------------------------------------------------------


def test_what_is_invented_says_so_in_every_name(
    results: Results, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    told = Happening("simulated")
    told.registers(BODY, "Invented Vale")
    told.spends("s1", 30_000_00, FEB)
    told.passes_on("s2", 30_000_00, FEB)
    told.pays("d1", 100_00, date(2015, 11, 2))
    sees(results, told, folder)
    rows = month(folder, "2016-02", mark="SIMULATED-")
    assert {row[1] for row in rows} == {"SIMULATED: Invented Vale"}
    package = folder / "spending-over-25000" / BODY / "datapackage.json"
    said = json.loads(package.read_text())
    assert said["name"].startswith("simulated-")
    assert said["title"].startswith("SIMULATED: ")
    assert said["description"].startswith("SIMULATED: ")
    assert frictionless.validate(str(package)).valid
    name = "SIMULATED-360giving-quality-premium-2013-14"
    assert faults(folder, name) == []
    file = grants(folder, name)
    assert file["title"].startswith("SIMULATED-")
    for grant in file["grants"]:
        assert grant["id"].startswith("SIMULATED-")
        sides = grant["fundingOrganization"] + grant["recipientOrganization"]
        assert len(sides) == 2
        for side in sides:
            assert side["id"].startswith("SIMULATED-")
            assert side["name"].startswith("SIMULATED: ")


# Twice, killed, elsewhere -------------------------------------------------------------


def a_year(told: Happening) -> Happening:
    """Something of everything."""
    told.registers("RXX", "Test Hospital", "provider")
    told.pays("d1", 900_000_00, date(2015, 11, 2))
    told.spends("s1", 30_000_00, FEB, payee="RXX")
    told.spends("s2", 40_000_00, date(2016, 3, 31), number=None)
    told.passes_on("s3", 50_000_00, date(2016, 4, 1))
    told.corrects("s1", (30_000_00, FEB), 35_000_00, date(2016, 5, 12))
    told.pays("d2", 1_00, date(2015, 12, 2))
    told.gets_back("d2", 1_00, date(2015, 12, 3))
    told.spends("s9", 60_000_00, FEB, body="X02", year="2014-15")
    return told


def test_what_comes_twice_is_published_once(
    results: Results, beside: Results, told: Happening, tmp_path: Path
) -> None:
    a_year(told)
    sees(beside, told, tmp_path / "once")
    sees(results, told, tmp_path / "twice", twice=True)
    takes(results, told.messages)
    publish(results.db, tmp_path / "twice")
    assert everything(tmp_path / "twice") == everything(tmp_path / "once")


@pytest.mark.parametrize("size", [1, 3])
def test_published_after_every_batch_it_ends_as_published_once(
    beside: Results, told: Happening, tmp_path: Path, size: int
) -> None:
    a_year(told)
    for begin in range(0, len(told.messages), size):
        takes(beside, told.messages[begin : begin + size])
        publish(beside.db, tmp_path / "often")
    publish(beside.db, tmp_path / "once")
    assert everything(tmp_path / "often") == everything(tmp_path / "once")


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["before", "beside", "some", "files"])
def test_killed_between_a_commit_and_its_files_the_next_start_writes_them(
    beside: Results,
    told: Happening,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
) -> None:
    folder = tmp_path / "open"
    told.spends("s1", 30_000_00, FEB)
    told.spends("s2", 30_000_00, date(2016, 3, 1))
    sees(beside, told, folder)
    a_year(told)
    takes(beside, told.messages)

    def killed(*_: object) -> None:
        raise Killed

    def killed_behind_one(self: Path, target: Path) -> None:
        monkeypatch.undo()
        self.replace(target)
        monkeypatch.setattr(Path, "replace", killed)

    match at:
        case "before":
            monkeypatch.setattr(Files, "is_behind", killed)
        case "beside":
            monkeypatch.setattr(Files, "finish", killed)
        case "some":
            monkeypatch.setattr(Path, "replace", killed_behind_one)
        case "files":
            monkeypatch.setattr(folders, "_replace", killed)
    with pytest.raises(Killed):
        publish(beside.db, folder)
    monkeypatch.undo()
    publish(beside.db, folder)
    publish(beside.db, tmp_path / "fresh")
    assert everything(folder) == everything(tmp_path / "fresh")
    for package in folder.rglob("datapackage.json"):
        assert frictionless.validate(str(package)).valid


def test_many_files_are_synced_together(
    beside: Results,
    told: Happening,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.sync", lambda: synced.append(1))
    for number in range(1, 17):
        told.spends(
            f"s{number}", 30_000_00, date(2014 + number // 12, 1 + number % 12, 1)
        )
    sees(beside, told, tmp_path)
    assert synced == [1]
    assert len(list(tmp_path.rglob("*.csv"))) == 16


def test_members_of_one_database_write_the_same_files_wherever_they_write(
    told: Happening, tmp_path: Path
) -> None:
    a_year(told)
    where = server().empty().owner
    with closing(Results(where, JOB)) as one, closing(Results(where, JOB)) as other:
        mine = [message for message in told.messages if message.key != b"X02"]
        theirs = [message for message in told.messages if message.key == b"X02"]
        takes(one, mine)
        publish(one.db, tmp_path / "both")
        placed = [
            message._replace(partition=1, offset=number)
            for number, message in enumerate(theirs)
        ]
        takes(other, placed)
        publish(other.db, tmp_path / "both")
        publish(one.db, tmp_path / "one")
        publish(other.db, tmp_path / "other")
    assert everything(tmp_path / "both") == everything(tmp_path / "one")
    assert everything(tmp_path / "other") == everything(tmp_path / "one")
    assert amounts(tmp_path / "both", "2016-02", "X02") == ["60000.00"]


def test_one_process_writes_a_folder_at_a_time(
    beside: Results, told: Happening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.spends("s1", 30_000_00, FEB)
    takes(beside, told.messages)
    finish, tried = Files.finish, []

    def finish_locked(self: Files) -> None:
        with (tmp_path / ".lock").open("w") as lock:
            with pytest.raises(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            tried.append(1)
        finish(self)

    monkeypatch.setattr(Files, "finish", finish_locked)
    publish(beside.db, tmp_path)
    assert tried == [1]


def test_tables_that_are_made_anew_never_take_a_file_back(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    a_year(told)
    sees(beside, told, folder)
    before = everything(folder)
    with closing(Results(str(tmp_path / "anew.db"), JOB)) as anew:
        for one in told.messages:
            takes(anew, [one])
            assert publish(anew.db, folder) == []
            assert everything(folder) == before
        told.spends("s10", 70_000_00, FEB)
        takes(anew, told.messages)
        publish(anew.db, folder)
    assert "70000.00" in amounts(folder, "2016-02")


def test_without_its_state_the_folder_is_written_anew(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    a_year(told)
    sees(beside, told, tmp_path)
    before = everything(tmp_path)
    (tmp_path / STATE).unlink()
    for path in tmp_path.rglob("*.csv"):
        path.unlink()
    publish(beside.db, tmp_path)
    assert everything(tmp_path) == before


def test_files_of_an_older_version_are_written_again(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    state = tmp_path / STATE
    state.write_text(state.read_text().replace("open-files 1", "open-files 0"))
    assert len(publish(beside.db, tmp_path)) == 2
    assert "open-files 1" in state.read_text()


@pytest.mark.parametrize(
    ("said", "instead"),
    [("urn:test:1", "urn:test:2"), ("open-files 1", "parquet 1")],
)
def test_a_folder_of_another_ledger_or_job_is_left_alone(
    beside: Results, told: Happening, tmp_path: Path, said: str, instead: str
) -> None:
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    state = tmp_path / STATE
    state.write_text(state.read_text().replace(said, instead))
    before = everything(tmp_path)
    with pytest.raises(Unfit, match="name another folder"):
        publish(beside.db, tmp_path)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("text", ["{", "[]", '{"files": {"a": 1}}', "{}"])
def test_a_state_that_cannot_be_read_is_told_with_what_to_do(
    beside: Results, told: Happening, tmp_path: Path, text: str
) -> None:
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    (tmp_path / STATE).write_text(text)
    with pytest.raises(Unfit, match="delete it, and every file is written again"):
        publish(beside.db, tmp_path)


def test_a_folder_that_cannot_be_made_is_told(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    takes(beside, told.messages)
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(Unfit, match="cannot be written"):
        publish(beside.db, tmp_path / "taken")


def test_before_the_first_event_nothing_is_written(
    results: Results, tmp_path: Path
) -> None:
    assert list(publish(results.db, tmp_path / "open")) == []
    assert not (tmp_path / "open").exists()


def test_the_job_names_its_publisher() -> None:
    assert JOB.publish is publish
    assert replace(named(Naming()), publish=None) == replace(JOB, publish=None)


# A ledger's years ---------------------------------------------------------------------


def test_every_month_and_year_adds_up_to_the_ledger(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spending, "THRESHOLD_PENCE", 1)
    messages = years().messages
    played = Played(messages, results.begins, 500)
    while run_once(played, results).messages:
        pass
    publish(results.db, tmp_path / "open")
    events = [json.loads(one.value or b"") for one in messages]
    said = ledger_says(events)
    assert files_say(tmp_path / "open") == said
    packages = list((tmp_path / "open").rglob("datapackage.json"))
    bodies = {of for what, of, _ in said if what == "spent"}
    assert {path.parent.name for path in packages} == bodies
    for package in packages[:2]:
        report = frictionless.validate(str(package))
        assert report.valid, report.flatten(["type", "note"])
    names = {path.stem for path in (tmp_path / "open" / "360giving").glob("*.json")}
    assert {name[-7:] for name in names} == {"2013-14", "2014-15"}
    assert [fault for name in names for fault in faults(tmp_path / "open", name)] == []


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_twice_and_killed_at_random_it_ends_the_same(
    beside: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = Random(seed)
    with closing(Results(str(tmp_path / "plain.db"), JOB)) as plain:
        played = Played(years().messages, plain.begins, 2_000)
        while run_once(played, plain).messages:
            pass
        publish(plain.db, tmp_path / "plain")

    left = 0  # Steps until the process is killed.

    def dies(step: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return step(*args, **named)

        return stepped

    for where, step in (
        *((Files, "is_behind"), (Files, "write"), (Files, "finish")),
        *((Path, "replace"), (folders, "_replace")),
    ):
        monkeypatch.setattr(where, step, dies(getattr(where, step)))
    killed = 0
    messages = twice_in_another_order(years().messages, random)
    played = Played(messages, beside.begins, 300)
    while run_once(played, beside).messages:
        left = random.choice((1, 3, 9, 27, 0))
        try:
            publish(beside.db, tmp_path / "killed")
        except Killed:
            killed += 1
    left = 0
    publish(beside.db, tmp_path / "killed")
    assert killed > 3
    assert everything(tmp_path / "killed") == everything(tmp_path / "plain")
