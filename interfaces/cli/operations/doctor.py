"""`premium doctor`: is everything in order to work here? If not, what to do."""

import os
import platform
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from interfaces.acting import acting
from interfaces.cli import printing
from interfaces.cli.exits import Exit
from interfaces.cli.options import Json
from interfaces.cli.session import Session
from interfaces.environment import AS, DB, Unset
from ledger.store.contract import Unavailable
from ledger.store.files import OWNER_ONLY, family
from ledger.store.reader import LedgerReader
from ledger.wording import counted
from projections.following.position import ViewsUnreadable
from projections.following.views import Views, views_path

LEAST_FREE_BYTES = 1 << 28
"""Below this a large import may not fit: 256 MiB."""

CLOCK_BEHIND_S = 2
"""What clocks may differ by before it is said, seconds."""


class Checked(NamedTuple):
    """One thing that was looked at."""

    what: str
    state: Literal["ok", "wrong"]
    says: str
    remedy: str = ""  # What to do; only where it is wrong.


def doctor(*, json: Json = False, session: Session) -> int:
    """Look at settings, ledger, views, clock and disk; say what to do where wrong.

    Ends with exit code 1 if anything is wrong.
    """
    found = list(_checks(session))
    wrong = [one for one in found if one.state == "wrong"]
    if json:
        rows = [one._asdict() for one in found]
        printing.plain_document({"ok": not wrong, "checks": rows})
        return Exit.FOUND if wrong else Exit.OK
    for one in found:
        session.say(f"{one.state:<6} {one.what}: {one.says}")
        if one.remedy:
            session.say(f"       {one.remedy}")
    return Exit.FOUND if wrong else Exit.OK


def _checks(session: Session) -> Iterator[Checked]:
    yield Checked(
        "program",
        "ok",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
    )
    yield from _settings(session)
    try:
        where = session.settings.where()
    except (Unset, Unavailable):
        return
    opened = _opened(session)
    yield opened
    if opened.state == "ok":
        yield from _tables(session.ledger)
        yield _clock(session.ledger)
        yield _views(session)
    if isinstance(where, Path):
        yield from _folder(where)


def _settings(session: Session) -> Iterator[Checked]:
    settings = session.settings
    if settings.db:
        try:
            yield Checked("ledger", "ok", f"{_shown(session)} ({settings.db_from})")
        except Unavailable as reason:
            remedy = f"correct {settings.db_from}"
            yield Checked("ledger", "wrong", str(reason), remedy)
            return
    else:
        yield Checked(
            "ledger", "wrong", "none is named", f"give --db FILE, or set {DB}"
        )
    if settings.acting is None:
        says = f"nobody ({AS} and --as are not set): enough to read"
        yield Checked("who acts", "ok", says)
        return
    try:
        acting(settings.acting)
    except Unset as reason:
        remedy = f"correct {settings.acting_from}"
        yield Checked("who acts", "wrong", str(reason), remedy)
    else:
        says = f"{settings.acting} ({settings.acting_from})"
        yield Checked("who acts", "ok", says)


def _opened(session: Session) -> Checked:
    try:
        head = session.ledger.head()
    except Unavailable as reason:
        says, _, remedy = str(reason).rpartition(": ")
        return Checked("store", "wrong", says or str(reason), remedy)
    return Checked("store", "ok", f"opens, with {counted(head, 'record')}")


def _tables(ledger: LedgerReader) -> Iterator[Checked]:
    faults = ledger.faults()
    if not faults:
        yield Checked("schema", "ok", "tables and triggers are as they were made")
    for says in faults:
        remedy = "find out who changed it, and restore a backup (premium restore)"
        yield Checked("schema", "wrong", says, remedy)


def _clock(ledger: LedgerReader) -> Checked:
    with ledger.reading() as reading:
        last = reading.head().recorded_at
    if not last:
        return Checked("clock", "ok", "nothing was recorded yet")
    now = datetime.now(UTC)
    behind = (datetime.fromisoformat(last) - now).total_seconds()
    if behind <= CLOCK_BEHIND_S:
        return Checked("clock", "ok", f"the last command was answered at {last}")
    return Checked(
        "clock",
        "wrong",
        f"it is {now:%Y-%m-%d %H:%M:%S} UTC here, and the last command was answered "
        f"at {last}",
        "set the clock (NTP); until then new records bear that last instant, since "
        "recorded_at never goes back",
    )


def _views(session: Session) -> Checked:
    """Looks only: nothing is followed, and no file is made."""
    where = session.settings.where()
    if isinstance(where, Path) and not views_path(where).exists():
        return Checked("views", "ok", "none yet: the next read makes them")
    try:
        with closing(Views.beside(session.ledger, where)) as views:
            return _standing(views, session.ledger.head())
    except ViewsUnreadable as reason:
        says, _, remedy = str(reason).rpartition(": ")
        return Checked("views", "wrong", says, remedy)


def _standing(views: Views, head: int) -> Checked:
    wrong = views.wrong()
    if wrong is not None:
        remedy = f"run premium verify; then {views.place.remedy}"
        return Checked("views", "wrong", wrong, remedy)
    if views.of_other_code():
        return Checked("views", "ok", "of another version: the next read remakes them")
    behind = head - views.position
    return Checked("views", "ok", f"at position {views.position:,}, {behind:,} behind")


def _shown(session: Session) -> str:
    """The ledger as it may be printed: never with a password."""
    where = session.settings.where()
    if isinstance(where, Path):
        return str(where)
    from ledger.store.postgres.connection import shown  # noqa: PLC0415 (an extra)

    return shown(where)


def _rights(path: Path) -> Checked:
    """Whether others may read names of persons: in the ledger, or sorted in views."""
    open_to_others = [
        one.name
        for one in (*family(path), *family(views_path(path)))
        if os.path.exists(one) and one.stat().st_mode & ~OWNER_ONLY & 0o777
    ]
    if not open_to_others:
        return Checked("rights", "ok", "only the owner may read it and its views")
    names = " ".join(open_to_others)
    return Checked(
        "rights",
        "wrong",
        f"others may read {names}, and names of persons may be in it",
        f"chmod 600 {names}; of a ledger that several use, let them use one account",
    )


def _folder(path: Path) -> Iterator[Checked]:
    yield _rights(path)
    folder = path.absolute().parent
    if not folder.is_dir():
        yield Checked("folder", "wrong", f"{folder} is not there", "make it")
        return
    if os.access(folder, os.W_OK):
        yield Checked("folder", "ok", f"{folder} may be written")
    else:
        remedy = "ask for the right to write there: SQLite keeps files beside it"
        yield Checked("folder", "wrong", f"{folder} may not be written", remedy)
    free = shutil.disk_usage(folder).free
    size = sum(one.lstat().st_size for one in folder.glob(f"{path.stem}*"))
    says = f"{free >> 20:,} MiB free; the ledger and its views take {size >> 20:,} MiB"
    # A rebuild needs the room of the views a second time, a backup of the ledger.
    if free < max(LEAST_FREE_BYTES, size):
        remedy = "make room: a backup or rebuild needs as much again"
        yield Checked("disk", "wrong", says, remedy)
    else:
        yield Checked("disk", "ok", says)
