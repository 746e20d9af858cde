"""The command `premium`."""

import sys
from collections.abc import Sequence
from typing import BinaryIO

from interfaces.cli import standard
from interfaces.cli.exits import Stop, complain
from interfaces.cli.overview import overview


def call(tokens: Sequence[str], stdin: BinaryIO | None = None) -> int:
    """Run one call.

    Args:
        tokens: The words behind `premium`.
        stdin: What `-` reads, if not the standard input of the process.

    Returns:
        The exit code; answers went to standard output, complaints to standard error.
    """
    if tuple(tokens) in {(), ("--help",), ("-h",), ("help",)}:
        print(overview())
        return 0
    # An overview needs no parser.
    from interfaces.cli.app import run  # noqa: PLC0415

    return run(tokens, stdin)


def main() -> None:
    """The entry point of the command `premium`."""
    standard.take_over()
    try:
        code = call(sys.argv[1:])
        sys.stdout.flush()
    except standard.Unread:
        code = standard.UNREAD
    except Stop as stop:
        complain(str(stop))
        code = stop.code
    sys.exit(code)


if __name__ == "__main__":
    main()
