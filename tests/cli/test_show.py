"""`premium show`: every id that is printed opens, with its causes and what follows."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from interfaces.cli.outcomes import fact_json
from ledger.service import Ledger
from tests.cli.program import ACCOUNT, begin, ok, premium
from tests.worlds.simulated import worked
from tests.worlds.years import INVALID, year_commands

YEAR = ("--scheme-year", "2013-14")
RECORD = re.compile(r"[A-Za-z][\w.~+:%/-]*@[0-9]+")
PREMIUM = re.compile(r"\bquality-premium/20\d\d-\d\d/\w+\b(?!/|@)")
NAMES = {
    *("record", "record_id", "account", "reference", "body", "document", "claim"),
    *("command", "actor", "requester", "approver", "payer", "proposer"),
    *("requested_by", "approved_by", "paid_by", "proposed_by", "receipt"),
    *("disbursement", "withholding", "spending"),
}
"""Fields of documents that hold an id."""


def ids(content: Any) -> Iterator[str]:
    """Every id that a document holds."""
    if isinstance(content, list):
        for one in content:
            yield from ids(one)
    elif isinstance(content, dict):
        for name, value in content.items():
            if name in NAMES and isinstance(value, str):
                yield value
            else:
                yield from ids(value)
    elif isinstance(content, str):
        yield from RECORD.findall(content)
        yield from PREMIUM.findall(content)


@pytest.fixture
def years(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Simulated years of a few groups, as the ledger meant."""
    found = worked(folder)
    monkeypatch.setenv("PREMIUM_DB", str(found))
    return found


@pytest.mark.usefixtures("whole_year")
def test_every_id_that_is_printed_opens():
    asked = [
        ("trail", "ZZ1", *YEAR),
        ("explain", "ZZ1", *YEAR),
        ("explain", "ZZ1", *YEAR, "--claim", "simulated-maximum"),
        ("diff", "--known", "10"),
        ("replay", "--all"),
        ("disburse", "list", *YEAR),
        ("award", "show", "ZZ1", *YEAR),
        ("account", "terms", "ZZ1", *YEAR),
        ("trace", "SIM-2015-001"),
        ("claims",),
        ("rulebook", "list"),
        ("impact", "red-1/ZZ1/2013-04-01..2014-03-31", "--value", "75"),
    ]
    printed: set[str] = set()
    for words in asked:
        done = premium(*words, "--json")
        assert done.code in (0, 1), done
        printed |= {*ids(done.document)}
        text = premium(*words).out
        printed |= {*RECORD.findall(text), *PREMIUM.findall(text)}
    assert len(printed) > 60
    lost = {one for one in printed if premium("show", one, "--json").code != 0}
    assert lost == set()
    for one in ("SIM-2015-001", "red-1/ZZ1/2013-04-01..2014-03-31"):
        assert one in ok("show", one).out.replace("SIM2015001", "SIM-2015-001")


def test_every_command_of_a_year_opens_refused_ones_too(folder: Path):
    begin()
    lines = [
        line for line in year_commands().splitlines() if INVALID not in line.decode()
    ]
    answers = premium("run", "-", stdin=b"\n".join(lines)).answers
    refused = 0
    first: dict[str, Any] = {}
    for answer in answers:
        first.setdefault(answer["id"], answer)  # Another request may bear it again.
    for answer in first.values():
        page = ok("show", answer["id"], "--json").document
        if answer["outcome"] == "refused":
            refused += 1
            assert (page["refusal"], page["says"]) == (
                answer["refusal"],
                answer["says"],
            )
            assert answer["says"] in ok("show", answer["id"]).out
        elif answer["outcome"] == "appended":
            assert page["outcome"] == "appended"
            came = [one["id"] for one in page["records"]]
            assert came == [one["record"] for one in answer["facts"]][-20:]
            assert page["records_count"] == len(answer["facts"])
    assert refused > 3


def test_what_rests_on_a_record_is_whatever_names_it(years: Path):
    with closing(Ledger.open(years)) as ledger:
        log = ledger.read(0, ledger.head())
    texts = {one.id: json.dumps(fact_json(one)["fact"]) for one in log}
    some = [one for one in log if not one.stream.startswith("result/")][::9]
    for one in [*some, *log[:40:4]]:
        page = ok("show", one.id, "--json", "--top", "1000").document
        assert (page["record"], page["at"]) == (one.id, one.position)
        own = {id for id, text in texts.items() if f'"{one.id}"' in text}
        shown = {row["id"] for row in page["rest_on_it"] if row["how"] == "names it"}
        assert shown == own
        grounds = {id for id in texts if f'"{id}"' in texts[one.id]}
        assert grounds <= {row["id"] for row in page["rests_on"]}
        for row in (*page["rests_on"], *page["rest_on_it"]):
            assert row["id"] in texts


def test_what_follows_from_a_record_says_that_it_does(years: Path):
    with closing(Ledger.open(years)) as ledger:
        log = [
            one
            for one in ledger.read(0, ledger.head())
            if one.stream == "account/quality-premium/2013-14/ZZ0003"
        ]
    pages = {
        one.id: ok("show", one.id, "--json", "--top", "1000").document for one in log
    }
    for id, page in pages.items():
        for row in page["rests_on"]:
            back = pages.get(row["id"])
            if back is not None:
                assert id in {one["id"] for one in back["rest_on_it"]}


