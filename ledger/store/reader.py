"""What everybody may read of a ledger, always on a connection of one's own."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Literal

from ledger.events import LedgerOpened
from ledger.recorded import (
    LEDGER_STREAM,
    Recorded,
    decided_day,
    stream_and_version,
)
from ledger.store.contract import Reading, Store
from ledger.store.mapper import decode
from ledger.store.rows import CommandRow, EventRow, PartyRow, TextRow, instant


class LedgerReader:
    """A ledger as it stands at each call; nobody waits for a writer.

    Every call raises Unavailable where the file cannot be read.
    """

    def __init__(self, store: Store):
        self._store = store

    def head(self) -> int:
        """The last position; 0 for an empty log."""
        with self._store.reading() as reading:
            return reading.head().position

    def wait(self, after: int, timeout_ms: int) -> int:
        """Wait until the log goes beyond a position, or the time is over.

        Returns:
            The last position, beyond `after` or not.
        """
        return self._store.wait(after, timeout_ms)

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Up to `limit` records that follow a position, in order.

        Raises:
            Unreadable: If one cannot be read; it says which.
        """
        return records_of(self.raw(after, limit))

    def raw(self, after: int, limit: int) -> list[EventRow]:
        """As `read`, but the rows as they are stored: what proofs are made over."""
        with self._store.reading() as reading:
            return reading.events(after, limit)

    def command_rows(self, after: int, limit: int) -> list[CommandRow]:
        """Up to `limit` answered commands that follow a number, in order."""
        with self._store.reading() as reading:
            return reading.commands(after, limit)

    def texts(self, skip: int, limit: int) -> list[TextRow]:
        """Up to `limit` texts behind the first `skip`, in the order they were kept."""
        with self._store.reading() as reading:
            return reading.texts(skip, limit)

    def parties(self, skip: int, limit: int) -> list[PartyRow]:
        """Up to `limit` names behind the first `skip`, in the order they were kept."""
        with self._store.reading() as reading:
            return reading.parties(skip, limit)

    def misshapen(self) -> tuple[str, ...]:
        """Rows that no program of ours writes; see the store's `misshapen`."""
        return self._store.misshapen()

    def faults(self) -> tuple[str, ...]:
        """What the store itself finds wrong with its tables; see its `faults`."""
        return self._store.faults()

    def reading(self) -> AbstractContextManager[Reading]:
        """One unchanging view of all rows as they are stored; for copies."""
        return self._store.reading()

    def position_at(self, at: datetime) -> int:
        """The last position recorded up to and including an instant; 0 for none."""
        with self._store.reading() as reading:
            return reading.position_at(instant(at))

    def streams(self, prefix: str) -> tuple[str, ...]:
        """The names of the streams that begin so, in order of their characters."""
        with self._store.reading() as reading:
            return reading.streams(prefix)

    def stream(self, name: str) -> tuple[Recorded, ...]:
        """A stream's records in order of version; empty if there is none."""
        with self._store.reading() as reading:
            rows = reading.stream(name)
        return tuple(_decode_cached(*row) for row in rows)

    def of_kinds(
        self, facts: Collection[type], streams: Collection[str]
    ) -> Mapping[str, Sequence[Recorded]]:
        """The records of some kinds of facts in some streams, each in order.

        It goes through the whole log and reads these alone: of many streams quicker
        than each by itself.
        """
        kinds = {_unversioned(one.TOPIC) for one in facts}  # type: ignore[attr-defined]
        found: dict[str, list[Recorded]] = {name: [] for name in streams}
        after = 0
        while rows := self.raw(after, _MANY):
            for row in rows:
                if row.stream in found and _unversioned(row.topic) in kinds:
                    found[row.stream].append(_decode_cached(*row))
            after = rows[-1].position
        return found

    def record(self, record_id: str) -> Recorded | None:
        """A record by its id, or None where there is none.

        Raises:
            ValueError: If it is not of the form `stream@version`.
        """
        stream, version = stream_and_version(record_id)
        with self._store.reading() as reading:
            row = reading.event(stream, version)
        return None if row is None else _decode_cached(*row)

    def command(self, id: str) -> CommandRow | None:
        """The answer of a command by its id, or None where none was given."""
        with self._store.reading() as reading:
            return reading.look_up([id])[1].get(id)

    def text(self, commitment: str) -> str | None:
        """The prose a fact is committed to, or None if it was forgotten."""
        with self._store.reading() as reading:
            return reading.text(commitment)

    def name(self, party: str) -> str | None:
        """A party's latest name, or None if there is none, or it was forgotten."""
        with self._store.reading() as reading:
            return reading.name(party)

    def opened(self) -> LedgerOpened | None:
        """How the ledger was opened; None before it is."""
        stream = self.stream(LEDGER_STREAM)
        if not stream:
            return None
        fact = stream[0].fact
        assert isinstance(fact, LedgerOpened)
        return fact

    def origin(self) -> Literal["real", "simulated"] | None:
        """Whether everything in it is real or invented; None before it is opened."""
        opened = self.opened()
        return None if opened is None else opened.origin

    def known_at(self, position: int) -> "LedgerReader":
        """The ledger as it was known at a position: without what came later.

        Texts and names are as they are now: what was forgotten since is gone.
        """
        return _KnownReader(self._store, position)

    def decided_by(self, day: date) -> "LedgerReader":
        """The ledger by what had been decided, by its recorders' word.

        Its streams are without what was decided later, all but the opening of the
        ledger. A record that is asked for by its id is there: others may rest on it.
        """
        return _DecidedReader(self._store, day)


