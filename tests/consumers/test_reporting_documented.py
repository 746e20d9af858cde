"""docs/reporting.md: its command, its queries in both databases, and every column."""

import re
import shlex
from pathlib import Path

import pytest

from consumers.reporting.job import JOB
from consumers.reporting.questions import VIEWS
from consumers.results.results import Results
from projections.views.view import Table
from tests.cli.program import HOUSE, ok
from tests.worlds.simulated import worked

PAGE = (HOUSE / "docs" / "reporting.md").read_text(encoding="utf-8")
[EXAMPLE] = re.findall(r"^    premium (.+)$", PAGE, re.MULTILINE)
QUERIES = re.findall(r"[^;]+;", re.findall(r"```sql\n(.+?)```", PAGE, re.DOTALL)[0])


def test_the_command_makes_it_and_every_query_finds_something(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    worked(tmp_path, 12).rename("sim.db")
    assert ok(*shlex.split(EXAMPLE.replace("reporting.db", where)))
    results = Results(where, JOB)
    for query in QUERIES:
        assert results.db.execute(query).fetchall(), query
    rows = results.db.execute("SELECT difference_pence FROM waterfall").fetchall()
    assert [tuple(row) for row in rows] == [(0,)] * 2
    results.close()


@pytest.mark.parametrize("table", JOB.tables, ids=lambda table: table.name)
def test_every_column_of_a_table_is_told(table: Table):
    name, columns = table.name, set(table.columns)
    told = re.search(rf"^\| `{name}` \| (.+) \|$", PAGE, re.MULTILINE)
    assert told is not None
    assert set(re.findall(r"`(\w+)`", told[1])) == columns - {"premium", "position"}


def test_every_view_is_told():
    made = [view.split()[2] for view in VIEWS]
    told = PAGE.partition("## Views")[2].partition("## Tables")[0]
    assert set(made) == set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE))
