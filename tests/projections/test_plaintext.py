"""The journal for ledger and hledger: other programs re-add it to the penny.

Where a program is not installed, the journal is re-added here alone; the header of the
test run says so.
"""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from projections.formats.plaintext import account_name, plaintext
from projections.views import clocks, journal
from projections.views.clocks import Clocks, known_entries
from projections.views.journal import Entry
from tests.projections.histories import MemoryLog, followed, moved_to, year

OTHER = "quality-premium/2014-15/X02"
POSTING = re.compile(r" {4}(\S+)  (-?\d+)\.(\d\d) GBP(?: = (-?\d+)\.(\d\d) GBP)?")
AT = (
    (90, None),
    (60, date(2014, 11, 2)),
    (48, date(2014, 12, 1)),
)
"""Pairs of known and effective."""


class Disagrees(Exception):
    """A program finds the journal wrong."""


def here(path: Path) -> dict[str, int]:
    """The journal re-added line by line; raises where it asserts another balance."""
    sums: dict[str, int] = {}
    for line in path.read_text("utf-8").splitlines():
        match = POSTING.match(line)
        if match is None:
            continue
        name, pounds, pence, asserted, of = match.groups()
        sums[name] = sums.get(name, 0) + int(f"{pounds}{pence}")
        if asserted is not None and sums[name] != int(f"{asserted}{of}"):
            raise Disagrees(name)
    return sums


def program(*command: str) -> Callable[[Path], dict[str, int]]:
    """What a program says of every account that is not zero."""

    def run(path: Path) -> dict[str, int]:
        done = subprocess.run(
            [*(one.replace("FILE", str(path)) for one in command)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Disagrees(done.stderr)
        sums = {}
        for line in done.stdout.splitlines():
            # Ledger leaves out zeros at the end, also of pence.
            match = re.fullmatch(r'"?(\S+?)"?,"?(-?\d+)(?:\.(\d\d?))? GBP"?', line)
            if match is not None:
                sums[match[1]] = int(f"{match[2]}{match[3] or '':0<2}")
        return sums

    return run


COMMANDS = {
    "ledger": (
        *("ledger", "--args-only", "-f", "FILE", "balance", "--flat", "--no-total"),
        *("--format", "%(account),%(quantity(total)) GBP\n"),
    ),
    "hledger": (
        *("hledger", "-f", "FILE", "balance", "--flat", "--no-total"),
        *("--output-format", "csv"),
    ),
}
READERS = {
    "here": here,
    **{
        name: program(*command)
        for name, command in COMMANDS.items()
        if shutil.which(name)
    },
}


def written(folder: Path, known: int, effective: date | None) -> tuple[Path, Clocks]:
    records = (*year(), *moved_to(OTHER, year()))
    at = Clocks(known, effective)
    path = folder / "journal.ledger"
    with followed(MemoryLog(records), folder) as views:
        entries = known_entries(journal.entries(views.db), at)
        lines = list(plaintext(entries, title="Spec", simulated=True))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path, at


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("known", "effective"), AT)
def test_other_programs_come_to_our_balances_at_two_clocks(
    reader: str, known: int, effective: date | None, tmp_path: Path
):
    path, at = written(tmp_path, known, effective)
    with followed(MemoryLog((*year(), *moved_to(OTHER, year()))), tmp_path) as views:
        ours = clocks.balances(views.db, at)
    assert len(ours) > 5
    wanted = {account_name(*one[:2]): one.pence for one in ours if one.pence}
    found = READERS[reader](path)
    assert {name: pence for name, pence in found.items() if pence} == wanted


@pytest.mark.parametrize("reader", READERS)
def test_a_penny_moved_in_one_transaction_fails_an_assertion(
    reader: str, tmp_path: Path
):
    path, _ = written(tmp_path, 90, None)
    lines = path.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if ":group:spent:" in line)
    name, pounds, *rest = lines[at].split()
    less = f"{pounds[:-1]}{(int(pounds[-1]) + 9) % 10}"
    assert int(pounds[-1]) > 0
    other = name.replace(":spent:a:p", ":held").replace(":spent:a:q%3Ar", ":held")
    lines[at] = f"    {name}  {less} {' '.join(rest[:1])}"
    lines.insert(at + 1, f"    {other}  0.01 GBP")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(Disagrees):
        READERS[reader](path)


def test_an_empty_journal_is_a_title():
    assert list(plaintext((), title="Em\npty", simulated=False)) == ["; Em pty"]


PART = st.text(min_size=1, max_size=6)


def names(accounts: Iterable[tuple[str, str]]) -> list[str]:
    return [account_name(*one) for one in accounts]


@given(st.tuples(PART, PART), st.tuples(PART, PART))
@example(("a", "b:c"), ("a:b", "c"))
@example(("a", "b%3Ac"), ("a", "b:c"))
@example(("a", "%"), ("a", ""))
def test_different_payees_have_different_names_and_none_is_the_others_parent(
    one: tuple[str, str], other: tuple[str, str]
):
    from ledger.postings import passed_on, reduced, spent

    premium = "quality-premium/2013-14/X01"
    first, second = names([(premium, spent(*one)), (premium, spent(*other))])
    assert (first == second) == (one == other)
    every = [
        first,
        second,
        *names([(premium, reduced(one[0])), (premium, reduced(other[0]))]),
        *names([(premium, passed_on(one[0])), (premium, passed_on(other[0]))]),
    ]
    for a in every:
        assert re.fullmatch(r"[A-Za-z0-9_.~%-]+(:[A-Za-z0-9_.~%-]+)+", a)
        assert not any(b.startswith(f"{a}:") for b in every)


def test_an_entry_is_cut_where_knowledge_ends_and_loses_legs_of_later_days():
    [first, *_] = entries = _entries()
    assert list(known_entries(entries, Clocks(0))) == []
    assert list(known_entries(entries, Clocks(first.position))) == [first]
    assert list(known_entries(entries, Clocks(90, date(2000, 1, 1)))) == []


def _entries() -> list[Entry]:
    from tempfile import TemporaryDirectory

    with (
        TemporaryDirectory() as folder,
        followed(MemoryLog(year()), Path(folder)) as views,
    ):
        return list(journal.entries(views.db))


def test_without_slices_each_account_has_one_posting_and_the_same_balance():
    whole = list(_entries())
    one_each = list(journal.without_slices(whole))
    assert sum(len(one.legs) for one in one_each) < sum(len(one.legs) for one in whole)
    sums: Counter[tuple[str, str]] = Counter()
    for sign, entries in ((1, whole), (-1, one_each)):
        for entry in entries:
            accounts = [(leg.account, leg.effective_on) for leg in entry.legs]
            assert sign == 1 or len(set(accounts)) == len(accounts)
            assert sum(leg.pence for leg in entry.legs) == 0
            for leg in entry.legs:
                sums[leg.premium, leg.account] += sign * leg.pence
    assert set(sums.values()) == {0}
    lines = list(plaintext(one_each, title="x", simulated=True))
    assert not [line for line in lines if "slice" in line]
