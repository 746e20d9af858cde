"""Balances by whole commands, beside ledger and hledger over the exported journal."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from benchmarks.harness import Row, milliseconds, times
from ledger.events import AccountId, LedgerOpened
from ledger.recorded import Recorded
from ledger.service import Ledger
from ledger.store.mapper import encode, encode_meta
from ledger.store.rows import EventRow
from ledger.store.sqlite.store import SQLiteStore
from projections.following.views import Views
from projections.formats.plaintext import account_name, plaintext
from projections.views.journal import entries

PEERS = ("ledger", "hledger")
"""Programs that re-add the journal, by their commands."""

EFFECTIVE = "2015-10-01"
"""The day of the question about one body."""

Command = Sequence[str | Path]


def written(path: Path, journal: Path, records: Iterable[Recorded]) -> int:
    """Make a ledger of records, its views, and its journal; how many there are."""
    store = SQLiteStore(path, create=True)
    opened = LedgerOpened(name="Generated", origin="simulated")
    left, position = _all(opened, records), 0
    while batch := list(islice(left, 2_000)):
        with store.writing() as writing:
            writing.append(batch)
        position = batch[-1].position
    with closing(Ledger(store)) as source, closing(Views.beside(source, path)) as views:
        views.follow()
        lines = plaintext(entries(views.db), title="Generated", simulated=True)
        with journal.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    return position


def _all(opened: LedgerOpened, records: Iterable[Recorded]) -> Iterator[EventRow]:
    for one in records:
        if one.position == 1:
            state = encode(opened, encode_meta(one.meta))
            yield EventRow(1, "ledger", 1, opened.TOPIC, state)
        state = encode(one.fact, encode_meta(one.meta))
        yield EventRow(one.position + 1, one.stream, one.version, one.fact.TOPIC, state)


def questions(
    path: Path, journal: Path, account: AccountId
) -> dict[str, dict[str, Command]]:
    """What is asked -> program -> the command that answers it."""
    ours = (sys.executable, "-m", "interfaces.cli.main", "balances", "--db", path)
    name = account_name(account, "").removesuffix("%")
    before = ("--end", "2015-10-02")  # Both leave that day itself out.
    asked: dict[str, dict[str, Command]] = {
        "all balances now": {"ours": (*ours, "--json")},
        f"one body, effective {EFFECTIVE}": {
            "ours": (*ours, account, "--effective", EFFECTIVE, "--json")
        },
    }
    now, one_body = asked.values()
    for peer in PEERS:
        if shutil.which(peer):
            now[peer] = (peer, "-f", journal, "balance", "--flat")
            one_body[peer] = (*now[peer], *before, f"^{name}")
    return asked


def timed(commands: Mapping[str, Command], rounds: int) -> dict[str, int]:
    """Median nanoseconds of each whole command, all of them once a round."""
    took: dict[str, list[int]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            began = perf_counter_ns()
            subprocess.run(command, check=True, capture_output=True)
            took[name].append(perf_counter_ns() - began)
    return {name: int(median(found)) for name, found in took.items()}


def rows(
    folder: Path, records: Iterable[Recorded], account: AccountId, rounds: int
) -> Iterator[Row]:
    """Whole commands on one ledger and its journal, a row a question and peer."""
    path, journal = folder / "exported.db", folder / "exported.journal"
    how_many = written(path, journal, records)
    for what, commands in questions(path, journal, account).items():
        found = timed(commands, rounds)
        ours = found["ours"]
        for peer in PEERS:
            says = f"{how_many:,} records: {what}, whole command, beside {peer}"
            if peer not in found:
                yield Row(says, milliseconds(ours), "not installed")
                continue
            ratio = times(found[peer] * 100 // ours)
            yield Row(says, milliseconds(ours), milliseconds(found[peer]), ratio)


def beside() -> str:
    """Which of the programs took part, with their versions."""
    found = []
    for peer in PEERS:
        if shutil.which(peer):
            said = subprocess.run(
                (peer, "--version"), check=True, capture_output=True, text=True
            )
            version = re.search(r"[0-9]+(\.[0-9]+)+", said.stdout)
            found.append(f"{peer} {version[0] if version else ''}".strip())
    return ", ".join(found)
