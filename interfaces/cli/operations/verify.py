"""`premium verify`: are log, decisions and views as they must be?"""

from contextlib import closing, suppress
from typing import Any

from interfaces.cli import printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import Json
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.service import Unreadable
from ledger.wording import counted
from projections.following.position import LogDiffers, Progress
from projections.following.views import Views
from projections.questions.replay import replay_all
from projections.verify import expected
from projections.verify import verify as everything
from projections.verify.difference import Difference
from projections.verify.expected import Digest


def verify(*, expect: str | None = None, json: Json = False, session: Session) -> int:
    """Check every record, command, text, sum, decision and view; say what differs.

    Ends with exit code 1 if anything does, and says where and since when.

    Parameters
    ----------
    expect
        The digest that `export log` printed, kept where nobody who can write the ledger
        can: every record up to its position must be what it was then.
    """
    kept = None if expect is None else _digest(expect)
    head = session.ledger.head()
    differences = tuple(
        Difference(what=f"in the ledger, {one}") for one in session.ledger.misshapen()
    )
    known = None
    if not differences:
        known, differences = _compared(session, head)
        if kept is not None:
            with progress_bar(session, "Holding beside the digest") as progress:
                differences += expected.differences(session.ledger, kept, progress)
    if json:
        content: dict[str, Any] = {"position": head, "compared": known}
        content["expected"] = None if kept is None else str(kept)
        content["differences"] = differences
        printing.document(session, content)
    else:
        for difference in differences:
            session.say(f"Differs: {difference}")
        says = (
            counted(len(differences), "difference")
            if differences
            else "all is as it was"
        )
        says = f"Verified {counted(head, 'record')}: {says}"
        session.say(session.titled(says))
        session.say(_with_what(known, head))
        if kept is not None and known is not None:
            upto = f"the first {counted(kept.position, 'record')}"
            session.say(f"Compared with the digest that was given: {upto}.")
    return Exit.FOUND if differences else Exit.OK


def _digest(text: str) -> Digest:
    try:
        return expected.read(text)
    except ValueError as reason:
        raise Misused(f"--expect {reason}") from None


def _compared(session: Session, head: int) -> tuple[int, tuple[Difference, ...]]:
    """How many records the views had taken in before, and all that differs."""
    with (
        closing(Views.beside(session.ledger, session.settings.where())) as views,
        progress_bar(session, "Checking") as progress,
    ):
        known = min(views.position, head)
        # A log that changed is what this command is to find: it goes on.
        with suppress(LogDiffers, Unreadable):
            views.follow()
        differences = everything.verify(views, progress)
    with progress_bar(session, "Deciding again") as progress:
        return known, differences + _decisions(session, progress)


def _with_what(known: int | None, head: int) -> str:
    """What the records were compared with."""
    if known is None:
        return "Compared with nothing: no program of ours wrote these rows."
    if known == head:
        all_ = f"all {counted(head, 'record')}"
        return f"Compared with what the views took in before: {all_}."
    if known:
        return (
            f"Compared with what the views took in before: the first {known:,} "
            "records; those behind them with nothing but the log itself."
        )
    return (
        "Compared with nothing but itself: there were no views, and they were made "
        "just now from this log. A change made before is not seen."
    )


def _decisions(session: Session, progress: Progress | None) -> tuple[Difference, ...]:
    """Decisions that come out differently when they are decided again.

    Where a record cannot be read, that was found already, and nothing is decided.
    """
    try:
        found = replay_all(session.ledger, progress)
    except Unreadable:
        return ()
    return tuple(
        Difference(
            what=f"decided again, {one.decision} comes out differently: see premium "
            "replay",
            position=one.position,
            stream=one.decision.rpartition("@")[0],
            since=one.position,
        )
        for one in found.differences
    )
