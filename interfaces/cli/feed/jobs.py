"""A job with what it needs besides its messages: a ledger to ask, topics to fill."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from consumers.compacted import job as states
from consumers.inbound import job as inbound
from consumers.inbound.replies import Replies
from consumers.job import Job
from interfaces.acting import acting
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.feed.broker import Feed
from interfaces.cli.session import Session
from projections.feed.admin import check
from projections.feed.relay.relay import OtherLedger


@contextmanager
def bound(job: Job, feed: Feed, session: Session) -> Iterator[Job]:
    """The job as it can take messages.

    `inbound` gives commands to the ledger of this call as who acts, and answers
    on the topic of replies; `states` sends rows; any other job needs nothing.
    """
    if job is inbound.JOB:
        yield from _inbound(feed, session)
    elif job is states.JOB:
        broker = feed.chosen()
        check(broker)
        with closing(states.Rows(broker)) as rows:
            yield states.job(rows)
    else:
        yield job


def _inbound(feed: Feed, session: Session) -> Iterator[Job]:
    by = acting(session.settings.acting)
    with closing(Replies(feed.chosen())) as replies:
        try:
            found = inbound.job(session.writer(), replies, by)
        except inbound.NotAllowed as reason:
            raise Stop(Exit.REFUSED, str(reason)) from None
        except OtherLedger as reason:
            raise Stop(Exit.FOUND, str(reason)) from None
        yield found
