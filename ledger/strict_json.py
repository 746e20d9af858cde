"""JSON as it may come from outside: a key once, real text, not too deep, not too long.

One reader for commands, inbound messages, archives and stored refusals' files: what two
readers could take differently is refused.
"""

import json
import unicodedata
from typing import Any, NoReturn

LONGEST = 1 << 20
"""Bytes of the longest command or message that is read; a rulebook takes 30,000."""

DEEPEST = 64
"""How many arrays and objects may lie within each other."""


class NotJson(ValueError):
    """A text that is not JSON, or that two readers could take differently."""


def parse(given: str | bytes, longest: int = LONGEST) -> Any:
    """What a JSON text holds.

    Args:
        longest: Bytes, or characters, that it may have.

    Raises:
        NotJson: The text says what is wrong with it.
    """
    if len(given) > longest:
        raise NotJson(f"it is longer than {longest:,} bytes: one object a line")
    try:
        text = given if isinstance(given, str) else given.decode()
    except UnicodeDecodeError as reason:
        raise NotJson(f"it is not UTF-8 at byte {reason.start}") from None
    if text.count("[") + text.count("{") > DEEPEST and _depth(text) > DEEPEST:
        raise NotJson(f"it is more than {DEEPEST} levels deep")
    try:
        return _DECODER.decode(text)
    except NotJson:
        raise
    except ValueError as reason:
        raise NotJson(f"it is not JSON: {reason}") from None


def normal(given: Any) -> Any:
    """The same with every text in Unicode's normal form NFC.

    Raises:
        NotJson: For a text with half of a pair of surrogates, which is not text.
    """
    if isinstance(given, str):
        if given.isascii():
            return given
        try:
            given.encode()
        except UnicodeEncodeError:
            raise NotJson(
                f"{given!a:.80} holds half a character (a surrogate)"
            ) from None
        return unicodedata.normalize("NFC", given)
    if isinstance(given, dict):
        found = {normal(key): normal(inner) for key, inner in given.items()}
        if len(found) != len(given):
            raise NotJson("two keys are the same in Unicode's normal form")
        return found
    if isinstance(given, list | tuple):
        return [normal(inner) for inner in given]
    return given


def _depth(text: str) -> int:
    """How deep arrays and objects lie within each other; strings are passed over."""
    depth = deepest = 0
    in_string = escaped = False
    for letter in text:
        if in_string:
            in_string = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise NotJson(f"the key {key!a:.80} stands twice: leave one")
            seen.add(key)
    return found


def _constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not a number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
