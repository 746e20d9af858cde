"""The JSON Schema of each type of event, made from the model that writes and reads it.

A model's docstring is the description of its schema, and the comment beside a field is
the field's.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from projections.feed.events.message import event_form, schema_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Described(GenerateJsonSchema):
    """With the comments beside fields, and without titles that repeat their names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: a field is called what it is called."""
        return False

    def model_schema(self, schema: Any) -> dict[str, Any]:
        """A model's schema, its fields described."""
        made = super().model_schema(schema)
        for field, said in _comments(schema["cls"]).items():
            if field in made["properties"]:
                made["properties"][field]["description"] = said
        return made


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a whole event of one type, such as `award-confirmed.v1`."""
    made = event_form(name).model_json_schema(schema_generator=Described)
    return {"$schema": DIALECT, "$id": schema_of(name), **made}


def _comments(model: type[BaseModel]) -> dict[str, str]:
    """Each field's comment, its own before those that it inherits."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        found |= _comments_of_module(one.__module__).get(one.__name__, {})
    return found


@cache
def _comments_of_module(name: str) -> Mapping[str, Mapping[str, str]]:
    """Class -> field -> the comment that stands beside it."""
    if not name.startswith(("projections.feed.", "consumers.")):
        return {}
    source = Path(str(sys.modules[name].__file__)).read_text(encoding="utf-8")
    beside = {
        token.start[0]: token.string.removeprefix("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    return {
        room.name: dict(_beside(room, beside))
        for room in ast.parse(source).body
        if isinstance(room, ast.ClassDef)
    }


def _beside(room: ast.ClassDef, beside: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for field in room.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            lines = range(field.lineno, (field.end_lineno or field.lineno) + 1)
            said = " ".join(beside[line] for line in lines if line in beside)
            if said:
                yield field.target.id, re.sub(r"\bNone\b", "null", said)
