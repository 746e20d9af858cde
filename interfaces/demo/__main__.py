"""A tour of the ledger: real open data, a simulated group's year, simulated years.

Run as `python -m interfaces.demo`, with `--kafka` to go on through a broker. Everything
is done by the commands of `premium` that are printed; three ledgers are left to go on
with, `demo/real.db`, `demo/simulated.db` and `demo/years.db`, made again each time.
"""

import contextlib
import json
import sys
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from interfaces.cli.main import call
from interfaces.demo.figures import figures
from interfaces.demo.tour import Failed, Tour, captured
from interfaces.demo.years import years
from ledger.calendar import both_years
from ledger.events import ClaimRecorded
from ledger.recorded import claim_stream
from ledger.service import Ledger
from projections.following.views import Views
from projections.formats.beancount import account_name
from projections.views.balances import balances

HOUSE = Path(__file__).parent.parent.parent
YEAR = Path(__file__).with_name("year.ndjson")
RULES = "quality-premium-2013-14"
YEARS = ("2013-14", "2014-15", "2015-16")

ANALYST = "analyst:demo-analyst"
APPROVER = "approver:demo-approver"
OPERATOR = "operator:demo-operator"


class Demo(Tour):
    """One run of the demo, in one folder."""

    def run(self) -> None:
        """All three ledgers, from nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("real", "simulated", "years"):
            for old in self.folder.glob(f"{name}*.db*"):
                old.unlink()
        self.real()
        self.simulated()
        years(self, OPERATOR)
        self.says(f"Done in {time.monotonic() - self.started:.0f} s. Try next:")
        self.tries(
            "balances --db demo/simulated.db",
            "totals --scheme-year 2015-16 --db demo/years.db",
            "award show ZZ1 --scheme-year 2013-14 --db demo/simulated.db",
            "rulebook show --scheme-year 2013-14 --db demo/real.db",
            "explain 10C --scheme-year 2013-14 --claim received-2013-14-10C --json "
            "--db demo/real.db",
            "run interfaces/demo/year.ndjson --db demo/simulated.db   "
            "(again: nothing is recorded twice)",
            "--help",
        )

    # The real ledger ------------------------------------------------------------------

    def real(self) -> None:
        """The open data of the real groups, and one published figure explained."""
        db = "real.db"
        self.says("REAL: open data of the real groups. Nothing is invented here.")
        name = "Quality premium"
        self.step(db, "init", "--name", name, "--origin", "real", by=OPERATOR)
        for kind, file in (
            ("bodies", "ccgs.csv"),
            ("bodies", "successions.csv"),
            ("practices", "practices.csv"),
            ("populations", "ccg_population.csv"),
            ("claims", "claims.csv"),
            ("populations", "derived_populations.csv"),
        ):
            self.step(db, "import", kind, f"data/{file}", by=ANALYST)
        self.step(db, "rulebook", "publish", RULES, by=APPROVER)
        self.nation(db)
        self.says(
            "Surrey Heath (10C): its running-cost allowance of £2.20m is £25 a head, "
            "so 88,000 heads."
        )
        self.step(
            db,
            *("account", "open", "10C", "--scheme-year", "2013-14"),
            *("--population", "population.running-cost.derived"),
            *("--as-at", "2013-04-01", "--effective-on", "2013-04-01"),
            by=ANALYST,
        )
        self.says("It published that it received £220,000. Which rules give that?")
        self.step(
            db,
            *("explain", "10C", "--scheme-year", "2013-14"),
            *("--claim", "received-2013-14-10C"),
        )
        self.says("No results of its measures are recorded, so its award is a range:")
        self.step(db, "award", "show", "10C", "--payment-year", "2014-15")
        figures(self, APPROVER, ANALYST)

    def nation(self, db: str) -> None:
        """Three years' published totals, as claims."""
        self.says("What was published about England: claims, never evidence.")
        years = Column("scheme year", no_wrap=True)
        table = Table(years, "maximum", "paid", "not paid", "share", box=SIMPLE_HEAD)
        with Ledger.open(self.folder / db) as ledger:
            for year in YEARS:
                cells = [
                    claimed(ledger, f"{quantity}-{year}-england")
                    for quantity in ("maximum", "paid", "not-paid", "share-of-maximum")
                ]
                if cells[2] == "":
                    both = claimed(ledger, f"not-paid-two-years-{year}-england")
                    cells[2] = f"{both} with the year before"
                table.add_row(both_years(year), *cells)
        width = None if sys.stdout.isatty() else 110
        Console(width=width, markup=False).print(table)
        print(
            "Not paid is three things: measures not met, reductions, and what was "
            "withheld by decision."
        )

    # The simulated ledger -------------------------------------------------------------

    def simulated(self) -> None:
        """An invented group's whole year, from its opening to the last penny."""
        db = "simulated.db"
        self.says("SIMULATED: an invented group's year. Nobody in it exists.")
        name = "A simulated year"
        self.step(db, "init", "--name", name, "--origin", "simulated", by=OPERATOR)
        self.step(db, "rulebook", "publish", RULES, by=APPROVER)
        self.year(db)
        group = ("ZZ1", "--scheme-year", "2013-14")
        self.step(db, "trail", *group)
        self.step(db, "explain", *group)
        self.step(db, "balances", *group)
        journal = self.folder / "simulated.beancount"
        self.step(
            db,
            *("export", "journal", "--format", "beancount"),
            *("--output", "demo/simulated.beancount"),
        )
        self.re_add(db, journal)
        self.step(db, "verify")

    def year(self, db: str) -> None:
        """Give the year's commands as a program would, and tell what was answered."""
        answers = self.folder / "simulated-answers.ndjson"
        self.command("run", "interfaces/demo/year.ndjson", "--db", f"demo/{db}")
        with captured() as output:
            code = call(["run", str(YEAR), "--db", str(self.folder / db)])
        text = output.getvalue()
        answers.write_text(text, encoding="utf-8")
        outcomes = [json.loads(line) for line in text.splitlines()]
        tally = Counter(one["outcome"] for one in outcomes)
        self.must(code == 2 and tally["invalid"] == 1, "the one bad line is answered")
        for one in outcomes:
            print(f"  {one['line']:>3}  {told(one)}")
        counted = ", ".join(f"{number} {name}" for name, number in tally.items())
        refusals = {one["refusal"] for one in outcomes if one["outcome"] == "refused"}
        print(f"\n  {len(outcomes)} commands: {counted}.")
        print(f"  {len(refusals)} kinds of refusal, each attempted on purpose.")
        print("  The answers as they were given: demo/simulated-answers.ndjson")

    def re_add(self, db: str, journal: Path) -> None:
        """Let another program add the journal up again, and compare every balance."""
        loader: Any = import_module("beancount.loader")  # It has no types.
        core: Any = import_module("beancount.core.realization")
        entries, errors, _ = loader.load_file(str(journal))
        self.must(not errors, f"beancount finds no fault in {journal.name}")
        theirs = {
            real.account: int(sum(one.units.number for one in real.balance) * 100)
            for real in core.iter_children(core.realize(entries))
            if not real.balance.is_empty()
        }
        with (
            Ledger.open(self.folder / db) as ledger,
            contextlib.closing(Views.beside(ledger, self.folder / db)) as views,
        ):
            views.follow()
            ours = {
                account_name(one.premium, one.account): one.pence
                for one in balances(views.db)
                if one.pence
            }
        says = f"beancount's {len(theirs)} balances are ours, to the penny"
        self.must(theirs == ours, says)


