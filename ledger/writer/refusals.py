"""How the refusal of a command is kept, so that it repeats identically."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from ledger.decisions.every import REFUSALS
from ledger.request import Refusal


def encode_refusal(refusal: Refusal) -> str:
    """A refusal as its row holds it: its name and its numbers, in JSON."""
    numbers = _refusal(type(refusal)).dump_json(refusal, warnings="error").decode()
    return f'{{"refusal":"{refusal.NAME}","numbers":{numbers}}}'


def decode_refusal(stored: str) -> Refusal:
    """A refusal from its row."""
    given = from_json(stored)
    refusal: Refusal = _refusal(REFUSALS[given["refusal"]]).validate_python(
        given["numbers"]
    )
    return refusal


@cache
def _refusal(form: type) -> TypeAdapter[Any]:
    return TypeAdapter(form)
