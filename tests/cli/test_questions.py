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


def words(line: str) -> str:
    return " ".join(line.split())


@pytest.mark.parametrize("number", SECTIONS)
def test_each_command_of_a_question_prints_what_the_page_shows(
    number: int, told: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(told[0].parent)
    monkeypatch.setenv("COLUMNS", "400")
    steps = re.findall(
        r"^    premium ([^\n]+)$|^```\n(.*?)^```$",
        SECTIONS[number],
        re.MULTILINE | re.DOTALL,
    )
    printed: list[str] = []
    for command, block in steps:
        if command:
            done = premium(*shlex.split(command))
            assert (done.code, done.err) == (0, ""), command
            printed = [words(line) for line in done.out.splitlines()]
            continue
        shown = [words(line) for line in block.splitlines()]
        assert shown
        assert [line for line in shown if line not in printed] == []


def test_each_question_says_first_how_far_it_is_answered():
    assert list(SECTIONS) == sorted(SECTIONS)
    assert {number: len(states) for number, states in STATES.items()} == dict.fromkeys(
        SECTIONS, 1
    )


def test_what_is_whole_is_shown():
    for number, [state] in STATES.items():
        assert ("    premium " in SECTIONS[number]) is (state != "Planned")
        assert ("\n```\n" in SECTIONS[number]) is (state != "Planned")
