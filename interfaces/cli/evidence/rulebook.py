"""`premium rulebook`: the rules of a scheme year."""

from collections.abc import Iterator
from json import loads
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from interfaces.cli import known, outcomes, printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import count, day, key, text
from interfaces.cli.options import WRITE, YEAR, Json, Write, Year
from interfaces.cli.outcomes import fresh_id
from interfaces.cli.session import Session
from interfaces.cli.terms_file import template
from ledger.calendar import both_years, payment_year
from ledger.decisions.every import COMMANDS
from ledger.events import RulebookPublished
from ledger.recorded import Recorded
from ledger.rules.check import check as checked
from ledger.rules.diff import Difference
from ledger.rules.diff import diff as differences
from ledger.rules.rulebook import (
    Rulebook,
    RulebookError,
    clause,
    clauses,
    packaged,
    packaged_names,
    parse,
    warnings,
)
from ledger.rules.rulebook import read_toml as read
from ledger.rules.timeline import Happening
from ledger.rules.timeline import timeline as told
from ledger.wording import counted

_COLUMNS = (
    key("scheme"),
    columns.year(),
    key("payment_year", shown=False),
    count("version"),
    day("applies_from"),
    text("content_hash", shown=False),
    key("record"),
)


def list_(*, shape: Shape = SHAPE, session: Session) -> int:
    """List the rulebooks published in this ledger, and those that come with it."""
    rows: list[columns.Row] = [
        {
            "scheme": fact.scheme,
            "scheme_year": fact.scheme_year,
            "payment_year": payment_year(fact.scheme_year),
            "version": fact.rulebook_version,
            "applies_from": fact.applies_from,
            "content_hash": fact.content_hash,
            "record": recorded.id,
        }
        for recorded, fact in _published(session)
    ]
    about = {"position": session.ledger.head(), "packaged": packaged_names()}
    empty = "premium rulebook publish publishes one"
    title = "Rulebooks published"
    written.write(
        session, shape, written.List("published", title, _COLUMNS, rows, about, empty)
    )
    if shape.form == "table":
        session.say(f"Packaged, to publish by name: {', '.join(packaged_names())}")
    return Exit.OK


def show(
    *,
    year: Year = YEAR,
    rulebook_version: int | None = None,
    clause: str | None = None,
    json: Json = False,
    session: Session,
) -> int:
    """Show the rules of a scheme year: every clause, its source and its status.

    Parameters
    ----------
    rulebook_version
        This version; otherwise the latest.
    clause
        This clause alone, in full.
    """
    scheme_year = year.needed()
    found = [
        (recorded, fact)
        for recorded, fact in _published(session)
        if (fact.scheme, fact.scheme_year) == (year.scheme_meant, scheme_year)
        and rulebook_version in (None, fact.rulebook_version)
    ]
    if not found:
        there = [f"{fact.scheme} {fact.scheme_year}" for _, fact in _published(session)]
        wanted = f"{year.scheme_meant} {scheme_year}"
        version = "" if rulebook_version is None else f" version {rulebook_version}"
        raise known.none(
            f"no rulebook of {wanted}{version} is published",
            wanted,
            [] if wanted in there else there,
            "see premium rulebook list",
        )
    recorded, fact = found[-1]
    rulebook = parse(fact.content)
    chosen = [one for one in clauses(rulebook) if clause in (None, one.id)]
    if not chosen:
        assert clause is not None, "a rulebook has clauses"
        ids = [one.id for one in clauses(rulebook)]
        all_ = f"there are {', '.join(ids)}"
        raise known.none(f"there is no clause {clause!r}", clause, ids, all_)
    if json:
        content: dict[str, Any] = {
            "position": session.ledger.head(),
            "record": recorded.id,
            "scheme_year": scheme_year,
            "payment_year": payment_year(scheme_year),
            "content_hash": fact.content_hash,
        }
        if clause is None:
            content["rulebook"] = loads(fact.content)
        else:
            content["clause"] = chosen[0].model_dump(mode="json")
        printing.document(session, content)
        return Exit.OK
    if clause is not None:
        _clause(session, rulebook, clause)
        return Exit.OK
    says = f"{rulebook.title}, version {rulebook.version}, {both_years(scheme_year)}"
    rows = [(one.id, printing.marked(one.status), one.says) for one in chosen]
    printing.table(session, session.titled(says), ("clause", "status", "says"), rows)
    for warning in warnings(rulebook):
        session.say(f"Note: {warning}.")
    session.say("One clause with its source: premium rulebook show --clause ID")
    return Exit.OK


