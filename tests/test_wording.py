"""Words that people read: counts that agree with what is counted."""

import re
from pathlib import Path

import pytest

from ledger.wording import counted

HOUSE = Path(__file__).parent.parent
ROOMS = ("interfaces/cli", "projections")
BY_HAND = re.compile(r"\{(?:len\([^{}]*\)|[^{}'\"]*):?,?\} [a-z]+s\b(?!')")
"""A count beside a word that may be a plural, in a text that is put together."""

COUNT = re.compile(r"\{(?:len\(|[^{}'\"]*:,\})")
NO_PLURALS = {"is", "was", "has", "as", "says", "bytes"}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ("0 records", "0 bodies")),
        (1, ("1 record", "1 body")),
        (2, ("2 records", "2 bodies")),
        (2038, ("2,038 records", "2,038 bodies")),
    ],
)
def test_a_count_agrees_with_what_is_counted(number: int, words: tuple[str, str]):
    assert (counted(number, "record"), counted(number, "body", "bodies")) == words


def test_no_count_stands_beside_a_plural_by_hand():
    found = [
        f"{path.relative_to(HOUSE)}: {one[0]}"
        for room in ROOMS
        for path in sorted((HOUSE / room).rglob("*.py"))
        for one in BY_HAND.finditer(path.read_text(encoding="utf-8"))
        if COUNT.match(one[0]) and one[0].split()[-1] not in NO_PLURALS
    ]
    assert found == []


def test_a_plural_by_hand_is_found():
    for line in ("{len(found):,} rows", "{head:,} records", "{len(one.facts)} facts"):
        assert BY_HAND.search(line)
        assert COUNT.match(line)
