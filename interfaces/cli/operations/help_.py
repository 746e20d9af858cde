"""`premium help WORD...`: the help of other words."""

from interfaces.cli.app import build
from interfaces.cli.exits import Misused
from interfaces.cli.main import call


def help_(words: tuple[str, ...] = (), /) -> int:
    """Show the help of the words that follow.

    Parameters
    ----------
    words
        Such as disburse pay; without any, the help of the whole program.
    """
    known, _, _ = build(words).parse_commands(words)
    if known != words:
        says = " ".join(words)
        raise Misused(f"there is no command {says!r}: see premium --help")
    return call((*words, "--help"))
