"""What is said of an answer that goes by what had been decided.

It is the word of who recorded it: what was recorded long after the day is counted, and
what rests on a record that had not been decided is named.
"""

from contextlib import closing
from datetime import date, timedelta
from typing import Any

from interfaces.cli.clocks import TwoClocks
from interfaces.cli.session import Session
from ledger.wording import counted
from projections.views.decided import LATE_DAYS, Word, word

_NAMED = 20
"""Records that a text names; a JSON document names all."""


def said(
    session: Session, when: TwoClocks, premium: str | None = None
) -> dict[str, Any]:
    """What a JSON document says of it; empty where it was not asked.

    Args:
        premium: The account that was asked of, if one was.
    """
    day = when.decided
    if day is None:
        return {}
    found = _word(session, day, premium)
    return {"by_the_recorders_word": found._asdict()}


def say(session: Session, when: TwoClocks, premium: str | None = None) -> None:
    """Say it to people; nothing where it was not asked."""
    day = when.decided
    if day is None:
        return
    found = _word(session, day, premium)
    counts = "counts" if found.records == 1 else "count"
    session.say(
        f"As decided by {day}, by the word of who recorded it: "
        f"{counted(found.records, 'record')} {counts}, {found.late:,} of them recorded "
        f"more than {LATE_DAYS} days after that day."
    )
    for one in found.early[:_NAMED]:
        session.say(
            f"  {one.record}, decided {one.decided_on}, rests on {one.ground}, which "
            f"was decided {one.ground_on}."
        )
    if len(found.early) > _NAMED:
        session.say(f"  And {len(found.early) - _NAMED:,} more: --json names each.")


def _word(session: Session, day: date, premium: str | None) -> Word:
    late_from = day + timedelta(days=LATE_DAYS + 1)
    with closing(session.views()) as views, views.reading() as db:
        return word(db, day, late_from, premium)
