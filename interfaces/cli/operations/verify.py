"""`premium verify` and `premium rebuild`: are log and views as they must be?"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from interfaces.cli import printing as printed
from interfaces.cli.session import Exit, Here, Json, Session

if TYPE_CHECKING:
    from projections.following.position import Progress
    from projections.verify.difference import Difference


def verify(*, json: Json = False, here: Here) -> int:
    """Check every record, command, text, sum, decision and view; say what differs.

    Ends with exit code 1 if anything does, and says where and since when.
    """
    from ledger.service import Unreadable
    from projections.following.position import LogDiffers
    from projections.following.views import Views
    from projections.verify import verify as everything

    head = here.ledger.head()
    with (
        closing(Views.beside(here.ledger, here.settings.where())) as views,
        progress_bar(here, "Checking") as progress,
    ):
        # A log that changed is what this command is to find: it goes on.
        with suppress(LogDiffers, Unreadable):
            views.follow()
        differences = everything.verify(views, progress)
    with progress_bar(here, "Deciding again") as progress:
        differences += _decisions(here, progress)
    if json:
        printed.document(here, {"position": head, "differences": differences})
    else:
        for difference in differences:
            here.out.print(f"Differs: {difference}", soft_wrap=True)
        says = (
            f"{len(differences):,} differences" if differences else "all is as it was"
        )
        says = f"Verified {head:,} records: {says}"
        here.out.print(printed.titled(here, says), soft_wrap=True)
    return Exit.FOUND if differences else Exit.OK


def _decisions(here: Session, progress: "Progress | None") -> tuple["Difference", ...]:
    """Decisions that come out differently when they are decided again.

    Where a record cannot be read, that was found already, and nothing is decided.
    """
    from ledger.service import Unreadable
    from projections.questions.replay import replay_all
    from projections.verify.difference import Difference

    try:
        found = replay_all(here.ledger, progress)
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


def rebuild(*, json: Json = False, here: Here) -> int:
    """Make the views again from the log, and swap them in."""
    from projections.following.views import Views

    with (
        closing(Views.beside(here.ledger, here.settings.where())) as views,
        progress_bar(here, "Rebuilding") as progress,
    ):
        position = views.rebuild(progress)
    if json:
        content = {"position": position, "views": views.name}
        content["continued_from"] = views.continued_from
        printed.document(here, content)
    else:
        says = f"Rebuilt {views.name} at position {position:,}"
        if views.continued_from:
            says += f" (gone on with from position {views.continued_from:,})"
        here.out.print(printed.titled(here, says), soft_wrap=True)
    return Exit.OK


@contextmanager
def progress_bar(here: Session, says: str) -> Iterator["Progress | None"]:
    """A bar on standard error, where somebody watches."""
    if not here.err.is_terminal:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=here.err, transient=True) as bar:
        task = bar.add_task(says)
        yield lambda reached, head: bar.update(task, completed=reached, total=head)
