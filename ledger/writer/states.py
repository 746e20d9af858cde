"""What the one writer keeps of the log in memory, so that deciding reads no disk.

It is brought up to date record by record. What a group of commands touches is
remembered as it was before, and put back if the group is refused (ADR 0006).
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledger.events import AccountId
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import evolve, folded
from ledger.recorded import Recorded, account_stream

MOST_STREAMS = 20_000
"""Streams kept, and accounts kept; the least recently asked for go first."""

Load = Callable[[str], list[Recorded]]
"""Reads a stream from the log, in order of version."""

ACCOUNTS = account_stream("")


class StateBroken(Exception):
    """A decided fact could not be taken into the state: a bug; the batch is void."""


class _Before(NamedTuple):
    """A stream as it was before a group touched it."""

    length: int | None  # Of its records; None where they were not kept.
    account: PremiumAccount | None


class KeptStates:
    """The `States` that deciders read, kept from batch to batch.

    Facts of a batch that are not yet written are here and not in the log, so a
    stream is asked for before a fact is put on it, and nothing is let go between.
    """

    def __init__(self, load: Load):
        self._load = load
        self._streams: OrderedDict[str, list[Recorded]] = OrderedDict()
        self._accounts: OrderedDict[str, PremiumAccount] = OrderedDict()
        self._before: dict[str, _Before] | None = None

    def records(self, stream: str) -> Sequence[Recorded]:
        """A stream's records in order of version; not for the stream of an account."""
        assert not stream.startswith(ACCOUNTS), "an account is read as its state"
        found = self._streams.get(stream)
        if found is None:
            found = self._streams[stream] = self._load(stream)
        else:
            self._streams.move_to_end(stream)
        return found

    def account(self, account: str) -> PremiumAccount:
        """An account's state; a new, unopened one where there is no record."""
        stream = account_stream(account)
        found = self._accounts.get(stream)
        if found is None:
            found = folded(AccountId(account), self._load(stream))
            self._accounts[stream] = found
        else:
            self._accounts.move_to_end(stream)
        return found

    def version(self, stream: str) -> int:
        """The latest version of a stream; 0 if there is none."""
        if stream.startswith(ACCOUNTS):
            return self.account(stream[len(ACCOUNTS) :]).version
        return len(self.records(stream))

    def apply(self, recorded: Recorded) -> None:
        """Apply one more record, if its stream is kept."""
        stream = recorded.stream
        records = self._streams.get(stream)
        account = self._accounts.get(stream)
        if self._before is not None and stream not in self._before:
            self._before[stream] = _Before(
                length=None if records is None else len(records),
                account=None if account is None else account.copied(),
            )
        if records is not None:
            records.append(recorded)
        if account is not None:
            evolve(account, recorded)

    def keeps(self, stream: str) -> bool:
        """Whether a record of the stream would be applied."""
        return stream in self._streams or stream in self._accounts

    def begin_group(self) -> None:
        """Remember each stream as it is before the group touches it."""
        self._before = {}

    def commit_group(self) -> None:
        """Keep everything since the group began."""
        self._before = None

    def roll_back_group(self) -> None:
        """Undo everything since the group began."""
        assert self._before is not None, "no group was begun"
        for stream, before in self._before.items():
            if before.length is not None:
                del self._streams[stream][before.length :]
            if before.account is not None:
                self._accounts[stream] = before.account
        self._before = None

    def trim(self) -> None:
        """Forget what was asked for longest ago; between batches only."""
        while len(self._streams) > MOST_STREAMS:
            self._streams.popitem(last=False)
        while len(self._accounts) > MOST_STREAMS:
            self._accounts.popitem(last=False)

    def clear(self) -> None:
        """Forget everything: it is read from the log again."""
        self._streams.clear()
        self._accounts.clear()
        self._before = None
