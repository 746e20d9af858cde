"""The limits of what may enter, as they are frozen: a change of one is meant.

`python -m tests.test_golden_limits` writes them again.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated, get_origin

from pydantic import TypeAdapter

from ledger import calendar, limits, money, strict_json, strict_toml
from ledger.store.archive import read
from tests.cli.program import HOUSE

GOLDEN = HOUSE / "tests/golden/limits.txt"
PLACES = (limits, money, calendar, strict_json, strict_toml, read)


def stated() -> Iterator[str]:
    """Every number, day and type that bounds what may enter, a line each."""
    for place in PLACES:
        for name, what in sorted(vars(place).items()):
            if name.startswith("_") or name in {"BATCH", "FORMAT_VERSION"}:
                continue
            here = f"{place.__name__}.{name}"
            if isinstance(what, int | date) and not isinstance(what, bool):
                yield f"{here} = {what}"
            elif place is limits and isinstance(what, str):
                yield f"{here}: {json.dumps({'pattern': what})}"
            elif get_origin(what) is Annotated:
                schema = TypeAdapter(what).json_schema()
                yield f"{here}: {json.dumps(schema, sort_keys=True)}"


def text() -> str:
    return "".join(f"{line}\n" for line in dict.fromkeys(stated()))


def test_every_limit_is_as_it_was_frozen():
    assert text() == GOLDEN.read_text("utf-8"), "meant? write it again and say why"


def test_each_type_takes_its_longest_text_and_greatest_number_and_no_more():
    """By the page of the limits itself, so that a bound without effect is seen."""
    for line in GOLDEN.read_text("utf-8").splitlines():
        name, _, schema = line.partition(": ")
        module, _, kind = name.rpartition(".")
        if module != limits.__name__ or "type" not in schema:
            continue
        adapter, said = TypeAdapter(getattr(limits, kind)), json.loads(schema)
        ends = [(said.get("minimum"), -1), (said.get("maximum"), 1)]
        for end, beyond in ends:
            if end is not None:
                assert adapter.validate_python(end) == end
                assert not is_taken(adapter, end + beyond), line
        most = said.get("maxLength")
        if most is not None:
            filler = "x" if kind not in ("AccountName",) else "a:x"
            longest = (filler + "x" * most)[:most]
            assert is_taken(adapter, longest), line
            assert not is_taken(adapter, longest + "x"), line
            assert not is_taken(adapter, ""), line


def is_taken(adapter: TypeAdapter[object], what: object) -> bool:
    try:
        adapter.validate_python(what)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    GOLDEN.write_text(text(), "utf-8")
