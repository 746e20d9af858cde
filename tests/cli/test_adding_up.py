"""Whatever is shown in parts is the sum of what is shown, of simulated years."""

import re
from pathlib import Path

import pytest

from interfaces.cli import known
from interfaces.cli.amounts import pence
from interfaces.cli.session import Session
from interfaces.settings import settings
from tests.cli.program import ok
from tests.worlds.simulated import worked

AMOUNT = re.compile(r"(less [a-z ]+|-)?(£[\d,]+\.\d\d)")


def amounts(text: str) -> list[int]:
    """Every amount of a text, in pence; below zero where it says less."""
    return [
        pence(amount) * (-1 if less else 1) for less, amount in AMOUNT.findall(text)
    ]


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    path = worked(tmp_path, groups=14, years=3)
    monkeypatch.setenv("PREMIUM_DB", str(path))
    return list(known.accounts(Session(settings({}, str(path), None, 0))))


def stands(*asked: str) -> list[int]:
    """The amounts of the table of where a maximum stands; the maximum is the last."""
    table = ok(*asked).out.partition("Where it stands")[2]
    rows, _, rest = table.partition("  maximum  ")
    maximum, *_ = rest.splitlines()
    return [*amounts(rows.partition("─ ")[2]), *amounts(maximum)]


def test_the_parts_shown_of_every_account_add_up_to_what_they_are_parts_of(
    accounts: list[str],
):
    assert len(accounts) > 14
    confirmed = 0
    for account in accounts:
        for asked in (
            ("award", "show", account),
            ("award", "show", account, "--effective", "2015-12-31"),
            ("account", "show", account),
        ):
            *parts, maximum = stands(*asked)
            assert sum(parts) == maximum > 0, asked
        says = re.search(r"^  Of (.*)[.]$", ok("explain", account).out, re.MULTILINE)
        if says is not None:
            award, *parts = amounts(says[1])
            assert sum(parts) == award, account
            confirmed += 1
    assert confirmed > 14
