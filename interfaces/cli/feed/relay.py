"""`premium relay`: the ledger's records are sent to the topics."""

import sys
from contextlib import closing

from kafka.errors import KafkaError

from interfaces.cli.exits import Exit, Stop, complain
from interfaces.cli.feed.broker import FEED, Feed
from interfaces.cli.operations.until_stopped import told_to_stop
from interfaces.cli.session import Session
from projections.feed.events.log import OtherLedger
from projections.feed.relay.relay import Relay
from projections.feed.relay.watchdog import ENDED


def relay(
    *,
    once: bool = False,
    feed: Feed = FEED,
    session: Session,
) -> int:
    """Send every public record to the topics, each once and in order, until stopped.

    It fences every other relay of the ledger and goes on where the last one was,
    however that ended. It is crash-only: on an error of the broker it ends with exit
    code 75, and its supervisor starts it again.

    Parameters
    ----------
    once
        Send what there is, and end.
    """
    try:
        with closing(Relay(session.ledger, feed.chosen())) as sender:
            session.say(session.titled(f"Relays from position {sender.position:,}"))
            sys.stdout.flush()
            if once:
                position = sender.catch_up()
            else:
                with told_to_stop() as stopping:
                    position = sender.run(stopping)
    except OtherLedger as reason:
        raise Stop(Exit.FOUND, str(reason)) from None
    except KafkaError as reason:
        complain(f"{reason!r}: ends, to be started again")
        return ENDED
    session.say(session.titled(f"Relayed up to position {position:,}"))
    return Exit.OK
