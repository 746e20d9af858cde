"""Copies of a ledger's SQLite file, made while it is in use, and back."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from ledger.store.contract import Unavailable
from ledger.store.files import delete, family, make_private, sync
from ledger.store.sqlite.store import SQLiteStore, check_form, unavailable

PAGES = 4_096
"""Copied between two words of progress: 16 MB."""

Progress = Callable[[int, int], None]
"""Called with the pages copied and their total."""


def backup(db: Path, copy: Path, progress: Progress | None = None) -> int:
    """Copy a ledger into a new file: all of it as it stood at one instant.

    Writers are not held up. The copy is whole and on disk under its name, or not
    there at all: until then it is called `COPY.part`. It is one file, with nothing
    beside it.

    Returns:
        The last position of the copy.

    Raises:
        Unavailable: If the ledger cannot be read or the copy not be written.
    """
    SQLiteStore(db).close()  # It says what is wrong with it, if anything is.
    return _copied(db, copy, "DELETE", progress)


def restore(copy: Path, db: Path, progress: Progress | None = None) -> int:
    """Make a new ledger from a copy, which stays as it is.

    Returns:
        The last position.

    Raises:
        Unavailable: If the copy is not a ledger, is damaged, or a ledger is there.
    """
    if not copy.is_file():
        raise Unavailable(f"there is no backup at {copy}: name another file")
    return _copied(copy, db, "WAL", progress)


def _copied(source: Path, target: Path, mode: str, progress: Progress | None) -> int:
    if target.exists():
        raise Unavailable(
            f"{target} is there already: name a new file, or move it away first"
        )
    part = target.with_name(f"{target.name}.part")
    for stale in family(target):
        if stale.exists():
            raise Unavailable(
                f"{stale} is there already, and {target.name} would take it for its "
                "own: name a new file, or move it away first"
            )
    try:
        delete(part)
        make_private(part)
        _copy_pages(source, part, mode, progress)
        # Killed here, a whole copy lies under the name of a part.
        part.rename(target)
        sync(target.parent)
    except sqlite3.Error as error:
        at = source if "not a database" in str(error) else part
        raise unavailable(at, error) from error
    except OSError as error:
        raise Unavailable(
            f"{target} cannot be written ({error.strerror}): name another file"
        ) from error
    finally:
        with suppress(OSError):
            delete(part)
    with closing(SQLiteStore(target)) as store, store.reading() as reading:
        return reading.head().position


def _copy_pages(source: Path, part: Path, mode: str, progress: Progress | None) -> None:
    """Copy within one read of the source, so that no writer makes it begin again."""

    def report(_: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, isolation_level=None)) as old,
        closing(sqlite3.connect(part, isolation_level=None)) as new,
    ):
        old.execute("BEGIN")
        check_form(old, source)
        old.backup(new, pages=PAGES, progress=report)
        old.execute("ROLLBACK")
        [(says,)] = new.execute("PRAGMA quick_check(1)").fetchall()
        if says != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {says}")
        new.execute(f"PRAGMA journal_mode={mode}")
    with part.open("rb+") as file:
        os.fsync(file.fileno())
