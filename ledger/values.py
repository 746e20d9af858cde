"""How values are written: closed dataclasses, prose and names by type, and faults."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from ledger.excerpts import printable, shown
from ledger.limits import REMEDIES, Paragraphs

C = TypeVar("C")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def value(cls: type[C]) -> type[C]:
    """A frozen, slotted dataclass; a field that it has not is refused when read."""
    cls.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@value
class KeptBeside:
    """Marks prose: the text lies beside the log, and a fact holds its commitment."""


class NameOf(NamedTuple):
    """Marks a name of a person or organisation, kept beside the log as prose is."""

    party: str
    """The field that holds the party's id."""


class PartyAs(NamedTuple):
    """Marks the id of a party, or several of them."""

    kind: Literal["person", "organisation"] | None
    """What an id that is not known is registered as; None: it is not."""
    only: bool = False
    """Whether a party of the other kind is refused."""


Prose = Annotated[Paragraphs, KeptBeside()]
"""Free text; the service puts its commitment in its place before it decides."""


@cache
def texts(form: type) -> tuple[str, ...]:
    """The fields of a command that hold prose."""
    return tuple(name for name, mark in _marks(form) if isinstance(mark, KeptBeside))


@cache
def names(form: type) -> dict[str, str]:
    """The fields of a command that hold a name -> the field with its party's id."""
    return {name: mark.party for name, mark in _marks(form) if isinstance(mark, NameOf)}


@cache
def parties(form: type) -> dict[str, PartyAs]:
    """The fields of a command that hold the id of a party -> as what."""
    return {name: mark for name, mark in _marks(form) if isinstance(mark, PartyAs)}


def _marks(form: type) -> Iterator[tuple[str, Any]]:
    """Each field with what its type is annotated with, inside a union as well."""
    for name, hint in get_type_hints(form, include_extras=True).items():
        for one in (hint, *get_args(hint)):
            if get_origin(one) is Annotated:
                yield from ((name, mark) for mark in one.__metadata__)


@value
class Fault:
    """What is wrong with one field, where, and what to do about it."""

    where: str = ""
    """Such as `spend.csv, line 4`; empty for a request."""

    field: str
    """Such as `data.amount_pence`; empty for the whole."""

    value: str
    """As given, at most 80 characters; empty if nothing was given or may be shown."""

    remedy: str

    def __str__(self) -> str:
        at = ", ".join(one for one in (self.where, self.field) if one)
        given = f" {self.value!r}" if self.value else ""
        return f"{at}{given}: {self.remedy}"


def faults_of(
    error: ValidationError, where: str = "", at: tuple[str, ...] = ()
) -> tuple[Fault, ...]:
    """The faults that pydantic found.

    Args:
        at: Names that lead to what was validated, such as `("data",)`.
    """
    return tuple(
        Fault(
            where=where,
            field=printable(".".join(str(piece) for piece in (*at, *one["loc"]))),
            value="" if one["type"] == "missing" else shown(one["input"]),
            remedy=remedy_of(one),
        )
        for one in error.errors(include_url=False)
    )


def remedy_of(error: ErrorDetails) -> str:
    """What to do about a fault that pydantic found."""
    context = error.get("ctx", {})
    told = REMEDIES.get(context.get("pattern", "")) or _REMEDIES.get(error["type"])
    if told is None:
        said = error["msg"].removeprefix("Value error, ")
        return re.sub(r"^Input should be ", "write ", said)
    return told.format_map(context)


_DAY = "write a day, year first, such as 2014-03-31"
_WHOLE = "write a whole number, without quotes"
_REMEDIES = {
    "missing": "it is missing: give it",
    "extra_forbidden": "there is no such field: leave it out",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "string_type": "write text, in quotes",
    "bool_type": "write true or false, without quotes",
    "string_too_short": "it is empty: write what it is",
    "string_too_long": "write at most {max_length} characters",
    "too_short": "it is empty: give one or more",
    "too_long": "give at most {max_length}",
    "greater_than": "write more than {gt}",
    "greater_than_equal": "write {ge} or more",
    "less_than": "write less than {lt}",
    "less_than_equal": "write {le} or less",
    "literal_error": "write {expected}",
    "tuple_type": "write a list, in square brackets",
    "dataclass_type": "write an object, in braces",
    "dict_type": "write an object, in braces",
    "model_type": "write an object, in braces",
    "model_attributes_type": "write an object, in braces",
    "mapping_type": "write an object, in braces",
    "list_type": "write a list, in square brackets",
}
"""What pydantic calls a fault -> what to do about it."""
