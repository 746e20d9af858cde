"""Where a command writes: standard output, or a file that is there whole or not."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.session import Session
from ledger.store.files import family, whole
from ledger.store.place import place_of
from projections.following.views import views_path


@contextmanager
def output(
    session: Session, file: Path | None, *, new: bool = False, private: bool = False
) -> Iterator[BinaryIO]:
    """Standard output if no file is named; otherwise the file, all of it or nothing.

    Args:
        new: Whether it must not be there yet.
        private: Whether it is for its owner alone.
    """
    if file is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    spared(session, file)
    with writable(file):
        if new and file.exists():
            raise Misused(f"{file} is there already: name another file")
    with writable(file), whole(file, private=private) as target:
        yield target


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Stop where something cannot be written."""
    try:
        yield
    except OSError as reason:
        raise Stop(
            Exit.UNAVAILABLE,
            f"{path} cannot be written ({reason.strerror}): name another, or make "
            "room on its disk",
        ) from None


def spared(session: Session, place: Path | str) -> None:
    """Stop where what is to be written is a file of the ledger's, by any name."""
    where = session.settings.where() if session.settings.db else None
    file = place_of(str(place))
    if not isinstance(where, Path) or not isinstance(file, Path):
        return
    views = views_path(where)
    rebuilt = views.with_name(f"{views.name}.rebuild")
    for own in (*family(where), *family(views), *family(rebuilt)):
        # Unlike a path's own, these take names that are too long, and rings of links.
        there = os.path.exists(own) and os.path.exists(file)
        same = os.path.realpath(own) == os.path.realpath(file)
        if same or (there and own.samefile(file)):
            raise Misused(f"{file} belongs to the ledger {where}: name another file")
