"""What an id opens: what bears it, what that rests on, and what rests on that.

An id is a record's, a stream's, a command's, or what people call something by: a
document's hash or its beginning, a party, a body, a payment reference, a claim, or a
thing of an account, such as a disbursement.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger import events
from ledger.events import RecordId
from ledger.limits import normal_reference
from ledger.recorded import (
    Recorded,
    account_parts,
    account_stream,
    body_stream,
    claim_stream,
    document_stream,
    party_stream,
    payment_reference_stream,
)
from ledger.store.reader import LedgerReader
from projections.views import mentions
from projections.views.mentions import THINGS, Named, Thing
from projections.views.names import NamesFromTables
from projections.views.view import Database, account_of

_WITHIN = ("account", "result", "rulebook", "payment-run", "attribution", "certificate")
"""Kinds of streams whose names are also said without the kind."""
_AFTER_AWARD = (
    *(events.DisbursementRequested, events.WithholdingProposed),
    *(events.RecoveryOrdered, events.DebtSettled),
    *(events.DebtSetOff, events.PayableSetOff),
)
"""Facts that follow from the award which stood."""


class Found(NamedTuple):
    """Something that bears an id."""

    kind: str
    id: str
    """Opens it, and nothing else."""


class Link(NamedTuple):
    """One record beside another."""

    how: str
    """What it is to the other, in a few words."""
    record: Recorded


class Links(NamedTuple):
    """Records beside a record or thing, of which the last may be all that is given."""

    links: tuple[Link, ...]
    count: int  # type: ignore[assignment]


def found(log: LedgerReader, db: Database, id: str) -> tuple[Found, ...]:
    """What bears an id, each with an id that opens it alone; empty where nothing does.

    Raises:
        LookupError: Where a record is of a stream that is there, and it is not.
    """
    whole = [one for one in (_record(log, id), _command(log, id)) if one is not None]
    names = dict.fromkeys([*_streams(log, id), *_bodies(log, id)])
    kinds = [(name.partition("/")[0], name) for name in names]
    if not any(kind in ("party", "body") for kind, _ in kinds):
        party = id.removeprefix("party/").lower()
        if mentions.naming(db, party, ("actor", "party"), most=1).count:
            kinds.append(("party", f"party/{party}"))
    if any(kind == "body" for kind, _ in kinds):  # An organisation by its code.
        kinds = [one for one in kinds if one[0] != "party"]
    scope, _, named = id.rpartition("/")
    scope, _, kind = scope.rpartition("/")
    if kind in THINGS and mentions.naming(db, named, (kind,), scope, most=1).count:
        whole.append(Found(kind, id))
    whole += [Found(one.kind, one.id) for one in mentions.things(db, id)]
    return (*whole, *(Found(kind, name) for kind, name in kinds))


def _record(log: LedgerReader, id: str) -> Found | None:
    """A record by its id, or by its position in the ledger."""
    if id.isascii() and id.isdecimal() and len(id) < 19 and int(id) > 0:
        at = log.read(int(id) - 1, 1)
        return Found("record", at[0].id) if at else None
    stream, at_sign, version = id.rpartition("@")
    if not at_sign or not version.isdecimal():
        return None
    there = log.record(id) if len(version) < 19 else None
    if there is not None:
        return Found("record", id)
    if records := log.stream(stream):
        raise LookupError(f"{stream} has the versions 1 to {len(records)}")
    return None


def _command(log: LedgerReader, id: str) -> Found | None:
    for name in dict.fromkeys((id, id.removeprefix("command/"))):
        if log.command(name) is not None:
            return Found("command", f"command/{name}")
    return None


def _streams(log: LedgerReader, id: str) -> Iterator[str]:
    """The streams that an id may mean."""
    names = [id, *(f"{kind}/{id}" for kind in _WITHIN), body_stream(id.upper())]
    names += [party_stream(id), party_stream(id.removeprefix("party/"))]
    names += [claim_stream(id), document_stream(id.lower())]
    reference = normal_reference(id.removeprefix("payment-reference/"))
    names.append(payment_reference_stream(reference))
    yield from (name for name in dict.fromkeys(names) if log.stream(name))
    begun = id.lower().removeprefix("document/")
    if re.fullmatch("[0-9a-f]{8,63}", begun):
        yield from log.streams(document_stream(begun))


def _bodies(log: LedgerReader, id: str) -> Iterator[str]:
    """A body that has a premium, registered or not."""
    code = id.removeprefix("body/").upper()
    if any(account_parts(one)[2] == code for one in accounts(log)):
        yield body_stream(code)


def accounts(log: LedgerReader) -> tuple[str, ...]:
    """Every account that was opened, in order."""
    start = account_stream("")
    return tuple(one.removeprefix(start) for one in log.streams(start))


def thing(id: str) -> Thing:
    """The thing that an id such as `quality-premium/2013-14/X01/receipt/r1` means."""
    scope, kind, name = id.rsplit("/", 2)
    return Thing(scope, kind, name)


# What a record rests on, and what rests on it -----------------------------------------


def rests_on(log: LedgerReader, db: Database, recorded: Recorded) -> tuple[Link, ...]:
    """The records that a record rests on: named, told by a thing, or its cause."""
    links: list[tuple[str, Recorded | None]] = []
    for field, id in mentions.grounds(recorded.fact):
        links.append((field.replace("_", " "), log.record(id)))
    document = getattr(recorded.fact, "document", None)
    if document is not None and recorded.stream != document_stream(document):
        records = log.stream(document_stream(document))
        links += [("document", one) for one in records[:1]]
    for one, is_about in mentions.things_of(recorded):
        story = mentions.story_of(db, one)
        before = [at for at, about in story if about and at < recorded.position]
        if before:
            at = before[-1] if is_about else before[0]
            links.append((f"{one.kind} {one.name}", _at(log, at)))
    account = account_of(recorded.fact)
    if account is not None and isinstance(recorded.fact, _AFTER_AWARD):
        names = NamesFromTables(db, recorded.position)
        try:
            award = names.award(account, recorded.position)
        except LookupError:
            pass  # It is shown all the same.
        else:
            links.append(("award", log.record(award)))
    cause = recorded.meta.causation_id
    if cause is not None:
        links += [("cause", one) for one in _caused_by(log, cause)]
    return _each(links, recorded)


def rest_on_it(log: LedgerReader, db: Database, recorded: Recorded, most: int) -> Links:
    """The records that rest on a record: they name it, or follow in a thing's story.

    Args:
        most: At most so many, the last; the count is of all.
    """
    named = mentions.naming(db, recorded.id, ("record", "causation"), most=most)
    links = [(("names it"), one) for one in records(log, named)]
    count = named.count
    if isinstance(recorded.fact, events.DocumentRecorded):
        named = mentions.naming(db, recorded.fact.document, ("document",), most=most)
        links += [("names it", one) for one in records(log, named)]
        count += named.count - 1  # Its own record names it too.
    later: list[tuple[str, int]] = []
    for one, is_about in mentions.things_of(recorded):
        if is_about:
            says = f"{one.kind} {one.name}"
            story = mentions.story_of(db, one)
            later += [(says, at) for at, _ in story if at > recorded.position]
    links += [(says, _at(log, at)) for says, at in later[-most:]]
    count += len(later)
    if isinstance(recorded.fact, events.AwardConfirmed):
        follow = tuple(_following(log, recorded))
        links += [("award", one) for one in follow[-most:]]
        count += len(follow)
    each = _each(links, recorded)
    return Links(each[-most:], max(len(each), count if count > most else 0))


def _following(log: LedgerReader, award: Recorded) -> Iterator[Recorded]:
    """What followed from an award, until the next."""
    for one in log.stream(award.stream)[award.version :]:
        if isinstance(one.fact, events.AwardConfirmed):
            return
        if isinstance(one.fact, _AFTER_AWARD):
            yield one


def naming_thing(log: LedgerReader, db: Database, one: Thing, most: int) -> Links:
    """The records that name a thing, in order."""
    named = mentions.naming(db, one.name, (one.kind,), one.scope, most=most)
    return Links(tuple(Link(r.fact.TOPIC, r) for r in records(log, named)), named.count)


def _caused_by(log: LedgerReader, cause: str) -> Iterable[Recorded]:
    """The records that a causation names, a record or a command of this ledger."""
    stream, _, version = cause.rpartition("@")
    if stream and version.isdecimal() and (one := log.record(cause)) is not None:
        return (one,)
    return of_command(log, cause)


def of_command(log: LedgerReader, id: str) -> tuple[Recorded, ...]:
    """The records of a command, in order; none where it was refused."""
    row = log.command(id)
    if row is None or row.first_position is None:
        return ()
    return tuple(log.read(row.first_position - 1, row.count))


def records(log: LedgerReader, named: Named) -> Iterator[Recorded]:
    """The records at positions."""
    return (_at(log, at) for at in named.positions)


def _at(log: LedgerReader, position: int) -> Recorded:
    [recorded] = log.read(position - 1, 1)
    return recorded


def _each(
    links: Iterable[tuple[str, Recorded | None]], of: Recorded
) -> tuple[Link, ...]:
    """Links in the order of the ledger, each record once and never to itself."""
    once: dict[RecordId, Link] = {}
    for how, one in links:
        if one is not None and one.id != of.id:
            once.setdefault(one.id, Link(how, one))
    return tuple(sorted(once.values(), key=lambda link: link.record.position))
