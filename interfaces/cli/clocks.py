"""The two clocks of every read: `--known` and `--effective`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NoReturn

from cyclopts import Parameter

from interfaces.cli.exits import Misused
from interfaces.cli.session import Session
from ledger.calendar import business_date, end_of_day
from ledger.store.reader import LedgerReader
from projections.following.views import Views
from projections.views.clocks import Clocks


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class TwoClocks:
    """What had been recorded by then, and what counted by then."""

    known: str | None = None
    """As known then: a position, an instant such as 2015-11-02T12:00Z, or a day, which
    means its end in London; otherwise now."""
    effective: date | None = None
    """Count only money that is effective on this day or before; otherwise all."""

    @property
    def decided(self) -> date | None:
        """The day by which it had been decided; None where that was not asked."""
        return None

    def as_json(self) -> dict[str, Any]:
        """The clocks that were asked for, for a JSON document; empty if none was."""
        asked = {
            "known": self.known,
            "effective": self.effective,
            "as_decided": self.decided,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def heading(self) -> str:
        """The same for a heading: `, effective 2015-11-02`, or nothing."""
        asked = self.as_json().items()
        return "".join(f", {name.replace('_', ' ')} {value}" for name, value in asked)


NOW = TwoClocks()
"""Everything recorded, whenever it is effective."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class History(TwoClocks):
    """The two clocks; or, of history that was recorded later, its own."""

    as_decided: date | None = None
    """By what had been decided by this day, by the word of who recorded it: of use
    where history was recorded later. In place of --known."""

    @property
    def decided(self) -> date | None:
        """The day by which it had been decided; None where that was not asked."""
        if self.as_decided is not None and self.known is not None:
            raise Misused(
                "give --known (what had been recorded) or --as-decided (what had been "
                "decided, by the word of who recorded it), not both of them"
            )
        return self.as_decided


WHOLE = History()
"""Everything recorded, whenever it was decided and is effective."""


class SessionAt(Session):
    """A call that knows nothing recorded after a position; for reads alone.

    Args:
        now: The call that it is part of.
        position: The last one that it knows.
        day: The day in London that it is then.
    """

    def __init__(self, now: Session, position: int, day: date | None) -> None:
        super().__init__(now.settings, now.stdin)
        self._now = now
        self._known = position
        self._day = day

    @property
    def ledger(self) -> LedgerReader:
        """The ledger as it was known."""
        return self._now.ledger.known_at(self._known)

    def writer(self) -> NoReturn:
        """Stop: what was known then cannot be added to."""
        raise Misused("nothing is recorded as of a point known: leave --known")

    @property
    def today(self) -> date:
        """The day in London at which it was known."""
        return super().today if self._day is None else self._day

    def views(self) -> Views:
        """The views as they are now: their reads are given the position."""
        return self._now.views()

    @property
    def simulated(self) -> bool:
        """Whether the ledger is, at any position."""
        return self._now.simulated


class SessionDecided(SessionAt):
    """A call that knows nothing that was decided later; for reads alone."""

    def __init__(self, now: Session, day: date) -> None:
        super().__init__(now, now.ledger.head(), day)
        self._decided = day

    @property
    def ledger(self) -> LedgerReader:
        """The ledger by what had been decided."""
        return self._now.ledger.decided_by(self._decided)


def at(session: Session, when: TwoClocks) -> Session:
    """The call as it would have been at a known point; stops where there is none."""
    if when.decided is not None:
        return SessionDecided(session, when.decided)
    if when.known is None:
        return session
    position, day = point(session, when.known)
    return SessionAt(session, position, day)


def point(session: Session, text: str) -> tuple[int, date | None]:
    """The last position known at a point, and the day in London that it was.

    The day of a position is that of its record; None before the first one.
    """
    if text.isascii() and text.isdecimal():
        position = int(text)
        head = session.ledger.head()
        if position > head:
            raise Misused(
                f"position {position} is not recorded yet: the last one is {head}"
            )
        found = session.ledger.read(position - 1, 1) if position else []
        return position, business_date(found[0].meta.recorded_at) if found else None
    try:
        if len(text) == len("2015-11-02"):
            day = date.fromisoformat(text)
            # A day ends where the next one begins: that instant is not part of it.
            instant = end_of_day(day) - timedelta(microseconds=1)
        else:
            instant = datetime.fromisoformat(text)
            if instant.tzinfo is None:
                raise ValueError
            day = business_date(instant)
    except (ValueError, OverflowError):
        raise Misused(
            f"{text!r} is not a point of knowledge: write a position such as 120, a "
            "day such as 2015-11-02, or an instant with its zone, such as "
            "2015-11-02T12:00:00Z"
        ) from None
    return session.ledger.position_at(instant.astimezone(UTC)), day


def why_empty(session: Session, when: TwoClocks) -> str | None:
    """Why nothing is there at a point known, and what would answer; None otherwise."""
    if when.decided is not None:
        return (
            f"nothing such had been decided by {when.decided}, by the word of who "
            "recorded it; without --as-decided, all that is recorded is shown"
        )
    if when.known is None or point(session, when.known)[0] > 0:
        return None
    first = session.ledger.read(0, 1)
    if not first:
        return "the ledger is empty"
    began = business_date(first[0].meta.recorded_at)
    return (
        f"nothing had been recorded by {when.known}: the first record is of {began}; "
        "--as-decided asks what had been decided by a day, by the word of who recorded "
        "it later"
    )


def clocks(session: Session, when: TwoClocks, position: int) -> Clocks:
    """The clocks of a question to views that stand at a position."""
    known = position if when.known is None else point(session, when.known)[0]
    return Clocks(min(known, position), when.effective)
