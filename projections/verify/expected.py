"""A digest that was kept elsewhere: all records up to a position, in one number."""

import re
from typing import NamedTuple

from ledger.proof import Frontier, leaf_hash
from ledger.store.reader import LedgerReader
from projections.following.position import BATCH, Progress
from projections.verify.difference import Difference

_FORM = re.compile(r"([1-9][0-9]{0,14}):([0-9a-f]{64})")


class Digest(NamedTuple):
    """The root of the tree over all records up to a position (RFC 9162)."""

    position: int
    root: str  # In hexadecimal.

    def __str__(self) -> str:
        return f"{self.position}:{self.root}"


def read(text: str) -> Digest:
    """A digest as `export log` printed it.

    Raises:
        ValueError: If it is not one.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f"{text!r} is not a digest: give what `premium export log` printed, a "
            "position, a colon and 64 hexadecimal digits"
        )
    return Digest(int(match[1]), match[2])


def digest(log: LedgerReader, until: int, progress: Progress | None = None) -> Digest:
    """The digest of all records up to a position, or to the end of the log."""
    tree = Frontier()
    while tree.leaves < until:
        rows = log.raw(tree.leaves, min(BATCH, until - tree.leaves))
        if not rows:
            break
        for row in rows:
            tree.add(leaf_hash(*row[1:]))
        if progress is not None:
            progress(tree.leaves, until)
    return Digest(tree.leaves, tree.root().hex())


def differences(
    log: LedgerReader, expected: Digest, progress: Progress | None = None
) -> tuple[Difference, ...]:
    """What is not as the digest says; empty where every record up to it is."""
    found = digest(log, expected.position, progress)
    if found.position < expected.position:
        what = f"the log ends at {found.position}, and the digest is of more"
        return (Difference(what=what, since=found.position + 1),)
    if found != expected:
        what = (
            f"the records 1 to {expected.position} are not those of the digest: "
            "hold an archive of them beside this ledger to see which"
        )
        return (Difference(what=what),)
    return ()
