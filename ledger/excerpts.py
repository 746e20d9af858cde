"""What was given, as people are shown it: short, and nothing in it that is unseen."""

from typing import Any

_SHOWN = 80


def shown(given: Any) -> str:
    """A value as it was given, shortened; the text of bytes."""
    if isinstance(given, bytes):
        return printable(given.decode(errors="replace"))
    return shortened(repr(given))


def printable(text: str, most: int = _SHOWN) -> str:
    """A text for people, shortened; what does not show on a screen is escaped."""
    return shortened(text if text.isprintable() else repr(text)[1:-1], most)


def shortened(text: str, most: int = _SHOWN) -> str:
    """A text for people, of so many characters at most."""
    return text if len(text) <= most else f"{text[: most - 3]}..."
