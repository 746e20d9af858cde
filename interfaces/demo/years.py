"""The part of the tour on three simulated years of two dozen invented groups."""

import json
from collections import Counter
from collections.abc import Mapping

from interfaces.cli.main import call
from interfaces.demo.tour import Tour, captured, runs
from ledger.calendar import both_years
from ledger.money import pounds

DB = "years.db"
FILE = "years.ndjson"
GROUPS, SEED = 24, 7
CERTIFIED = "ZZ0002"
YEARS = ("2013-14", "2014-15", "2015-16")


def years(demo: Tour, operator: str) -> None:
    """Three years worked from a file of commands, and what became of the maximum."""
    demo.says(f"SIMULATED: three years of {GROUPS} invented groups, from one seed.")
    name = "Simulated years"
    demo.step(DB, "init", "--name", name, "--origin", "simulated", by=operator)
    _worked(demo)
    falls = {year: waterfall(demo, year) for year in YEARS}
    _shown(falls)
    demo.must(
        all(fall["difference"] == 0 for fall in falls.values()),
        "in every year the difference is £0.00",
    )
    _certified(demo)
    demo.step(DB, "verify")


def _certified(demo: Tour) -> None:
    """One group's payment year, tied to the bank by two people."""
    demo.says(f"SIMULATED: the payment year {YEARS[-1]} of {CERTIFIED}, certified.")
    year = (CERTIFIED, "--payment-year", YEARS[-1])
    demo.step(DB, "certificate", "prepare", *year, by="analyst:sim-analyst-1")
    number = ("--preparation", "1")
    demo.step(
        *(DB, "certificate", "approve", *year, *number), by="approver:sim-approver-1"
    )
    demo.step(DB, "certificate", *year)
    [stands] = demo.asked(DB, "certificate", *year, "--json")["preparations"]
    demo.must(not stands["differs"], "what was approved is what the ledger has")


def _worked(demo: Tour) -> None:
    """Write the commands, give them as a program would, and count the answers."""
    options = ("--seed", str(SEED), "--groups", str(GROUPS))
    demo.command("simulate", f"demo/{FILE}", *options)
    written = str(demo.folder / FILE)
    runs("simulate", written, *options)
    demo.command("run", f"demo/{FILE}", "--db", f"demo/{DB}")
    with captured() as output:
        call(["run", written, "--db", str(demo.folder / DB)])
    answers = [json.loads(line) for line in output.getvalue().splitlines()]
    tally = Counter(one["outcome"] for one in answers)
    print(f"  {len(answers):,} commands: {tally['appended']:,} recorded.")
    refused = [one["id"] for one in answers if one["outcome"] != "appended"]
    demo.must(
        all("/refused/" in one for one in refused),
        f"the {len(refused)} refused are those that were meant to be",
    )


def waterfall(demo: Tour, year: str) -> Mapping[str, int]:
    """What became of the maximum of a year, step by step, in pence."""
    found = demo.asked(DB, "totals", "--scheme-year", year, "--json")
    fall: Mapping[str, int] = found["totals"][0]["waterfall"]
    return fall


def _shown(falls: Mapping[str, Mapping[str, int]]) -> None:
    """A line for each step, a column for each year."""
    rows = [("SIMULATED", *(both_years(year) for year in falls))]
    rows += [
        (step, *(pounds(fall[step]) for fall in falls.values()))
        for step in falls[YEARS[0]]
    ]
    wide = max(len(cell) for _, *cells in rows for cell in cells)
    for step, *cells in rows:
        print(f"  {step:<21}" + "".join(f"  {cell:>{wide}}" for cell in cells))
