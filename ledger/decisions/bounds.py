"""What no command may do: date what happened ahead, or record too large a figure."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

from annotated_types import Le
from pydantic.fields import FieldInfo

from ledger.calendar import Happened
from ledger.events import Fact
from ledger.request import Asked, Request
from ledger.values import value


@value
class DatedAhead:
    """What happened is dated after the day it is recorded."""

    NAME: ClassVar[str] = "dated-ahead"

    field: str
    on: date
    recorded_on: date

    def __str__(self) -> str:
        return (
            f"{self.field} is {self.on}, and today is {self.recorded_on}: what "
            "happened cannot be dated ahead"
        )


@value
class BeyondLimit:
    """What would be recorded is larger than any figure that the ledger holds."""

    NAME: ClassVar[str] = "beyond-limit"

    field: str
    figure: int
    most: int

    def __str__(self) -> str:
        return f"{self.field} would be {self.figure:,}, and the most is {self.most:,}"


REFUSALS = (DatedAhead, BeyondLimit)


def dated_ahead(request: Request, asked: Asked) -> DatedAhead | None:
    """The refusal if a day on which something happened lies behind today."""
    today = asked.recorded_on
    if request.effective_on is not None and request.effective_on > today:
        return DatedAhead(
            field="effective_on", on=request.effective_on, recorded_on=today
        )
    if request.decided_on is not None and request.decided_on > today:
        return DatedAhead(field="decided_on", on=request.decided_on, recorded_on=today)
    for path in _days(_form(request.command)):
        for on in _found(request.command, path):
            if on is not None and on > today:
                return DatedAhead(field=".".join(path), on=on, recorded_on=today)
    return None


def beyond_limit(facts: tuple[Fact, ...]) -> BeyondLimit | None:
    """The refusal if a figure of a fact is larger than its field can hold."""
    for fact in facts:
        for name, most in _figures(_form(fact)):
            figure = getattr(fact, name)
            if figure is not None and abs(figure) > most:
                return BeyondLimit(field=name, figure=figure, most=most)
    return None


def _form(given: Any) -> Any:
    return type(given)


def _found(within: Any, path: tuple[str, ...]) -> Iterator[date | None]:
    inner = getattr(within, path[0])
    if len(path) == 1:
        yield inner
    else:
        for one in inner:
            yield from _found(one, path[1:])


@cache
def _days(form: type) -> tuple[tuple[str, ...], ...]:
    """The fields of a command that say when something happened, those inside too."""
    paths: list[tuple[str, ...]] = []
    for name, hint in get_type_hints(form, include_extras=True).items():
        if any(isinstance(mark, Happened) for mark in _marks(hint)):
            paths.append((name,))
        if get_origin(hint) is tuple:
            inner = get_args(hint)[0]
            if is_dataclass(inner):
                paths += [(name, *path) for path in _days(inner)]  # type: ignore[arg-type]
    return tuple(paths)


@cache
def _figures(form: type) -> tuple[tuple[str, int], ...]:
    """The fields of a fact that hold whole numbers, each with the most it can hold."""
    found = []
    for name, hint in get_type_hints(form, include_extras=True).items():
        for mark in _marks(hint):
            inner = mark.metadata if isinstance(mark, FieldInfo) else [mark]
            most = [one.le for one in inner if isinstance(one, Le)]
            if most and isinstance(most[0], int):
                found.append((name, most[0]))
                break
    return tuple(found)


def _marks(hint: Any) -> Iterator[Any]:
    """What a type is annotated with, inside a union as well."""
    for one in (hint, *get_args(hint)):
        if get_origin(one) is Annotated:
            yield from one.__metadata__
