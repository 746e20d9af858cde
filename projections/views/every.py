"""Every view, and the hash of the code that makes them."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from ledger.recorded import Recorded
from ledger.store.mapper import decode
from ledger.store.rows import EventRow
from projections.views import (
    awards,
    balances,
    claims,
    clocks,
    decided,
    journal,
    mentions,
    names,
    periods,
    results,
    trail,
)
from projections.views.view import Database, View

VIEWS: tuple[View, ...] = (
    *(journal.VIEW, balances.VIEW, balances.STANDING_VIEW, awards.VIEW, trail.VIEW),
    *(results.VIEW, claims.VIEW, clocks.VIEW, names.VIEW, periods.VIEW),
    *(decided.VIEW, mentions.VIEW),
)
"""Every view, in the order in which a batch is applied to them."""

_IMPORT = re.compile(
    r"^\s*(?:from|import) (ledger[\w.]*)(?: import (\([^)]*\)|.*))?", re.M
)
_ROOT = Path(__file__).parents[2]


def decoded(rows: Sequence[EventRow]) -> list[Recorded]:
    """The records of stored rows, as the views read them.

    Raises:
        Unreadable: If one of them cannot be decoded.
    """
    return [decode(*row) for row in rows]


def apply_batch(db: Database, batch: Sequence[Recorded]) -> None:
    """Apply records that follow the saved position to every view."""
    for view in VIEWS:
        view.apply_batch(db, batch)


def sources() -> tuple[Path, ...]:
    """The files that decide what stands in the views, in order of their names.

    They are those of this folder, and those of the ledger that they import, and that
    these import; so also the one that reads old forms of facts.
    """
    found, wanted = set[Path](), set((_ROOT / "projections" / "views").glob("*.py"))
    while wanted:
        path = wanted.pop()
        found.add(path)
        for module, imported in _IMPORT.findall(path.read_text()):
            paths = {_ROOT / f"{module.replace('.', '/')}.py"}
            for name in re.findall(r"\w+", imported):
                paths.add(_ROOT / module.replace(".", "/") / f"{name}.py")
            wanted |= {path for path in paths - found if path.exists()}
    return tuple(sorted(found))


def code_hash() -> str:
    """SHA-256 of the source that decides what stands in the views, in hexadecimal."""
    return sha256(b"\0".join(path.read_bytes() for path in sources())).hexdigest()
