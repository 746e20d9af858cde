"""One call of the program: its settings, its ledger, and how it ends."""

import os
import secrets
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO
from uuid import UUID

from cyclopts import Parameter

from interfaces.settings import WAIT_MS, Settings

if TYPE_CHECKING:
    from rich.console import Console

    from ledger.events import AccountId
    from ledger.request import Outcome, Request
    from ledger.service import Ledger
    from projections.following.views import Views

SCHEME = "quality-premium"
"""The scheme meant where none is named."""


class Exit(IntEnum):
    """How a call ends; docs/cli.md says the same to people."""

    OK = 0
    FOUND = 1  # A check found something.
    USAGE = 2  # The call, or the input, cannot be read; nothing was recorded of it.
    REFUSED = 3  # A rule said no.
    CONFLICT = 4  # Something changed since it was read, or an id was used before.
    UNAVAILABLE = 5  # The ledger is missing, locked or of another schema.


class Stop(Exception):
    """The call ends here, with a sentence for people and an exit code."""

    def __init__(self, code: Exit, says: str) -> None:
        super().__init__(says)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Year:
    """Which year is meant: the one measured or, one later, the one paid."""

    scheme_year: str | None = None
    """The year measured, such as 2013-14."""
    payment_year: str | None = None
    """The year paid, one later, such as 2014-15; in place of --scheme-year."""
    scheme: str = SCHEME
    """The scheme."""

    def chosen(self) -> str | None:
        """The scheme year; None where neither is given."""
        from ledger.calendar import scheme_year, scheme_year_paid_in

        if self.scheme_year is None and self.payment_year is None:
            return None
        if self.scheme_year is not None and self.payment_year is not None:
            raise Stop(
                Exit.USAGE, "give --scheme-year or --payment-year, not both of them"
            )
        try:
            if self.scheme_year is not None:
                return scheme_year(self.scheme_year)
            assert self.payment_year is not None
            return scheme_year_paid_in(scheme_year(self.payment_year))
        except ValueError:
            given = self.scheme_year or self.payment_year
            raise Stop(
                Exit.USAGE, f"{given!r} is no year: write it as 2013-14"
            ) from None

    def needed(self) -> str:
        """The scheme year; stops where neither is given."""
        year = self.chosen()
        if year is None:
            raise Stop(
                Exit.USAGE,
                "which year? give --scheme-year 2013-14 (the year measured) or "
                "--payment-year 2014-15 (the year paid)",
            )
        return year

    def account(self, text: str) -> "AccountId":
        """The account that is meant: a body's code with a year, or a whole id."""
        from ledger.calendar import scheme_year
        from ledger.recorded import account_id, account_parts

        if "/" not in text:
            return account_id(self.scheme, self.needed(), text)
        try:
            scheme, year, body = account_parts(text)
            scheme_year(year)
        except ValueError as reason:
            raise Stop(Exit.USAGE, str(reason)) from None
        if self.chosen() not in (None, year):
            raise Stop(
                Exit.USAGE,
                f"{text!r} names scheme year {year}: give no other year beside it",
            )
        return account_id(scheme, year, body)


@dataclass(frozen=True, kw_only=True)
class Write:
    """What every command that records something takes."""

    dry_run: Annotated[bool, Parameter(negative="")] = False
    """Show the facts and legs that would be recorded, and record nothing."""
    id: str | None = None
    """Id of the command; give the same one again to repeat it safely."""
    effective_on: date | None = None
    """Accounting date; otherwise today in London."""
    decided_on: date | None = None
    """The day people decided, if earlier."""
    if_version: int | None = None
    """Refuse unless the stream stands at this version."""
    json: Annotated[bool, Parameter(negative="")] = False
    """Print one JSON document."""


YEAR = Year()
WRITE = Write()
Years = Annotated[Year, Parameter(name="*")]
Writing = Annotated[Write, Parameter(name="*")]
Json = Annotated[
    bool, Parameter(name="--json", negative="", help="Print one JSON document.")
]


class Session:
    """What the commands of one call share."""

    def __init__(self, settings: Settings, stdin: BinaryIO | None = None) -> None:
        self.settings = settings
        self.stdin = stdin if stdin is not None else sys.stdin.buffer
        self._ledger: Ledger | None = None

    @cached_property
    def out(self) -> "Console":
        """Standard output, for answers."""
        from rich.console import Console

        return Console(width=_width(), soft_wrap=False, highlight=False, markup=False)

    @cached_property
    def err(self) -> "Console":
        """Standard error, for progress and complaints."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, markup=False)

    @property
    def ledger(self) -> "Ledger":
        """The ledger, opened when first asked for; it must be there."""
        if self._ledger is None:
            from ledger.service import Ledger

            self._ledger = Ledger.open(self.settings.where())
            self._wait_for(self._ledger, self.settings.at_least)
        return self._ledger

    def _wait_for(self, ledger: "Ledger", position: int) -> None:
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

    def create(self, db: str | Path) -> "Ledger":
        """A ledger that is made where it is missing; it becomes this call's."""
        from ledger.service import Ledger

        self.close()
        self._ledger = Ledger.open(db, create=True)
        return self._ledger

    def views(self) -> "Views":
        """The views of the ledger, brought up to its head."""
        from projections.following.views import Views

        views = Views.beside(self.ledger, self.settings.where())
        views.follow()
        return views

    @property
    def today(self) -> date:
        """The day in London."""
        from ledger.calendar import business_date

        return business_date(datetime.now(UTC))

    @property
    def simulated(self) -> bool:
        """Whether everything printed must say so."""
        return self.ledger.origin() == "simulated"

    def request(
        self, command: str, data: dict[str, Any], write: Write, part: str = ""
    ) -> "Request":
        """A request as the options say, checked for form.

        Args:
            part: Behind the id, where one call gives several commands.
        """
        from ledger.intake.requests import request

        by = self.settings.by()
        return request(
            {
                "id": f"{write.id or fresh_id()}{part}",
                "command": command,
                "by": {
                    "role": by.role,
                    "party": by.party,
                    "on_behalf_of": by.on_behalf_of,
                },
                "data": data,
                "effective_on": write.effective_on,
                "decided_on": write.decided_on,
                "if_version": write.if_version,
            }
        )

    def give(self, request: "Request", write: Write) -> "Outcome":
        """Ask the ledger, or only what it would answer."""
        if write.dry_run:
            return self.ledger.rehearse((request,))[0]
        return self.ledger.give(request)

    def close(self) -> None:
        """Let go of the ledger, if it was opened."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None


Here = Annotated[Session, Parameter(parse=False)]


def fresh_id() -> str:
    """A new id that sorts by time: UUID version 7.

    Source: RFC 9562, section 5.7; the standard library has it only from 3.14.
    """
    instant_ms = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    number = (instant_ms & (1 << 48) - 1) << 80 | 7 << 76
    number |= (random >> 62) << 64 | 2 << 62 | random & ((1 << 62) - 1)
    return str(UUID(int=number))


def _width() -> int | None:
    """Columns for tables: the terminal's own; elsewhere 110, or what COLUMNS says."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal():
        return None
    return 110
