"""Which records name what: another record, a document, a person, a body, a thing.

A thing is what facts tell by an id of people's own, such as a disbursement `d1`; it is
one within its account, or within its stream where it is of none.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple, get_args, get_type_hints

from ledger import events
from ledger.events import BodyCode, DocumentId, PartyId, RecordId
from ledger.limits import normal_reference
from ledger.recorded import Recorded
from projections.views.view import Database, Kept, KeptRow, Table, View

MENTIONS = Kept(
    Table(
        "mentions",
        {
            "id": "TEXT NOT NULL",
            "kind": "TEXT NOT NULL",
            "scope": "TEXT NOT NULL",  # Of a thing: its account or stream; else empty.
            "position": "INTEGER NOT NULL",  # Of the record that names it.
            "about": "INTEGER NOT NULL",  # 1 if the record is about it, else 0.
        },
        keys=4,
    ),
    keep="first",
)

THINGS = (
    *("withholding", "representation", "disbursement", "receipt", "recovery"),
    *("payment", "settlement", "set_off", "spending", "credit", "lapse", "interest"),
)
"""The fields that name a thing, and so its kinds."""
_OTHERS = {
    RecordId: "record",
    DocumentId: "document",
    PartyId: "party",
    BodyCode: "body",
}


_FIELDS = "__dataclass_fields__"


@cache
def _plan(form: type) -> tuple[tuple[str, str], ...]:
    """The fields of a fact, or of a part of it, that name anything; each by its kind.

    The kind is empty where the field holds parts that may.
    """
    found = []
    for name, hint in get_type_hints(form).items():
        types = tuple(_types(hint))
        kind = next((_OTHERS[one] for one in types if one in _OTHERS), None)
        if name in THINGS:
            found.append((name, name))
        elif name in ("reference", "transaction"):
            found.append((name, "reference"))
        elif kind is not None:
            found.append((name, kind))
        elif any(_plan(one) for one in types if hasattr(one, _FIELDS)):
            found.append((name, ""))
    return tuple(found)


def _types(hint: type) -> Iterator[type]:
    """A type, and those that it is made of."""
    yield hint
    for inner in get_args(hint):
        yield from _types(inner)


_Key = tuple[str, str, str]
"""Id, kind and scope of what is named."""


def _named(part: Any, scope: str) -> Iterator[tuple[_Key, bool]]:
    """What a fact, or a part of it, names, and whether by a field of its own."""
    scope = getattr(part, "account", scope)
    form: type = type(part)
    for name, kind in _plan(form):
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            if one is None:
                continue
            if not kind:
                yield from ((key, False) for key, _ in _named(one, scope))
            elif kind == "party":
                yield (one.lower(), kind, ""), True
            elif kind == "reference":
                yield (normal_reference(one), kind, ""), True
            else:
                yield (one, kind, scope if kind in THINGS else ""), True


def _mentions(recorded: Recorded) -> dict[_Key, bool]:
    """What a record names, and whether it is about it; it is not about a receipt drawn.

    Who acted and what caused it are named too.
    """
    fact, meta = recorded.fact, recorded.meta
    found: dict[_Key, bool] = {(meta.actor.lower(), "actor", ""): True}
    if meta.causation_id is not None:
        found[meta.causation_id, "causation", ""] = True
    match fact:
        case events.RepresentationMade(about="withholding"):
            found[fact.subject, "withholding", fact.account] = False
        case events.PaymentReferenceTaken():
            for part in fact.parts:
                kind, _, name = part.what.partition("/")
                kind = "payment" if kind == "recovery" else kind
                found[name, kind, part.account] = False
        case events.ParticipationRecorded():
            found[fact.use, "spending", fact.premium] = False
    for key, about in _named(fact, recorded.stream):
        found[key] = found.get(key, False) or about
    return found


def rows(recorded: Recorded) -> Iterator[KeptRow]:
    """A row for each id that a record names."""
    for key, about in _mentions(recorded).items():
        yield MENTIONS(*key, recorded.position, int(about))


VIEW = View.of_rows("mentions", (MENTIONS,), rows)


def grounds(fact: events.Fact) -> tuple[tuple[str, RecordId], ...]:
    """The records that a fact names, each with the field that names it."""
    form: type = type(fact)
    return tuple(
        (name, record)
        for name, kind in _plan(form)
        if kind == "record"
        for value in (getattr(fact, name),)
        for record in (value if isinstance(value, tuple) else (value,))
        if record is not None
    )


# Reading ------------------------------------------------------------------------------


class Thing(NamedTuple):
    """What facts tell by an id of people's own."""

    scope: str
    kind: str
    name: str

    @property
    def id(self) -> str:
        """How it is asked for where others bear its name too."""
        return f"{self.scope}/{self.kind}/{self.name}"


def things_of(recorded: Recorded) -> tuple[tuple[Thing, bool], ...]:
    """The things that a record names, each with whether the record is about it."""
    return tuple(
        (Thing(scope, kind, id), about)
        for (id, kind, scope), about in _mentions(recorded).items()
        if kind in THINGS
    )


def story_of(db: Database, thing: Thing) -> tuple[tuple[int, bool], ...]:
    """The positions of all records that name a thing, and whether each is about it."""
    rows = db.execute(
        "SELECT position, about FROM mentions WHERE id = ? AND kind = ? AND scope = ? "
        "ORDER BY position",
        (thing.name, thing.kind, thing.scope),
    )
    return tuple((position, bool(about)) for position, about in rows)


def things(db: Database, name: str) -> tuple[Thing, ...]:
    """The things of a name, by kind and scope."""
    rows = db.execute(
        "SELECT DISTINCT scope, kind FROM mentions WHERE id = ? AND scope <> '' "
        "ORDER BY kind, scope",
        (name,),
    )
    return tuple(Thing(scope, kind, name) for scope, kind in rows)


class Named(NamedTuple):
    """The records that name something, the latest of them by their positions."""

    count: int  # type: ignore[assignment]
    positions: tuple[int, ...]


def naming(
    db: Database, id: str, kinds: Iterable[str], scope: str = "", *, most: int
) -> Named:
    """The records that name something, in order; where they are many, the last."""
    asked = tuple(kinds)
    marks = ", ".join("?" * len(asked))
    where = f"FROM mentions WHERE id = ? AND kind IN ({marks}) AND scope = ?"
    values = (id, *asked, scope)
    [(count,)] = db.execute(f"SELECT COUNT(DISTINCT position) {where}", values)
    rows = db.execute(
        f"SELECT DISTINCT position {where} ORDER BY position DESC LIMIT ?",
        (*values, most),
    )
    return Named(count, tuple(position for (position,) in rows)[::-1])


def names_near(db: Database, name: str, *, most: int) -> tuple[str, ...]:
    """Ids that are named and begin as this does, all kinds but records."""
    first = name[:1]
    rows = db.execute(
        "SELECT DISTINCT id FROM mentions WHERE id >= ? AND id < ? "
        "AND kind <> 'record' ORDER BY id LIMIT ?",
        (first, f"{first}\uffff", most),
    )
    return tuple(id for (id,) in rows)
