"""docs/consumers.md and docs/reporting.md: commands that run, columns and queries."""

import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from consumers.reporting.questions import VIEWS
from consumers.reporting.tables import (
    AWARDS,
    BALANCES,
    BODIES,
    PAYMENTS,
    POSTINGS,
    PREMIUMS,
    SPENDING,
    WITHHOLDINGS,
)
from interfaces.environment import BROKER, TOPICS
from projections.feed.topics import Broker
from tests.cli.program import HOUSE, ok
from tests.worlds.simulated import worked

pytestmark = pytest.mark.xdist_group("kafka")

PAGE = (HOUSE / "docs" / "consumers.md").read_text(encoding="utf-8")
REPORTING = (HOUSE / "docs" / "reporting.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    premium (.+)$", PAGE, re.MULTILINE)
QUERIES = re.findall(
    r"[^;]+;", re.findall(r"```sql\n(.+?)```", REPORTING, re.DOTALL)[0]
)
TABLES = (
    *(BODIES, PREMIUMS, BALANCES, POSTINGS, AWARDS, WITHHOLDINGS, PAYMENTS, SPENDING),
)


@pytest.fixture
def folder(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands are given, with the ledger and the broker they mean."""
    worked(tmp_path).rename(tmp_path / "sim.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(BROKER, broker.bootstrap)
    monkeypatch.setenv(TOPICS, broker.prefix)
    return tmp_path


def test_every_command_runs_in_order_and_every_query_finds_something(folder: Path):
    for example in EXAMPLES:
        assert ok(*shlex.split(example)), example
    with closing(sqlite3.connect(folder / "reporting.db")) as db:
        for query in QUERIES:
            assert db.execute(query).fetchall(), query
        differences = db.execute("SELECT difference_pence FROM waterfall").fetchall()
    assert differences == [(0,)] * 2


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_a_table_is_told(table: object):
    name, columns = table.name, set(table.columns)  # type: ignore[attr-defined]
    told = re.search(rf"^\| `{name}` \| (.+) \|$", REPORTING, re.MULTILINE)
    assert told is not None
    assert set(re.findall(r"`(\w+)`", told[1])) == columns - {"premium", "position"}


def test_every_view_is_told():
    made = [view.split()[2] for view in VIEWS]
    told = REPORTING.partition("## Views")[2].partition("## Tables")[0]
    assert set(made) == set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE))
