"""Requests as people and machines write them: one JSON object each.

`read` turns a line into a request, or says which fields are wrong, with what
value, and what to do. Only the form is checked here; rules are the deciders'.
"""

import re
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from ledger.calendar import Day
from ledger.decisions import roles
from ledger.decisions.every import COMMANDS
from ledger.excerpts import shown
from ledger.limits import COMMAND_ID, CommandId, Line, Whole
from ledger.request import By, Checked, Malformed, Origin, Request
from ledger.strict_json import NotJson, normal, parse
from ledger.values import Fault, faults_of, value


@value
class Envelope:
    """A request as one JSON object; `data` holds the fields of its command."""

    id: CommandId
    """The id that the client gives the request; the same id again adds nothing."""
    command: str
    """The name of the command, such as open-account."""
    by: By
    """Who gives it."""
    data: dict[str, Any]
    """The fields of the command."""
    effective_on: Day | None = None
    """The day from which it counts; today if left out."""
    decided_on: Day | None = None
    """The day on which it was decided, which selects the rules; today if left out."""
    if_version: Whole | None = None
    """The version at which its stream must stand."""
    correlation_id: CommandId | None = None
    """What it belongs to; its own id if left out."""
    causation_id: Line | None = None
    """What caused it."""
    origin: Origin | None = None
    """The kind of ledger it was made for; either if left out."""


@cache
def reader(form: type) -> TypeAdapter[Any]:
    """What reads one form; built when it is first needed, for it takes a while."""
    return TypeAdapter(form)


def read(line: str | bytes) -> Checked:
    """Read one request from a JSON object.

    Raises:
        Malformed: With every fault found, its field, value and remedy.
    """
    try:
        given = parse(line)
    except NotJson as reason:
        raise Malformed(
            (Fault(field="", value=shown(line), remedy=str(reason)),)
        ) from None
    return request(given, line)


def request(given: Any, line: str | bytes | None = None) -> Checked:
    """Read one request from what JSON gave; raises as `read` does.

    Args:
        line: The JSON text, where it is at hand.
    """
    request_id = id_of(given)
    try:
        if line is None or not _is_plain(line):
            given = normal(given)
            line = to_json(given)
        envelope = _envelope(given, line)
    except (NotJson, PydanticSerializationError) as reason:
        fault = Fault(field="", value=shown(given), remedy=str(reason))
        raise Malformed((fault,), request_id) from None
    except ValidationError as error:
        raise Malformed(faults_of(error), request_id) from None
    return Checked(
        id=envelope.id,
        by=envelope.by,
        command=envelope.data,
        effective_on=envelope.effective_on,
        decided_on=envelope.decided_on,
        if_version=envelope.if_version,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.causation_id,
        origin=envelope.origin,
    )


def misformed(command: Any) -> tuple[Fault, ...]:
    """What is wrong with the form of a command that was made from something else."""
    form: Any = type(command)
    adapter = reader(form)
    try:
        adapter.validate_json(adapter.dump_json(command))
    except ValidationError as error:
        return faults_of(error)
    except (PydanticSerializationError, ValueError) as reason:
        return (Fault(field="", value="", remedy=str(reason)),)
    return ()


def checked(made: Request) -> Checked:
    """A request that was made from something else than JSON, held to the same form.

    Raises:
        Malformed: As `read` does.
    """
    given = {one.name: getattr(made, one.name) for one in fields(Request)}
    given["data"], given["command"] = given.pop("command"), made.command.NAME
    form: type = type(made.command)
    try:
        given["data"] = reader(form).dump_python(made.command, mode="json")
    except (PydanticSerializationError, UnicodeError, ValueError) as reason:
        fault = Fault(field="data", value="", remedy=str(reason))
        raise Malformed((fault,), id_of(given)) from None
    return request(given)


def id_of(given: Any) -> str | None:
    """The id that a request bears, if it can be one."""
    found = given.get("id") if isinstance(given, dict) else None
    is_one = isinstance(found, str) and len(found) <= 200 and _ID.fullmatch(found)
    return found if is_one else None


_ID = re.compile(COMMAND_ID)


def _is_plain(line: str | bytes) -> bool:
    """Whether every text in it is in normal form as it stands, for it is ASCII."""
    if isinstance(line, bytes):
        return line.isascii() and b"\\" not in line
    return line.isascii() and "\\" not in line


def _envelope(given: Any, line: str | bytes) -> Any:
    if not isinstance(given, dict):
        reader(Envelope).validate_json(line)
    name = given.get("command")
    form = COMMANDS.get(name) if isinstance(name, str) else None
    faults = []
    if isinstance(name, str) and form is None:
        remedy = f"no such command; there are {', '.join(COMMANDS)}"
        faults.append(Fault(field="command", value=shown(name), remedy=remedy))
    by = given.get("by")
    role = by.get("role") if isinstance(by, dict) else None
    if isinstance(role, str) and role not in roles.ROLES:
        remedy = f"no such role; there are {', '.join(roles.ROLES)}"
        faults.append(Fault(field="by.role", value=shown(role), remedy=remedy))
    if faults:
        raise Malformed(tuple(faults), id_of(given))
    return reader(Envelope if form is None else _whole(form)).validate_json(line)


@cache
def _whole(form: type) -> type:
    """The envelope of one command, its data and all."""
    hints = {**get_type_hints(Envelope, include_extras=True), "data": form}
    defaults = {
        one.name: one.default for one in fields(Envelope) if one.default is not MISSING
    }
    named = {"__annotations__": hints, "__module__": __name__, **defaults}
    return value(type(f"Asked{form.__name__}", (), named))
