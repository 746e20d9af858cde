"""`premium init` and `premium import`: a ledger begins, and takes in files."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.session import WRITE, Exit, Here, Json, Session, Stop, Writing

if TYPE_CHECKING:
    from ledger.intake.files import Intake
    from ledger.request import Outcome, Request

Kind = Literal[
    "bodies", "practices", "populations", "results", "claims", "balances", "log"
]
FIRST_ROWS = 5
MOST_ERRORS = 50


def init(
    *,
    name: str,
    origin: Literal["real", "simulated"],
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Begin a ledger: real or simulated, as a whole and for good.

    Parameters
    ----------
    name
        What the ledger is called.
    origin
        Whether what it records is real or simulated.
    """
    from ledger.service import Ledger

    where = here.settings.where()
    request = here.request("open-ledger", {"name": name, "origin": origin}, write)
    if isinstance(where, str):  # What is in a database, `premium migrate` makes.
        return printed.answered(here, (here.give(request, write),), write)
    path = where
    if not path.parent.is_dir():
        raise Stop(
            Exit.UNAVAILABLE, f"the folder {path.parent} does not exist: make it first"
        )
    if path.exists():
        return printed.answered(here, (here.give(request, write),), write)
    # Asked on a ledger that is thrown away, so that a refusal leaves no file behind.
    with TemporaryDirectory() as folder:
        trial = Ledger.open(Path(folder) / "trial.db", create=True)
        outcome = trial.rehearse((request,))[0]
        trial.close()
        if not write.dry_run and not printed.refusal_of(outcome):
            here.create(path)
            outcome = here.give(request, write)
        else:
            here.create(Path(folder) / "trial.db")
        return printed.answered(here, (outcome,), write)


def import_(
    kind: Kind,
    file: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    publisher: str | None = None,
    url: str | None = None,
    published_on: date | None = None,
    licence: str | None = None,
    json: Json = False,
    here: Here,
) -> int:
    """Record a CSV file: all of its rows, or none and everything wrong with them.

    The same file again records nothing twice. An exported log fills a new ledger, as
    it was exported; it takes none of the options that describe a file.

    Parameters
    ----------
    kind
        What its rows are; `log` for what `premium export log` wrote.
    file
        The CSV file, or the log (`-` reads standard input).
    dry_run
        Show what would be recorded, and record nothing.
    publisher
        Of the file, where it is known.
    url
        Where the file is from.
    published_on
        When it was published.
    licence
        Under which it may be used.
    """
    from interfaces.cli.operations.copies import import_log
    from ledger.intake.files import read_file

    if kind == "log":
        return import_log(here, file, dry_run=dry_run, json=json)
    try:
        content = file.read_bytes()
    except OSError as reason:
        raise Stop(
            Exit.USAGE, f"{file} cannot be read ({reason.strerror}): name another file"
        ) from None
    with _busy(here, f"Reading {file.name}"):
        intake = read_file(
            kind,
            file.name,
            content,
            here.settings.by(),
            publisher=publisher,
            url=url,
            published_on=published_on,
            licence=licence,
        )
    if intake.errors:
        return _faulty(here, intake, json)
    if not json:
        _preview(here, intake, dry_run)
    with _busy(here, f"Recording {len(intake.requests) - 1:,} rows"):
        # A refusal is rehearsed and not recorded: under a file's ids it would be
        # the answer for ever, also once the missing bodies are imported.
        outcomes = here.ledger.rehearse(intake.requests, together=True)
        if not dry_run and not any(map(printed.refusal_of, outcomes)):
            outcomes = here.ledger.give_all(intake.requests)
    return _ended(here, intake, outcomes, dry_run, json)


