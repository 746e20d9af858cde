"""Ends a process whose work takes too long, so that it is started again."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag

STUCK_S = 60
"""How long a batch may take before the process is ended, seconds."""

ENDED = 75
"""The exit code for "start me again": EX_TEMPFAIL of sysexits.h."""


class Watchdog:
    """Ends the process where work takes too long: a commit may wait for ever."""

    def __init__(self, limit_s: float = STUCK_S) -> None:
        self._limit_s = limit_s
        self._since: float | None = None
        self._closed = Flag()
        threading.Thread(target=self._watch, daemon=True, name="watchdog").start()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Work that must end in time."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def _watch(self) -> None:
        while not self._closed.wait(min(1, self._limit_s)):
            since = self._since
            if since is not None and time.monotonic() - since > self._limit_s:
                sys.stderr.write(
                    f"premium: the broker did not take a batch in {self._limit_s:g} "
                    "seconds: ends, to be started again\n"
                )
                sys.stderr.flush()
                os._exit(ENDED)

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()
