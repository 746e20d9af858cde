"""Which broker is meant: options that every word about topics takes."""

import os
from dataclasses import dataclass

from cyclopts import Parameter

from interfaces.topics import broker
from projections.feed.topics import Broker


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Feed:
    """Where the topics are."""

    broker: str | None = None
    """Kafka's brokers, HOST:PORT with commas (KAFKA_BOOTSTRAP_SERVERS)."""
    prefix: str | None = None
    """What the names of the topics begin with (PREMIUM_TOPICS); otherwise premium."""

    def chosen(self) -> Broker:
        """The broker, as options or the environment name it."""
        return broker(os.environ, self.broker, self.prefix)


FEED = Feed()
