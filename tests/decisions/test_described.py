"""Every field that somebody must fill in, or reads in a fact, is described."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from ledger.decisions.every import COMMANDS
from ledger.descriptions import described
from ledger.events import EVENTS
from ledger.intake.schemas import schemas


@pytest.mark.parametrize("form", [*COMMANDS.values(), *EVENTS])
def test_every_field_of_a_command_and_of_a_fact_is_described(form: Any):
    missing = {one.name for one in fields(form)} - described(form).keys()
    assert not missing, f"{form.__name__}: put a string under {sorted(missing)}"


def test_every_field_in_the_schema_of_commands_has_its_description():
    schema = schemas()
    missing = [
        f"{title}.{field}"
        for title, made in objects(schema)
        for field, one in made.get("properties", {}).items()
        if "description" not in one
    ]
    assert missing == []


def objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from schema["$defs"].items()
    yield from ((one["title"], one) for one in schema["oneOf"])
