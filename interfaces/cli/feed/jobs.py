"""A job with what it needs besides its messages: a ledger to ask, topics to fill."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from interfaces.cli.feed.broker import Feed
from interfaces.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from consumers.job import Job


@contextmanager
def bound(job: "Job", feed: Feed, here: Session) -> Iterator["Job"]:
    """The job as it can take messages.

    `inbound` gives commands to the ledger of this call as whoever acts, and answers
    on the topic of replies; `states` sends rows; any other job needs nothing.
    """
    from consumers.compacted import job as states
    from consumers.inbound import job as inbound
    from projections.feed.topics import check

    if job is inbound.JOB:
        yield from _inbound(feed, here)
    elif job is states.JOB:
        broker = feed.chosen()
        check(broker)
        with closing(states.Rows(broker)) as rows:
            yield states.job(rows)
    else:
        yield job


def _inbound(feed: Feed, here: Session) -> Iterator["Job"]:
    from consumers.inbound import job as inbound
    from consumers.inbound.replies import Replies
    from projections.feed.relay.relay import OtherLedger

    by = here.settings.by()
    with closing(Replies(feed.chosen())) as replies:
        try:
            found = inbound.job(here.ledger, replies, by)
        except inbound.NotAllowed as reason:
            raise Stop(Exit.REFUSED, str(reason)) from None
        except OtherLedger as reason:
            raise Stop(Exit.FOUND, str(reason)) from None
        yield found
