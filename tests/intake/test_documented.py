"""The page on importing names every column, and its examples are read."""

import re
from pathlib import Path

import pytest

from ledger.intake.files import KINDS, read_file
from tests.decisions.given import ANALYST

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_kind_is_documented_and_no_other(kind: str):
    cells = re.findall(r"^\| (.+?) \| .*\|$", SECTIONS[kind], re.M)
    documented = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert documented == {
        name
        for layout in KINDS[kind]
        for name in (*layout.required, *layout.optional, *layout.also)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_of_each_layout_of_a_kind_is_read(kind: str):
    examples = re.findall(r"```csv\n(.*?)```", SECTIONS[kind], re.S)
    read = [read_file(kind, "f.csv", one.encode(), ANALYST) for one in examples]
    assert [one.errors for one in read] == [()] * len(KINDS[kind])
    assert [one.notes for one in read] == [()] * len(KINDS[kind])
    counted = {name for one in read for name in one.counts}
    assert counted >= {layout.name for layout in KINDS[kind]}