@pytest.mark.usefixtures("whole_year")
def test_a_record_is_told_in_pounds_with_who_when_and_by_which_command():
    [paid] = [
        row["id"]
        for row in ok("show", "year/pay-d1", "--json").document["records"]
        if row["how"].startswith("disbursement-paid")
    ]
    page = ok("show", paid, "--json").document
    assert page["found"] == [{"kind": "record", "id": paid}]
    assert ok("show", str(page["at"]), "--json").document["record"] == paid
    assert page["fact"]["amount_pence"] == 60_000_00
    assert (page["actor"], page["role"]) == ("payer-analyst-1", "analyst")
    assert sum(leg["moved_pence"] for leg in page["legs"]) == 0
    assert [one["how"] for one in page["rests_on"]] == ["disbursement d1"]
    assert "payment-reference/SIM2015001@1" in {
        one["id"] for one in page["recorded_with_it"]
    }
    out = ok("show", paid).out
    assert "£60,000.00" in out
    assert "command/year/pay-d1" in out
    assert "£8,571.43 of pyll" in out


@pytest.mark.usefixtures("whole_year")
def test_a_text_is_shown_while_it_is_kept():
    [spent, *_] = [
        row["id"]
        for row in ok("show", "command/year/s1", "--json").document["records"]
        if row["how"].startswith("spending-recorded")
    ]
    assert ok("show", spent, "--json").document["texts"] == {
        "service": "Memory clinic, twelve months"
    }
    assert "Memory clinic, twelve months" in ok("show", spent).out
    with closing(sqlite3.connect("sim.db", isolation_level=None)) as db:
        db.execute("DELETE FROM texts")
    assert "(forgotten)" in ok("show", spent).out
    assert ok("show", spent, "--json").document["texts"] == {"service": None}


@pytest.mark.usefixtures("years")
def test_where_several_bear_an_id_each_has_one_of_its_own():
    found = ok("show", "d1", "--json").document["found"]
    assert len(found) > 2
    for one in found:
        page = ok("show", one["id"], "--json").document
        assert page["found"] == [one]
        assert page["records_count"] > 0
    assert "show one of these" in ok("show", "d1").out


@pytest.mark.usefixtures("whole_year")
def test_people_bodies_and_references_are_found_however_they_are_written():
    for written in ("payer-analyst-1", "PAYER-Analyst-1", "party/payer-analyst-1"):
        [one] = ok("show", written, "--json").document["found"]
        assert one == {"kind": "party", "id": "party/payer-analyst-1"}
    for written in ("ZZ1", "zz1", "body/ZZ1"):
        page = ok("show", written, "--json").document
        assert (page["found"][0]["id"], page["accounts"]) == ("body/ZZ1", [ACCOUNT])
    for written in ("SIM-2015-001", "sim 2015 001", "payment-reference/SIM2015001"):
        [one] = ok("show", written, "--json").document["found"]
        assert one["id"] == "payment-reference/SIM2015001"
    page = ok("show", "payer-analyst-1", "--json", "--top", "3").document
    assert (len(page["acted"]), page["acted_count"] > 20) == (3, True)
    assert "the last 20 of" in ok("show", "payer-analyst-1").out


def test_a_party_is_shown_by_its_name_however_its_id_is_spelled():
    begin()
    named = ("--kind", "organisation", "--name", "An invented clinic")
    ok("party", "register", "Clinic-ZZ1", *named, "--as", "analyst:a1")
    for written in ("Clinic-ZZ1", "clinic-zz1", "CLINIC-ZZ1"):
        shown = ok("show", written).out
        assert "  An invented clinic (Clinic-ZZ1)\n" in shown
        assert "(Clinic-ZZ1) was registered, as an organisation." in shown


@pytest.mark.usefixtures("whole_year")
def test_a_document_is_found_by_eight_of_its_characters_and_not_by_seven():
    with closing(Ledger.open("sim.db")) as ledger:
        [name, *_] = ledger.streams("document/")
    document = name.removeprefix("document/")
    for written in (document, document.upper(), document[:8], name):
        page = ok("show", written, "--json").document
        assert page["found"] == [{"kind": "document", "id": name}]
    assert premium("show", document[:7]).code == 2


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("SIM-2015-01", "did you mean"),
        ("payer-analyst-9", "did you mean payer-analyst-1"),
        (f"account/{ACCOUNT}@999", "has the versions 1 to"),
        ("year/no-such-command", "nothing bears the id"),
        ("99999", "nothing bears the id"),
        ("0", "nothing bears the id"),
        ("9" * 30, "nothing bears the id"),
        ("x@" + "9" * 30, "nothing bears the id"),
        ("é/ü@ö", "nothing bears the id"),
        ("", "nothing bears the id"),
        ("receipt/d1", "nothing bears the id"),
    ],
)
@pytest.mark.usefixtures("whole_year")
def test_what_nothing_bears_is_an_error_with_what_comes_near(id: str, says: str):
    done = premium("show", id)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


@pytest.mark.usefixtures("whole_year")
def test_one_record_at_least_is_shown_of_many():
    assert ok("show", "payer-analyst-1", "--top", "1").code == 0
    done = premium("show", "payer-analyst-1", "--top", "0")
    assert (done.code, "write how many records" in done.err) == (2, True)
