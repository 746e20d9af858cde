"""`premium follow`: keeps the views at the head of the log, as a service."""

import sys
from contextlib import closing
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.operations.until_stopped import say, told_to_stop
from interfaces.cli.session import Exit, Here


def follow(*, once: Annotated[bool, Parameter(negative="")] = False, here: Here) -> int:
    """Keep the views at the head of the log until stopped (SIGTERM, or Ctrl-C).

    Several at once are harmless. Killed, it loses and doubles nothing.

    Parameters
    ----------
    once
        Bring the views up to the head once, and end.
    """
    from projections.following.service import keep_following

    with closing(here.views()) as views:
        if views.rebuilt_because is not None:
            say(f"rebuilt: {views.rebuilt_because}")
        position = views.position
        if not once:
            here.out.print(printed.titled(here, f"Follows from position {position:,}"))
            sys.stdout.flush()
            with told_to_stop() as stopping:
                position = keep_following(here.ledger, views, stopping, unreachable=say)
    here.out.print(printed.titled(here, f"Views at position {position:,}"))
    return Exit.OK
