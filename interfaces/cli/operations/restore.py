"""`premium restore`: a ledger from a backup."""

from pathlib import Path

from interfaces.cli import printing
from interfaces.cli.exits import Exit
from interfaces.cli.operations import verify as checks
from interfaces.cli.operations.backup import file_of
from interfaces.cli.options import Json
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.store.sqlite import backup as copying
from ledger.wording import counted


def restore(
    file: Path,
    /,
    *,
    verify: bool = False,
    json: Json = False,
    session: Session,
) -> int:
    """Make a new ledger, named by --db, from a file that `backup` wrote.

    Parameters
    ----------
    file
        The backup.
    verify
        Check every record of the new ledger, and build its views.
    """
    path = file_of(session, "pg_restore")
    with progress_bar(session, "Copying") as progress:
        position = copying.restore(file, path, progress)
    if verify:
        return checks.verify(json=json, session=session)
    content = {"position": position, "file": file.name}
    says = f"Restored {counted(position, 'record')} from {file}"
    printing.done(session, json, says, content)
    return Exit.OK
