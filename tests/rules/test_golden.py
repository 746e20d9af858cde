"""Content published before today still reads, and decides what it decided then."""

import json
from fractions import Fraction
from pathlib import Path

from ledger.rules.award import determine
from ledger.rules.book import consequences
from ledger.rules.rulebook import canonical, parse, slices
from ledger.rules.stakes import stakes
from tests.rules.books import BOOK

GOLDEN = Path(__file__).parents[1] / "golden" / "rulebooks"
CONTENT = (GOLDEN / "quality-premium-2013-14.v1.json").read_text("utf-8")
AWARDS = json.loads(
    (GOLDEN / "quality-premium-2013-14.v1.awards.json").read_text("utf-8")
)


def test_content_of_2013_14_as_first_published_reads_and_is_written_as_it_was():
    assert canonical(parse(CONTENT)) == CONTENT


def test_the_packaged_rulebook_of_2013_14_is_still_the_one_first_published():
    assert canonical(BOOK) == CONTENT


def test_content_of_2013_14_as_first_published_still_decides_the_same():
    book = parse(CONTENT)
    assert len(AWARDS) == 256
    for expected in AWARDS:
        award = determine(
            book,
            slices(book, 439_995_00),
            {one.id: Fraction(one.id in expected["met"]) for one in stakes(book)},
            {one.id: one.id in expected["missed"] for one in consequences(book)},
        )
        assert expected == {
            "met": expected["met"],
            "missed": [one.clause for one in award.reductions],
            "earned": award.earned_pence,
            "before_gates": award.before_gates_pence,
            "total": award.total_pence,
            "payable": [line.payable_pence for line in award.lines],
            "taken": [one.pence for one in award.reductions],
        }
