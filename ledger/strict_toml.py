"""TOML as it may come from outside: real text, not too deep, no number too long."""

import tomllib
from collections.abc import Callable
from typing import Any

from ledger.limits import MOST_GIVEN
from ledger.strict_json import DEEPEST, LONGEST, NotJson, normal


class NotToml(ValueError):
    """A text that is not TOML, or that holds more than may enter."""


def parse_toml(text: str, parse_float: Callable[[str], Any]) -> dict[str, Any]:
    """What a TOML text holds, each text of it in Unicode's normal form NFC.

    Args:
        parse_float: Called with each number that has a decimal point, as written.

    Raises:
        NotToml: The text says what is wrong with it.
    """
    if len(text) > LONGEST:
        raise NotToml(f"it is longer than {LONGEST:,} characters")
    try:
        found = tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as reason:
        raise NotToml(str(reason)) from None
    except RecursionError:
        raise NotToml(_TOO_DEEP) from None
    except ValueError:
        raise NotToml(_TOO_LONG) from None
    _check(found)
    try:
        given: dict[str, Any] = normal(found)
    except NotJson as reason:
        raise NotToml(str(reason)) from None
    return given


_TOO_DEEP = f"it is more than {DEEPEST} levels deep"
_TOO_LONG = "a number of it has more than 40 digits"


def _check(found: dict[str, Any]) -> None:
    """Look at each level in turn, so that no depth is too deep to look at."""
    level: list[Any] = [found]
    for _ in range(DEEPEST + 1):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
            elif isinstance(one, int) and abs(one) > MOST_GIVEN:
                raise NotToml(_TOO_LONG)
        level = below
    if level:
        raise NotToml(_TOO_DEEP)
