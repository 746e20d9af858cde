"""What was given, as people are shown it: short, and nothing in it that is unseen."""

from typing import Any

_SHOWN = 80


def shown(given: Any) -> str:
    """A value as it was given, shortened; the text of bytes."""
    if isinstance(given, bytes):
        return printable(given.decode(errors="replace"))
    return shortened(repr(given))


def printable(text: str) -> str:
    """A text for people, shortened; what does not show on a screen is escaped."""
    return shortened(text if text.isprintable() else repr(text)[1:-1])


def shortened(text: str) -> str:
    """A text for people: at most 80 characters."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
