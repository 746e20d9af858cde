"""The rows of state topics are a contract as the events are: they are only added to.

tests/golden/states has their schema and a row of the first release; neither changes.
"""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from projections.feed.contract.schemas import schema_of_form
from projections.feed.events.rows import Award, Balance, State
from tests.feed.additive import breaks

RELEASED = Path(__file__).parent.parent / "golden" / "states"
FORMS: dict[str, type[State]] = {"balance.v1": Balance, "award.v1": Award}


def kept(name: str) -> Any:
    return json.loads((RELEASED / f"{name}.json").read_text(encoding="utf-8"))


def now(name: str) -> Any:
    made = schema_of_form(name, FORMS[name])
    del made["$id"], made["$schema"]  # It was released without a name of its own.
    return {"$defs": {}, **made}


def test_every_form_is_kept():
    assert {path.name for path in RELEASED.iterdir()} == {
        file for name in FORMS for file in (f"{name}.json", f"{name}.row.json")
    }


@pytest.mark.parametrize("name", FORMS)
def test_what_was_released_is_only_added_to(name: str):
    assert breaks(kept(name), now(name)) == []
    narrower = copy.deepcopy(now(name))
    del narrower["properties"]["position"]
    assert breaks(kept(name), narrower) != []


@pytest.mark.parametrize("name", FORMS)
def test_a_released_row_is_read_whole_and_accepted(name: str):
    value = (RELEASED / f"{name}.row.json").read_bytes().removesuffix(b"\n")
    row = FORMS[name].model_validate_json(value)
    assert isinstance(row, Balance | Award)
    released, sent = json.loads(value), json.loads(row.row().value)
    assert {field: sent[field] for field in released} == released
    for schema in (kept(name), now(name)):
        assert [*Draft202012Validator(schema).iter_errors(released)] == []
