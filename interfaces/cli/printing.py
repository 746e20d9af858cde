"""How answers are printed: tables for people, one JSON document for machines."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from interfaces.cli.session import Exit, Session, Write

if TYPE_CHECKING:
    from ledger.recorded import Recorded
    from ledger.request import Outcome, Refusal

SIMULATED = "SIMULATED"


def document(session: Session, content: Mapping[str, Any]) -> None:
    """One JSON document, with the origin of the ledger before everything else."""
    print(json.dumps({"origin": session.ledger.origin(), **plain(content)}, indent=2))


def plain_document(content: Mapping[str, Any]) -> None:
    """One JSON document that says nothing of a ledger: there may be none."""
    print(json.dumps(plain(content), indent=2))


def plain(value: Any) -> Any:
    """What JSON can hold: exact numbers and dates as text, dataclasses as objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    match value:
        case bool() | int() | str() | None:
            return value
        case Fraction():
            from ledger.money import exact_text

            return exact_text(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case _:
            return [plain(inner) for inner in value]


def years(account: str) -> dict[str, str]:
    """The scheme, body and both years of an account, for a JSON document."""
    from ledger.calendar import payment_year
    from ledger.recorded import account_parts

    scheme, year, body = account_parts(account)
    return {
        "account": account,
        "scheme": scheme,
        "body": body,
        "scheme_year": year,
        "payment_year": payment_year(year),
    }


def titled(session: Session, says: str) -> str:
    """A heading, marked where the ledger is simulated."""
    return f"{SIMULATED}: {says}" if session.simulated else says


def account_title(session: Session, account: str) -> str:
    """A heading for one account: body, scheme and both years."""
    from ledger.calendar import both_years
    from ledger.events import BodyRegistered
    from ledger.recorded import account_parts, body_stream

    scheme, year, body = account_parts(account)
    stream = session.ledger.stream(body_stream(body))
    known = stream[0].fact if stream else None
    name = f"{known.name} ({body})" if isinstance(known, BodyRegistered) else body
    return titled(session, f"{name}, {scheme} {both_years(year)}")


def table(
    session: Session,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
) -> None:
    """A table; columns whose heading begins with £ or # hold figures, at the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    shown = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD
    )
    for column in columns:
        figures = column.startswith(("£", "#"))
        name = column.lstrip("#")
        shown.add_column(name, justify="right" if figures else "left", no_wrap=figures)
    for row in rows:
        shown.add_row(*row)
    session.out.print(shown)


@lru_cache(maxsize=64)
def _adapter(kind: type) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def fact_json(recorded: "Recorded") -> dict[str, Any]:
    """A record's fact as stored: its record, topic and fields."""
    fact = recorded.fact
    kind: type = type(fact)
    return {
        "record": recorded.id,
        "topic": fact.TOPIC,
        "fact": _adapter(kind).dump_python(fact, mode="json"),
    }


def outcome_json(outcome: "Outcome") -> dict[str, Any]:
    """An outcome for machines; `docs/cli.md` describes it."""
    from ledger.request import Appended, NotTried, Refused, Repeated

    match outcome:
        case Appended(id=id, records=records):
            return {
                "id": id,
                "outcome": "appended",
                "positions": [one.position for one in records],
                "facts": [fact_json(one) for one in records],
            }
        case Refused(id=id, refusal=refusal):
            return {
                "id": id,
                "outcome": "refused",
                "refusal": refusal.NAME,
                "numbers": plain(refusal),
                "says": str(refusal),
            }
        case NotTried(id=id, refused=refused):
            return {"id": id, "outcome": "not-tried", "because": refused}
        case Repeated(id=id, first=first):
            return {"id": id, "outcome": "repeated", "first": outcome_json(first)}


def refusal_of(outcome: "Outcome") -> "Refusal | None":
    """The refusal of an outcome, a repeated one included."""
    from ledger.request import Refused, Repeated

    first = outcome.first if isinstance(outcome, Repeated) else outcome
    return first.refusal if isinstance(first, Refused) else None


def code_of(outcome: "Outcome") -> Exit:
    """The exit code of one outcome."""
    from ledger.decisions.every import CONFLICTS

    refusal = refusal_of(outcome)
    if refusal is None:
        return Exit.OK
    return Exit.CONFLICT if isinstance(refusal, CONFLICTS) else Exit.REFUSED


def answered(session: Session, outcomes: Sequence["Outcome"], write: Write) -> int:
    """Print what a write came to; the exit code is that of the first refusal."""
    if write.json:
        answers = [outcome_json(one) for one in outcomes]
        content = {"dry_run": write.dry_run, "outcomes": answers}
        document(session, answers[0] | content if len(answers) == 1 else content)
    for outcome in outcomes:
        refusal = refusal_of(outcome)
        if refusal is not None:
            print(f"premium: refused ({refusal.NAME}): {refusal}", file=sys.stderr)
        elif not write.json:
            _told(session, outcome, write)
    return next((code for one in outcomes if (code := code_of(one))), Exit.OK)


def _told(session: Session, outcome: "Outcome", write: Write) -> None:
    """One outcome for people: what is recorded, where, and which money it moves."""
    from ledger.request import Appended, Repeated

    first = outcome.first if isinstance(outcome, Repeated) else outcome
    if not isinstance(first, Appended):
        return
    records = first.records
    if not records:
        says = "Nothing to record: it is so already."
    elif write.dry_run:
        says = "Would be recorded:"
    elif isinstance(outcome, Repeated):
        says = "Recorded before, by the same command:"
    else:
        says = "Recorded:"
    session.out.print(titled(session, f"{says} (id {outcome.id})"))
    for one in records:
        where = "" if write.dry_run else f"  position {one.position}"
        session.out.print(f"  {one.fact.TOPIC}  {one.id}{where}", soft_wrap=True)
        for name, value in sorted(_headlines(one.fact).items()):
            session.out.print(f"      {name}: {value}", soft_wrap=True)
    _legs(session, records)


def _headlines(fact: Any) -> dict[str, str]:
    """The plain fields of a fact; what it moves is in the table of legs."""
    from ledger.money import pounds

    shown = {}
    for one in fields(fact):
        value = getattr(fact, one.name)
        if value is None or isinstance(value, tuple) or len(str(value)) > 200:
            continue
        name = one.name.removesuffix("_pence").replace("_", " ")
        money = one.name.endswith("_pence")
        shown[name] = pounds(value) if money else str(plain(value))
    return shown


def _legs(session: Session, records: Sequence["Recorded"]) -> None:
    from ledger.money import pounds
    from ledger.postings import legs

    posted = [
        (leg.account, leg.slice, leg.effective_on.isoformat(), pounds(leg.pence))
        for one in records
        for leg in legs(one.fact, one.meta.effective_on)
    ]
    if posted:
        title = titled(session, "Legs")
        table(session, title, ("account", "slice", "effective on", "£ moved"), posted)
