"""`premium topics` and `premium relay`: the ledger's side of the feed."""

import sys
from contextlib import closing
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.feed.broker import FEED, Feeds
from interfaces.cli.operations.until_stopped import told_to_stop
from interfaces.cli.session import Exit, Here, Json, Stop


def topics(
    *, replicas: int = 1, json: Json = False, feed: Feeds = FEED, here: Here
) -> int:
    """Make the topics that are missing, and say how each is kept.

    Again, it only looks: a topic with another number of partitions is an error, for
    keys would not be where readers look.

    Parameters
    ----------
    replicas
        Copies of each topic, where it is made: 3 on a cluster of brokers.
    """
    from projections.feed.topics import make

    made = make(feed.chosen(), replicas)
    if json:
        rows = [
            {
                "topic": one.topic,
                "made": one.made,
                "partitions": one.about.partitions,
                "config": dict(one.about.config),
                "holds": one.about.holds,
            }
            for one in made
        ]
        printed.plain_document({"topics": rows})
        return Exit.OK
    for one in made:
        kept = ", ".join(f"{name}={value}" for name, value in one.about.config.items())
        here.out.print(
            f"{'made' if one.made else 'there'}  {one.topic}: "
            f"{one.about.partitions} partitions, {kept}; {one.about.holds}",
            soft_wrap=True,
        )
    return Exit.OK


def relay(
    *,
    once: Annotated[bool, Parameter(negative="")] = False,
    feed: Feeds = FEED,
    here: Here,
) -> int:
    """Send every public record to the topics, each once and in order, until stopped.

    It fences every other relay of the ledger and goes on where the last one was,
    however that ended. It is crash-only: on an error of the broker it ends with exit
    code 75, and whoever supervises it starts it again.

    Parameters
    ----------
    once
        Send what there is, and end.
    """
    from kafka.errors import KafkaError

    from projections.feed.relay.relay import OtherLedger, Relay
    from projections.feed.relay.watchdog import ENDED

    try:
        with closing(Relay(here.ledger, feed.chosen())) as sender:
            here.out.print(
                printed.titled(here, f"Relays from position {sender.position:,}")
            )
            sys.stdout.flush()
            if once:
                position = sender.catch_up()
            else:
                with told_to_stop() as stopping:
                    position = sender.run(stopping)
    except OtherLedger as reason:
        raise Stop(Exit.FOUND, str(reason)) from None
    except KafkaError as reason:
        print(f"premium: {reason!r}: ends, to be started again", file=sys.stderr)
        return ENDED
    here.out.print(printed.titled(here, f"Relayed up to position {position:,}"))
    return Exit.OK
