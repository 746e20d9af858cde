"""What the relay of a ledger says it has sent: what the topic of events must hold."""

import time

from consumers.loop import OtherLedger, Word
from ledger.store.contract import Unavailable
from projections.feed.reached import Positions, Reached, Unknown
from projections.feed.topics import POSITIONS, Broker

WAIT_S = 30
"""How long the word may come behind its events: a broker ends a transaction in one
partition after the other, and one that was killed when the relay begins again."""


class Silent(Unavailable):
    """Events are there, and no relay says that it sent them."""


class Sent:
    """The relay's word, as it grows.

    Raises:
        KafkaError: Here and in `word`: end the process and start another.
    """

    def __init__(self, broker: Broker) -> None:
        self._positions = Positions(broker)
        self._name = broker.topic(POSITIONS)
        self._word: Word | None = None

    def reached(self) -> Reached | None:
        """How far the relay is; None where none has sent anything.

        Raises:
            OtherLedger: If the topics are fed from two ledgers.
            Silent: If the word is not a relay's.
        """
        try:
            found = list(self._positions.latest().values())
        except Unknown as reason:
            raise Silent(str(reason)) from None
        if len(found) > 1:
            raise OtherLedger(
                f"the topics are fed from {found[0].source} and {found[1].source}: "
                "give each ledger a --prefix of its own"
            )
        return found[0] if found else None

    def word(self, position: int) -> Word:
        """The word, as soon as it is about a position; what it is, where that never is.

        Raises:
            Silent: If there is none.
        """
        until = time.monotonic() + WAIT_S
        while self._word is None or self._word.position < position:
            found = self.reached()
            if found is not None:
                self._word = Word(found.source, found.origin, found.position)
            if time.monotonic() > until:
                break
        if self._word is None:
            raise Silent(
                f"events are there, and {self._name} does not say who sent them: look "
                "whether premium relay runs"
            )
        return self._word

    def close(self) -> None:
        """Let go of the broker."""
        self._positions.close()
