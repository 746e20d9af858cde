"""What a request is known by, and how its prose and names are kept out of facts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json

from ledger.events import Fact
from ledger.recorded import committed
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


Opened = Callable[[str], str | None]
"""The text or name of a commitment; None where it was forgotten."""


def request_hash(request: Request) -> str:
    """SHA-256 of what was asked, in hexadecimal: by it a repetition is known.

    It covers who asks, the command and its data, the dates as given, the version
    expected, and which texts and names are given; not the id, not what it follows
    from, and not what texts and names say, of which nothing must remain once they
    were forgotten: `same_texts` compares those. Fields that hold nothing are left
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
            to_json(
                [one for one in _beside(form) if getattr(command, one) is not None]
            ),
        )
    )
    return sha256(asked).hexdigest()


def same_texts(command: Any, facts: Iterable[Fact], opened: Opened) -> bool:
    """Whether a command that is given again says what it said the first time.

    Args:
        command: As it is given now, its texts and names as they are.
        facts: What was recorded of it the first time.

    Returns:
        False if a text that a fact is committed to, and that is still kept, is not
        among those given now. What was forgotten, or never kept because the command
        was refused or added nothing, cannot be compared, and counts as the same.
    """
    given = {getattr(command, field) for field in _beside(type(command))} - {None}
    if not given:
        return True
    kept = set()
    for fact in facts:
        form: Any = type(fact)
        for field in committed(form):
            if (commitment := getattr(fact, field)) is not None:
                kept.add(opened(commitment))
    return kept - {None} <= given


def commit(
    command: Any, salt: SaltSource, present: Mapping[str, tuple[str, str]]
) -> tuple[Any, tuple[Kept, ...]]:
    """A command with commitments in the place of its texts and names.

    Args:
        present: Name field -> the name that its party bears, and its commitment.

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
        if name in present and present[name][0] == text:
            command = replace(command, **{name: present[name][1]})
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


def _beside(form: type) -> tuple[str, ...]:
    """The fields of a command whose content lies beside the log."""
    return (*texts(form), *names(form))


@cache
def _not_hashed(form: type) -> set[str]:
    return set(_beside(form))
