"""`premium export log`, `import log`, `backup` and `restore`: the whole ledger."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.operations.verify import progress_bar
from interfaces.cli.session import Exit, Here, Json, Session, Stop

if TYPE_CHECKING:
    from ledger.store.archive.write import Header


def export_log(*, output: Path | None = None, json: Json = False, here: Here) -> int:
    """Write the whole ledger as lines of JSON that can be read without this program.

    Records, commands, texts and names; docs/format.md says what each line is.

    Parameters
    ----------
    output
        File to write, which must not be there yet; otherwise standard output.
    """
    from ledger.store.archive import write

    if output is None and json:
        raise Stop(Exit.USAGE, "--json says what was written: give --output as well")
    lines = 0
    with (
        here.ledger.reading() as reading,
        progress_bar(here, "Exporting") as progress,
        _written(output) as file,
    ):
        for line in write.write(reading, progress):
            file.write(line)
            lines += 1
    if output is None:
        return Exit.OK
    if json:
        printed.document(
            here,
            {"position": here.ledger.head(), "file": output.name, "lines": lines},
        )
    else:
        says = f"Exported {lines:,} lines to {output}"
        here.out.print(printed.titled(here, says), soft_wrap=True)
    return Exit.OK


@contextmanager
def _written(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a new file that is there whole or not at all."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = output.with_name(f"{output.name}.part")
    try:
        if output.exists():
            raise Stop(Exit.USAGE, f"{output} is there already: name another file")
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.rename(output)
    except OSError as reason:
        beside.unlink(missing_ok=True)
        raise Stop(
            Exit.UNAVAILABLE,
            f"{output} cannot be written ({reason.strerror}): name another file, or "
            "make room on its disk",
        ) from None
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def import_log(here: Session, file: Path, *, dry_run: bool, json: bool) -> int:
    """Fill a new or empty ledger from an exported log: all of it, or nothing."""
    from ledger.store.archive.read import Damaged, NotEmpty

    if dry_run:
        raise Stop(
            Exit.USAGE,
            "a log is imported whole into an empty ledger: it has no --dry-run",
        )
    with _created(here), _opened(here, file) as lines:
        try:
            with progress_bar(here, "Importing") as progress:
                header = here.ledger.fill(lines, progress)
        except Damaged as reason:
            says = f"{file}, {reason}: nothing was imported; export it again"
            raise Stop(Exit.USAGE, says) from None
        except NotEmpty:
            raise Stop(
                Exit.CONFLICT,
                "the ledger holds something already: name a new one, with --db",
            ) from None
    _print_imported(here, file, header, json)
    return Exit.OK


def _print_imported(here: Session, file: Path, header: "Header", json: bool) -> None:
    if json:
        printed.document(
            here,
            {
                "position": header.head,
                "file": file.name,
                "commands": header.commands,
                "texts": header.texts,
                "parties": header.parties,
            },
        )
        return
    says = (
        f"Imported {header.head:,} records, {header.commands:,} commands, "
        f"{header.texts:,} texts and {header.parties:,} names"
    )
    here.out.print(printed.titled(here, says), soft_wrap=True)


@contextmanager
def _created(here: Session) -> Iterator[None]:
    """A ledger that is made if it was not there, and taken away again on failure."""
    from projections.following.sqlite import delete

    where = here.settings.where()
    if isinstance(where, str):  # What is in a database, `premium migrate` makes.
        yield
        return
    path, there = where, where.exists()
    here.create(path)
    try:
        yield
    except BaseException:
        here.close()
        if not there:
            delete(path)
        raise


@contextmanager
def _opened(here: Session, file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield here.stdin
        return
    try:
        with file.open("rb") as lines:
            yield lines
    except OSError as reason:
        raise Stop(
            Exit.USAGE, f"{file} cannot be read ({reason.strerror}): name another file"
        ) from None


def backup(file: Path, /, *, json: Json = False, here: Here) -> int:
    """Copy the ledger into a new file while it is in use.

    The copy is a ledger of its own, as it stood at one instant; writers go on. Views
    are not copied: they are made anew.

    Parameters
    ----------
    file
        The file to make, which must not be there yet.
    """
    from ledger.store.sqlite import backup as copying

    path = _file_of(here, "pg_dump")
    with progress_bar(here, "Copying") as progress:
        position = copying.backup(path, file, progress)
    if json:
        printed.document(here, {"position": position, "file": file.name})
    else:
        says = f"Copied {position:,} records to {file}"
        here.out.print(printed.titled(here, says), soft_wrap=True)
    return Exit.OK


def restore(
    file: Path,
    /,
    *,
    verify: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
    here: Here,
) -> int:
    """Make a new ledger, named by --db, from a file that `backup` wrote.

    Parameters
    ----------
    file
        The backup.
    verify
        Check every record of the new ledger, and build its views.
    """
    from interfaces.cli.operations import verify as checks
    from ledger.store.sqlite import backup as copying

    path = _file_of(here, "pg_restore")
    with progress_bar(here, "Copying") as progress:
        position = copying.restore(file, path, progress)
    if verify:
        return checks.verify(json=json, here=here)
    if json:
        printed.document(here, {"position": position, "file": file.name})
    else:
        says = f"Restored {position:,} records from {file}"
        here.out.print(printed.titled(here, says), soft_wrap=True)
    return Exit.OK


def _file_of(here: Session, instead: str) -> Path:
    """The ledger's file; stops where it lies in a database."""
    where = here.settings.where()
    if isinstance(where, Path):
        return where
    raise Stop(
        Exit.USAGE,
        f"this copies files; a PostgreSQL ledger is copied with {instead} (see "
        "docs/operations.md), or with premium export log",
    )
