"""`premium status`: how far views, relay and consumers are."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import NamedTuple

from consumers.job import Job
from consumers.jobs import JOBS
from consumers.kafka.lag import groups, lag
from consumers.results.results import Results
from interfaces.cli import printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.feed.broker import FEED, Feed
from interfaces.cli.options import Json
from interfaces.cli.session import Session
from interfaces.environment import Unset
from ledger.wording import counted
from projections.feed.admin import AGAIN, BrokerAway, check, see_all
from projections.feed.events.log import Last, OtherLedger, rows_behind, source
from projections.feed.reached import Unknown, reached
from projections.feed.topics import EVENTS, TOPICS, Broker
from projections.following.views import Views


class Stands(NamedTuple):
    """How far one part of the service is."""

    part: str
    position: int | None  # In the ledger; None where it counts messages alone.
    behind: int  # Records or messages.
    exact: bool
    lag_s: int  # How old the first is that it has not taken in, whole seconds.
    parked: int = 0  # Messages set aside.
    parked_keys: int = 0
    wrong: str = ""  # What is not as it must be, however far it is.
    says: str = ""  # What else is to be known of it.


def status(
    *,
    part: Sequence[str] = (),
    results: Sequence[str] = (),
    within: int | None = None,
    json: Json = False,
    feed: Feed = FEED,
    session: Session,
) -> int:
    """Say how far views, relay and consumers are behind, and what is parked.

    Parameters
    ----------
    part
        Only this one: views, relay, or the name of a consumer, which needs no ledger.
    results
        Where a consumer's results lie, as NAME=WHERE: what it has parked is said too.
    within
        End with exit code 1 if anything lags by more seconds, or a key is parked. What
        is wrong ends with it always.
    """
    found = list(_parts(session, feed, results, part))
    late = [
        one
        for one in found
        if one.wrong or (within is not None and (one.lag_s > within or one.parked))
    ]
    if json:
        parts = [one._asdict() for one in found]
        if session.settings.db:
            printing.document(session, {"head": session.ledger.head(), "parts": parts})
        else:
            printing.plain_document({"parts": parts})
        return Exit.FOUND if late else Exit.OK
    if session.settings.db:
        says = f"Ledger at position {session.ledger.head():,}"
        session.say(session.titled(says))
    rows = [
        (
            one.part,
            "" if one.position is None else f"{one.position:,}",
            f"{one.behind:,}{'' if one.exact else ' or less'}",
            f"{one.lag_s:,}",
            f"{one.parked:,} of {counted(one.parked_keys, 'key')}"
            if one.parked
            else "",
        )
        for one in found
    ]
    names = ("part", "position", "behind", "seconds", "parked")
    printing.table(session, "How far each part is", names, rows)
    for one in found:
        if one.wrong or one.says:
            session.say(f"{one.part}: {one.wrong or one.says}")
    return Exit.FOUND if late else Exit.OK


def _parts(
    session: Session, feed: Feed, results: Sequence[str], only: Sequence[str]
) -> Iterator[Stands]:
    unknown = set(only) - {"views", "relay", *JOBS}
    if unknown:
        known = ", ".join(("views", "relay", *JOBS))
        raise Misused(f"there is no part {unknown.pop()!r}: it is {known}")
    if not only or "views" in only:
        with closing(Views.beside(session.ledger, session.settings.where())) as views:
            yield _of_log(session, "views", views.position)
    if set(only) == {"views"}:
        return
    try:
        broker = feed.chosen()
    except Unset:
        if results or only:
            raise
        return
    if not only or "relay" in only:
        yield _relay(session, broker)
    names = [name for name in JOBS if not only or name in only]
    yield from _consumers(broker, names, _places(results), begun=bool(only))


def _of_log(session: Session, part: str, position: int) -> Stands:
    head = session.ledger.head()
    waiting = session.ledger.read(position, 1)
    since = waiting[0].meta.recorded_at if waiting else None
    return Stands(part, position, head - position, True, _seconds(since))


def _relay(session: Session, broker: Broker) -> Stands:
    """How far the relay is, and whether log and topic hold what it sent."""
    name, _ = source(session.ledger)
    try:
        found = {one.source: one for one in reached(broker)}.get(name)
        topic = check(broker)[TOPICS.index(EVENTS)]
        if found is None:
            return _of_log(session, "relay", 0)
        if topic.id != found.topic:
            raise BrokerAway(f"the topic {topic.topic} was made again: {AGAIN}")
        last = Last(found.position, bytes.fromhex(found.leaf))
        rows_behind(session.ledger, last, 0)
        see_all(broker, found.events, found.topic)
    except (OtherLedger, Unknown, BrokerAway) as reason:
        return Stands("relay", None, 0, True, 0, wrong=str(reason))
    return _of_log(session, "relay", found.position)


def _consumers(
    broker: Broker, names: Sequence[str], places: dict[str, str], *, begun: bool
) -> Iterator[Stands]:
    there = groups(broker)
    for job in (JOBS[name] for name in names):
        before = f"{broker.prefix}-{job.name}"
        if job.name in places:
            with closing(Results(places[job.name], job)) as results:
                found = _consumer(broker, job, results.group(broker.prefix), begun)
                messages, keys = _parked(results)
                for one in found:
                    yield one._replace(parked=messages, parked_keys=keys)
            continue
        each = [
            one for one in there if re.fullmatch(rf"{re.escape(before)}-\w{{12}}", one)
        ]
        if begun and not each:
            each = [f"{before}-of-none"]
        for group in each:
            yield from _consumer(broker, job, group, begun)
        if before in there:
            old = f"{before} is an earlier version's group: no place has it, delete it"
            yield Stands(f"consume {job.name}", None, 0, True, 0, says=old)


def _consumer(broker: Broker, job: Job, group: str, begun: bool) -> Iterator[Stands]:
    topics = [broker.topic(one) for one in job.topics]
    found = lag(broker, group, topics, begun=begun)
    if found is not None:
        part = f"consume {group.removeprefix(f'{broker.prefix}-')}"
        seconds = _seconds(found.since)
        yield Stands(part, None, found.messages, found.exact, seconds)


def _parked(results: Results) -> tuple[int, int]:
    """How many messages are parked, and of how many keys."""
    [(messages, keys)] = results.db.execute(
        "SELECT COUNT(*), COUNT(DISTINCT key) FROM parked"
    ).fetchall()
    return messages, keys


def _places(results: Sequence[str]) -> dict[str, str]:
    places = dict(one.partition("=")[::2] for one in results)
    for name, where in places.items():
        if not where:
            raise Misused(f"--results {name}: write it as NAME=WHERE")
    return places


def _seconds(since: datetime | None) -> int:
    return (
        0 if since is None else max(0, int((datetime.now(UTC) - since).total_seconds()))
    )
