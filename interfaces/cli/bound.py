"""A job with what it needs besides its messages: `inbound` asks a ledger."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from interfaces.cli.broker import Feed
from interfaces.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from consumers.job import Job


@contextmanager
def bound(job: "Job", feed: Feed, here: Session) -> Iterator["Job"]:
    """The job as it can take messages.

    `inbound` gives commands to the ledger of this call as whoever acts, and answers
    on the topic of replies; any other job needs nothing.
    """
    from consumers import inbound
    from projections.feed.relay import OtherLedger

    if job is not inbound.JOB:
        yield job
        return
    from consumers.replies import Replies

    by = here.settings.by()
    with closing(Replies(feed.chosen())) as replies:
        try:
            found = inbound.job(here.ledger, replies, by)
        except inbound.NotAllowed as reason:
            raise Stop(Exit.REFUSED, str(reason)) from None
        except OtherLedger as reason:
            raise Stop(Exit.FOUND, str(reason)) from None
        yield found
