"""Ledgers of simulated years of invented groups, worked once a process."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from interfaces.simulation.years import simulated
from ledger.intake.requests import read, request
from ledger.service import Ledger


def begun(path: Path, name: str) -> Ledger:
    """A simulated ledger that was opened, and holds nothing else."""
    ledger = Ledger.open(path, create=True)
    ledger.give(
        request(
            {
                "id": "init",
                "command": "open-ledger",
                "by": {"role": "operator", "party": "operator-1"},
                "data": {"name": name, "origin": "simulated"},
            }
        )
    )
    return ledger


@cache
def _worked(groups: int, years: int) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "years.db"
        with begun(path, "Simulated years") as ledger:
            ledger.give_each([read(line) for line in simulated(7, groups, years)])
        return path.read_bytes()


def worked(folder: Path, groups: int = 6, years: int = 2) -> Path:
    """A ledger of invented groups' years, as a file of one's own."""
    path = folder / "years.db"
    path.write_bytes(_worked(groups, years))
    return path


def public(ledger: Ledger) -> list[int]:
    """The positions of what is published of a ledger, in order."""
    return [
        one.position for one in ledger.read(0, ledger.head()) if type(one.fact).PUBLIC
    ]
