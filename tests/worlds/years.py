"""Ledgers with the invented year of the demo: its one group's, or many groups'."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from ledger.decisions.every import COMMANDS
from ledger.events import PartyId
from ledger.intake.requests import read
from ledger.request import Appended, By, Request
from ledger.rules.rulebook import packaged
from ledger.service import Ledger
from ledger.store.files import make_private

YEAR_FILE = Path(__file__).parents[2] / "interfaces" / "demo" / "year.ndjson"
INVALID = "year/d1-decimal"
"""The line of the year that cannot be read, on purpose."""

BODY = "ZZ1"
HEADS = 41_237
OPERATOR = By(role="operator", party=PartyId("operator-1"))
APPROVER = By(role="approver", party=PartyId("payer-approver-1"))


def year_commands(until: str = "") -> bytes:
    """The commands of the year as NDJSON, or those before the one with this id."""
    lines = [line for line in YEAR_FILE.read_bytes().splitlines() if line.strip()]
    ids = [json.loads(line)["id"] for line in lines]
    return b"\n".join(lines[: ids.index(until) if until else None]) + b"\n"


def year(until: str = "", path: Path = Path("sim.db")) -> None:
    """Make a ledger in which the year was worked, refusals included, or its first part.

    Args:
        until: The first command of the year that is left out, by its id.
    """
    make_private(path)
    path.write_bytes(_worked(until))


@cache
def _worked(until: str) -> bytes:
    """The same, worked once a process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "year.db"
        with Ledger.open(path, create=True) as ledger:
            ledger.give_each(_ground())
            ledger.give_each([read(line.encode()) for line in _readable(until)])
        return path.read_bytes()


def _readable(until: str = "") -> list[str]:
    lines = year_commands(until).decode().splitlines()
    return [line for line in lines if f'"{INVALID}"' not in line]


def bodies(how_many: int) -> tuple[str, ...]:
    """Codes of invented groups."""
    return tuple(f"ZG{number:03d}" for number in range(how_many))


def ledger_of(path: Path, groups: Sequence[str], until: str = "") -> Ledger:
    """A new ledger in which every group's year was worked, or its first part.

    Args:
        until: The first command of the year that is left out, by its id.
    """
    ledger = Ledger.open(path, create=True)
    ledger.give_each(_ground())
    for number, body in enumerate(groups):
        outcomes = ledger.give_each(list(year_of(body, HEADS + 37 * number, until)))
        assert all(isinstance(one, Appended) for one in outcomes), "each is recorded"
    return ledger


def _ground() -> list[Request]:
    opening = COMMANDS["open-ledger"](name="A ledger", origin="simulated")
    rulebook = packaged("quality-premium-2013-14")
    publishing = COMMANDS["publish-rulebook"](rulebook=rulebook)
    return [
        Request(id="open", by=OPERATOR, command=opening),
        Request(id="rulebook", by=APPROVER, command=publishing),
    ]


def year_of(body: str, heads: int, until: str) -> Iterator[Request]:
    """The commands of the invented year that are carried out, for another group."""
    for line in _carried_out():
        if until and f'"id": "{until}"' in line:
            return
        text = line.replace(BODY, body).replace('"year/', f'"{body}/')
        text = text.replace('"SIM-2015-', f'"SIM-{body}-')
        yield read(text.replace(f'"{HEADS}"', f'"{heads}"').encode())


@cache
def _carried_out() -> tuple[str, ...]:
    """Lines about the one group that record something; found by working the year."""
    readable = [line for line in _readable() if BODY in line]
    with (
        tempfile.TemporaryDirectory() as folder,
        Ledger.open(Path(folder) / "once.db", create=True) as ledger,
    ):
        ledger.give_each(_ground())
        outcomes = ledger.give_each([read(line.encode()) for line in readable])
    beside = ("register-practice", "record-claim", "record-document", "succeed-body")
    return tuple(
        line
        for line, outcome in zip(readable, outcomes, strict=True)
        if isinstance(outcome, Appended)
        and outcome.records
        and json.loads(line)["command"] not in beside
    )
