"""The job `open-files`: spending over £25,000 as CSV, payments as 360Giving JSON."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from consumers.job import Job
from consumers.open_files import grants, spending
from consumers.open_files.naming import Naming
from consumers.open_files.tables import INDEXES, TABLES, take
from consumers.results.folder import about, publishing
from projections.views.view import Database

NAME, VERSION = "open-files", 1
AS_PUBLISHED = Naming()
"""No names beyond those of registered bodies."""


def publish(
    db: Database, folder: Path, naming: Naming = AS_PUBLISHED
) -> Sequence[Path]:
    """Write the files that are behind, and return them.

    Raises:
        Unfit: If the folder holds other files, or cannot be written.
    """
    ledger = about(db)
    if ledger is None:
        return ()
    made_by = f"{NAME} {VERSION}"
    with publishing(folder, made_by, ledger, naming.hash()) as files:
        spending.write(db, files, ledger, naming)
        grants.write(db, files, ledger, naming)
    return files.written


JOB = Job(
    name=NAME,
    about="spending over £25,000 as CSV, payments as 360Giving JSON, in a folder",
    version=VERSION,
    tables=TABLES,
    take=take,
    indexes=INDEXES,
    publish=publish,
)


def named(naming: Naming) -> Job:
    """The job with names that its publisher gives (see naming.payees)."""
    return replace(JOB, publish=partial(publish, naming=naming))
