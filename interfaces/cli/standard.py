"""The ends of standard input, output and error, whatever stands there.

A reader that went away, a full disk and an end that was closed before the program
began are met here alone: no command has to think of them.
"""

import io
import os
import sys
from typing import Any

from interfaces.cli.exits import Exit, Stop

UNREAD = 128 + 13
"""The exit code where who read the answers went away: as if by its signal, SIGPIPE."""


class Unread(Exception):
    """Who read the answers went away. Nobody is told, for nobody listens."""


class _End(io.FileIO):
    """Where text goes; once it cannot be written, what follows is thrown away."""

    failed: OSError | None = None

    def write(self, content: Any, /) -> int:
        """Write bytes; once that fails, they go nowhere."""
        if self.failed is None:
            try:
                return super().write(content) or 0
            except OSError as reason:
                self.failed = reason
                self.fail(reason)
        return len(memoryview(content).cast("B"))

    def fail(self, reason: OSError) -> None:
        """What a write that failed means: of complaints, nothing."""


class _Answers(_End):
    def fail(self, reason: OSError) -> None:
        """The call ends: answers that are not whole are not answers."""
        if isinstance(reason, BrokenPipeError):
            raise Unread
        raise Stop(
            Exit.UNAVAILABLE,
            f"standard output cannot be written ({reason.strerror}): what was "
            "recorded is recorded; make room there, or send the answers elsewhere",
        )


def take_over() -> None:
    r"""Make the ends of this process safe to use.

    One that was closed is opened on nothing first: a file opened later, such as the
    ledger, would take its place and get the answers. Characters that the encoding of
    an end has not are written as `\xa3`.
    """
    for handle, closed in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(handle)
        except OSError:
            # The lowest that is free. Reading and writing fail, as on a closed one.
            os.open(os.devnull, closed)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 (a handle)
    sys.stdout = _text(_Answers(1, "wb", closefd=False), sys.stdout)
    sys.stderr = _text(_End(2, "wb", closefd=False), sys.stderr)


def _text(end: _End, before: io.TextIOBase | Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(end),
        encoding=getattr(before, "encoding", None) or "utf-8",
        errors="backslashreplace",
        line_buffering=end.isatty() or end.fileno() == 2,
    )
