"""How a call ends: its exit codes, and what stops it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path


class Exit(IntEnum):
    """How a call ends; docs/working.md says the same to people."""

    OK = 0
    FOUND = 1  # A check found something.
    USAGE = 2  # The call, or the input, cannot be read; nothing was recorded of it.
    REFUSED = 3  # A rule said no.
    CONFLICT = 4  # Something changed since it was read, or an id was used before.
    UNAVAILABLE = 5  # The ledger, or the place of an answer, cannot be used.


def complain(says: str) -> None:
    """Say on standard error what is wrong."""
    print(f"premium: {says}", file=sys.stderr, flush=True)


class Stop(Exception):
    """The call ends here, with a sentence for people and an exit code."""

    def __init__(self, code: Exit, says: str) -> None:
        super().__init__(says)
        self.code = code


class Misused(Stop):
    """The call, or what it reads, cannot be understood; nothing was recorded of it."""

    def __init__(self, says: str) -> None:
        super().__init__(Exit.USAGE, says)


@contextmanager
def readable(file: Path | str) -> Iterator[None]:
    """Stop where a file cannot be read."""
    try:
        yield
    except OSError as reason:
        says = f"{file} cannot be read ({reason.strerror}): name another file"
        raise Misused(says) from None
