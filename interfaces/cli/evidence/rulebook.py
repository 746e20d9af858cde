"""`premium rulebook`: the rules of a scheme year."""

from collections.abc import Iterator
from json import loads
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.evidence.rulebook_checks import named
from interfaces.cli.session import (
    WRITE,
    YEAR,
    Exit,
    Here,
    Json,
    Session,
    Stop,
    Writing,
    Years,
    fresh_id,
)

if TYPE_CHECKING:
    from ledger.events import RulebookPublished
    from ledger.recorded import Recorded
    from ledger.rules.rulebook import Rulebook


def list_(*, json: Json = False, here: Here) -> int:
    """List the rulebooks published in this ledger, and those that come with it."""
    from ledger.calendar import both_years, payment_year
    from ledger.rules.rulebook import packaged_names

    rows = [
        {
            "scheme": fact.scheme,
            "scheme_year": fact.scheme_year,
            "payment_year": payment_year(fact.scheme_year),
            "version": fact.rulebook_version,
            "applies_from": fact.applies_from,
            "content_hash": fact.content_hash,
            "record": recorded.id,
        }
        for recorded, fact in _published(here)
    ]
    if json:
        content = {"published": rows, "packaged": packaged_names()}
        printed.document(here, {"position": here.ledger.head(), **content})
        return Exit.OK
    printed.table(
        here,
        printed.titled(here, "Rulebooks published"),
        ("scheme", "year", "#version", "applies from", "content", "record"),
        [
            (
                str(row["scheme"]),
                both_years(str(row["scheme_year"])),
                str(row["version"]),
                str(row["applies_from"]),
                str(row["content_hash"])[:12],
                str(row["record"]),
            )
            for row in rows
        ],
    )
    here.out.print(f"Packaged, to publish by name: {', '.join(packaged_names())}")
    return Exit.OK


def show(
    *,
    year: Years = YEAR,
    rulebook_version: int | None = None,
    clause: str | None = None,
    json: Json = False,
    here: Here,
) -> int:
    """Show the rules of a scheme year: every clause, its source and its status.

    Parameters
    ----------
    rulebook_version
        This version; otherwise the latest.
    clause
        This clause alone, in full.
    """
    from ledger.calendar import both_years, payment_year
    from ledger.rules.rulebook import clauses, parse, warnings

    scheme_year = year.needed()
    found = [
        (recorded, fact)
        for recorded, fact in _published(here)
        if (fact.scheme, fact.scheme_year) == (year.scheme, scheme_year)
        and rulebook_version in (None, fact.rulebook_version)
    ]
    if not found:
        raise Stop(
            Exit.REFUSED,
            f"no such rulebook of {year.scheme} {scheme_year} is published: see "
            "premium rulebook list",
        )
    recorded, fact = found[-1]
    rulebook = parse(fact.content)
    chosen = [one for one in clauses(rulebook) if clause in (None, one.id)]
    if not chosen:
        known = ", ".join(one.id for one in clauses(rulebook))
        raise Stop(Exit.USAGE, f"there is no clause {clause!r}; there are {known}")
    if json:
        content: dict[str, Any] = {
            "position": here.ledger.head(),
            "record": recorded.id,
            "scheme_year": scheme_year,
            "payment_year": payment_year(scheme_year),
            "content_hash": fact.content_hash,
        }
        if clause is None:
            content["rulebook"] = loads(fact.content)
        else:
            content["clause"] = chosen[0].model_dump(mode="json")
        printed.document(here, content)
        return Exit.OK
    if clause is not None:
        _clause(here, rulebook, clause)
        return Exit.OK
    printed.table(
        here,
        printed.titled(
            here,
            f"{rulebook.title}, version {rulebook.version}, {both_years(scheme_year)}",
        ),
        ("clause", "status", "says"),
        [(one.id, _status(one.status), one.says) for one in chosen],
    )
    for warning in warnings(rulebook):
        here.out.print(f"Note: {warning}.")
    here.out.print("One clause with its source: premium rulebook show --clause ID")
    return Exit.OK


def publish(
    file: Annotated[str, Parameter(name="FILE")],
    /,
    *,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Publish a rulebook: a TOML file, or the name of a packaged one.

    Parameters
    ----------
    file
        TOML file, or a packaged name such as quality-premium-2013-14.
    """
    from ledger.decisions.every import COMMANDS
    from ledger.request import Request

    rulebook = named(here, file)
    request = Request(
        id=write.id or fresh_id(),
        by=here.settings.by(),
        command=COMMANDS["publish-rulebook"](rulebook=rulebook),
        effective_on=write.effective_on,
        decided_on=write.decided_on,
        if_version=write.if_version,
    )
    return printed.answered(here, (here.give(request, write),), write)


def _published(here: Session) -> Iterator[tuple["Recorded", "RulebookPublished"]]:
    from ledger.events import RulebookPublished

    for name in here.ledger.streams("rulebook/"):
        for recorded in here.ledger.stream(name):
            if isinstance(recorded.fact, RulebookPublished):
                yield recorded, recorded.fact


def _clause(here: Session, rulebook: "Rulebook", id: str) -> None:
    from ledger.rules.rulebook import clause

    one = clause(rulebook, id)
    source = rulebook.sources[one.source]
    here.out.print(printed.titled(here, f"{one.id} [{_status(one.status)}]"))
    here.out.print(f"  {one.says}", soft_wrap=True)
    here.out.print(f"  Source: {source.title} ({source.publisher})", soft_wrap=True)
    here.out.print(f"  {source.url}", soft_wrap=True)
    here.out.print(f"  Read: {source.read}", soft_wrap=True)


def _status(status: str) -> str:
    return status.upper() if status in ("assumed", "conflicting") else status