class _KnownReader(LedgerReader):
    """A ledger as it was known at a position: without what was recorded later.

    Texts and names are as they are now: what was forgotten since is gone.
    """

    def __init__(self, store: Store, position: int):
        super().__init__(store)
        self._known = position

    def head(self) -> int:
        """The position, or the last one before it."""
        return min(self._known, super().head())

    def position_at(self, at: datetime) -> int:
        """The last position recorded up to an instant, as far as it is known."""
        return min(self._known, super().position_at(at))

    def raw(self, after: int, limit: int) -> list[EventRow]:
        """Up to `limit` rows that follow a position, in order."""
        return super().raw(after, min(limit, max(self._known - after, 0)))

    def streams(self, prefix: str) -> tuple[str, ...]:
        """The names of streams that had begun, in order of their characters."""
        names = super().streams(prefix)
        with self._store.reading() as reading:
            first = {name: reading.event(name, 1) for name in names}
        return tuple(
            name
            for name, row in first.items()
            if row is not None and row.position <= self._known
        )

    def stream(self, name: str) -> tuple[Recorded, ...]:
        """A stream's records that were known, in order of version."""
        return tuple(one for one in super().stream(name) if one.position <= self._known)

    def record(self, record_id: str) -> Recorded | None:
        """A record by its id; None if there is none, or it was not known."""
        found = super().record(record_id)
        return found if found is not None and found.position <= self._known else None


class _DecidedReader(LedgerReader):
    """A ledger by what had been decided: its streams are without the rest."""

    def __init__(self, store: Store, day: date):
        super().__init__(store)
        self._day = day

    def streams(self, prefix: str) -> tuple[str, ...]:
        """The names of streams that hold anything decided by then, in order."""
        return tuple(one for one in super().streams(prefix) if self.stream(one))

    def of_kinds(
        self, facts: Collection[type], streams: Collection[str]
    ) -> Mapping[str, Sequence[Recorded]]:
        """The records of some kinds that had been decided."""
        return {
            name: [one for one in records if decided_day(one) <= self._day]
            for name, records in super().of_kinds(facts, streams).items()
        }

    def stream(self, name: str) -> tuple[Recorded, ...]:
        """A stream's records that had been decided, in order of version."""
        return tuple(
            one
            for one in super().stream(name)
            if decided_day(one) <= self._day or isinstance(one.fact, LedgerOpened)
        )


_MANY = 10_000
"""Rows that are gone through at once."""


@cache
def _unversioned(topic: str) -> str:
    """What a fact's topic says it is, in whatever form it was stored."""
    return topic.rpartition(".v")[0]


_decode_cached = lru_cache(maxsize=16_384)(decode)
"""As decode; what was read of late, byte for byte, is not read twice."""


def records_of(rows: Sequence[EventRow]) -> list[Recorded]:
    """Rows, read."""
    return [decode(*row) for row in rows]
