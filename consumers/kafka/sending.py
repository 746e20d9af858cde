"""Messages to topics: once `flush` is over, all that was sent is kept."""

from collections.abc import Sequence
from typing import Any

from kafka import KafkaProducer

from projections.feed.topics import Broker, Topic

Headers = Sequence[tuple[str, bytes]]


class Sending:
    """A producer of one broker.

    Args:
        wait_s: How long the brokers may take until they have what was sent, seconds.

    Raises:
        KafkaError: Here and in every call: end the process and start another.
    """

    def __init__(self, broker: Broker, wait_s: int = 30) -> None:
        self._broker = broker
        self._wait_s = wait_s
        self._sent: list[Any] = []
        self._producer = KafkaProducer(
            **broker.client(),
            enable_idempotence=True,
            acks="all",
            compression_type="gzip",
            linger_ms=5,
            request_timeout_ms=min(10, wait_s) * 1_000,
            delivery_timeout_ms=wait_s * 1_000 + 5,  # The request, and its linger.
            max_block_ms=wait_s * 1_000,
        )

    def send(
        self,
        topic: Topic,
        key: bytes | None,
        value: bytes,
        headers: Headers,
        partition: int | None = None,
    ) -> None:
        """Send one, behind those before it of its partition.

        Args:
            partition: None where its key says which.
        """
        name = self._broker.topic(topic)
        self._sent.append(
            self._producer.send(name, value, key, list(headers), partition)
        )

    def flush(self) -> None:
        """Wait until the brokers have all that was sent.

        Where it fails nothing is sent any more: each was tried for `wait_s`, no longer.
        """
        sent, self._sent = self._sent, []
        self._producer.flush(timeout=self._wait_s + 1)
        for one in sent:
            one.get(timeout=0)  # It raises what became of it.

    def close(self) -> None:
        """Let go of the broker."""
        self._producer.close(timeout=5)
