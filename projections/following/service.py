"""The follower as a service: it keeps views at the head until it is stopped."""

from collections.abc import Callable
from threading import Event
from typing import Protocol

from ledger.service import Unavailable
from projections.following.views import Views

WAIT_MS = 500
"""How long it waits for a word of the log before it looks by itself, and stops."""

RETRY_S = 1
"""How long it waits after the ledger could not be reached, seconds."""


class Waits(Protocol):
    """A log that says when it has grown."""

    def wait(self, after: int, timeout_ms: int) -> int:
        """Wait until the log goes beyond a position, or the time is over."""
        ...


def keep_following(
    log: Waits,
    views: Views,
    stopping: Event,
    *,
    moved: Callable[[int], None] = lambda position: None,
    unreachable: Callable[[str], None] = lambda says: None,
) -> int:
    """Follow until `stopping` is set; then end after the batch that is under way.

    If the ledger cannot be reached, it tries again each second, and calls
    `unreachable` once each time that the ledger went away.

    Args:
        moved: Called with each position reached, when views moved.
        unreachable: Called with the reason why the ledger cannot be reached.

    Returns:
        The position of the views at the end.

    Raises:
        LogDiffers: If the log is not the one that the views were made from.
        Unreadable: If a record cannot be decoded.
    """
    position, away = views.position, False
    while not stopping.is_set():
        try:
            reached = views.follow()
            if reached != position:
                position = reached
                moved(position)
            log.wait(position, WAIT_MS)
            away = False
        except Unavailable as reason:
            if not away:
                unreachable(str(reason))
            away = True
            stopping.wait(RETRY_S)
    return position
