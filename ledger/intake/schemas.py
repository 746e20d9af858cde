"""The JSON Schema of a request, each field with its description."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from ledger.decisions.every import COMMANDS
from ledger.decisions.roles import ROLES
from ledger.descriptions import described
from ledger.intake.requests import Envelope, reader


class Described(GenerateJsonSchema):
    """With the strings under fields as their descriptions."""

    def dataclass_schema(self, schema: Any) -> dict[str, Any]:
        """A value's schema, its fields described."""
        return _described(super().dataclass_schema(schema), schema["cls"])

    def model_schema(self, schema: Any) -> dict[str, Any]:
        """A model's schema, its fields described."""
        return _described(super().model_schema(schema), schema["cls"])


def _described(made: dict[str, Any], form: type) -> dict[str, Any]:
    for field, text in described(form).items():
        if field in made["properties"]:
            made["properties"][field]["description"] = text
    return made


def _schema(form: type) -> dict[str, Any]:
    template = "#/$defs/{model}"
    return reader(form).json_schema(ref_template=template, schema_generator=Described)


def schemas() -> dict[str, Any]:
    """The JSON Schema of a request: one alternative a command."""
    envelope = _schema(Envelope)
    definitions = envelope.pop("$defs", {})
    of_data = envelope["properties"]["data"]["description"]
    alternatives = []
    for name, form in COMMANDS.items():
        schema = _schema(form)
        definitions |= schema.pop("$defs", {})
        definitions[name] = schema
        properties = {
            **envelope["properties"],
            "command": {"const": name, "description": form.__doc__},
            "data": {"$ref": f"#/$defs/{name}", "description": of_data},
        }
        alternatives.append({**envelope, "title": name, "properties": properties})
    definitions["By"]["properties"]["role"] |= {"enum": list(ROLES)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A command to the ledger, one JSON object a line",
        "oneOf": alternatives,
        "$defs": definitions,
    }
