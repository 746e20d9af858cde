"""Requests as people and machines write them: one JSON object each.

`read` turns a line into a request, or says which fields are wrong, with what
value, and what to do. Only the form is checked here; rules are the deciders'.
"""

from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import from_json

from ledger.decisions import roles
from ledger.decisions.every import COMMANDS
from ledger.recorded import account_parts
from ledger.request import By, Malformed, Origin, Request, check_characters
from ledger.values import Fault, faults_of, shown, value


@value
class Envelope:
    """A request as one JSON object; `data` holds the fields of its command."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """The id that the client gives the request; the same id again adds nothing."""
    command: str
    """The name of the command, such as open-account."""
    by: By
    """Who gives it."""
    data: dict[str, Any]
    """The fields of the command."""
    effective_on: date | None = None
    """The day from which it counts; today if left out."""
    decided_on: date | None = None
    """The day on which it was decided, which selects the rules; today if left out."""
    if_version: int | None = None
    """The version at which its stream must stand."""
    correlation_id: str | None = None
    """What it belongs to; its own id if left out."""
    causation_id: str | None = None
    """What caused it."""
    origin: Origin | None = None
    """The kind of ledger it was made for; either if left out."""


@cache
def reader(form: type) -> TypeAdapter[Any]:
    """What reads one form; built when it is first needed, for it takes a while."""
    return TypeAdapter(form)


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
        envelope = reader(Envelope).validate_python(given)
        form = COMMANDS.get(envelope.command)
        if form is None:
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
        command = reader(form).validate_python(envelope.data)
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


def _account_fault(command: Any) -> Fault | None:
    account = getattr(command, "account", None)
    if account is None:
        return None
    try:
        account_parts(account)
    except ValueError as reason:
        return Fault(field="data.account", value=account, remedy=str(reason))
    return None
