"""docs/open-files.md says what is so, and what it shows can be run."""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from consumers.open_files.spending import HEADINGS
from interfaces.cli.exits import Exit
from ledger.service import Ledger
from projections.feed.relay.relay import Relay
from projections.feed.topics import Broker
from projections.views.balances import VIEW
from tests.cli.program import HOUSE, ok, premium
from tests.worlds.simulated import worked

pytestmark = pytest.mark.xdist_group("kafka")

PAGE = (HOUSE / "docs" / "open-files.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (\S.+)$", PAGE, re.MULTILINE)
[SNIPPET] = re.findall(r"^```python\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def first_cells(head: str) -> list[str]:
    """The first cell of each row of a table."""
    table = PAGE.split(f"| {head} |")[1].split("\n\n")[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[2:]]


def test_the_columns_are_those_of_the_files() -> None:
    assert first_cells("column") == list(HEADINGS)


def test_every_page_named_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links == ["feed.md"]
    assert (HOUSE / "docs" / "feed.md").exists()


def test_what_the_page_shows_can_be_run(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = VIEW.plain()
    with Ledger.open(worked(tmp_path)) as ledger:
        with closing(Relay(ledger, broker)) as relay:
            relay.catch_up()
        for record in ledger.read(0, ledger.head()):
            view.apply(record)
    sums: Counter[str] = Counter()
    for row in view.rows()["balances"]:
        sums[row[1]] += row[3]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap)
    monkeypatch.setenv("PREMIUM_TOPICS", broker.prefix)

    open_files, parquet, with_names, validate = COMMANDS
    for command in (open_files, parquet):
        ok(*shlex.split(command)[1:])
    [path] = Path("open").rglob("*ZZ0001-2016-01.csv")
    assert "sim-clinic-ZZ0001" in path.read_text(encoding="utf-8")
    Path("payees.csv").write_text("payee,name\nsim-clinic-ZZ0001,The Clinic\n")
    ok(*shlex.split(with_names)[1:])
    assert ",The Clinic," in path.read_text(encoding="utf-8")
    other = premium(
        *shlex.split(open_files.replace("--folder open", "--folder lake"))[1:]
    )
    assert (other.code, "name another folder" in other.err) == (Exit.UNAVAILABLE, True)
    program = Path(sys.executable).with_name("frictionless")
    checked = subprocess.run(
        [program, *shlex.split(validate)[1:]],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (checked.returncode, "VALID" in checked.stdout) == (0, True), checked
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(SNIPPET, "docs/open-files.md", "exec"), {})
    assert printed.getvalue() == f"{sums['group:held']}\n"

    names = first_cells("in the folder")
    found = [
        str(path.relative_to(folder))
        for folder in (tmp_path / "open", tmp_path / "lake")
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    ]
    for name in names:
        pattern = re.escape(name.strip("`"))
        for word in ("BODY", "SCHEME"):
            pattern = pattern.replace(word, r"[\w-]+")
        pattern = re.sub(r"20\d\d\\-\d\d", r"20\\d\\d-\\d\\d", pattern)
        folder, _, file = pattern.rpartition("/")
        whole = f"{folder}/(SIMULATED-)?{file}" if folder else file
        assert any(re.fullmatch(whole, one) for one in found), (name, found)
