"""Requests as people and machines write them: one JSON object each.

`read` turns a line into a request, or says which fields are wrong, with what
value, and what to do. Only the form is checked here; rules are the deciders'.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import from_json

from ledger.decisions import roles
from ledger.decisions.every import COMMANDS
from ledger.recorded import account_parts
from ledger.request import By, Origin, Request
from ledger.values import Fault, faults_of, names, shown, texts, value


class Malformed(ValueError):
    """A request that cannot be read. Nothing is recorded of it; mend and resend."""

    def __init__(self, faults: tuple[Fault, ...], request_id: str | None = None):
        super().__init__("; ".join(f"{f.field}: {f.remedy}" for f in faults))
        self.faults = faults
        self.request_id = request_id


@value
class Envelope:
    """A request as one JSON object; `data` holds the fields of its command."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    command: str
    by: By
    data: dict[str, Any]
    effective_on: date | None = None
    decided_on: date | None = None
    if_version: int | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    origin: Origin | None = None


_ENVELOPE = TypeAdapter(Envelope)
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(command) for name, command in COMMANDS.items()
}


def read(line: str | bytes) -> Request:
    """Read one request from a JSON object.

    Raises:
        Malformed: With every fault found, its field, value and remedy.
    """
    try:
        given = from_json(line)
    except ValueError as reason:
        raise Malformed(
            (Fault(field="", value=shown(line), remedy=f"no JSON: {reason}"),)
        ) from None
    return request(given)


def request(given: Any) -> Request:
    """Read one request from what JSON gave; raises as `read` does."""
    request_id = given.get("id") if isinstance(given, dict) else None
    request_id = request_id if isinstance(request_id, str) else None
    try:
        envelope = _ENVELOPE.validate_python(given)
        adapter = _ADAPTERS.get(envelope.command)
        if adapter is None:
            remedy = f"no such command; there are {', '.join(COMMANDS)}"
            fault = Fault(field="command", value=envelope.command, remedy=remedy)
            raise Malformed((fault,), request_id)
        if envelope.by.role not in roles.ROLES:
            remedy = f"no such role; there are {', '.join(roles.ROLES)}"
            fault = Fault(field="by.role", value=envelope.by.role, remedy=remedy)
            raise Malformed((fault,), request_id)
    except ValidationError as error:
        raise Malformed(faults_of(error), request_id) from None
    try:
        command = adapter.validate_python(envelope.data)
    except ValidationError as error:
        raise Malformed(faults_of(error, at=("data",)), request_id) from None
    faulty = _account_fault(command)
    if faulty is not None:
        raise Malformed((faulty,), request_id)
    made = Request(
        id=envelope.id,
        by=envelope.by,
        command=command,
        effective_on=envelope.effective_on,
        decided_on=envelope.decided_on,
        if_version=envelope.if_version,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.causation_id,
        origin=envelope.origin,
    )
    check_characters(made)
    return made


def check_characters(asked: Request) -> None:
    """Check that what is kept as text can be: PostgreSQL holds no character U+0000.

    Raises:
        Malformed: If the id, a text, a name or whose name it is holds one.
    """
    command = asked.command
    form: type = type(command)
    fields = (*texts(form), *names(form), *names(form).values())
    given = [
        ("id", asked.id),
        *((f"data.{one}", getattr(command, one)) for one in fields),
    ]
    faults = tuple(
        Fault(field=name, value=shown(text), remedy="take out the character U+0000")
        for name, text in given
        if text is not None and "\0" in text
    )
    if faults:
        raise Malformed(faults, asked.id)


def _account_fault(command: Any) -> Fault | None:
    account = getattr(command, "account", None)
    if account is None:
        return None
    try:
        account_parts(account)
    except ValueError as reason:
        return Fault(field="data.account", value=account, remedy=str(reason))
    return None


def schemas() -> dict[str, Any]:
    """The JSON Schema of a request: one alternative a command."""
    envelope = _ENVELOPE.json_schema(ref_template="#/$defs/{model}")
    definitions = envelope.pop("$defs", {})
    alternatives = []
    for name, adapter in _ADAPTERS.items():
        schema = adapter.json_schema(ref_template="#/$defs/{model}")
        definitions |= schema.pop("$defs", {})
        definitions[name] = schema
        properties = {
            **envelope["properties"],
            "command": {"const": name},
            "data": {"$ref": f"#/$defs/{name}"},
        }
        alternatives.append({**envelope, "title": name, "properties": properties})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A command to the ledger, one JSON object a line",
        "oneOf": alternatives,
        "$defs": definitions,
    }
