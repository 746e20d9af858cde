"""The JSON Schema of each message of the feed, made from the model that writes it.

A model's docstring is the description of its schema, and the docstring below a field
is the field's.
"""

from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from projections.feed.events.message import event_form, schema_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class WithoutTitles(GenerateJsonSchema):
    """Without titles that repeat the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: a field is called what it is called."""
        return False


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
    made = form.model_json_schema(schema_generator=WithoutTitles, mode=mode)
    return {"$schema": DIALECT, "$id": schema_of(name), **made}
