"""360Giving, and what all files of a simulated ledger say of themselves."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import frictionless

from consumers.open_files.job import publish
from consumers.results.results import Results
from tests.consumers.happening import BODY, Happening, takes
from tests.consumers.open_files.reading import FEB, faults, grants, month, sees


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


def test_bodies_registered_later_have_their_payments_written_again(
    results: Results, tmp_path: Path
) -> None:
    told = Happening()
    told.registers("RXX", "Test Hospital", "provider")
    told.passes_on("s1", 30_000_00, FEB, payee="RXX")
    told.pays("d1", 1, date(2015, 11, 2))
    told.registers(BODY, "NHS Test Vale CCG")
    payee, passed, approved, paid, body = told.messages
    folder = tmp_path / "open"
    for messages, names in (
        ([passed, approved, paid], ["X01", "RXX"]),
        ([body], ["NHS Test Vale CCG", "RXX"]),
        ([payee], ["NHS Test Vale CCG", "Test Hospital"]),
    ):
        takes(results, messages)
        publish(results.db, folder)
        sides = [one["recipientOrganization"][0] for one in grants(folder)["grants"]]
        assert [side["name"] for side in sides] == names
    assert [side["id"] for side in sides] == ["GB-NHS-X01", "GB-NHS-RXX"]


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