def publish(
    file: Annotated[str, Parameter(name="FILE")],
    /,
    *,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Publish a rulebook: a TOML file, or the name of a packaged one.

    Parameters
    ----------
    file
        TOML file, or a packaged name such as quality-premium-2013-14.
    """
    rulebook = named(session, file)
    command = COMMANDS["publish-rulebook"](rulebook=rulebook)
    request = outcomes.request_of(session, write.id or fresh_id(), command, write)
    return outcomes.answer(session, request, write)


def _published(session: Session) -> Iterator[tuple[Recorded, RulebookPublished]]:
    for name in session.ledger.streams("rulebook/"):
        for recorded in session.ledger.stream(name):
            if isinstance(recorded.fact, RulebookPublished):
                yield recorded, recorded.fact


def _clause(session: Session, rulebook: Rulebook, id: str) -> None:
    one = clause(rulebook, id)
    source = rulebook.sources[one.source]
    session.say(session.titled(f"{one.id} [{printing.marked(one.status)}]"))
    session.say(f"  {one.says}")
    session.say(f"  Source: {source.title} ({source.publisher})")
    session.say(f"  {source.url}")
    session.say(f"  Read: {source.read}")


def named(session: Session, text: str) -> Rulebook:
    """The rulebook of a packaged name, a TOML file, or a record of this ledger."""
    if text.startswith("rulebook/"):
        try:
            recorded = session.ledger.record(text)
        except ValueError as reason:
            raise Misused(str(reason)) from None
        if recorded is None or not isinstance(recorded.fact, RulebookPublished):
            there = [one.id for one, _ in _published(session)]
            says = f"{text} is not recorded"
            raise known.none(says, text, there, "see premium rulebook list")
        return parse(recorded.fact.content)
    if text in packaged_names():
        return packaged(text)
    try:
        return read(_text(text), Path(text).name)
    except RulebookError as faulty:
        faults = "\n".join(f"  {fault}" for fault in faulty.faults)
        raise Misused(
            f"{text} is not a usable rulebook; correct it and try again:\n{faults}"
        ) from None


def check(
    file: Annotated[str, Parameter(name="FILE")],
    /,
    *,
    json: Json = False,
    session: Session,
) -> int:
    """Check a rulebook before it is published; nothing is recorded.

    Every fault is named with its clause, field, value and remedy; what is unusual or
    not known is a warning. Ends with exit code 1 if it has a fault.

    Parameters
    ----------
    file
        TOML file.
    """
    found = checked(_text(file), Path(file).name)
    if json:
        content = {
            "file": Path(file).name,
            "faults": found.faults,
            "warnings": found.warnings,
            "content_hash": found.content_hash,
        }
        printing.plain_document(content)
    else:
        for fault in found.faults:
            session.say(f"Fault: {fault}")
        for warning in found.warnings:
            session.say(f"Warning: {warning}")
        if found.rulebook is not None:
            session.say(
                f"{Path(file).name}: {found.rulebook.title}, version "
                f"{found.rulebook.version}, may be published; "
                f"{counted(len(found.warnings), 'warning')}; content "
                f"{found.content_hash}"
            )
    return Exit.FOUND if found.faults else Exit.OK


def diff(
    before: Annotated[str, Parameter(name="BEFORE")],
    after: Annotated[str, Parameter(name="AFTER")],
    /,
    *,
    json: Json = False,
    session: Session,
) -> int:
    """Show what a rulebook says otherwise than another, clause by clause.

    Parameters
    ----------
    before
        A packaged name, a TOML file, or a record of this ledger.
    after
        The same, of the rulebook it is compared with.
    """
    found = differences(named(session, before), named(session, after))
    if json:
        content = {"before": before, "after": after, "differences": found}
        printing.plain_document(content)
        return Exit.OK
    for line in _told(found):
        session.say(line)
    if not found:
        session.say(f"{before} and {after} say the same.")
    return Exit.OK


def timeline(*, json: Json = False, session: Session) -> int:
    """Tell what happened to each scheme year's rules, as far as sources say.

    Announced, value set, published, published again, targets changed; and what came
    only after the year had begun. Of the rulebooks that come with the program.
    """
    found = told(packaged(name) for name in packaged_names())
    if json:
        printing.plain_document({"happenings": found})
        return Exit.OK
    title = "What happened to the rules; a date after 1 April is marked LATE"
    names = ("year", "date", "what", "status", "says")
    printing.table(session, title, names, map(_row, found))
    return Exit.OK


def terms_template(
    rulebook: Annotated[str, Parameter(name="RULEBOOK")],
    /,
    *,
    session: Session,
) -> int:
    """Print the file of terms that a rulebook asks for, for people to fill in.

    Everything that the rules leave to agreement, as `account terms` takes it, with the
    words of each clause.

    Parameters
    ----------
    rulebook
        A packaged name, a TOML file, or a record of this ledger.
    """
    for piece in template(named(session, rulebook)):
        session.say(piece.removesuffix("\n"))
    return Exit.OK


def _told(found: tuple[Difference, ...]) -> Iterator[str]:
    """One line a difference; the statuses where there are any."""
    for one in found:
        statuses = [s for s in (one.status_was, one.status_now) if s]
        shown = f" [{' -> '.join(dict.fromkeys(statuses))}]" if statuses else ""
        if one.kind == "changed":
            was, now = one.was or "nothing", one.now or "nothing"
            yield f"{one.clause}, {one.field}: {was} -> {now}{shown}"
        else:
            yield f"{one.clause} {one.kind}: {one.now or one.was}{shown}"


def _row(one: Happening) -> tuple[str, ...]:
    late = " LATE" if one.after_year_began else ""
    return (
        one.scheme_year.replace("-", "/"),
        f"{one.on or 'not known'}{late}",
        one.kind,
        one.status or "",
        f"{one.says} {one.source}",
    )


def _text(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError:
        raise Misused(
            f"{file!r} is not a rulebook: give a record such as "
            "rulebook/quality-premium/2013-14@1, a TOML file, or one of "
            f"{', '.join(packaged_names())}"
        ) from None
