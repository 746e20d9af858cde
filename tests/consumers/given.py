"""Messages of simulated years for consumers, given as a broker would."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import NamedTuple

from consumers.job import event
from consumers.loop import Batch, Message, Partition, UnreadableMessage, Word
from ledger.service import Ledger
from projections.feed.events.log import source
from projections.feed.events.message import message
from projections.feed.relay.relay import partition_of
from projections.views.balances import VIEW
from tests.worlds.simulated import worked

TOPIC = "premium.events.v1"


class Year(NamedTuple):
    """What a ledger tells, and what stands in it."""

    messages: tuple[Message, ...]  # In the order of the ledger.
    balances: Mapping[tuple[str, str, str], int]  # Premium, account, measure.


@cache
def years(groups: int = 6) -> Year:
    """Two simulated years of invented groups."""
    folder = Path(mkdtemp())
    with Ledger.open(worked(folder, groups)) as ledger:
        records = ledger.read(0, ledger.head())
        name, opened = source(ledger)
    view = VIEW.plain()
    for record in records:
        view.apply(record)
    told = [message(record, name, opened.origin) for record in records]
    rows = view.rows()["balances"]
    return Year(
        tuple(placed((one.key, one.value, one.headers) for one in told if one)),
        {tuple(row[:3]): row[3] for row in rows},
    )


def placed(
    told: Iterable[tuple[str, bytes | None, Iterable[tuple[str, bytes]]]],
) -> list[Message]:
    """Messages with the places that a broker would give them."""
    offsets: defaultdict[int, int] = defaultdict(int)
    found = []
    for key, value, headers in told:
        part = partition_of(key)
        found.append(
            Message(TOPIC, part, offsets[part], key.encode(), value, dict(headers))
        )
        offsets[part] += 1
    return found


def word(messages: Sequence[Message]) -> Word | None:
    """What the relay of the ledger of the first message that can be read says."""
    readable = []
    for one in messages:
        with suppress(UnreadableMessage):
            readable.append(event(one))
    if not readable:
        return None
    _, _, source, origin = readable[0]
    assert source is not None
    assert origin is not None
    return Word(source, origin, max(one.position or 0 for one in readable))


class Played:
    """A source that gives messages batch by batch, from where a target says."""

    def __init__(
        self,
        messages: Sequence[Message],
        begins: Callable[[Sequence[Partition]], Mapping[Partition, int]],
        most: int = 100,
    ) -> None:
        self._by_partition: defaultdict[Partition, list[Message]] = defaultdict(list)
        for one in messages:
            self._by_partition[Partition(one.topic, one.partition)].append(one)
        self._begins = begins
        self._most = most
        self.word = word(messages)
        self.marks: Mapping[str, str] = {}
        self.go_back()

    def go_back(self) -> None:
        """Go back to what is saved."""
        partitions = list(self._by_partition)
        self._at = {**dict.fromkeys(partitions, 0), **self._begins(partitions)}

    def poll(self, timeout_ms: int) -> Batch:
        """The next messages, from each partition in turn."""
        found: list[Message] = []
        following: dict[Partition, int] = {}
        for one, messages in self._by_partition.items():
            given = messages[self._at[one] :][: self._most - len(found)]
            if given:
                found += given
                self._at[one] += len(given)
                following[one] = self._at[one]
        return Batch(found, following, self.word, self.marks)

    def saved(self, following: Mapping[Partition, int]) -> None:
        """Nobody watches."""

    def is_at_end(self) -> bool:
        """Whether all were given."""
        return all(
            self._at[one] >= len(messages)
            for one, messages in self._by_partition.items()
        )

    def close(self) -> None:
        """Nothing to let go of."""


def twice_in_another_order(
    messages: Sequence[Message], random: Random
) -> list[Message]:
    """Each message twice, keys mixed, and the order within each key kept.

    The second copy comes at once or later, never before the first.
    """
    by_key: defaultdict[bytes, list[Message]] = defaultdict(list)
    for one in messages:
        by_key[one.key or b""].append(one)
    queues = []
    for queue in by_key.values():
        doubled: list[Message] = []
        for number, one in enumerate(queue):
            doubled += [one, queue[random.randint(0, number)]]
        # What chance left out comes again at the end.
        queues.append([*doubled, *queue])
    mixed: list[Message] = []
    while queues:
        queue = random.choice(queues)
        mixed.append(queue.pop(0))
        if not queue:
            queues.remove(queue)
    return placed(
        ((one.key or b"").decode(), one.value, one.headers.items()) for one in mixed
    )
