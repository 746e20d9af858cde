"""`premium verify`: are log, decisions and views as they must be?"""

from contextlib import closing, suppress

from interfaces.cli import printing
from interfaces.cli.exits import Exit
from interfaces.cli.options import Json
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.service import Unreadable
from ledger.wording import counted
from projections.following.position import LogDiffers, Progress
from projections.following.views import Views
from projections.questions.replay import replay_all
from projections.verify import verify as everything
from projections.verify.difference import Difference


def verify(*, json: Json = False, session: Session) -> int:
    """Check every record, command, text, sum, decision and view; say what differs.

    Ends with exit code 1 if anything does, and says where and since when.
    """
    head = session.ledger.head()
    differences = tuple(
        Difference(what=f"in the ledger, {one}") for one in session.ledger.misshapen()
    )
    known = None
    if not differences:
        known, differences = _compared(session, head)
    if json:
        content = {"position": head, "compared": known, "differences": differences}
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
    return Exit.FOUND if differences else Exit.OK


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
