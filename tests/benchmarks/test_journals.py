"""The programs beside which balances are timed are asked the same, and say the same."""

import json
import re
import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks import journals
from ledger.postings import legs
from projections.formats.plaintext import account_name
from tests.worlds.generated import records

LINE = re.compile(r"^ *(-?[0-9]+)\.([0-9]{2}) GBP +(\S+)$")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Generated records, and what the programs are asked about them."""
    folder = tmp_path_factory.mktemp("journals")
    made = list(records(700))
    path, journal = folder / "l.db", folder / "l.journal"
    assert journals.written(path, journal, made) == 701
    account = made[0].fact.account  # type: ignore[union-attr]
    found = journals.questions(path, journal, account)
    return {"records": made, "account": account, "questions": found}


def expected(asked: dict[str, Any], what: str) -> dict[str, int]:
    """The brute-force sum of what is asked, by the names of the journal."""
    last = date.max if what == "all balances now" else date(2015, 10, 1)
    sums: Counter[str] = Counter()
    for one in asked["records"]:
        if last == date.max or one.fact.account == asked["account"]:
            for leg in legs(one.fact, one.meta.effective_on):
                if leg.effective_on <= last:
                    sums[account_name(leg.premium, leg.account)] += leg.pence
    return {name: pence for name, pence in sums.items() if pence}


def said(program: str, command: journals.Command) -> dict[str, int]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if program == "ours":
        return {
            account_name(one["account"], one["ledger_account"]): one["balance_pence"]
            for one in json.loads(done.stdout)["balances"]
            if one["balance_pence"]
        }
    found = (LINE.match(line) for line in done.stdout.splitlines())
    return {one[3]: int(one[1] + one[2]) for one in found if one is not None}


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("program", ["ours", *journals.PEERS])
def test_each_program_that_is_installed_says_the_same_to_the_penny(
    asked: dict[str, Any], program: str, number: int
):
    what, commands = list(asked["questions"].items())[number]
    if program not in commands:
        assert shutil.which(program) is None
        return
    assert said(program, commands[program]) == expected(asked, what)


def test_a_program_that_is_not_installed_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made = list(records(30))
    account = made[0].fact.account  # type: ignore[union-attr]
    monkeypatch.setattr(journals, "PEERS", ("no-such-program",))
    rows = list(journals.rows(tmp_path, made, account, 1))
    assert [row.peer for row in rows] == ["not installed"] * 2
    assert journals.beside() == ""
