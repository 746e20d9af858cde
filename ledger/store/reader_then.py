"""A ledger as it was known at a position: what came later is not there."""

from datetime import datetime

from ledger.recorded import Recorded
from ledger.store.reader import LedgerReader
from ledger.store.rows import EventRow


class KnownReader(LedgerReader):
    """Reads of a ledger by whoever knows nothing recorded after a position.

    Texts and names are as they are now: what was forgotten since is gone.
    """

    def __init__(self, ledger: LedgerReader, position: int):
        super().__init__(ledger._store)
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
        """A record by its id; None where there is none, or it was not known."""
        found = super().record(record_id)
        return found if found is not None and found.position <= self._known else None
