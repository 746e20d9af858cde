"""Each number and day of each command at its limits: what is accepted can be read."""

import json
from collections.abc import Iterator
from copy import deepcopy
from itertools import count
from typing import Any, Literal

import pytest
from hypothesis import Phase, find, settings

from interfaces.simulation.years import simulated
from ledger.decisions.every import COMMANDS
from tests.cli.program import ok, premium
from tests.cli.test_at_the_limits import LABELS, read_everywhere
from tests.worlds.schemas import judge, of, values_of
from tests.worlds.servers import server
from tests.worlds.single_faults import Path, put

FORMS = {
    "date": ("1900-01-01", "2100-12-31"),
    "scheme-year": ("1900-01", "2098-99"),
    "period": ("1900-01-01..1900-01-01", "1900-01-01..2100-12-31"),
}


def limits(
    schema: dict[str, Any], around: dict[str, Any], value: Any, path: Path = ()
) -> Iterator[tuple[Path, Any]]:
    """The places of a value that have limits, each with one of them."""
    if "$ref" in schema:
        schema = around["$defs"][schema["$ref"].rpartition("/")[2]]
    for one in schema.get("anyOf", ()):
        if judge({**one, "$defs": around["$defs"]}).is_valid(value):
            yield from limits(one, around, value, path)
    match schema.get("type"):
        case "integer":
            least = schema.get("exclusiveMinimum")
            yield path, schema["minimum"] if least is None else least + 1
            yield path, schema["maximum"]
        case "string" if schema.get("format") in FORMS:
            yield from ((path, one) for one in FORMS[schema["format"]])
        case "object" if isinstance(value, dict):
            for name, inner in value.items():
                form = schema.get("properties", {}).get(name)
                if form is not None:
                    yield from limits(form, around, inner, (*path, name))
        case "array" if isinstance(value, list):
            for number, inner in enumerate(value[:1]):
                yield from limits(schema["items"], around, inner, (*path, number))


NUMBERS = count(1)
SIMPLY = [Phase.generate]
"""The first example does; that it is a small one takes long."""


def variants(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command once for each limit of each of its fields, as another command."""
    schema = of(line["command"])
    for path, value in limits(schema, schema, line):
        made = put(deepcopy(line), path, value)
        number = next(NUMBERS)
        made["id"] = f"limit-{number}"
        for name in {*LABELS, "document", "claim"} & made["data"].keys():
            made["data"][name] = f"{made['data'][name][:60]}-{number}"
        yield made


def lines(when: Literal["before", "behind"]) -> Iterator[dict[str, Any]]:
    """Two simulated years, with the variants of the first command of each kind."""
    seen = set()
    for text in simulated(1, 2, 2):
        line = json.loads(text)
        is_first = line["command"] not in seen
        seen.add(line["command"])
        if is_first and when == "before":
            yield from variants(line)
        yield line
        if is_first and when == "behind":
            yield from variants(line)
    for command in COMMANDS.keys() - seen:
        one = find(
            values_of(command),
            lambda value: bool(value["data"]),
            settings=settings(database=None, derandomize=True, phases=SIMPLY),
        )
        yield from variants({**one, "origin": "simulated"})


@pytest.mark.parametrize("store", ["a file", "PostgreSQL"])
@pytest.mark.parametrize("when", ["before", "behind"])
def test_every_command_that_is_accepted_at_a_limit_is_read_everywhere(
    store: str, when: Literal["before", "behind"]
):
    db = "sim.db" if store == "a file" else server().migrated().app
    begin = ("init", "--name", "At every limit", "--origin", "simulated")
    ok(*begin, "--db", db, "--as", "operator:o1")
    given = list(lines(when))
    stdin = b"".join(json.dumps(one).encode() + b"\n" for one in given)
    answers = premium("run", "-", "--db", db, stdin=stdin).answers
    assert len(answers) == len(given)
    taken = [
        one["id"]
        for one in answers
        if one["outcome"] == "appended" and one["id"].startswith("limit-")
    ]
    assert len(taken) > 30
    read_everywhere(db)
    if store == "a file":
        ok("backup", "copy.db")
        ok("restore", "copy.db", "--db", "restored.db", "--verify")
