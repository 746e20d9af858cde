"""What a later schema broke of an earlier one: the contract is only added to."""

from collections.abc import Iterator
from typing import Any

from tests.feed.kept import promised

Schema = dict[str, Any]


def breaks(released: Schema, now: Schema) -> list[str]:
    """Where a schema of now breaks what was promised; empty where it only adds.

    What is promised of a field is all that its schema says to a program: its type, its
    form, its bounds, its words. It may be neither narrower nor wider: readers rely on
    the first, and on the second one that holds all there can be.
    """
    return list(_at("", promised(released), promised(now), _Pair(released, now)))


class _Pair:
    """Two schemas, in which references are looked up."""

    def __init__(self, released: Schema, now: Schema) -> None:
        self._defs = (promised(released["$defs"]), promised(now["$defs"]))
        self._seen: set[tuple[str, str]] = set()

    def followed(self, before: Schema, after: Schema) -> tuple[Schema, Schema] | None:
        """What both refer to; None where that was compared before."""
        names = tuple(one["$ref"].removeprefix("#/$defs/") for one in (before, after))
        if names in self._seen:
            return None
        self._seen.add(names)
        before_defs, after_defs = self._defs
        return before_defs[names[0]], after_defs[names[1]]


def _at(at: str, before: Any, after: Any, pair: _Pair) -> Iterator[str]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        if before != after:
            yield f"{at}: {before!r} was promised, and now it is {after!r}"
        return
    if "$ref" in before and "$ref" in after:
        if (both := pair.followed(before, after)) is not None:
            yield from _at(at, *both, pair)
        return
    for key in sorted((before.keys() | after.keys()) - {"properties", "$defs"}):
        old, new = before.get(key), after.get(key)
        if isinstance(old, list) and isinstance(new, list) and key == "anyOf":
            yield from _each(f"{at} {key}", old, new, pair)
        elif key == "required":
            yield from _needed(at, old or [], new or [])
        else:
            yield from _at(f"{at} {key}", old, new, pair)
    fields = before.get("properties", {})
    for field, old in fields.items():
        new = after.get("properties", {}).get(field)
        if new is None:
            yield f"{at}.{field}: it was promised, and is gone"
        else:
            yield from _at(f"{at}.{field}", old, new, pair)


def _each(at: str, before: list[Any], after: list[Any], pair: _Pair) -> Iterator[str]:
    if len(before) != len(after):
        yield f"{at}: {len(before)} forms were promised, and now there are {len(after)}"
        return
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        yield from _at(f"{at}[{number}]", old, new, pair)


def _needed(at: str, before: list[str], after: list[str]) -> Iterator[str]:
    for field in sorted({*before} - {*after}):
        yield f"{at}.{field}: it was always there, and now may be left out"
    for field in sorted({*after} - {*before}):
        yield f"{at}.{field}: it is needed now, and older messages are without it"
