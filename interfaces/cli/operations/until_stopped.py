"""What services share: how they are told to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any


@contextmanager
def told_to_stop() -> Iterator[Event]:
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
