"""What may enter is what the published schema says: the reader agrees, both ways."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ledger.decisions.every import COMMANDS
from ledger.intake.requests import read
from ledger.request import Malformed
from tests.worlds.schemas import SCHEMA, validator, values_of

FEW = settings().max_examples // 5
"""Examples a command: there are sixty commands."""


def accepted(value: Any) -> bool:
    try:
        read(json.dumps(value))
    except Malformed as malformed:
        for fault in malformed.faults:
            assert not re.search(r"\b[Ii]nput\b|required", fault.remedy), fault
        return False
    return True


def unlimited(schema: Any, place: str = "") -> Iterator[str]:
    """The places where any number, or any text, may stand."""
    if isinstance(schema, dict):
        least = {"minimum", "exclusiveMinimum"} & schema.keys()
        if schema.get("type") == "integer" and not (least and "maximum" in schema):
            yield place
        said = {"enum", "const", "format", "maxLength"} & schema.keys()
        endless = re.search(
            "[*+]", re.sub(r"\[[^]]*\]", "", schema.get("pattern", "*"))
        )
        if schema.get("type") == "string" and endless and not said:
            yield place
        for key, inner in schema.items():
            yield from unlimited(inner, f"{place}/{key}")
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from unlimited(inner, f"{place}/{number}")


def test_every_number_and_text_of_a_command_has_limits():
    assert list(unlimited(SCHEMA)) == []


RULED = {
    "publish-rulebook": "a rulebook keeps its promises between clauses",
    "agree-terms": "a title says what is measured; a change has its baseline",
    "propose-withholding": "a share is above 0 and at most 1",
}
"""Commands whose form has a rule that no schema can state; the reader says it."""

ANY_RULED = [name for name in COMMANDS if name not in RULED]


@pytest.mark.parametrize("command", ANY_RULED)
@settings(max_examples=FEW, phases=[Phase.generate])
@given(data=st.data())
def test_what_the_schema_allows_is_read(command: str, data: st.DataObject):
    value = data.draw(values_of(command))
    read(json.dumps(value))


# Single faults ------------------------------------------------------------------------


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner += value.items()
    if isinstance(value, list):
        inner += enumerate(value)
    for key, one in inner:
        yield from places(one, (*path, key))


NASTY: list[Any] = [
    *(None, True, 0, -1, 1, 1.5, 2**53, 2**53 + 1, 10**9 + 1, 10**15, 10**15 + 1),
    *(2**63, -(10**15) - 1, 10**40, "", " ", "0", "1446681600", "-1", "x" * 81),
    *("x" * 201, "a\0b", "a\x1b[2Jb", "a\nb", "a\u202eb", "a\u200bb", "a\u2028b"),
    *("\ufeffa", "a\x7fb", "a\x85b", "\u0430", "é", "9999-12-31", "2013-02-30"),
    *("1899-12-31", "2013-15", "2013-14", "x", "10C", "1/0", "1e9", "9" * 41),
    *("1." + "0" * 21, [], {}, ["x"], {"x": 1}, "2013-04-01", "2013-04-01T00:00:00"),
]


@pytest.mark.parametrize("command", ANY_RULED)
@settings(max_examples=FEW, phases=[Phase.generate])
@given(data=st.data())
def test_the_reader_agrees_with_the_schema_on_a_value_with_one_fault(
    command: str, data: st.DataObject
):
    value = deepcopy(data.draw(values_of(command)))
    path = data.draw(st.sampled_from(sorted(places(value), key=repr)))
    at = value
    for step in path[:-1]:
        at = at[step]
    if data.draw(st.booleans()) or not isinstance(at, dict):
        at[path[-1]] = data.draw(st.sampled_from(NASTY))
    else:
        del at[path[-1]]
    assert accepted(value) is validator(command).is_valid(value), value
