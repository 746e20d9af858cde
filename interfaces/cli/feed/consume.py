"""`premium consume`: a job at the far end of the topics, as a service."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from consumers.compacted import job as states
from consumers.inbound import job as inbound
from consumers.inbound.replies import Replies
from consumers.job import Job
from consumers.jobs import JOBS
from consumers.kafka.sent import Sent
from consumers.kafka.source import Topics
from consumers.loop import OtherLedger, Took
from consumers.open_files import job as open_files
from consumers.open_files.naming import Naming
from consumers.open_files.naming import payees as named
from consumers.results.results import Results
from consumers.service import keep_consuming
from interfaces.acting import acting
from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.feed.broker import FEED, Feed
from interfaces.cli.operations.until_stopped import told_to_stop
from interfaces.cli.outputs import spared
from interfaces.cli.session import Session
from ledger.wording import counted
from projections.feed.admin import check, see_all
from projections.feed.events import log
from projections.feed.topics import EVENTS, Broker


class Tally:
    """What became of the messages of a call."""

    def __init__(self) -> None:
        self.messages = self.applied = self.parked = 0

    def add(self, took: Took) -> None:
        """Count one more batch."""
        self.messages += took.messages
        self.applied += took.applied
        self.parked += took.parked


def consume(
    name: str,
    /,
    *,
    to: str,
    folder: Path | None = None,
    payees: Path | None = None,
    member: str | None = None,
    once: bool = False,
    feed: Feed = FEED,
    session: Session,
) -> int:
    """Take events from the topics into a database or files, until stopped.

    Several at once share the work, by body; killed, they lose and double nothing. A
    message that cannot be read is parked and its key waits: see premium parked.

    Parameters
    ----------
    name
        The job, such as reporting; docs/consumers.md says what each does.
    to
        Where its results and its place in the topics lie: a file that is made where
        it is missing, or the address of a PostgreSQL database.
    folder
        Where the job writes its files, if it does.
    payees
        Names of payees for open-files, a CSV file with the columns payee,name: the
        topics hold none.
    member
        A name of this process among those that share the work, such as a host's: one
        that is started again under it goes on at once where the dead one was.
    once
        Take what is there now, and end.
    """
    spared(session, to)
    broker = feed.chosen()
    job = _with_names(chosen(name, session), payees)
    if (job.publish is None) != (folder is None):
        says = "writes no files: leave --folder out" if folder else "writes files"
        more = "" if folder else ": give --folder DIR"
        raise Misused(f"{name} {says}{more}")
    with (
        bound(job, feed, session) as asking,
        closing(Results(to, asking)) as results,
        usable(results.place.name),
        _topics(broker, job, results, member) as source,
    ):
        topics = ", ".join(broker.topic(one) for one in job.topics)
        session.say(f"Consumes {topics} into {results.place.name}")
        sys.stdout.flush()
        publish = partial(_publish, job, results, folder)
        tally = _taken(source, results, publish, once=once)
    session.say(f"Took {tally.applied:,} of {counted(tally.messages, 'message')}")
    if tally.parked:
        session.say(f"Parked {tally.parked:,}: see premium parked list")
    return Exit.OK


@contextmanager
def _topics(
    broker: Broker, job: Job, results: Results, member: str | None
) -> Iterator[Topics]:
    """The topics of a job, seen to be whole."""
    marks = {one.topic: one.id for one in check(broker, job.topics)}
    results.see(marks)
    with ExitStack() as stack:
        sent = None
        if EVENTS in job.topics:
            sent = stack.enter_context(closing(Sent(broker)))
            if said := sent.reached():
                see_all(broker, said.events, said.topic)
        source = Topics(
            broker,
            list(marks),
            results.group(broker.prefix),
            results.begins,
            marks=marks,
            sent=sent,
            member=member,
        )
        yield stack.enter_context(closing(source))


def _taken(
    source: Topics, results: Results, publish: Callable[[], None], *, once: bool
) -> Tally:
    """Take messages until told to stop, or with `once` until the end."""
    tally = Tally()
    try:
        with told_to_stop() as stopping:
            keep_consuming(
                source, results, stopping, once=once, publish=publish, took=tally.add
            )
    except OtherLedger as reason:
        raise Stop(Exit.FOUND, str(reason)) from None
    return tally


def chosen(name: str, session: Session) -> Job:
    """The job of a name; stops where there is none."""
    if name not in JOBS:
        known = "; ".join(f"{job.name}: {job.about}" for job in JOBS.values())
        raise Misused(f"there is no job {name!r}: {known}")
    return JOBS[name]


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
        except log.OtherLedger as reason:
            raise Stop(Exit.FOUND, str(reason)) from None
        yield found


def _with_names(job: Job, payees: Path | None) -> Job:
    """The job, with the names that its publisher gives."""
    if payees is None:
        return job

    if job is not open_files.JOB:
        raise Misused(f"{job.name} names no payees: leave --payees out")
    return open_files.named(Naming(named(payees)))


def _publish(job: Job, results: Results, folder: Path | None) -> None:
    if job.publish is not None and folder is not None:
        for path in job.publish(results.db, folder):
            print(f"Wrote {path}", flush=True)


@contextmanager
def usable(place: str) -> Iterator[None]:
    """Stop at an error of its database; nothing of the batch under way is saved."""
    broken: tuple[type[Exception], ...] = (sqlite3.Error,)
    with suppress(ImportError):  # It belongs to the extra `postgres`.
        import psycopg  # noqa: PLC0415

        broken = (*broken, psycopg.Error)
    try:
        yield
    except broken as reason:
        says = " ".join(str(reason).split())
        raise Stop(
            Exit.UNAVAILABLE,
            f"{place}: {says}; nothing of this batch is saved: see to the database, "
            "and start this again",
        ) from reason
