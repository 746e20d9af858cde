"""`premium topics`: the topics of the feed are made."""

from interfaces.cli import printing
from interfaces.cli.exits import Exit
from interfaces.cli.feed.broker import FEED, Feed
from interfaces.cli.options import Json
from interfaces.cli.session import Session
from projections.feed.admin import make


def topics(
    *, replicas: int = 1, json: Json = False, feed: Feed = FEED, session: Session
) -> int:
    """Make the topics that are missing, and say how each is kept.

    Again, it only looks: a topic with another number of partitions is an error, for
    keys would not be where readers look.

    Parameters
    ----------
    replicas
        Copies of each topic, where it is made: 3 on a cluster of brokers.
    """
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
        printing.plain_document({"topics": rows})
        return Exit.OK
    for one in made:
        kept = ", ".join(f"{name}={value}" for name, value in one.about.config.items())
        session.say(
            f"{'made' if one.made else 'there'}  {one.topic}: "
            f"{one.about.partitions} partitions, {kept}; {one.about.holds}"
        )
    return Exit.OK
