"""A folder of files that follow from a job's tables, each written again when behind.

The folder says itself how far each of its files is, in `_published.json`, so nothing
has to be remembered between a commit and a file: the next process sees what is
behind. Once deleted, the folder is written again.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from consumers.results.place import Unfit
from projections.feed.events.fields import Origin
from projections.views.view import Database, Table

STATE = "_published.json"
"""Its name begins so that programs that read a whole folder ignore it."""

SYNCED_ONE_BY_ONE = 16
"""Files; where more are written at once, all of the disk is synced instead."""

Revision = tuple[int, int]
"""How far a file is: what it tells of, and what it calls things. Both only grow.

Records of different keys come in any order, so a revision is made of positions that
each grow within one key: a position, or a sum of several.
"""


class About(NamedTuple):
    """The ledger that the tables are of."""

    source: str
    origin: Origin

    @property
    def mark(self) -> str:
        """What names of files and bodies begin with, where all is invented."""
        return "SIMULATED-" if self.origin == "simulated" else ""


LEDGER = Table(
    "ledger",
    {
        "source": "TEXT NOT NULL",
        "origin": "TEXT NOT NULL",  # real or simulated.
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)


def about(db: Database) -> About | None:
    """The ledger that the tables are of; None before the first event."""
    row = db.execute("SELECT source, origin FROM ledger").fetchone()
    return None if row is None else About(*row)


class Files:
    """The files of a folder, while they are brought up to date.

    Nothing is in place before `finish`: each lies beside it, under a hidden name.
    """

    def __init__(self, folder: Path, known: Mapping[str, Revision]) -> None:
        self.folder = folder
        self.known = dict(known)
        self.written: list[Path] = []
        self._beside: dict[Path, Path] = {}
        self._gone: list[Path] = []

    def is_behind(self, what: str, revision: Revision) -> bool:
        """Whether something is to be written again.

        False too where the folder is ahead: the tables are being made again, and will
        come to where it is.
        """
        return what not in self.known or self.known[what] < revision

    def beside(self, path: str) -> Path:
        """Where to write what is to lie at a path of the folder."""
        final = self.folder / path
        final.parent.mkdir(parents=True, exist_ok=True)
        self._beside[final] = final.with_name(f".{final.name}.new")
        return self._beside[final]

    def write(self, path: str, content: bytes) -> None:
        """Write what is to lie at a path of the folder."""
        self.beside(path).write_bytes(content)

    def remove(self, path: str) -> None:
        """Take a file away, if it is there."""
        self._gone.append(self.folder / path)

    def found(self, path: str) -> bytes:
        """What lies at a path, or is about to."""
        final = self.folder / path
        return self._beside.get(final, final).read_bytes()

    def reached(self, what: str, revision: Revision) -> None:
        """Say how far something is, once all is in place."""
        self.known[what] = revision

    def finish(self) -> None:
        """Put everything in place; `written` says what was."""
        if len(self._beside) > SYNCED_ONE_BY_ONE:
            os.sync()
        else:
            for beside in self._beside.values():
                _sync(beside)
        # After a crash from here, some files are new and some old, each of them whole,
        # and the state says that all are behind: the next start writes them again.
        for final, beside in self._beside.items():
            beside.replace(final)
        for gone in self._gone:
            gone.unlink(missing_ok=True)
        self.written = list(self._beside)


@contextmanager
def publishing(
    folder: Path, made_by: str, ledger: About, naming: str = ""
) -> Iterator[Files]:
    """Bring a folder up to date; one process at a time, others wait.

    Args:
        made_by: The job and its version: files of another version are written again.
        naming: Stands for what else the files rest on; another, and all are written
            again.

    Raises:
        Unfit: If it holds files of another ledger or job, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # Let go of when the process ends.
            stated = {"source": ledger.source, "made_by": made_by, "naming": naming}
            files = Files(folder, _known(folder, stated))
            before = dict(files.known)
            yield files
            files.finish()
            if files.known != before:
                state = {**stated, "origin": ledger.origin, "files": files.known}
                _replace(folder / STATE, json.dumps(state, indent=0, sort_keys=True))
    except OSError as reason:
        raise Unfit(
            f"{folder} cannot be written ({reason.strerror}): give it room and rights, "
            "or name another folder"
        ) from reason


def _known(folder: Path, stated: Mapping[str, str]) -> dict[str, Revision]:
    try:
        state = json.loads((folder / STATE).read_bytes())
        known = {str(what): (int(a), int(b)) for what, (a, b) in state["files"].items()}
        source, made_by, naming = state["source"], state["made_by"], state["naming"]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as reason:
        raise Unfit(
            f"{folder / STATE} is not as this program wrote it: delete it, and every "
            "file is written again"
        ) from reason
    job = stated["made_by"].partition(" ")[0]
    if source != stated["source"] or made_by.partition(" ")[0] != job:
        raise Unfit(
            f"{folder} holds files of {made_by} on {source}, and this is {job} on "
            f"{stated['source']}: name another folder"
        )
    same = (made_by, naming) == (stated["made_by"], stated["naming"])
    return known if same else {}


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text + "\n", encoding="utf-8")
    _sync(beside)
    beside.replace(path)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
