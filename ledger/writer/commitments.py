"""What a request is known by, and how its prose and names are kept out of facts."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json

from ledger.request import By, Request
from ledger.values import names, texts, value

SALT_BYTES = 16

SaltSource = Callable[[], bytes]
"""Gives 16 bytes that nobody can guess, others at each call."""


@value
class Kept:
    """A text, or a party's name, that lies beside the log."""

    commitment: str  # SHA-256 of salt and text in UTF-8, in hexadecimal.
    salt: bytes
    text: str
    party: str | None  # Whose name it is; None for a text.


def request_hash(request: Request) -> str:
    """SHA-256 of what was asked, in hexadecimal: by it a repetition is known.

    It covers who asks, the command and its data, the dates as given and the version
    expected; not the id, not what it follows from, and not texts and names, so that
    it can be checked after they were forgotten. Fields that hold nothing are left
    out, so that a field added later changes no hash.
    """
    command = request.command
    form: Any = type(command)
    asked = b"\n".join(
        (
            _serializer(By).to_json(request.by, exclude_none=True),
            form.NAME.encode(),
            _serializer(form).to_json(
                command, exclude=_not_hashed(form), exclude_none=True
            ),
            to_json((request.effective_on, request.decided_on, request.if_version)),
        )
    )
    return sha256(asked).hexdigest()


def commit(command: Any, salt: SaltSource) -> tuple[Any, tuple[Kept, ...]]:
    """A command with commitments in the place of its texts and names.

    Returns:
        The command, and what lies beside the log if the commitment is recorded;
        nothing for a command without prose, which is given back as it is.
    """
    form: type = type(command)
    fields = [*((text, None) for text in texts(form)), *names(form).items()]
    kept: dict[str, Kept] = {}
    for name, party_field in fields:
        text = getattr(command, name)
        if text is None:
            continue
        grain = salt()
        assert len(grain) == SALT_BYTES, "the salt source gives 16 bytes"
        kept[name] = Kept(
            commitment=sha256(grain + text.encode()).hexdigest(),
            salt=grain,
            text=text,
            party=None if party_field is None else getattr(command, party_field),
        )
    if not kept:
        return command, ()
    commitments = {name: one.commitment for name, one in kept.items()}
    return replace(command, **commitments), tuple(kept.values())


@cache
def _serializer(form: type) -> Any:
    return TypeAdapter(form).serializer


@cache
def _not_hashed(form: type) -> set[str]:
    return {*texts(form), *names(form)}
