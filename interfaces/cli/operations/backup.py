"""`premium backup`: a copy of a ledger in use."""

from pathlib import Path

from interfaces.cli import printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import Json
from interfaces.cli.outputs import spared
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.store.sqlite import backup as copying
from ledger.wording import counted


def backup(file: Path, /, *, json: Json = False, session: Session) -> int:
    """Copy the ledger into a new file while it is in use.

    The copy is a ledger of its own, as it stood at one instant; writers go on. Views
    are not copied: they are made again.

    Parameters
    ----------
    file
        The file to make, which must not be there yet.
    """
    path = file_of(session, "pg_dump")
    spared(session, file)
    with progress_bar(session, "Copying") as progress:
        position = copying.backup(path, file, progress)
    content = {"position": position, "file": file.name}
    says = f"Copied {counted(position, 'record')} to {file}"
    printing.done(session, json, says, content)
    return Exit.OK


def file_of(session: Session, instead: str) -> Path:
    """The ledger's file; stops where it lies in a database."""
    where = session.settings.where()
    if isinstance(where, Path):
        return where
    raise Misused(
        f"this copies files; a PostgreSQL ledger is copied with {instead} (see "
        "docs/operations.md), or with premium export log"
    )
