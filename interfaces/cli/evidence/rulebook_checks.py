"""`premium rulebook check, diff, timeline`: rules looked at before and beside use."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.session import Exit, Here, Json, Session, Stop

if TYPE_CHECKING:
    from ledger.rules.diff import Difference
    from ledger.rules.rulebook import Rulebook
    from ledger.rules.timeline import Happening


def named(here: Session, text: str) -> "Rulebook":
    """The rulebook of a packaged name, a TOML file, or a record of this ledger."""
    from ledger.events import RulebookPublished
    from ledger.rules.rulebook import RulebookError, packaged, packaged_names, parse
    from ledger.rules.rulebook import read_toml as read

    if text.startswith("rulebook/"):
        try:
            recorded = here.ledger.record(text)
        except ValueError as reason:
            raise Stop(Exit.USAGE, str(reason)) from None
        if recorded is None or not isinstance(recorded.fact, RulebookPublished):
            raise Stop(
                Exit.REFUSED, f"{text} is not recorded: see premium rulebook list"
            )
        return parse(recorded.fact.content)
    if text in packaged_names():
        return packaged(text)
    try:
        return read(_text(text), Path(text).name)
    except RulebookError as faulty:
        faults = "\n".join(f"  {fault}" for fault in faulty.faults)
        raise Stop(
            Exit.USAGE, f"{text} is no usable rulebook; mend and try again:\n{faults}"
        ) from None


def check(
    file: Annotated[str, Parameter(name="FILE")],
    /,
    *,
    json: Json = False,
    here: Here,
) -> int:
    """Check a rulebook before it is published; nothing is recorded.

    Every fault is named with its clause, field, value and remedy; what is unusual or
    not known is a warning. Ends with exit code 1 if it has a fault.

    Parameters
    ----------
    file
        TOML file.
    """
    from ledger.rules.check import check as checked

    found = checked(_text(file), Path(file).name)
    if json:
        content = {
            "file": Path(file).name,
            "faults": found.faults,
            "warnings": found.warnings,
            "content_hash": found.content_hash,
        }
        printed.plain_document(content)
    else:
        for fault in found.faults:
            here.out.print(f"Fault: {fault}", soft_wrap=True)
        for warning in found.warnings:
            here.out.print(f"Warning: {warning}", soft_wrap=True)
        if found.rulebook is not None:
            here.out.print(
                f"{Path(file).name}: {found.rulebook.title}, version "
                f"{found.rulebook.version}, may be published; "
                f"{len(found.warnings)} warnings; content {found.content_hash}",
                soft_wrap=True,
            )
    return Exit.FOUND if found.faults else Exit.OK


def diff(
    before: Annotated[str, Parameter(name="BEFORE")],
    after: Annotated[str, Parameter(name="AFTER")],
    /,
    *,
    json: Json = False,
    here: Here,
) -> int:
    """Show what a rulebook says otherwise than another, clause by clause.

    Parameters
    ----------
    before
        A packaged name, a TOML file, or a record of this ledger.
    after
        The same, of the rulebook it is compared with.
    """
    from ledger.rules.diff import diff as differences

    found = differences(named(here, before), named(here, after))
    if json:
        content = {"before": before, "after": after, "differences": found}
        printed.plain_document(content)
        return Exit.OK
    for line in _told(found):
        here.out.print(line, soft_wrap=True)
    if not found:
        here.out.print(f"{before} and {after} say the same.")
    return Exit.OK


def timeline(*, json: Json = False, here: Here) -> int:
    """Tell what happened to each scheme year's rules, as far as sources say.

    Announced, value set, published, published again, targets changed; and what came
    only after the year had begun. Of the rulebooks that come with the program.
    """
    from ledger.rules.rulebook import packaged, packaged_names
    from ledger.rules.timeline import timeline as told

    found = told(packaged(name) for name in packaged_names())
    if json:
        printed.plain_document({"happenings": found})
        return Exit.OK
    printed.table(
        here,
        "What happened to the rules; a date after 1 April is marked LATE",
        ("year", "date", "what", "status", "says"),
        [_row(one) for one in found],
    )
    return Exit.OK


def _told(found: "tuple[Difference, ...]") -> Iterator[str]:
    """One line a difference; the statuses where there are any."""
    for one in found:
        statuses = [s for s in (one.status_was, one.status_now) if s]
        shown = f" [{' -> '.join(dict.fromkeys(statuses))}]" if statuses else ""
        if one.kind == "changed":
            was, now = one.was or "nothing", one.now or "nothing"
            yield f"{one.clause}, {one.field}: {was} -> {now}{shown}"
        else:
            yield f"{one.clause} {one.kind}: {one.now or one.was}{shown}"


def _row(one: "Happening") -> tuple[str, ...]:
    late = " LATE" if one.after_year_began else ""
    return (
        one.scheme_year.replace("-", "/"),
        f"{one.on or 'not known'}{late}",
        one.kind,
        one.status or "",
        f"{one.says} {one.source}",
    )


def _text(file: str) -> str:
    from ledger.rules.rulebook import packaged_names

    try:
        return Path(file).read_text("utf-8")
    except OSError:
        raise Stop(
            Exit.USAGE,
            f"{file!r} is no rulebook: give a record such as "
            "rulebook/quality-premium/2013-14@1, a TOML file, or one of "
            f"{', '.join(packaged_names())}",
        ) from None
    except UnicodeDecodeError:
        raise Stop(Exit.USAGE, f"{file} is not in UTF-8: save it so") from None
