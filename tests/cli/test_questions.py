"""docs/questions.md: each command runs, and prints what the page shows."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.program import HOUSE, premium

pytestmark = pytest.mark.xdist_group("demo")

PAGE = (HOUSE / "docs" / "questions.md").read_text(encoding="utf-8")
SECTIONS = {
    int(number): text
    for number, text in re.findall(
        r"^## (\d+)\. (.+?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
}
STATES = {
    number: re.findall(r"^\*\*(Whole|In part|Planned)\.\*\* ", text, re.MULTILINE)
    for number, text in SECTIONS.items()
}
LISTED = dict(
    re.findall(r"saved as `([a-z.]+)`.*?^```csv\n(.*?)^```$", PAGE, re.M | re.S)
)
"""Files that the page shows."""


def words(line: str) -> str:
    return " ".join(line.split())


@pytest.mark.parametrize("number", SECTIONS)
def test_each_command_of_a_question_prints_what_the_page_shows(
    number: int, told: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(told[0].parent)
    monkeypatch.setenv("COLUMNS", "400")
    for name, text in LISTED.items():
        Path(name).write_text(text, encoding="utf-8")
    steps = re.findall(
        r"^    premium ([^\n]+)$|^```(\w*)\n(.*?)^```$",
        SECTIONS[number],
        re.MULTILINE | re.DOTALL,
    )
    printed: list[str] = []
    for command, kind, block in steps:
        if command:
            done = premium(*shlex.split(command))
            ends = 1 if command.startswith("reconcile ") else 0
            assert (done.code, done.err) == (ends, ""), command
            printed = [words(line) for line in done.out.splitlines()]
            continue
        if kind:
            continue
        shown = [words(line) for line in block.splitlines()]
        assert shown
        assert [line for line in shown if line not in printed] == []


def test_each_question_says_first_how_far_it_is_answered():
    assert list(SECTIONS) == list(range(1, 17))
    assert {number: len(states) for number, states in STATES.items()} == dict.fromkeys(
        SECTIONS, 1
    )


def test_what_is_answered_is_shown_and_at_least_nine_are_whole():
    assert sum(state == "Whole" for [state] in STATES.values()) >= 9
    for number, [state] in STATES.items():
        assert ("    premium " in SECTIONS[number]) is (state != "Planned")
        assert ("\n```\n" in SECTIONS[number]) is (state != "Planned")
        if state == "Whole":
            for db in ("demo/real.db", "demo/years.db"):
                assert db in SECTIONS[number], (number, db)
