"""TOML as it may come from outside: real text, not too deep, no number too long."""

import re
import tomllib
from collections.abc import Callable
from typing import Any

from ledger.excerpts import printable
from ledger.limits import MOST_GIVEN
from ledger.strict_json import DEEPEST, LONGEST, NotJson, normal


class NotToml(ValueError):
    """A text that is not TOML, or that holds more than may enter."""


def parse_toml(given: str | bytes, parse_float: Callable[[str], Any]) -> dict[str, Any]:
    """What a TOML file holds, each text of it in Unicode's normal form NFC.

    Args:
        given: Its text, or its bytes.
        parse_float: Called with each number that has a decimal point, as written.

    Raises:
        NotToml: The text says what is wrong with it.
    """
    if len(given) > LONGEST:
        raise NotToml(f"it is longer than {LONGEST:,} bytes")
    text = _text(given)
    try:
        found = tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as reason:
        says = str(reason)
        twice = "a key stands twice: leave one; " if _TWICE.match(says) else ""
        raise NotToml(f"{twice}{says}") from None
    except RecursionError:
        raise NotToml(f"line {_deepest(text)} is {_TOO_DEEP}") from None
    except ValueError:
        number = _ENDLESS.search(text)
        line = text.count("\n", 0, number.start() if number else 0) + 1
        raise NotToml(f"a number on line {line} {_TOO_LONG}") from None
    _check(found)
    try:
        made: dict[str, Any] = normal(found)
    except NotJson as reason:
        raise NotToml(str(reason)) from None
    return made


_TOO_DEEP = f"more than {DEEPEST} levels deep"
_TOO_LONG = "has more than 40 digits"
_TWICE = re.compile("Duplicate|Cannot (?:mutate|overwrite|declare)")
_ENDLESS = re.compile("[0-9](?:_?[0-9]){4000}")
"""A number that Python does not even read: it stops at 4,300 digits."""


def _text(given: str | bytes) -> str:
    if isinstance(given, str):
        return given
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = given.count(b"\n", 0, reason.start) + 1
        raise NotToml(f"line {line} is not UTF-8: save the file so") from None


def _deepest(text: str) -> int:
    """The line on which most brackets are open."""
    depth = deepest = 0
    line = found = 1
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        line += letter == "\n"
        if depth > deepest:
            deepest, found = depth, line
    return found


def _check(found: dict[str, Any]) -> None:
    """Look at each level in turn, so that no depth is too deep to look at."""
    level: list[tuple[tuple[str | int, ...], Any]] = [((), found)]
    for _ in range(DEEPEST + 1):
        below: list[tuple[tuple[str | int, ...], Any]] = []
        for place, one in level:
            if isinstance(one, dict):
                below += (((*place, key), inner) for key, inner in one.items())
            elif isinstance(one, list):
                below += (((*place, at), inner) for at, inner in enumerate(one))
            elif isinstance(one, int) and abs(one) > MOST_GIVEN:
                raise NotToml(f"{_named(place)} {_TOO_LONG}")
        level = below
    if level:
        raise NotToml(f"{_named(level[0][0])} is {_TOO_DEEP}")


def _named(place: tuple[str | int, ...]) -> str:
    return printable(".".join(map(str, place)))
