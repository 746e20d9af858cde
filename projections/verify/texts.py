"""Checks texts and names, which lie beside the log, against their commitments.

A row that is gone was forgotten, and is not a difference. A row that is there must be
what its commitment was made of, and a fact must be committed to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from ledger.events import Fact
from ledger.recorded import Recorded, committed
from ledger.store.mapper import decode
from projections.following.position import BATCH, Log
from projections.verify.difference import Difference

NAMES = {"name_commitment": "body", "name": "party"}
"""A fact's field of a commitment to a name -> its field with the party it names."""


@cache
def commitments(fact: Any) -> tuple[tuple[str, str | None], ...]:
    """A fact's fields with a commitment, each with the field of its party, if any."""
    return tuple((name, NAMES.get(name)) for name in committed(fact))


class _Kept(NamedTuple):
    """One row of texts or parties."""

    table: str
    party: str | None  # None for a text.
    commitment: str
    salt: bytes
    text: str


class _Committed(NamedTuple):
    """Which record is committed to something, and to whose name."""

    position: int
    party: str | None


@dataclass(slots=True)
class Commitments:
    """Every commitment of the log, and the rows that answer to none."""

    committed: dict[str, _Committed] = field(default_factory=dict)

    def apply(self, recorded: Recorded) -> None:
        """Apply one more record."""
        fact: Fact = recorded.fact
        form: Any = type(fact)
        for name, party in commitments(form):
            commitment = getattr(fact, name)
            if commitment is not None:
                self.committed[commitment] = _Committed(
                    recorded.position, None if party is None else getattr(fact, party)
                )

    def differences(
        self, log: Log, position: int, *, broken: bool
    ) -> Iterator[Difference]:
        """Every row that is not what it must be, texts first.

        Args:
            position: Up to which the log was read.
            broken: Whether the log could not be read whole; then a row that no fact
                is committed to is not named, for that is not known.
        """
        unknown = []
        for kept in _rows(log):
            known = self.committed.get(kept.commitment)
            if known is None:
                unknown.append(kept)
            wrong = _wrong(kept, known)
            if wrong is not None:
                yield _difference(kept, known, wrong)
        if not unknown or broken:
            return
        self._take_later(log, position)
        for kept in unknown:
            known = self.committed.get(kept.commitment)
            wrong = _wrong(kept, known)
            if known is None:
                yield _difference(kept, None, "is one that no fact is committed to")
            elif wrong is not None:
                yield _difference(kept, known, wrong)

    def _take_later(self, log: Log, position: int) -> None:
        """Take in what was recorded while the log before it was read."""
        while raws := log.raw(position, BATCH):
            for raw in raws:
                self.apply(decode(*raw))
            position = raws[-1].position


def _rows(log: Log) -> Iterator[_Kept]:
    skip = 0
    while texts := log.texts(skip, BATCH):
        yield from (_Kept("texts", None, *row) for row in texts)
        skip += len(texts)
    skip = 0
    while parties := log.parties(skip, BATCH):
        yield from (_Kept("parties", *row) for row in parties)
        skip += len(parties)


def _wrong(kept: _Kept, known: _Committed | None) -> str | None:
    if sha256(kept.salt + kept.text.encode()).hexdigest() != kept.commitment:
        return "is not what its commitment was made of"
    if known is not None and kept.party != known.party:
        return f"belongs to {known.party or 'no party'}, and is kept for {kept.party}"
    return None


def _difference(kept: _Kept, known: _Committed | None, wrong: str) -> Difference:
    position = None if known is None else known.position
    return Difference(
        what=f"the row with commitment {kept.commitment} {wrong}",
        position=position,
        table=kept.table,
        since=position,
    )
