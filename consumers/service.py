"""A consumer as a service: batches until it is stopped."""

import time
from collections.abc import Callable
from threading import Event as Flag
from typing import Protocol

from consumers.loop import Overtaken, Source, Target, Took, run_once

POLL_MS = 500
"""How long it waits for messages before it looks whether it is to stop."""

QUIET_S = 5
"""How long files may lie behind while messages keep coming, seconds."""


class Ending(Source, Protocol):
    """A source that knows its end, and can go back to what was saved."""

    def is_at_end(self) -> bool:
        """Whether everything committed so far was polled."""
        ...

    def go_back(self) -> None:
        """Go back to what is saved."""
        ...


def keep_consuming(
    source: Ending,
    target: Target,
    stopping: Flag,
    *,
    once: bool = False,
    publish: Callable[[], None] = lambda: None,
    took: Callable[[Took], None] = lambda took: None,
) -> None:
    """Take in batches until `stopping` is set, or with `once` until the end is there.

    It ends behind the batch that is under way.

    Args:
        publish: Writes the files that follow from what was taken in: when messages
            pause, at the latest every few seconds, at the start and at the end.
        took: Called with every batch that was not empty.

    Raises:
        OtherLedger: If a message tells of another ledger.
        KafkaError, sqlite3.Error, psycopg.Error: End the process; nothing is lost.
    """
    publish()
    published, waits = time.monotonic(), False
    while not stopping.is_set():
        try:
            done = run_once(source, target, POLL_MS)
        except Overtaken:
            # Its partitions are another member's now, and what that has saved counts.
            source.go_back()
            continue
        if done.messages:
            took(done)
            waits = True
        if waits and (not done.messages or time.monotonic() - published > QUIET_S):
            publish()
            published, waits = time.monotonic(), False
        if once and not done.messages and source.is_at_end():
            return
    if waits:
        publish()
