"""`premium show`: whatever bears an id."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from interfaces.cli import known, printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import Json
from interfaces.cli.outcomes import fact_json
from interfaces.cli.session import Session
from ledger.calendar import both_years
from ledger.events import Commitment, PartyRegistered, Slice
from ledger.money import exact_text, pounds
from ledger.postings import legs
from ledger.recorded import Recorded, account_parts, committed
from ledger.store.reader import LedgerReader
from ledger.wording import counted
from ledger.writer.refusals import decode_refusal
from projections.questions import opened
from projections.questions.opened import Found, Link, Links
from projections.story.sentences.every import sentence
from projections.story.words import FORGOTTEN, Lookup
from projections.views import mentions
from projections.views.view import Database

_NEAR = 5_000
"""Names that are looked through for one that comes near."""


def show(
    id: str,
    /,
    *,
    top: int = 20,
    json: Json = False,
    session: Session,
) -> int:
    """Show whatever bears an id: its fields, what caused it and what it caused.

    Every id that is printed can be given: of a record, a command (a refused one too), a
    document (its hash, or 8 or more of its characters), a party, a body, a premium
    account, a payment reference, a claim, a result, a payment run, or a thing such as a
    disbursement. Where several bear it, they are listed, each with an id of its own.

    Parameters
    ----------
    top
        Of records that are many, the last so many.
    """
    if top < 1:
        raise Misused(f"--top {top}: write how many records, such as 20")
    log = session.ledger
    with closing(session.views()) as views, views.reading() as db:
        try:
            found = opened.found(log, db, id)
        except LookupError as reason:
            raise Misused(f"no record {id} is there: {reason}") from None
        if not found:
            raise _unknown(log, db, id)
        page = _Page(log, db, top)
        content: dict[str, Any] = {"position": log.head(), "asked": id}
        content["found"] = [one._asdict() for one in found]
        if len(found) == 1:
            content |= page.of(found[0])
    if json:
        printing.document(session, content)
    elif len(found) == 1:
        _print(session, content)
    else:
        title = session.titled(f"{len(found):,} bear the id {id}: show one of these")
        printing.listing(session, title, "kind, id", found)
    return Exit.OK


def _unknown(log: LedgerReader, db: Database, id: str) -> Misused:
    """What is said of an id that nothing bears."""
    names = {*opened.accounts(log), *log.streams("")[:_NEAR]}
    names |= {name.partition("/")[2] for name in names}
    names |= {*mentions.names_near(db, id, most=_NEAR)}
    otherwise = "premium trail and the lists print ids"
    return known.none(f"nothing bears the id {id!r}", id, names, otherwise)


class _Page:
    """What is shown of one thing."""

    def __init__(self, log: LedgerReader, db: Database, most: int) -> None:
        self._log = log
        self._db = db
        self._most = most
        self._lookup = Lookup(log)

    def of(self, one: Found) -> dict[str, Any]:
        """Everything that is shown of what was found, for a JSON document."""
        match one.kind:
            case "record":
                recorded = self._log.record(one.id)
                assert recorded is not None
                return self._record(recorded)
            case "command":
                return self._command(one.id.removeprefix("command/"))
            case kind if kind in mentions.THINGS:
                named = opened.thing(one.id)
                links = opened.naming_thing(self._log, self._db, named, self._most)
                return {"title": f"{kind} {named.name} of {named.scope}"} | self._all(
                    "records", links
                )
            case _:
                return self._stream(one)

    def _record(self, recorded: Recorded) -> dict[str, Any]:
        meta, log = recorded.meta, self._log
        grounds = opened.rests_on(log, self._db, recorded)
        with_it = opened.of_command(log, meta.command_id)
        beside = [Link("same command", r) for r in with_it if r.id != recorded.id]
        kept = Links(tuple(beside[-self._most :]), len(beside))
        return {
            "title": sentence(recorded.fact, self._lookup),
            "says": sentence(recorded.fact, self._lookup),
            "record": recorded.id,
            "at": recorded.position,
            "recorded_at": meta.recorded_at,
            "effective_on": meta.effective_on,
            "decided_on": meta.decided_on,
            "actor": meta.actor,
            "role": meta.role,
            "on_behalf_of": meta.on_behalf_of,
            "who": self._lookup.who(meta),
            "command": f"command/{meta.command_id}",
            "correlation_id": meta.correlation_id,
            "causation_id": meta.causation_id,
            **fact_json(recorded),
            "texts": self._texts(recorded),
            "fields": self._fields(recorded),
            "legs": [
                {"ledger_account": leg.account, "slice": leg.slice}
                | {"effective_on": leg.effective_on, "moved_pence": leg.pence}
                for leg in legs(recorded.fact, meta.effective_on)
            ],
            **self._all("rests_on", Links(grounds, len(grounds))),
            **self._all(
                "rest_on_it",
                opened.rest_on_it(log, self._db, recorded, self._most),
            ),
            **self._all("recorded_with_it", kept),
        }

    def _command(self, id: str) -> dict[str, Any]:
        row = self._log.command(id)
        assert row is not None
        content: dict[str, Any] = {
            "title": f"command {id}: {row.outcome}",
            "command": f"command/{id}",
            "outcome": row.outcome,
            "recorded_at": row.recorded_at,
            "request_hash": row.hash,
        }
        if row.refusal is not None:
            refusal = decode_refusal(row.refusal)
            content["refusal"] = refusal.NAME
            content["numbers"] = printing.plain(refusal)
            content["says"] = str(refusal)
        came = opened.of_command(self._log, id)
        links = tuple(Link(one.fact.TOPIC, one) for one in came[-self._most :])
        return content | self._all("records", Links(links, len(came)))

    def _stream(self, one: Found) -> dict[str, Any]:
        """A party, body, document or other stream: its records and what names it."""
        own = self._log.stream(one.id)
        links = tuple(Link(each.fact.TOPIC, each) for each in own[-self._most :])
        content: dict[str, Any] = {"title": one.id.replace("/", " ", 1)}
        content |= self._all("records", Links(links, len(own)))
        name = one.id.partition("/")[2]
        asked: dict[str, tuple[str, str]] = {}
        match one.kind:
            case "body":
                content["title"] = self._lookup.body(name)
                asked = {"named_by": (name, "body"), "acted": (name.lower(), "actor")}
                content["accounts"] = [
                    account
                    for account in opened.accounts(self._log)
                    if account_parts(account)[2] == name
                ]
            case "party":
                written = [
                    each.fact.party
                    for each in own
                    if isinstance(each.fact, PartyRegistered)
                ]
                content["title"] = self._lookup.party([name, *written][-1])
                asked = {"named_by": (name, "party"), "acted": (name, "actor")}
            case "document":
                asked = {"named_by": (name, "document")}
            case "payment-reference":
                asked = {"named_by": (name, "reference")}
        for heading, (id, kind) in asked.items():
            named = mentions.naming(self._db, id, (kind,), most=self._most)
            others = [
                Link(record.fact.TOPIC, record)
                for record in opened.records(self._log, named)
                if record.stream != one.id
            ]
            count = named.count - (len(named.positions) - len(others))
            content |= self._all(heading, Links(tuple(others), count))
        return content

    def _all(self, name: str, links: Links) -> dict[str, Any]:
        """Records beside it, and how many they are."""
        return {
            name: [
                {
                    "how": how,
                    "id": one.id,
                    "effective_on": one.meta.effective_on,
                    "who": self._lookup.who(one.meta),
                    "says": sentence(one.fact, self._lookup),
                }
                for how, one in links.links
            ],
            f"{name}_count": links.count,
        }

    def _texts(self, recorded: Recorded) -> dict[str, str | None]:
        """The prose that a fact is committed to, by field; None where forgotten."""
        fact = recorded.fact
        form: type = type(fact)
        found: dict[str, str | None] = {}
        for name in committed(form):
            commitment: Commitment | None = getattr(fact, name)
            if commitment is None:
                continue
            if isinstance(fact, PartyRegistered):
                found[name] = self._log.name(fact.party)
            else:
                found[name] = self._log.text(commitment)
        return found

    def _fields(self, recorded: Recorded) -> dict[str, str]:
        """The fields of a fact for people: pounds, days, texts."""
        texts = self._texts(recorded)
        told = {}
        for one in fields(recorded.fact):
            value = getattr(recorded.fact, one.name)
            if one.name in texts:
                text = texts[one.name]
                told[one.name] = FORGOTTEN if text is None else text
            elif value is not None and value != ():
                told[one.name] = _told(one.name, value)
        return {_words(name): value for name, value in told.items()}


def _words(name: str) -> str:
    return name.removesuffix("_pence").replace("_", " ")


def _told(name: str, value: Any) -> str:
    """A value of a fact for people."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() if name.endswith("pence"):
            return pounds(value)
        case int():
            return f"{value:,}"
        case Fraction():
            return exact_text(value)
        case str() if name == "scheme_year":
            return both_years(value)
        case str() if len(value) > 200:  # The whole text of a rulebook.
            return f"{value[:60]!r} and {counted(len(value) - 60, 'more character')}"
        case tuple():
            return ", ".join(_told(name, one) for one in value)
        case Slice():
            return f"{pounds(value.pence)} of {value.measure}"
        case _ if is_dataclass(value):
            inner = ((one.name, getattr(value, one.name)) for one in fields(value))
            said = (f"{_words(n)} {_told(n, v)}" for n, v in inner if v is not None)
            return f"({', '.join(said)})"
        case _:
            return str(value)


