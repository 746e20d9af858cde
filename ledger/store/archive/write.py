"""A whole ledger as lines of JSON, readable without this program.

docs/format.md describes the file. Lines stand in one order: a header; the records;
the commands; the texts; the names; an end with the digest of all lines before it.
The same ledger always gives the same bytes. filling.py reads them back.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from pydantic_core import to_json

from ledger.events import LedgerOpened
from ledger.proof import leaf_hash, row_digest
from ledger.store.contract import Reading
from ledger.store.mapper import Unreadable, decode
from ledger.store.rows import EventRow, PartyRow, TextRow

FORMAT = "premium-ledger-log"
FORMAT_VERSION = 2
BATCH = 2_000
"""Rows read or written at once, so that memory does not grow with the ledger."""

Progress = Callable[[int, int], None]
"""Called with the position reached and the head."""


class Header(NamedTuple):
    """What the first line states of all others."""

    name: str | None  # Of the ledger, or None if it is not opened.
    origin: str | None  # `real` or `simulated`.
    head: int  # The last position.
    commands: int
    texts: int
    parties: int
    leaves: str  # SHA-256 over the leaf hashes of all records, in hexadecimal.


def write(reading: Reading, progress: Progress | None = None) -> Iterator[bytes]:
    """Every line of the archive, each ended by a line feed.

    Args:
        reading: One unchanging view of the ledger; it is read twice.

    Raises:
        Unreadable: If a state is not in UTF-8: its bytes could not be given back.
    """
    digest, count = sha256(), 0
    for line in _lines(reading, progress):
        digest.update(line)
        count += 1
        yield line
    yield line_of({"end": {"lines": count, "sha256": digest.hexdigest()}})


def _lines(reading: Reading, progress: Progress | None) -> Iterator[bytes]:
    header = _header(reading)
    yield line_of(header_json(header))
    for row in _events(reading):
        yield line_of(_record_json(row))
        if progress is not None and row.position % BATCH == 0:
            progress(row.position, header.head)
    number = 0
    while commands := reading.commands(number, BATCH):
        yield from (line_of({"command": one._asdict()}) for one in commands)
        number = commands[-1].number
    for text in _each(reading.texts):
        yield line_of(_beside_json("text", text))
    for party in _each(reading.parties):
        yield line_of(_beside_json("party", party))


def _header(reading: Reading) -> Header:
    head = reading.head()
    opened = opened_by(reading.events(0, 1))
    return Header(
        name=None if opened is None else opened.name,
        origin=None if opened is None else opened.origin,
        head=head.position,
        commands=head.number,
        texts=sum(1 for _ in _each(reading.texts)),
        parties=sum(1 for _ in _each(reading.parties)),
        leaves=leaves_digest(reading),
    )


def leaves_digest(reading: Reading) -> str:
    """SHA-256 over the leaf hashes of all records in order, in hexadecimal."""
    digest = sha256()
    for row in _events(reading):
        digest.update(leaf_hash(*row[1:]))
    return digest.hexdigest()


def opened_by(first: Sequence[EventRow]) -> LedgerOpened | None:
    """How the ledger was opened, by its first record if there is one."""
    if not first or first[0].topic != LedgerOpened.TOPIC:
        return None
    fact = decode(*first[0]).fact
    assert isinstance(fact, LedgerOpened)
    return fact


def _events(reading: Reading) -> Iterator[EventRow]:
    position = 0
    while rows := reading.events(position, BATCH):
        yield from rows
        position = rows[-1].position


def _each(read: Callable[[int, int], Sequence[Any]]) -> Iterator[Any]:
    skip = 0
    while rows := read(skip, BATCH):
        yield from rows
        skip += len(rows)


def line_of(content: Any) -> bytes:
    """The one way in which a line is written."""
    return to_json(content) + b"\n"


def header_json(header: Header) -> dict[str, Any]:
    """What the first line holds."""
    return {"format": FORMAT, "version": FORMAT_VERSION, **header._asdict()}


def _record_json(row: EventRow) -> dict[str, Any]:
    try:
        state = row.state.decode()
    except UnicodeDecodeError as reason:
        raise Unreadable(row.topic, row.position, f"not in UTF-8: {reason}") from None
    leaf = leaf_hash(*row[1:]).hex()
    return {"record": {**row._asdict(), "state": state, "leaf": leaf}}


def _beside_json(kind: str, row: TextRow | PartyRow) -> dict[str, Any]:
    columns = {**row._asdict(), "salt": row.salt.hex()}
    return {kind: {**columns, "digest": row_digest(tuple(columns.values()))}}