def claimed(ledger: Ledger, claim: str) -> str:
    """A claim as it was printed, and how far it can be trusted; empty for none."""
    stream = ledger.stream(claim_stream(claim))
    if not stream:
        return ""
    fact: ClaimRecorded = stream[-1].fact  # type: ignore[assignment]
    return f"{fact.as_published} [{fact.status}]"


def told(outcome: dict[str, object]) -> str:
    """One outcome of `premium run` in a line for people."""
    match outcome:
        case {"outcome": "appended", "id": id, "facts": list(facts)}:
            topics = ", ".join(fact["topic"].partition(".")[0] for fact in facts)
            return f"recorded  {id}: {topics or 'nothing, it is so already'}"
        case {"outcome": "refused", "refusal": refusal, "says": says}:
            return f"REFUSED   {refusal}: {says}"
        case {"outcome": "invalid", "faults": list(faults)}:
            fault = faults[0]
            return f"INVALID   {fault['field']} {fault['value']}: {fault['remedy']}"
        case _:
            return f"{outcome['outcome']}  {outcome['id']}: as the first time"


def main(
    folder: Path = HOUSE / "demo", data: Path = HOUSE / "data", *, kafka: bool = False
) -> int:
    """Run the demo; 0 if everything held.

    Args:
        kafka: Also send the simulated years through a broker, to their readers.
    """
    demo = Demo(folder, data)
    try:
        demo.run()
        if kafka:
            # Without a broker its client is not needed.
            from interfaces.demo.feed import feed  # noqa: PLC0415

            feed(demo)
    except Failed as reason:
        print(f"demo: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(kafka="--kafka" in sys.argv[1:]))
