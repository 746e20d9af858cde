"""`premium follow`: keeps the views at the head of the log, as a service."""

import sys
from contextlib import closing

from interfaces.cli.exits import Exit, complain
from interfaces.cli.operations.until_stopped import told_to_stop
from interfaces.cli.session import Session
from projections.following.service import keep_following


def follow(*, once: bool = False, session: Session) -> int:
    """Keep the views at the head of the log until stopped (SIGTERM, or Ctrl-C).

    Several at once are harmless. Killed, it loses and doubles nothing.

    Parameters
    ----------
    once
        Bring the views up to the head once, and end.
    """
    with closing(session.views()) as views:
        if views.rebuilt_because is not None:
            complain(f"rebuilt: {views.rebuilt_because}")
        position = views.position
        if not once:
            session.say(session.titled(f"Follows from position {position:,}"))
            sys.stdout.flush()
            with told_to_stop() as stopping:
                position = keep_following(
                    session.ledger, views, stopping, unreachable=complain
                )
    session.say(session.titled(f"Views at position {position:,}"))
    return Exit.OK
