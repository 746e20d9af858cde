"""What may enter is what the published schema says: the reader agrees, both ways."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from ledger.calendar import dated_account, day, period, scheme_year
from ledger.decisions.every import COMMANDS
from ledger.intake.requests import read
from ledger.intake.schemas import schemas
from ledger.limits import LINE, PARAGRAPHS, REFERENCE
from ledger.request import Malformed

SCHEMA = schemas()
FEW = settings().max_examples // 5
"""Examples a command: there are sixty commands."""
FORMATS = FormatChecker(formats=())
for name, check in {
    "date": day,
    "period": period,
    "scheme-year": scheme_year,
    "account": dated_account,
}.items():

    def is_so(text: object, check: Any = check) -> bool:
        try:
            return not isinstance(text, str) or bool(check(text))
        except (ValueError, IndexError):
            return False  # A format is about texts; what is none, the type says.

    FORMATS.checks(name)(is_so)


@cache
def of(command: str) -> dict[str, Any]:
    """The schema of a request with one command."""
    [found] = [one for one in SCHEMA["oneOf"] if one["title"] == command]
    made: dict[str, Any] = _whole({**found, "$defs": SCHEMA["$defs"]})
    return made


def _whole(schema: Any) -> Any:
    """With patterns that end at the end, as they do for JavaScript and for us."""
    if isinstance(schema, dict):
        made = {key: _whole(inner) for key, inner in schema.items()}
        if isinstance(made.get("pattern"), str):
            made["pattern"] = re.sub(r"\$$", r"\\Z", made["pattern"])
        return made
    return [_whole(one) for one in schema] if isinstance(schema, list) else schema


@cache
def validator(command: str) -> Draft202012Validator:
    return Draft202012Validator(of(command), format_checker=FORMATS)


@cache
def whole_values(command: str) -> st.SearchStrategy[Any]:
    return values(of(command), of(command))


def accepted(value: Any) -> bool:
    try:
        read(json.dumps(value))
    except Malformed:
        return False
    return True


def unlimited(schema: Any, place: str = "") -> Iterator[str]:
    """The places where any number, or any text, may stand."""
    if isinstance(schema, dict):
        least = {"minimum", "exclusiveMinimum"} & schema.keys()
        if schema.get("type") == "integer" and not (least and "maximum" in schema):
            yield place
        said = {"pattern", "enum", "const", "format"} & schema.keys()
        if schema.get("type") == "string" and not said:
            yield place
        for key, inner in schema.items():
            yield from unlimited(inner, f"{place}/{key}")
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from unlimited(inner, f"{place}/{number}")


def test_every_number_and_text_of_a_command_has_limits():
    assert list(unlimited(SCHEMA)) == []


# Values of a schema -------------------------------------------------------------------

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
YEARS = st.integers(1900, 2098).map(lambda y: f"{y}-{(y + 1) % 100:02d}")
PERIODS = DAYS | st.lists(DAYS, min_size=2, max_size=2, unique=True).map(
    lambda two: "..".join(sorted(two))
)
ACCOUNTS = st.tuples(
    st.from_regex(r"\A[a-z0-9]{1,9}(-[a-z0-9]{1,9})?\Z"),
    YEARS,
    st.from_regex(r"\A[A-Z0-9]{2,12}\Z"),
).map("/".join)
FORMS = {
    "date": DAYS,
    "scheme-year": YEARS,
    "period": PERIODS,
    "account": ACCOUNTS,
}


ANY_TEXT = [
    _whole({"pattern": one})["pattern"] for one in (LINE, PARAGRAPHS, REFERENCE)
]
PLAIN = st.sampled_from("aZ09 é漢'\"<&%\\\U0001f600")


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if "format" in schema:
        return FORMS[schema["format"]]
    least, most = schema.get("minLength", 0), schema.get("maxLength", 400)
    if "pattern" not in schema:
        return st.text(max_size=20)
    if schema["pattern"] in ANY_TEXT:
        return st.text(PLAIN, max_size=12).map(lambda text: f"{text}x1"[-most:])
    return written(schema["pattern"], least, most)


@cache
def written(pattern: str, least: int, most: int) -> st.SearchStrategy[str]:
    made = st.from_regex(pattern)
    return made.filter(lambda text: least <= len(text) <= most)


def values(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema as ours are: no more of JSON Schema than they use."""
    if "$ref" in schema:
        return values(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([values(one, whole) for one in schema["anyOf"]])
    match schema["type"]:
        case "string":
            return texts(schema)
        case "integer":
            least = schema.get("minimum", -(10**15))
            least = max(least, schema.get("exclusiveMinimum", least - 1) + 1)
            return st.integers(least, schema.get("maximum"))
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            return st.lists(
                values(schema["items"], whole),
                min_size=schema.get("minItems", 0),
                max_size=3,
            )
        case _:
            needed = schema.get("required", ())
            parts = {
                name: values(one, whole) for name, one in schema["properties"].items()
            }
            return st.fixed_dictionaries(
                {name: parts[name] for name in needed},
                optional={k: v for k, v in parts.items() if k not in needed},
            )


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
    value = data.draw(whole_values(command))
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
    value = deepcopy(data.draw(whole_values(command)))
    path = data.draw(st.sampled_from(sorted(places(value), key=repr)))
    at = value
    for step in path[:-1]:
        at = at[step]
    if data.draw(st.booleans()) or not isinstance(at, dict):
        at[path[-1]] = data.draw(st.sampled_from(NASTY))
    else:
        del at[path[-1]]
    assert accepted(value) is validator(command).is_valid(value), value
