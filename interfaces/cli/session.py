"""One call of the program: its settings, its ledger and where it prints."""

import os
import sys
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypedDict

from rich.console import Console

from interfaces.cli.exits import Exit, Stop
from interfaces.environment import WAIT_MS
from interfaces.settings import Settings
from ledger.calendar import business_date
from ledger.store.contract import Store
from ledger.store.place import store_at
from ledger.store.reader import LedgerReader
from projections.following.views import Views

if TYPE_CHECKING:
    from ledger.service import Ledger

SIMULATED = "SIMULATED"


class _AsGiven(TypedDict):
    highlight: bool
    markup: bool
    emoji: bool


_AS_GIVEN = _AsGiven(highlight=False, markup=False, emoji=False)
"""Nothing in a text means anything to the console: `spent:a:clinic` has no emoji."""


class Session:
    """What the words of one call share."""

    def __init__(self, settings: Settings, stdin: BinaryIO | None = None) -> None:
        self.settings = settings
        self.stdin = stdin if stdin is not None else sys.stdin.buffer
        self._store: Store | None = None

    @cached_property
    def out(self) -> Console:
        """Standard output, for answers."""
        width = None if sys.stdout.isatty() else _columns() or 110
        return Console(width=width, soft_wrap=False, **_AS_GIVEN)

    @cached_property
    def whole_lines(self) -> bool:
        """Whether each row of a table is one line, however long.

        So it is where a program reads; but not on a terminal, nor where COLUMNS says
        how wide one is.
        """
        return not sys.stdout.isatty() and not _columns()

    @cached_property
    def err(self) -> Console:
        """Standard error, for progress and complaints."""
        return Console(stderr=True, **_AS_GIVEN)

    @property
    def ledger(self) -> LedgerReader:
        """The ledger to read; it must be there."""
        return LedgerReader(self._opened())

    def writer(self) -> "Ledger":
        """The ledger to write to; it must be there."""
        # Reads need no decider.
        from ledger.service import Ledger  # noqa: PLC0415

        return Ledger(self._opened())

    def _opened(self) -> Store:
        if self._store is None:
            self._store = store_at(self.settings.where())
            _wait_for(LedgerReader(self._store), self.settings.at_least)
        return self._store

    def create(self, file: Path) -> None:
        """Make the ledger where it is missing; it becomes this call's."""
        self.close()
        self._store = store_at(file, create=True)

    def views(self) -> Views:
        """The views of the ledger, brought up to its head."""
        views = Views.beside(self.ledger, self.settings.where())
        views.follow()
        return views

    @property
    def today(self) -> date:
        """The day in London."""
        return business_date(datetime.now(UTC))

    @property
    def simulated(self) -> bool:
        """Whether everything printed must say so."""
        return self.ledger.origin() == "simulated"

    def titled(self, says: str) -> str:
        """A heading, marked where the ledger is simulated."""
        return f"{SIMULATED}: {says}" if self.simulated else says

    def say(self, says: str) -> None:
        """Print a line of an answer, which no terminal's width breaks."""
        self.out.print(says, soft_wrap=True)

    def close(self) -> None:
        """Close the ledger, if it was opened."""
        if self._store is not None:
            self._store.close()
            self._store = None


def _wait_for(ledger: LedgerReader, position: int) -> None:
    """Wait until the ledger knows of a position; stops where that takes long."""
    if position == 0:
        return
    reached = ledger.wait(position - 1, WAIT_MS)
    if reached < position:
        raise Stop(
            Exit.UNAVAILABLE,
            f"the ledger is at position {reached}, and {position} was asked for: "
            "ask again later, or look whether this is the right ledger",
        )


def _columns() -> int:
    """The columns that COLUMNS says; 0 where it says none."""
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isdecimal() and said.isascii() else 0
