"""A topic in memory, replies in memory, and messages as outsiders send them."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from consumers.inbound.replies import Reply
from consumers.loop import Batch, Message, Partition

RESULTS = "premium.results.v1"
CONFIRMATIONS = "premium.payment-confirmations.v1"

Begins = Callable[[Collection[Partition]], Mapping[Partition, int]]


class Memory:
    """Messages of some topics; each process begins where the target's offsets say."""

    def __init__(self, messages: Sequence[Message] = ()) -> None:
        self.messages: list[Message] = list(messages)
        self.begins: Begins = lambda partitions: {}
        self.at: dict[Partition, int] = {}
        self.most = 1_000

    def told_by(self, begins: Begins) -> "Memory":
        """As a process that was just started polls it."""
        self.begins = begins
        self.at = {}
        return self

    def poll(self, timeout_ms: int) -> Batch:
        parts = {Partition(one.topic, one.partition) for one in self.messages}
        new = [one for one in parts if one not in self.at]
        self.at |= dict.fromkeys(new, 0) | dict(self.begins(new))
        found = [
            one
            for one in self.messages
            if one.offset >= self.at[Partition(one.topic, one.partition)]
        ][: self.most]
        following = {
            Partition(one.topic, one.partition): one.offset + 1 for one in found
        }
        self.at |= following
        return Batch(found, following)

    def saved(self, following: Mapping[Partition, int]) -> None:
        pass

    def add(
        self,
        value: Any,
        key: str | None = None,
        topic: str = RESULTS,
        partition: int = 0,
        *,
        times: int = 1,
    ) -> None:
        """Send a message; its key is the one it must have, where none is given."""
        if key is None:
            key = key_of(value)
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        for _ in range(times):
            offset = sum(
                (one.topic, one.partition) == (topic, partition)
                for one in self.messages
            )
            self.messages.append(
                Message(topic, partition, offset, key.encode(), raw, {})
            )


class Kept:
    """Replies, in the order they were sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes | None, Reply]] = []
        self.flushed = 0

    def send(self, key: bytes | None, reply: Reply) -> None:
        self.sent.append((key, reply))

    def flush(self) -> None:
        self.flushed = len(self.sent)

    @property
    def outcomes(self) -> list[str]:
        return [reply.data.outcome for _, reply in self.sent]


def key_of(value: Any) -> str:
    data = value["data"]
    return str(data.get("subject") or data["account"].split("/")[-1])


def result(id: str = "r1", subject: str = "ZG000", **more: Any) -> dict[str, Any]:
    """A result that an outsider measured."""
    data = {
        "measure": "falls",
        "subject": subject,
        "period": "2015-04-01..2016-03-31",
        "unit": "percent",
        "value": "12.5",
        **more,
    }
    return {
        "specversion": "1.0",
        "id": id,
        "source": "urn:example:statistics",
        "type": "premium-ledger.result-measured.v1",
        "data": {name: value for name, value in data.items() if value is not None},
    }


def payment(id: str = "p1", body: str = "ZG000", **more: Any) -> dict[str, Any]:
    """A payment that the payer's bank made."""
    data = {
        "account": f"quality-premium/2013-14/{body}",
        "disbursement": "d1",
        "reference": f"BANK-{body}-1",
        "kind": "cash",
        "value_date": "2015-11-02",
        "amount_pence": 60_000_00,
        "effective_on": "2015-11-02",
        **more,
    }
    return {
        "id": id,
        "source": "urn:example:bank",
        "type": "premium-ledger.payment-made.v1",
        "data": data,
    }
