"""`premium rebuild`: the views are made again."""

from contextlib import closing

from interfaces.cli import printing
from interfaces.cli.exits import Exit
from interfaces.cli.options import Json
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from projections.following.views import Views


def rebuild(*, json: Json = False, session: Session) -> int:
    """Make the views again from the log, and swap them in."""
    with (
        closing(Views.beside(session.ledger, session.settings.where())) as views,
        progress_bar(session, "Rebuilding") as progress,
    ):
        position = views.rebuild(progress)
    before = views.continued_from
    content = {"position": position, "views": views.name, "continued_from": before}
    says = f"Rebuilt {views.name} at position {position:,}"
    if before:
        says += f" (gone on with from position {before:,})"
    printing.done(session, json, says, content)
    return Exit.OK
