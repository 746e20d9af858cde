"""Simulated years, exported and re-added by other programs at pairs of two clocks.

Beancount always; ledger and hledger where they are installed, as the header of the test
run says, and the journal written for them line by line in any case.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from beancount import loader

from interfaces.simulation.groups import FATES
from ledger.service import Ledger
from projections.formats import beancount, plaintext
from tests.cli.program import ok
from tests.projections.test_plaintext import READERS
from tests.worlds.simulated import worked

AT = (
    (Fraction(1), None),
    (Fraction(2, 3), date(2016, 3, 31)),
    (Fraction(9, 10), date(2015, 12, 1)),
)
"""Pairs: the part of the ledger that is known, and the last day that counts."""


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """A ledger of three years of a group of each fate; and how many records it has."""
    db = worked(tmp_path_factory.mktemp("years"), len(FATES), 3)
    with Ledger.open(db) as ledger:
        return str(db), ledger.head()


def by_beancount(path: Path) -> dict[str, int]:
    """What Beancount adds up in each account."""
    load: Any = loader.load_file
    entries, errors, _ = load(str(path))
    assert errors == []
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            pence = posting.units.number * 100
            assert pence == int(pence)
            sums[posting.account] += int(pence)
    return sums


PROGRAMS: dict[str, tuple[Callable[[Path], dict[str, int]], Any]] = {
    "beancount": (by_beancount, beancount.account_name),
    **{name: (reader, plaintext.account_name) for name, reader in READERS.items()},
}
"""What re-adds a file, and how accounts are named in it."""


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(("part", "effective"), AT)
def test_an_export_is_re_added_to_our_balances_at_both_clocks(
    program: str,
    part: Fraction,
    effective: date | None,
    years: tuple[str, int],
    tmp_path: Path,
):
    db, head = years
    clocks = ["--known", str(int(head * part)), "--db", db]
    if effective is not None:
        clocks += ["--effective", effective.isoformat()]
    written = "ledger" if program == "here" else program
    file = tmp_path / f"years.{written}"
    ok("export", "journal", "--format", written, "--output", str(file), *clocks)
    re_add, name_of = PROGRAMS[program]
    theirs = {name: pence for name, pence in re_add(file).items() if pence}
    ours = {
        name_of(one["account"], one["ledger_account"]): one["balance_pence"]
        for one in ok("balances", "--json", *clocks).document["balances"]
    }
    assert theirs == {name: pence for name, pence in ours.items() if pence}
    assert len({name.split(":")[-1] for name in theirs}) > 5
