"""README and first steps show what is so: outputs of the demo, commands that run."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.program import HOUSE, ok

pytestmark = pytest.mark.xdist_group("demo")

README = (HOUSE / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
FIRST_STEPS = (HOUSE / "docs" / "first-steps.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (premium .*)$", README + FIRST_STEPS, flags=re.MULTILINE)


def words(line: str) -> str:
    return " ".join(line.split())


def test_every_output_shown_is_the_demos(told: tuple[Path, str]):
    printed = "\n".join(words(line) for line in told[1].splitlines())
    lines = [words(line) for block in BLOCKS for line in block.splitlines()]
    assert lines
    assert [line for line in lines if line not in printed] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shown_runs_on_what_the_demo_leaves(
    told: tuple[Path, str], command: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(told[0].parent)
    ok(*shlex.split(command)[1:])


@pytest.mark.parametrize("page", ["README", "CONTRIBUTING", "SECURITY", "CHANGELOG"])
def test_every_page_named_is_there(page: str):
    text = (HOUSE / f"{page}.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (HOUSE / link).exists()] == []


def test_the_two_commands_stand_on_the_first_screen():
    first_screen = README.splitlines()[:30]
    assert any("make demo" in line for line in first_screen)
    assert any("make test" in line for line in first_screen)
