"""Files: whole or not at all, and those of a ledger for its owner alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

OWNER_ONLY = 0o600
"""The rights of what names of persons may lie in."""


def family(path: Path) -> tuple[Path, ...]:
    """An SQLite file, and all that SQLite may lay beside it."""
    endings = ("", "-wal", "-shm", "-journal")
    return tuple(path.with_name(path.name + ending) for ending in endings)


def delete(path: Path) -> None:
    """Delete an SQLite file with all that may lie beside it."""
    for one in family(path):
        one.unlink(missing_ok=True)


def make_private(path: Path) -> None:
    """Make an empty file for its owner alone; one that is there stays as it is.

    SQLite gives what it lays beside a file the rights of that file.
    """
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, OWNER_ONLY))


@contextmanager
def whole(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write, which is there whole and on disk when the block ends.

    If the block fails, what was there stays; a process that is killed leaves a hidden
    file beside it. A link stays a link to what is replaced. A device or a pipe is
    written as it comes.

    Args:
        private: For its owner alone. Otherwise it has the rights of what it replaces,
            or those of a new file.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    target = Path(os.path.realpath(path))
    handle, name = mkstemp(prefix=".premium-", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if not private:
                os.fchmod(handle, _rights(target))
            yield file
            file.flush()
            os.fsync(handle)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync(target.parent)


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rights(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
