"""Two simulated years, every id, text and name as long as may be: all of it is read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from interfaces.simulation.years import simulated
from ledger.service import Ledger
from ledger.store.reader import records_of
from projections.feed.contract.schemas import schema
from projections.feed.events.message import PREFIX, message
from tests.cli.program import ok, premium
from tests.worlds.servers import server

LABELS = (
    *("disbursement", "receipt", "spending", "withholding", "representation"),
    *("recovery", "payment", "lapse", "interest", "use", "credit", "settlement"),
)
PROSE = ('A line \u00e9 \U0001f600 "quoted" <b>\\ | \n' * 500)[:9_999] + "."
PARTIES = ("payee", "person", "party")


def longest(text: str) -> str:
    return f"{text}.:_-{'x' * 80}"[:80]


def reference(text: str) -> str:
    """Of 50 characters; each of the last ones is two letters as it is compared."""
    return (text + ' \u00e9/#\u6f22"\\% ' + "\ufb00" * 60)[:50]


def at_the_limits(line: dict[str, Any]) -> dict[str, Any]:
    """A command with its ids, texts and names as long as may be."""
    data = line["data"]
    for name, given in data.items():
        if not isinstance(given, str):
            continue
        if name in LABELS:
            data[name] = longest(given)
        elif name in ("reason", "service", "nature", "grounds", "discretion"):
            data[name] = PROSE
        elif name in ("reference", "transaction"):
            data[name] = reference(given)
        elif name in PARTIES and not given.isupper():
            data[name] = longest(given)
        elif name == "name":
            data[name] = f'{given} \u00e9\u6f22"<|{"n" * 200}'[:200]
    if data.get("about") == "withholding":
        data["subject"] = longest(data["subject"])
    for one in (*data.get("requests", ()), *data.get("excluded", ())):
        one["disbursement"] = longest(one["disbursement"])
    line["by"]["party"] = longest(line["by"]["party"])
    return line


def given() -> Iterator[dict[str, Any]]:
    for line in simulated(1, 2, 2):
        yield at_the_limits(json.loads(line))


def answered(db: str) -> list[dict[str, Any]]:
    """The answers to all of it; a list is approved by the hash that it now has."""
    answers = []
    for line in given():
        (answer,) = premium("run", "-", "--db", db, stdin=_line(line)).answers
        if answer.get("refusal") == "run-list-differs":
            line["data"]["list_hash"] = answer["numbers"]["list_hash"]
            line["id"] += "/again"
            (answer,) = premium("run", "-", "--db", db, stdin=_line(line)).answers
        answers.append(answer)
    return answers


def _line(line: dict[str, Any]) -> bytes:
    return json.dumps(line).encode() + b"\n"


@pytest.fixture(params=["a file", "PostgreSQL"])
def db(request: pytest.FixtureRequest) -> str:
    """A ledger that took all of it, each command as it takes the plain ones."""
    where = "sim.db" if request.param == "a file" else server().migrated().app
    words = ("init", "--db", where, "--name", "At the limits", "--origin", "simulated")
    ok(*words, "--as", "operator:o1")
    assert {one["outcome"] for one in answered(where)} == {"appended"}
    return where


def test_what_is_accepted_at_the_limits_is_read_published_and_verified(db: str):
    read_everywhere(db)


def read_everywhere(db: str) -> None:
    """Every view, format and copy of a ledger, and its events by their schemas."""
    year = ("--scheme-year", "2013-14")
    one = ("ZZ0001", *year)
    for words in (
        ("verify",),
        ("rebuild",),
        ("balances", *year),
        ("totals", *year),
        ("trail", *one),
        ("explain", *one),
        ("account", "show", *one),
        ("disburse", "list", *year),
        ("assertions",),
        ("replay", "--all"),
        *(
            ("export", "journal", "--format", form, "--output", f"{form}.txt")
            for form in ("beancount", "ledger", "hledger")
        ),
        ("export", "log", "--output", "archive.ndjson"),
        ("export", "reporting", "--to", "reporting.db"),
    ):
        done = premium(*words, "--db", db)
        assert (done.code, done.err) == (0, ""), words
    ok("import", "log", "archive.ndjson", "--db", "again.db")
    ok("verify", "--db", "again.db")
    with Ledger.open(db) as ledger, Ledger.open("again.db") as again:
        assert again.raw(0, 10_000) == ledger.raw(0, 10_000)
        for recorded in records_of(ledger.raw(0, 10_000)):
            told = message(recorded, "urn:premium-ledger:ledger:x", "simulated")
            if told is not None:
                content = json.loads(told.value)
                Draft202012Validator(
                    schema(content["type"].removeprefix(PREFIX))
                ).validate(content)


def test_a_backup_of_it_is_restored_and_verified(tmp_path: Path):
    ok(
        "init",
        "--name",
        "At the limits",
        "--origin",
        "simulated",
        "--as",
        "operator:o1",
    )
    answered("sim.db")
    ok("backup", "copy.db")
    ok("restore", "copy.db", "--db", "restored.db")
    assert premium("verify", "--db", "restored.db").code == 0
