"""`premium import`: a ledger takes in files, or a whole log."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from cyclopts import Parameter

from interfaces.acting import acting
from interfaces.cli import outcomes, printing
from interfaces.cli.exits import Exit, Misused, Stop, complain, readable
from interfaces.cli.options import Json
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.intake.files import Intake, read_file, row_of
from ledger.request import Appended, NotTried, Outcome, Request
from ledger.store.archive.read import Damaged, Earlier, NotEmpty
from ledger.store.files import delete
from ledger.wording import counted

Kind = Literal[
    "bodies", "practices", "populations", "results", "claims", "balances", "log"
]
FIRST_ROWS = 5
MOST_ERRORS = 50


def import_(
    kind: Kind,
    file: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    dry_run: bool = False,
    publisher: str | None = None,
    url: str | None = None,
    published_on: date | None = None,
    licence: str | None = None,
    json: Json = False,
    session: Session,
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
    if kind == "log":
        return _import_log(session, file, dry_run=dry_run, json=json)
    with readable(file):
        content = file.read_bytes()
    with _busy(session, f"Reading {file.name}"):
        intake = read_file(
            kind,
            file.name,
            content,
            acting(session.settings.acting),
            publisher=publisher,
            url=url,
            published_on=published_on,
            licence=licence,
        )
    if intake.errors:
        return _faulty(session, intake, json)
    if not json:
        _preview(session, intake, dry_run)
    with _busy(session, f"Recording {counted(len(intake.requests) - 1, 'row')}"):
        # A refusal is rehearsed and not recorded: under a file's ids it would be
        # the answer for ever, also once the missing bodies are imported.
        answers = session.writer().rehearse(intake.requests, together=True)
        if not dry_run and not any(map(outcomes.refusal_of, answers)):
            answers = session.writer().give_all(intake.requests)
    return _ended(session, intake, answers, dry_run, json)


def _faulty(session: Session, intake: Intake, json: bool) -> int:
    """Every error with its row, field, value and remedy; nothing is recorded."""
    if json:
        printing.document(
            session, {"file": intake.file, "recorded": 0, "errors": intake.errors}
        )
    for error in intake.errors[:MOST_ERRORS]:
        complain(str(error))
    more = len(intake.errors) - MOST_ERRORS
    rest = f" ({more:,} more, with --json)" if more > 0 else ""
    complain(
        f"{counted(len(intake.errors), 'error')} in {intake.file}{rest}: nothing was "
        "recorded; correct the file and import it again"
    )
    return Exit.USAGE


def _preview(session: Session, intake: Intake, dry_run: bool) -> None:
    """What the file holds, before it is recorded."""
    tally = ", ".join(f"{number:,} {what}" for what, number in intake.counts.items())
    says = f"{intake.file}: {tally or counted(len(intake.requests) - 1, 'row')}"
    session.say(session.titled(says))
    for note in intake.notes:
        session.say(f"  Note: {note}")
    if dry_run:
        rows = [
            (_row(request), request.command.NAME, _fields(request))
            for request in intake.requests[1 : 1 + FIRST_ROWS]
        ]
        title = session.titled("First rows")
        printing.table(session, title, ("#line", "command", "fields"), rows)


def _ended(
    session: Session,
    intake: Intake,
    answers: Sequence[Outcome],
    dry_run: bool,
    json: bool,
) -> int:
    """How many rows were new, known already, or refused, and on which line."""
    requests = {request.id: request for request in intake.requests}
    tally: Counter[str] = Counter()
    refused = []
    for outcome in answers:
        refusal = outcomes.refusal_of(outcome)
        if refusal is not None:
            refused.append((outcome, refusal))
        elif isinstance(outcome, NotTried):
            tally["not_tried"] += 1
        elif outcome.id == intake.requests[0].id:
            continue  # The document itself: it is not a row.
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
            "position": session.ledger.head(),
            "counts": intake.counts,
            "notes": intake.notes,
            "recorded": 0 if refused else tally["rows"],
            "facts": 0 if refused else tally["facts"],
            "known_already": tally["known"],
            "refused": [outcomes.outcome_json(outcome) for outcome, _ in refused],
        }
        printing.document(session, content)
    for outcome, refusal in refused:
        line = _row(requests[outcome.id])
        complain(f"{intake.file}, line {line}: refused ({refusal.NAME}): {refusal}")
    if refused:
        complain("nothing of the file was recorded")
        return next(code for one, _ in refused if (code := outcomes.code_of(one)))
    if not json:
        verb = "would be recorded" if dry_run else "recorded"
        says = (
            f"{tally['rows']:,} rows {verb} ({tally['facts']:,} facts), "
            f"{tally['known']:,} known already"
        )
        session.say(session.titled(says))
    return Exit.OK


def _row(request: Request) -> str:
    return str(row_of(request.id))


def _fields(request: Request) -> str:
    """The given fields of a command in short, for a preview."""
    given = printing.plain(request.command)
    given.pop("document", None)
    given.pop("row", None)
    text = ", ".join(f"{name} {value}" for name, value in given.items() if value)
    return text if len(text) <= 140 else f"{text[:137]}..."


@contextmanager
def _busy(session: Session, says: str) -> Iterator[None]:
    """Progress on standard error, where somebody watches."""
    if not session.err.is_terminal:
        yield
        return
    with session.err.status(says):
        yield


def _import_log(session: Session, file: Path, *, dry_run: bool, json: bool) -> int:
    """Fill a new or empty ledger from an exported log: all of it, or nothing."""
    if dry_run:
        raise Misused(
            "a log is imported whole into an empty ledger: it has no --dry-run"
        )
    with _created(session), _opened(session, file) as lines:
        try:
            with progress_bar(session, "Importing") as progress:
                header = session.writer().fill(lines, progress)
        except Damaged as reason:
            remedy = "" if isinstance(reason, Earlier) else "; export it again"
            says = f"{file}, {reason}: nothing was imported{remedy}"
            raise Misused(says) from None
        except NotEmpty:
            raise Stop(
                Exit.CONFLICT,
                "the ledger holds something already: name a new one, with --db",
            ) from None
    content = {
        "position": header.head,
        "file": file.name,
        "commands": header.commands,
        "texts": header.texts,
        "parties": header.parties,
    }
    says = (
        f"Imported {counted(header.head, 'record')}, "
        f"{counted(header.commands, 'command')}, {counted(header.texts, 'text')} and "
        f"{counted(header.parties, 'name')}"
    )
    printing.done(session, json, says, content)
    return Exit.OK


@contextmanager
def _created(session: Session) -> Iterator[None]:
    """A ledger that is made if it was not there, and taken away again on failure."""
    where = session.settings.where()
    if isinstance(where, str):  # What is in a database, `premium migrate` makes.
        yield
        return
    path, there = where, where.exists()
    session.create(path)
    try:
        yield
    except BaseException:
        session.close()
        if not there:
            delete(path)
        raise


@contextmanager
def _opened(session: Session, file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        with readable("standard input"):
            yield session.stdin
        return
    with readable(file), file.open("rb") as lines:
        yield lines