# For people ---------------------------------------------------------------------------

_HEADINGS = {
    "records": "Records",
    "rests_on": "What it rests on",
    "rest_on_it": "What rests on it",
    "recorded_with_it": "Recorded with it",
    "named_by": "Where it is named",
    "acted": "Where it acted",
}


def _print(session: Session, content: Mapping[str, Any]) -> None:
    """What is shown of one thing."""
    [one] = content["found"]
    session.say(session.titled(one["id"]))
    session.say(f"  {content['title']}")
    if "record" in content:
        session.say(f"  {content['topic']}, position {content['at']}, {_days(content)}")
        session.say(f"  by {content['who']}, {content['command']}")
        rows = list(content["fields"].items())
        printing.table(session, "", ("field", "value"), rows)
        if content["legs"]:
            columns = "ledger_account as account, slice as measure, effective_on as "
            columns += "effective on, moved_pence as £ moved"
            printing.listing(session, "Legs", columns, content["legs"])
    elif "outcome" in content:
        session.say(f"  answered {content['recorded_at']}")
        if "refusal" in content:
            session.say(f"  {content['refusal']}: {content['says']}")
    for account in content.get("accounts", ()):
        session.say(f"  account/{account}")
    for name, heading in _HEADINGS.items():
        if content.get(name):
            _list(session, heading, content[name], content[f"{name}_count"])


def _days(content: Mapping[str, Any]) -> str:
    at = f"{content['recorded_at']:%Y-%m-%d %H:%M:%S}"
    decided = content["decided_on"]
    says = f", decided on {decided}" if decided is not None else ""
    return f"recorded at {at} UTC, effective on {content['effective_on']}{says}"


def _list(
    session: Session, heading: str, rows: Sequence[Mapping[str, Any]], count: int
) -> None:
    """Records beside it, a line each with its sentence."""
    more = count - len(rows)
    last = f": the last {len(rows):,} of {count:,}, a greater --top shows more"
    session.say(f"{heading}{last if more > 0 else ''}")
    for row in rows:
        session.say(f"  {row['id']}  ({row['how']}, {row['effective_on']})")
        session.say(f"        {row['says']}")
