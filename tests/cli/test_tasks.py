"""docs/tasks.md: its commands run in order, and print what the page shows."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.program import HOUSE, premium

pytestmark = pytest.mark.xdist_group("demo")

PAGE = (HOUSE / "docs" / "tasks.md").read_text(encoding="utf-8")
FILES = dict(
    re.findall(
        r"saved as `([a-z.]+)`.*?^```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
    )
)
STEPS = re.findall(
    r"^    premium ([^\n]+)$|^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)
ENDS = {"import results": 2}
"""Where a command does not end with 0: a file with faults is not understood."""


def words(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_each_task_is_answered_as_the_page_shows(
    told: tuple[Path, str], folder: Path, monkeypatch: pytest.MonkeyPatch
):
    (folder / "demo").symlink_to(told[0])
    monkeypatch.setenv("COLUMNS", "400")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    printed: list[str] = []
    for command, kind, block in STEPS:
        if command:
            done = premium(*shlex.split(command))
            ends = ENDS.get(" ".join(command.split()[:2]), 0)
            assert done.code == ends, (command, done.err)
            printed = words(done.out + done.err)
        elif not kind:
            assert [line for line in words(block) if line not in printed] == []


def test_there_are_ten_tasks_each_with_an_answer():
    tasks = re.split(r"^## \d+\. ", PAGE, flags=re.MULTILINE)[1:]
    assert len(tasks) == 10
    for task in tasks:
        assert re.search(r"^    premium ", task, re.MULTILINE), task
        assert re.search(r"^```\n.", task, re.MULTILINE), task
