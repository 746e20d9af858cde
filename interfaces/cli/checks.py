"""`premium verify` and `premium rebuild`: are log and views as they must be?"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from interfaces.cli import show as printed
from interfaces.cli.session import Exit, Here, Json, Session

if TYPE_CHECKING:
    from projections.file import Progress


def verify(*, json: Json = False, here: Here) -> int:
    """Check every record, every command and every view; say what differs and where.

    Ends with exit code 1 if anything differs.
    """
    from ledger.service import Unreadable
    from projections.file import LogDiffers
    from projections.follow import Views

    head = here.ledger.head()
    with (
        closing(Views.beside(here.ledger, here.settings.path())) as views,
        progress_bar(here, "Checking") as progress,
    ):
        # A log that changed is what this command is to find: it goes on.
        with suppress(LogDiffers, Unreadable):
            views.follow()
        differences = views.verify(progress)
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


def rebuild(*, json: Json = False, here: Here) -> int:
    """Make the views again from the log, and swap them in."""
    from projections.follow import Views

    with (
        closing(Views.beside(here.ledger, here.settings.path())) as views,
        progress_bar(here, "Rebuilding") as progress,
    ):
        position = views.rebuild(progress)
    if json:
        printed.document(here, {"position": position, "views": views.path.name})
    else:
        says = f"Rebuilt {views.path.name} at position {position:,}"
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
