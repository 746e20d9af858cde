"""Hashes over what is stored, so that a change of any byte can be found."""

import hashlib
from collections.abc import Iterable, Sequence

from pydantic_core import to_json

LEAF = b"\x00"
"""First byte of what a leaf's hash covers, so that no inner node equals a leaf."""


def leaf_hash(stream: str, version: int, topic: str, state: bytes) -> bytes:
    """The hash of one stored record: SHA-256, 32 bytes.

    It covers 0x00, then stream, version in decimal, topic and stored state, each
    led by its length in 8 bytes, so that no byte can pass from field to field. The
    position is not covered: it is the leaf's place in the tree.

    Source: RFC 9162 section 2.1.1; DESIGN 8.
    """
    fields = (stream.encode(), b"%d" % version, topic.encode(), state)
    return hashlib.sha256(LEAF + _led_by_length(fields)).digest()


def row_digest(columns: Sequence[str | int | None]) -> str:
    """The digest of a commands row: SHA-256 of its columns as a JSON array, in hex.

    Args:
        columns: All of the row's but the digest, in the order of the table.
    """
    return hashlib.sha256(to_json(columns)).hexdigest()


def _led_by_length(fields: Iterable[bytes]) -> bytes:
    return b"".join([len(field).to_bytes(8, "big") + field for field in fields])
