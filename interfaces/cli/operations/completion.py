"""`premium completion`: words and options completed by the shell."""

from typing import Literal

from interfaces.cli.app import build
from interfaces.cli.exits import Exit


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print a script that completes words and options in your shell.

    Parameters
    ----------
    shell
        For which shell it is; for bash, source what it prints from ~/.bashrc.
    """
    print(build().generate_completion(shell=shell))
    return Exit.OK
