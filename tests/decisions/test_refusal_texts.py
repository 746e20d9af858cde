"""The text of every refusal, as people read it: a golden file."""

import re
from pathlib import Path

from ledger.commands import REFUSALS
from tests.decisions.refusal_examples import EXAMPLES

GOLDEN = Path(__file__).parents[1] / "golden" / "refusals.txt"


def test_every_refusal_reads_as_in_the_golden_file():
    texts = [f"{one.NAME}: {one}\n" for one in EXAMPLES]
    assert "".join(texts) == GOLDEN.read_text(encoding="utf-8")


def test_every_refusal_has_an_example():
    assert {type(one) for one in EXAMPLES} == set(REFUSALS.values())


def test_every_refusal_stands_in_a_spec():
    specs = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py")
    )
    refused = {
        name
        for name in (one.__name__ for one in REFUSALS.values())
        if re.search(rf"(then_refused\(\s*|==\s*|= ){name}\(", specs)
    }
    by_the_service_alone = {"CommandIdReused"}
    assert refused | by_the_service_alone == {o.__name__ for o in REFUSALS.values()}
