"""Hashes over what is stored, so that a change of any byte can be found."""

import hashlib
from collections.abc import Iterable, Sequence

from pydantic_core import to_json

LEAF = b"\x00"
"""First byte of what a leaf's hash covers, so that no inner node equals a leaf."""

NODE = b"\x01"
"""First byte of what the hash of an inner node covers."""


def leaf_hash(stream: str, version: int, topic: str, state: bytes) -> bytes:
    """The hash of one stored record: SHA-256, 32 bytes.

    It covers 0x00, then stream, version in decimal, topic and stored state, each
    led by its length in 8 bytes, so that no byte can pass from field to field. The
    position is not covered: it is the leaf's place in the tree.

    Source: RFC 9162 section 2.1.1; DESIGN 8.
    """
    fields = (stream.encode(), b"%d" % version, topic.encode(), state)
    return hashlib.sha256(LEAF + _led_by_length(fields)).digest()


class Frontier:
    """The right edge of a Merkle tree: enough to go on with it, and for its root.

    It holds the root of each full subtree, the largest first: as many as the number
    of leaves has ones in binary.

    Source: RFC 9162 section 2.1.1.
    """

    def __init__(self) -> None:
        self.leaves = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Go on with a leaf's hash."""
        self.leaves += 1
        self._roots.append(leaf)
        left = self.leaves
        while left % 2 == 0:
            right = self._roots.pop()
            self._roots[-1] = node_hash(self._roots[-1], right)
            left //= 2

    def copy(self) -> "Frontier":
        """The same edge, to go on with apart."""
        other = Frontier()
        other.leaves, other._roots = self.leaves, list(self._roots)
        return other

    def root(self) -> bytes:
        """The root of all leaves; of none, the hash of nothing."""
        if not self._roots:
            return hashlib.sha256().digest()
        *others, root = self._roots
        for one in reversed(others):
            root = node_hash(one, root)
        return root


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over those of its two children."""
    return hashlib.sha256(NODE + left + right).digest()


def row_digest(columns: Sequence[str | int | None]) -> str:
    """The digest of a commands row: SHA-256 of its columns as a JSON array, in hex.

    Args:
        columns: All of the row's but the digest, in the order of the table.
    """
    return hashlib.sha256(to_json(columns)).hexdigest()


def _led_by_length(fields: Iterable[bytes]) -> bytes:
    return b"".join([len(field).to_bytes(8, "big") + field for field in fields])
