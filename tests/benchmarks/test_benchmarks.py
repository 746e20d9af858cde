"""The benchmarks run and write their page. How fast anything is, is not tested."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from umadb import Client, TransportError

from benchmarks import beside_umadb
from benchmarks.__main__ import SUBJECTS, main
from benchmarks.harness import (
    HEADINGS,
    Effort,
    Found,
    Row,
    at_rank,
    compared,
    page,
    section,
)
from tests.worlds import servers

TINY = Effort(
    rounds=2,
    warm_up=10,
    lone=5,
    threads=3,
    each=2,
    batch=8,
    decided=2,
    groups=2,
    explained=2,
    viewed=500,
    runner=200,
    visible=10,
    fed=400,
    small_ledger=200,
    large_ledger=400,
)


def headings(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def table(text: str) -> list[list[str]]:
    """The cells of every workload's row."""
    rows = [line[2:-2].split(" | ") for line in text.splitlines() if line[:2] == "| "]
    wide = [cells for cells in rows if len(cells) == len(HEADINGS)]
    return [cells for cells in wide if cells[0] not in {HEADINGS[0], "---"}]


@pytest.mark.parametrize("name", list(SUBJECTS))
def test_every_subject_measures_and_writes_its_section(name: str, tmp_path: Path):
    to = tmp_path / "page.md"
    assert main([name], TINY, to) == 0
    text = to.read_text(encoding="utf-8")
    assert headings(text) == [SUBJECTS[name].title]
    assert len(table(text)) >= 2
    assert all(re.search(r"\d", cells[1]) for cells in table(text))
    assert not re.search(r"/(home|root|tmp|work)\b", text)


def test_a_subject_measured_again_takes_the_place_of_its_section_alone():
    def of(name: str, ours: str) -> str:
        return section(SUBJECTS[name], Found([Row("one", ours)]))

    order = list(SUBJECTS)
    first = page("", order, {name: of(name, "1/s") for name in order})
    again = page(first, order, {order[1]: of(order[1], "2/s")})
    assert headings(again) == headings(first) == [SUBJECTS[n].title for n in order]
    assert again == first.replace(of(order[1], "1/s"), of(order[1], "2/s"))
    assert again != first


def test_a_server_that_cannot_be_started_is_a_row_and_the_run_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def none() -> None:
        raise RuntimeError("no room\nleft")

    monkeypatch.setattr(servers, "server_over_tcp", none)
    to = tmp_path / "page.md"
    assert main(["postgres"], TINY, to) == 1
    [cells] = table(to.read_text(encoding="utf-8"))
    assert cells[0].endswith("could be started: RuntimeError: no room left")
    assert cells[-1] == "no"


def test_without_umadb_its_section_says_why_and_the_run_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(beside_umadb, "START_SECONDS", 1)
    monkeypatch.setattr(beside_umadb, "_SERVE", "raise SystemExit(1)")
    to = tmp_path / "page.md"
    assert main(["umadb"], TINY, to) == 1
    [cells] = table(to.read_text(encoding="utf-8"))
    assert cells[0].startswith("no UmaDB server could be started: TransportError: ")
    assert cells[-1] == "no"


SERVED_THEN_KILLED = """
import os, signal, sys
from pathlib import Path
from benchmarks import beside_umadb

reach = beside_umadb._reached

def reached_then_killed(url):
    reach(url)
    print(url, end="", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

beside_umadb._reached = reached_then_killed
with beside_umadb.served(Path(sys.argv[1])):
    pass
"""


def test_a_server_of_umadb_ends_with_the_process_that_started_it_even_if_killed(
    tmp_path: Path,
):
    killed = subprocess.Popen(
        [sys.executable, "-c", SERVED_THEN_KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    url = killed.communicate(timeout=60)[0]
    assert killed.returncode == -signal.SIGKILL
    assert url.startswith("http://127.0.0.1:")
    until = time.monotonic() + 20
    while serves(url):
        assert time.monotonic() < until, "it still serves"
        time.sleep(0.02)


def serves(url: str) -> bool:
    try:
        Client(url).head()
    except TransportError:
        return False
    except Exception as reason:  # Its class for a server that ends in the middle.
        if "transport" not in str(reason):  # Whatever the transport says of its end.
            raise
        return False
    return True


def test_a_ratio_is_the_median_of_each_rounds_own_and_its_bar_is_included():
    row = compared("w", [70, 700, 90], [100, 1_000, 100], bar=70)
    assert row == Row(
        "w", "90/s", "100/s", "0.70x (0.70x to 0.80x)", "at least 0.70x", True
    )
    assert compared("w", [69, 690, 90], [100, 1_000, 100], bar=70).met is False
    assert compared("w", [1, 1], [1, 1]).met is None


def test_a_rank_is_a_value_that_was_measured():
    assert at_rank(range(1, 101), 95) == 95
    assert at_rank(range(1, 102), 95) == 96
    assert at_rank([7], 95) == 7
