"""The JSON Schema of each message of the feed, made from the model that writes it.

A model's docstring is the description of its schema. A field is described by the
docstring below it, otherwise by its type, as a command's is.
"""

from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from ledger.descriptions import described
from projections.feed.events.message import event_form, schema_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Described(GenerateJsonSchema):
    """With described fields, and without titles that repeat their names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: a field is called what it is called."""
        return False

    def model_schema(self, schema: Any) -> dict[str, Any]:
        """A model's schema, its fields described."""
        made = super().model_schema(schema)
        for field, description in described(schema["cls"]).items():
            if field in made["properties"]:
                made["properties"][field]["description"] = description
        return made


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a whole event of one type, such as `award-confirmed.v1`."""
    return schema_of_form(name, event_form(name))


def schema_of_form(
    name: str,
    form: type[BaseModel],
    mode: Literal["validation", "serialization"] = "validation",
) -> dict[str, Any]:
    """The JSON Schema of a message, whole: it refers to no other file.

    Args:
        mode: `serialization` for what the ledger alone writes: every field is there.
    """
    made = form.model_json_schema(schema_generator=Described, mode=mode)
    return {"$schema": DIALECT, "$id": schema_of(name), **made}
