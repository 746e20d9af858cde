"""The part of the tour that goes through Kafka: topics, reporting database, files.

Run by `make demo KAFKA=1`, on the simulated years that the tour made before.
"""

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from interfaces.demo.tour import Tour, captured, runs
from interfaces.demo.years import DB, YEARS, waterfall
from interfaces.kafka import VERSION, Broker
from ledger.calendar import both_years
from ledger.money import pounds

REPORTING, FILES, OPEN = "reporting.db", "open-files.db", "open"
STEPS = {
    "maximum": "maximum_pence",
    "not earned": "not_earned_pence",
    "reduced": "reduced_pence",
    "withheld": "withheld_pence",
    "payable": "payable_pence",
    "committed": "committed_pence",
    "paid out": "paid_out_pence",
    "came back: returned": "came_back_returned_pence",
    "came back: recovered": "came_back_recovered_pence",
    "set off": "set_off_pence",
    "debt outstanding": "debt_outstanding_pence",
    "handed back, not used": "handed_back_not_used_pence",
}
"""A step of the ledger's waterfall -> its column in the reporting database."""


def feed(demo: Tour) -> None:
    """The simulated years through a broker of one's own, compared at the far end."""
    demo.says(f"SIMULATED: the same years through Kafka {VERSION}, to other programs.")
    for left in (REPORTING, FILES):
        for old in demo.folder.glob(f"{left}*"):
            old.unlink()
    shutil.rmtree(demo.folder / OPEN, ignore_errors=True)
    with Broker() as broker:
        print(f"  A broker of this demo's own answers at {broker.address}.")
        _through(demo, broker.address)
    _compared(demo)


def _through(demo: Tour, address: str) -> None:
    ledger = ("--db", f"demo/{DB}")
    _runs(demo, address, "topics")
    _runs(demo, address, "relay", "--once", *ledger)
    _runs(demo, address, "consume", "reporting", "--to", f"demo/{REPORTING}", "--once")
    written = ("--to", f"demo/{FILES}", "--folder", f"demo/{OPEN}")
    with captured() as output:
        _runs(demo, address, "consume", "open-files", *written, "--once")
    lines = output.getvalue().splitlines()
    wrote = [line for line in lines if line.startswith("Wrote ")]
    print("\n".join(line for line in lines if line not in wrote))
    print(f"  Wrote {len(wrote)} files into demo/{OPEN}.")
    _runs(demo, address, "status", *ledger)


def _runs(demo: Tour, address: str, *tokens: str) -> None:
    """Print one command and run it, on this demo's broker."""
    demo.command(*tokens)
    here = [
        str(demo.folder / one.removeprefix("demo/")) if one.startswith("demo/") else one
        for one in tokens
    ]
    runs(*here, "--broker", address)


def _compared(demo: Tour) -> None:
    """The far end against the ledger, to the penny."""
    falls = {year: waterfall(demo, year) for year in YEARS}
    with closing(sqlite3.connect(demo.folder / REPORTING)) as db:
        columns = ", ".join(STEPS.values())
        there = {
            year: dict(zip(STEPS, row, strict=True))
            for year, *row in db.execute(
                f"SELECT scheme_year, {columns} FROM waterfall"
            )
        }
        [(paid,)] = db.execute(
            "SELECT (SELECT SUM(amount_pence) FROM payments WHERE state = 'paid') + "
            "(SELECT SUM(amount_pence - credited_pence) FROM spending "
            "WHERE kind = 'passed-on')"
        )
    expected = {
        year: {step: fall[step] for step in STEPS} for year, fall in falls.items()
    }
    _shown(expected, there)
    demo.must(
        there == expected,
        "every sum of the reporting database is the ledger's, to the penny",
    )
    granted = sum(map(_granted, sorted((demo.folder / OPEN / "360giving").glob("*"))))
    demo.must(
        granted == paid,
        f"the 360Giving files add up to what was paid and passed on, {pounds(paid)}",
    )


def _granted(path: Path) -> int:
    """What the entries of a 360Giving file add up to, in pence."""
    read = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return sum(int(one["amountAwarded"] * 100) for one in read["grants"])


def _shown(
    ledger: Mapping[str, Mapping[str, int]], there: Mapping[str, Mapping[str, int]]
) -> None:
    """A line for each step: the ledger, the reporting database, the difference."""
    for year in ledger:
        print(f"  SIMULATED: {both_years(year)}")
        heads = ("ledger", "reporting", "difference")
        print(" " * 23 + "".join(f"  {head:>15}" for head in heads))
        for step, pence in ledger[year].items():
            far = there.get(year, {}).get(step, 0)
            cells = (pounds(pence), pounds(far), pounds(pence - far))
            print(f"  {step:<21}" + "".join(f"  {cell:>15}" for cell in cells))
