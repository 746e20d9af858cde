"""`premium follow`: keeps the views at the head of the log, as a service."""

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event
from typing import Annotated, Any

from cyclopts import Parameter

from interfaces.cli import show as printed
from interfaces.cli.session import Exit, Here


def follow(*, once: Annotated[bool, Parameter(negative="")] = False, here: Here) -> int:
    """Keep the views at the head of the log until stopped (SIGTERM, or Ctrl-C).

    Several at once are harmless. Killed, it loses and doubles nothing.

    Parameters
    ----------
    once
        Bring the views up to the head once, and end.
    """
    from projections.following import keep_following

    with closing(here.views()) as views:
        if views.rebuilt_because is not None:
            _say(f"rebuilt: {views.rebuilt_because}")
        position = views.position
        if not once:
            here.out.print(printed.titled(here, f"Follows from position {position:,}"))
            sys.stdout.flush()
            with _stopping() as stopping:
                position = keep_following(
                    here.ledger, views, stopping, unreachable=_say
                )
    here.out.print(printed.titled(here, f"Views at position {position:,}"))
    return Exit.OK


def _say(says: str) -> None:
    print(f"premium: {says}", file=sys.stderr, flush=True)


@contextmanager
def _stopping() -> Iterator[Event]:
    """An event that the first signal to stop sets; a second one ends at once."""
    stopping = Event()
    before: dict[signal.Signals, Any] = {}

    def stop(number: int, frame: object) -> None:
        stopping.set()
        for one, handler in before.items():
            signal.signal(one, handler)

    for one in (signal.SIGTERM, signal.SIGINT):
        before[one] = signal.signal(one, stop)
    try:
        yield stopping
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
