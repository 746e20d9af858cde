"""`premium topics`: the topics of the feed are made, and looked at."""

from interfaces.cli import printing
from interfaces.cli.exits import Exit
from interfaces.cli.feed.broker import FEED, Feed
from interfaces.cli.options import Json
from interfaces.cli.session import Session
from ledger.wording import counted
from projections.feed.admin import make


def topics(
    *,
    replicas: int = 1,
    alter: bool = False,
    json: Json = False,
    feed: Feed = FEED,
    session: Session,
) -> int:
    """Make the topics that are missing, and say how the broker keeps each.

    A topic that is there is only looked at. What is not kept as it must be is named,
    and this ends with exit code 1: events would go from it. A topic with another number
    of partitions is an error, for keys would not be where readers look.

    Parameters
    ----------
    replicas
        Copies of each topic, where it is made: 3 on a cluster of brokers.
    alter
        Put right what is not kept as it must be.
    """
    found = make(feed.chosen(), replicas, alter=alter)
    wrong = [one for one in found if one.differs]
    if json:
        rows = [
            {
                "topic": one.topic,
                "made": one.made,
                "id": one.id,
                "partitions": one.partitions,
                "config": one.config,
                "differs": one.differs,
                "holds": one.about.holds,
            }
            for one in found
        ]
        printing.plain_document({"topics": rows})
        return Exit.FOUND if wrong else Exit.OK
    for one in found:
        kept = ", ".join(f"{name}={value}" for name, value in one.config.items())
        session.say(
            f"{'made' if one.made else 'there'}  {one.topic}: "
            f"{counted(one.partitions, 'partition')}, {kept}; {one.about.holds}"
        )
    for one in wrong:
        for name, value in one.differs.items():
            session.say(
                f"{one.topic} has {name}={one.config[name]}, and {value} is needed: "
                "give --alter; what went from it meanwhile does not come back"
            )
    return Exit.FOUND if wrong else Exit.OK
