"""`premium parked list|replay|discard`: what a consumer set aside for people."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from consumers.job import Job
from consumers.loop import OtherLedger
from consumers.results import parked as messages
from consumers.results.parked import (
    Discarded,
    MessagePlace,
    NotParked,
    Parked,
    Replayed,
)
from consumers.results.results import Results
from interfaces.acting import acting
from interfaces.cli import printing
from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.feed.broker import FEED, Feed
from interfaces.cli.feed.consume import bound, chosen, usable
from interfaces.cli.options import Json
from interfaces.cli.session import Session
from ledger.store.place import place_of


@dataclass(frozen=True, kw_only=True)
class Which:
    """Whose messages are meant."""

    of: str
    """The job, such as reporting."""
    to: str
    """Where its results lie, as premium consume was told."""


Whose = Annotated[Which, Parameter(name="*")]


def list_(*, which: Whose, json: Json = False, session: Session) -> int:
    """List every key that waits: the message that cannot be read, and why.

    Parameters
    ----------
    which
        The job and its results.
    """
    with _results(which, chosen(which.of, session)) as results:
        waiting = messages.parked(results.db)
        gone = tuple(messages.discarded(results.db))
    if json:
        document = {
            "of": which.of,
            "parked": [_document(one) for one in waiting],
            "discarded": [_document(one) for one in gone],
        }
        printing.plain_document(document)
        return Exit.OK
    if not waiting and not gone:
        session.say("Nothing is parked")
    if waiting:
        names = ("key", "message", "#behind it", "parked at, UTC", "why")
        rows = [
            (
                *(one.key, _shown(one.place), f"{one.behind:,}"),
                *(one.at[:19], one.why),
            )
            for one in waiting
        ]
        printing.table(session, f"Keys that wait: {len(rows):,}", names, rows)
    if gone:
        names = ("key", "message", "by", "discarded at, UTC", "why")
        rows = [
            (one.key, _shown(one.place), one.by, one.at[:19], one.why) for one in gone
        ]
        printing.table(session, f"Discarded messages: {len(rows):,}", names, rows)
    return Exit.OK


def replay(
    *keys: str,
    which: Whose,
    json: Json = False,
    feed: Feed = FEED,
    session: Session,
) -> int:
    """Read parked messages again, and take in those that can be read now.

    Each key goes on in its order, up to the first message that still cannot be read:
    then this ends with exit code 1.

    Parameters
    ----------
    keys
        Keys that wait; all of them, if none is named.
    which
        The job and its results.
    """
    with (
        bound(chosen(which.of, session), feed, session) as job,
        _results(which, job) as results,
        _answering(),
    ):
        found = messages.replay(results, keys)
    if json:
        printing.plain_document({"of": which.of, "keys": found})
    elif not found:
        session.say("Nothing is parked")
    else:
        for one in found:
            session.say(_went(one))
    return Exit.FOUND if any(one.left for one in found) else Exit.OK


def discard(
    message: str,
    /,
    *,
    why: str,
    which: Whose,
    json: Json = False,
    feed: Feed = FEED,
    session: Session,
) -> int:
    """Set one parked message aside for good; then its key goes on.

    It is kept with the reason and who gave it (--as). What it tells is missing from
    the results from then: only a program that can read it, and results made again,
    bring it back.

    Parameters
    ----------
    message
        TOPIC/PARTITION/OFFSET, as premium parked list shows it.
    why
        Why nobody needs it, in words.
    which
        The job and its results.
    """
    if not why.strip():
        raise Misused("--why is empty: say why nobody needs the message")
    place, by = _place(message), acting(session.settings.acting).party
    with (
        bound(chosen(which.of, session), feed, session) as job,
        _results(which, job) as results,
        _answering(),
    ):
        went = messages.discard(results, place, why=why, by=by)
    if json:
        printing.plain_document(
            {"of": which.of, "discarded": place._asdict(), "went": went}
        )
        return Exit.OK
    session.say(f"Discarded {_shown(place)}. {_went(went)}")
    return Exit.OK


@contextmanager
def _answering() -> Iterator[None]:
    """Say why nothing was changed."""
    try:
        yield
    except NotParked as reason:
        raise Stop(Exit.REFUSED, str(reason)) from None
    except OtherLedger as reason:
        raise Stop(Exit.FOUND, str(reason)) from None


@contextmanager
def _results(which: Which, job: Job) -> Iterator[Results]:
    """The results that are there; a mistyped name makes no new file."""
    place = place_of(which.to)
    if isinstance(place, Path) and not place.exists():
        raise Stop(
            Exit.UNAVAILABLE,
            f"{which.to} is not there: name the place that premium consume was given",
        )
    with closing(Results(which.to, job)) as results, usable(results.place.name):
        yield results


def _went(one: Replayed) -> str:
    if one.why is None:
        return f"{one.key}: took {one.taken:,}, and goes on"
    return f"{one.key}: took {one.taken:,}, and {one.left:,} wait: {one.why}"


def _document(one: Parked | Discarded) -> dict[str, Any]:
    """As JSON has it, its place by name."""
    document: dict[str, Any] = printing.plain(one)
    return {**document, "place": one.place._asdict()}


def _shown(place: MessagePlace) -> str:
    return f"{place.topic}/{place.partition}/{place.offset}"


def _place(text: str) -> MessagePlace:
    topic, _, rest = text.partition("/")
    partition, _, offset = rest.partition("/")
    if not (topic and partition.isdecimal() and offset.isdecimal()):
        raise Misused(
            f"{text!r} is not a message: write TOPIC/PARTITION/OFFSET, as premium "
            "parked list shows it"
        )
    return MessagePlace(topic, int(partition), int(offset))
