"""`premium status`: how far views, relay and consumers are."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import NamedTuple

from consumers.jobs import JOBS
from consumers.kafka.lag import lag
from consumers.results.results import Results
from interfaces.cli import printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.feed.broker import FEED, Feed
from interfaces.cli.options import Json
from interfaces.cli.session import Session
from interfaces.environment import Unset
from ledger.wording import counted
from projections.feed.events.log import source
from projections.feed.relay.relay import reached
from projections.feed.topics import Broker
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
        End with exit code 1 if anything lags by more seconds, or a key is parked.
    """
    found = list(_parts(session, feed, results, part))
    late = [
        one
        for one in found
        if within is not None and (one.lag_s > within or one.parked)
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
    name, _ = source(session.ledger)
    found = [one.position for one in reached(broker) if one.source == name]
    return _of_log(session, "relay", found[0] if found else 0)


def _consumers(
    broker: Broker, names: Sequence[str], places: dict[str, str], *, begun: bool
) -> Iterator[Stands]:
    for job in (JOBS[name] for name in names):
        topics = [broker.topic(one) for one in job.topics]
        found = lag(broker, f"{broker.prefix}-{job.name}", topics, begun=begun)
        parked = _parked(places[job.name], job.name) if job.name in places else (0, 0)
        if found is not None:
            yield Stands(
                *(f"consume {job.name}", None, found.messages, found.exact),
                *(_seconds(found.since), *parked),
            )


def _parked(where: str, name: str) -> tuple[int, int]:
    with closing(Results(where, JOBS[name])) as results:
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
