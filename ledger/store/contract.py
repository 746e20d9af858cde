"""What every store of a log does: the same tests run on all of them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from ledger.store.rows import CommandRow, EventRow, Head, PartyRow, TextRow

EARLIER = (
    "was made by an earlier version, whose facts mean something else: make it again "
    "from its sources, the imported files and the command files"
)
"""What is said of a ledger, backup or archive from before the limits (ADR 0020)."""


class Unavailable(Exception):
    """The ledger cannot be reached; its text says why and what to do."""


class Reading(Protocol):
    """One unchanging view of the log; nothing in it waits for a writer."""

    def head(self) -> Head:
        """The last position, the last command's number, and when it was recorded."""
        ...

    def events(self, after: int, limit: int) -> list[EventRow]:
        """Up to `limit` rows that follow a position, in order."""
        ...

    def stream(self, stream: str) -> list[EventRow]:
        """A stream's rows in order of version; empty if there is none."""
        ...

    def event(self, stream: str, version: int) -> EventRow | None:
        """One row by its stream and version."""
        ...

    def streams(self, prefix: str) -> tuple[str, ...]:
        """The names of the streams that begin so, in order of their characters."""
        ...

    def look_up(self, ids: Sequence[str]) -> tuple[Head, dict[str, CommandRow]]:
        """The head, and by id those commands that were answered; one query."""
        ...

    def commands(self, after: int, limit: int) -> list[CommandRow]:
        """Up to `limit` commands that follow a number, in order."""
        ...

    def position_at(self, recorded_at: str) -> int:
        """The last position recorded up to and including an instant; 0 for none."""
        ...

    def texts(self, skip: int, limit: int) -> list[TextRow]:
        """Up to `limit` texts behind the first `skip`, in the order they were kept."""
        ...

    def parties(self, skip: int, limit: int) -> list[PartyRow]:
        """Up to `limit` names behind the first `skip`, in the order they were kept."""
        ...

    def text(self, commitment: str) -> str | None:
        """The prose or name of a commitment, or None if it was forgotten."""
        ...

    def name(self, party: str) -> str | None:
        """A party's latest name, or None if there is none, or it was forgotten."""
        ...

    def still_deciding(self) -> None:
        """Tell the server that this writer is still working.

        To be called before each decision: a server cuts off a holder that is silent.
        """
        ...


class Writing(Reading, Protocol):
    """The log under its lock; what is read is what the last holder left."""

    def append(
        self,
        events: Sequence[EventRow],
        commands: Sequence[CommandRow] = (),
        texts: Sequence[TextRow] = (),
        parties: Sequence[PartyRow] = (),
    ) -> None:
        """Append rows; they are durable only when the block has ended.

        Raises:
            NotAppendable: If they do not follow, or are not valid by name or state;
                raised here or at the end of the block, and nothing is written.
        """
        ...

    def insert_unchecked(self, events: Sequence[EventRow]) -> None:
        """Write event rows; the tables' own constraints alone hold.

        Raises:
            NotAppendable: Where a position, or a version of a stream, is there.
        """
        ...


class Store(Protocol):
    """One log, open. Any number of threads may use it at once."""

    def writing(self) -> AbstractContextManager[Writing]:
        """The log under its lock, also against other processes, until the block ends.

        Then all of it is durable. Any exception in the block leaves nothing. After
        an error of the commit itself the rows may be there all the same: the caller
        looks before it writes them again. Nobody here retries.
        """
        ...

    def reading(self) -> AbstractContextManager[Reading]:
        """One unchanging view of the log: what is committed when it is first read.

        Raises:
            Unavailable: If the log cannot be read.
        """
        ...

    def wait(self, after: int, timeout_ms: int) -> int:
        """Wait until the log goes beyond a position, or the time is over.

        Returns:
            The last position, beyond `after` or not.

        Raises:
            Unavailable: If the log cannot be read.
        """
        ...

    def misshapen(self) -> tuple[str, ...]:
        """Rows that no program of ours writes, a sentence each; empty for none.

        They hold another type than their column, or stand below the first place.
        """
        ...

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the tables themselves; empty if nothing is."""
        ...

    def unavailable(self, error: Exception) -> Unavailable | None:
        """What an error of the database means, with a remedy, or None for any other."""
        ...

    def close(self) -> None:
        """Close it. Threads that still read are not waited for."""
        ...