def _faulty(here: Session, intake: "Intake", json: bool) -> int:
    """Every error with its row, field, value and remedy; nothing is recorded."""
    if json:
        printed.document(
            here, {"file": intake.file, "recorded": 0, "errors": intake.errors}
        )
    for error in intake.errors[:MOST_ERRORS]:
        print(f"premium: {error}", file=sys.stderr)
    more = len(intake.errors) - MOST_ERRORS
    rest = f" ({more:,} more, with --json)" if more > 0 else ""
    print(
        f"premium: {len(intake.errors):,} errors in {intake.file}{rest}: nothing was "
        "recorded; correct the file and import it again",
        file=sys.stderr,
    )
    return Exit.USAGE


def _preview(here: Session, intake: "Intake", dry_run: bool) -> None:
    """What the file holds, before it is recorded."""
    counted = ", ".join(f"{number:,} {what}" for what, number in intake.counts.items())
    says = f"{intake.file}: {counted or f'{len(intake.requests) - 1:,} rows'}"
    here.out.print(printed.titled(here, says), soft_wrap=True)
    for note in intake.notes:
        here.out.print(f"  Note: {note}", soft_wrap=True)
    if dry_run:
        rows = [
            (_row(request), request.command.NAME, _fields(request))
            for request in intake.requests[1 : 1 + FIRST_ROWS]
        ]
        title = printed.titled(here, "First rows")
        printed.table(here, title, ("#line", "command", "fields"), rows)


def _ended(
    here: Session,
    intake: "Intake",
    outcomes: Sequence["Outcome"],
    dry_run: bool,
    json: bool,
) -> int:
    """How many rows were new, known already, or refused, and on which line."""
    from ledger.request import Appended, NotTried

    requests = {request.id: request for request in intake.requests}
    tally: Counter[str] = Counter()
    refused = []
    for outcome in outcomes:
        refusal = printed.refusal_of(outcome)
        if refusal is not None:
            refused.append((outcome, refusal))
        elif isinstance(outcome, NotTried):
            tally["not_tried"] += 1
        elif outcome.id == intake.requests[0].id:
            continue  # The document itself: it is no row.
        elif isinstance(outcome, Appended) and outcome.records:
            tally["rows"] += 1
            tally["facts"] += len(outcome.records)
        else:
            tally["known"] += 1
    if json:
        content = {
            "file": intake.file,
            "document": intake.document,
            "dry_run": dry_run,
            "position": here.ledger.head(),
            "counts": intake.counts,
            "notes": intake.notes,
            "recorded": 0 if refused else tally["rows"],
            "facts": 0 if refused else tally["facts"],
            "known_already": tally["known"],
            "refused": [printed.outcome_json(outcome) for outcome, _ in refused],
        }
        printed.document(here, content)
    for outcome, refusal in refused:
        line = _row(requests[outcome.id])
        print(
            f"premium: {intake.file}, line {line}: refused ({refusal.NAME}): {refusal}",
            file=sys.stderr,
        )
    if refused:
        print("premium: nothing of the file was recorded", file=sys.stderr)
        return next(code for one, _ in refused if (code := printed.code_of(one)))
    if not json:
        verb = "would be recorded" if dry_run else "recorded"
        says = (
            f"{tally['rows']:,} rows {verb} ({tally['facts']:,} facts), "
            f"{tally['known']:,} known already"
        )
        here.out.print(printed.titled(here, says), soft_wrap=True)
    return Exit.OK


def _row(request: "Request") -> str:
    from ledger.intake.files import row_of

    return str(row_of(request.id))


def _fields(request: "Request") -> str:
    """The given fields of a command in short, for a preview."""
    given = printed.plain(request.command)
    given.pop("document", None)
    given.pop("row", None)
    text = ", ".join(f"{name} {value}" for name, value in given.items() if value)
    return text if len(text) <= 140 else f"{text[:137]}..."


@contextmanager
def _busy(here: Session, says: str) -> Iterator[None]:
    """Progress on standard error, where somebody watches."""
    if not here.err.is_terminal:
        yield
        return
    with here.err.status(says):
        yield
