"""Commands given to the ledger, and how their outcomes are printed."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from interfaces.acting import acting
from interfaces.cli import printing, ways_on
from interfaces.cli.exits import Exit, complain
from interfaces.cli.options import Write
from interfaces.cli.session import Session
from ledger.decisions.every import CONFLICTS
from ledger.intake import requests
from ledger.money import pounds
from ledger.postings import legs
from ledger.recorded import Recorded
from ledger.request import (
    Appended,
    NotTried,
    Outcome,
    Refusal,
    Refused,
    Repeated,
    Request,
)


def fresh_id() -> str:
    """A new id that sorts by time: UUID version 7.

    Source: RFC 9562, section 5.7; the standard library has it only from 3.14.
    """
    instant_ms = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    number = (instant_ms & (1 << 48) - 1) << 80 | 7 << 76
    number |= (random >> 62) << 64 | 2 << 62 | random & ((1 << 62) - 1)
    return str(UUID(int=number))


def request(
    session: Session,
    command: str,
    data: Mapping[str, Any],
    write: Write,
    part: str = "",
) -> Request:
    """A request as the options say, checked for form.

    Args:
        part: Behind the id, where one call gives several commands.
    """
    by = acting(session.settings.acting)
    return requests.request(
        {
            "id": f"{write.id or fresh_id()}{part}",
            "command": command,
            "by": {
                "role": by.role,
                "party": by.party,
                "on_behalf_of": by.on_behalf_of,
            },
            "data": data,
            "effective_on": write.effective_on,
            "decided_on": write.decided_on,
            "if_version": write.if_version,
        }
    )


def request_of(session: Session, id: str, command: Any, write: Write) -> Request:
    """A request for a command that is there already."""
    return Request(
        id=id,
        by=acting(session.settings.acting),
        command=command,
        effective_on=write.effective_on,
        decided_on=write.decided_on,
        if_version=write.if_version,
    )


def give(session: Session, asked: Request, write: Write) -> Outcome:
    """Ask the ledger, or only what it would answer."""
    if write.dry_run:
        return session.writer().rehearse((asked,))[0]
    return session.writer().give(asked)


def given(session: Session, command: str, data: Mapping[str, Any], write: Write) -> int:
    """Give one command and print what it came to; the exit code."""
    return answer(session, request(session, command, data, write), write)


def answer(session: Session, asked: Request, write: Write) -> int:
    """Ask the ledger and print what it answers; the exit code."""
    return answered(session, (give(session, asked, write),), write)


@lru_cache(maxsize=64)
def _adapter(kind: type) -> Any:
    return TypeAdapter(kind)


def fact_json(recorded: Recorded) -> dict[str, Any]:
    """A record's fact as stored: its record, topic and fields."""
    fact = recorded.fact
    kind: type = type(fact)
    return {
        "record": recorded.id,
        "topic": fact.TOPIC,
        "fact": _adapter(kind).dump_python(fact, mode="json"),
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome for machines; `docs/working.md` describes it."""
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
                "numbers": printing.plain(refusal),
                "says": str(refusal),
            }
        case NotTried(id=id, refused=refused):
            return {"id": id, "outcome": "not-tried", "because": refused}
        case Repeated(id=id, first=first):
            return {"id": id, "outcome": "repeated", "first": outcome_json(first)}


def refusal_of(outcome: Outcome) -> Refusal | None:
    """The refusal of an outcome, a repeated one included."""
    first = outcome.first if isinstance(outcome, Repeated) else outcome
    return first.refusal if isinstance(first, Refused) else None


def records_of(outcome: Outcome) -> Sequence[Recorded]:
    """What a command recorded, or would record, now or the first time."""
    first = outcome.first if isinstance(outcome, Repeated) else outcome
    return first.records if isinstance(first, Appended) else ()


def code_of(outcome: Outcome) -> Exit:
    """The exit code of one outcome."""
    refusal = refusal_of(outcome)
    if refusal is None:
        return Exit.OK
    return Exit.CONFLICT if isinstance(refusal, CONFLICTS) else Exit.REFUSED


def answered(session: Session, outcomes: Sequence[Outcome], write: Write) -> int:
    """Print what a write came to; the exit code is that of the first refusal."""
    if write.json:
        answers = [outcome_json(one) for one in outcomes]
        content = {"dry_run": write.dry_run, "outcomes": answers}
        printing.document(
            session, answers[0] | content if len(answers) == 1 else content
        )
    for outcome in outcomes:
        refusal = refusal_of(outcome)
        if refusal is not None:
            complain(f"refused ({refusal.NAME}): {refusal}")
        elif not write.json:
            _print(session, outcome, write)
    if not write.json and not write.dry_run:
        ways_on.say(session, [one for out in outcomes for one in records_of(out)])
    return next((code for one in outcomes if (code := code_of(one))), Exit.OK)


def _print(session: Session, outcome: Outcome, write: Write) -> None:
    """One outcome for people: what is recorded, where, and which money it moves."""
    records = records_of(outcome)
    if not records:
        says = "Nothing to record: it is so already."
    elif write.dry_run:
        says = "Would be recorded:"
    elif isinstance(outcome, Repeated):
        says = "Recorded before, by the same command:"
    else:
        says = "Recorded:"
    session.say(session.titled(f"{says} (id {outcome.id})"))
    for one in records:
        where = "" if write.dry_run else f"  position {one.position}"
        session.say(f"  {one.fact.TOPIC}  {one.id}{where}")
        for name, value in sorted(_headlines(one.fact).items()):
            session.say(f"      {name}: {value}")
    _print_legs(session, records)


def _headlines(fact: Any) -> dict[str, str]:
    """The plain fields of a fact; what it moves is in the table of legs."""
    shown = {}
    for one in fields(fact):
        value = getattr(fact, one.name)
        if value is None or isinstance(value, tuple) or len(str(value)) > 200:
            continue
        name = one.name.removesuffix("_pence").replace("_", " ")
        money = one.name.endswith("_pence")
        shown[name] = pounds(value) if money else str(printing.plain(value))
    return shown


def _print_legs(session: Session, records: Sequence[Recorded]) -> None:
    posted = [
        (leg.account, leg.slice, leg.effective_on.isoformat(), pounds(leg.pence))
        for one in records
        for leg in legs(one.fact, one.meta.effective_on)
    ]
    if posted:
        title = session.titled("Legs")
        printing.table(
            session, title, ("account", "slice", "effective on", "£ moved"), posted
        )
