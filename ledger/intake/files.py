"""A file to import: its bytes to requests, or to all that is wrong with it.

Pure: the caller reads the file and gives the requests to the ledger, as one
group, so that a file is recorded whole or not at all.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from ledger.decisions.evidence import RecordDocument
from ledger.events import DocumentId
from ledger.excerpts import printable, shortened
from ledger.intake import (
    balances,
    bodies,
    claims,
    populations,
    practices,
    published,
    results,
)
from ledger.intake.layout import Layout, ignored, recognise
from ledger.intake.requests import checked, misformed
from ledger.intake.table import (
    Row,
    RowError,
    Sheet,
    UnreadableSheet,
    rows_of,
    sheet_of,
    text_of,
)
from ledger.request import By, Checked, Malformed, Request
from ledger.values import value

KINDS: Mapping[str, Sequence[Layout]] = {
    "bodies": bodies.LAYOUTS,
    "practices": practices.LAYOUTS,
    "populations": populations.LAYOUTS,
    "results": (*results.LAYOUTS, *published.LAYOUTS),
    "claims": claims.LAYOUTS,
    "balances": balances.LAYOUTS,
}
"""What can be imported, in the order in which one file needs the one before."""

_HEADER = 1
_ID = re.compile(
    r"import/(?P<kind>[a-z]+)/[0-9a-f]{64}/[0-9a-f]{12}/(?P<row>[1-9][0-9]{0,9})"
)


@value
class Intake:
    """What a file says. Its requests are recorded together or not at all."""

    file: str  # Its name, without folders.
    document: DocumentId
    requests: tuple[Request, ...]  # The document, then rows; empty if errors are not.
    errors: tuple[RowError, ...]  # All of them, in the order of rows.
    notes: tuple[str, ...]  # What was taken otherwise than written, for people.
    counts: Mapping[str, int]  # What its good rows are, such as `groups`: 248.


@dataclass(slots=True)
class _Reading:
    """What has been read of a file so far."""

    file: str
    notes: list[str] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    commands: list[tuple[int, Any]] = field(default_factory=list)  # With its row.
    counts: dict[str, int] = field(default_factory=dict)


def read_file(
    kind: str,
    name: str,
    content: bytes,
    by: By,
    *,
    publisher: str | None = None,
    url: str | None = None,
    published_on: date | None = None,
    licence: str | None = None,
) -> Intake:
    """Read a whole file; no bytes make it fail, they make errors.

    Args:
        kind: One of KINDS; which of its layouts it is, the header says.
        name: The file's name; folders before it are left out.
        by: Who asks for every row of it.
        publisher: Of the document, as are the next three, where they are known.

    Returns:
        The document and one request a row, or every error at once. Ids follow
        from all that is given here, so that the same again has the same ids and
        adds nothing; another person, or other particulars, are asked again.
    """
    file = printable(name.replace("\\", "/").rpartition("/")[2]) or "file"
    document = DocumentId(hashlib.sha256(content).hexdigest())
    reading = _Reading(file)
    try:
        _read(kind, content, document, reading)
    except UnreadableSheet as reason:
        reading.errors.append(
            RowError(
                file=file, row=reason.row, field="", value="", remedy=reason.remedy
            )
        )
    requests: tuple[Request, ...] = ()
    if not reading.errors:
        source = RecordDocument(
            document=document,
            title=file,
            publisher=publisher,
            url=url,
            published_on=published_on,
            licence=licence,
        )
        whole = f"import/{kind}/{document}/{_particulars(by, source)}"
        found = tuple(
            Checked(id=f"{whole}/{row}", by=by, command=command, correlation_id=whole)
            for row, command in ((_HEADER, source), *reading.commands)
        )
        try:
            checked(found[0])  # The rows were checked one by one.
            requests = found
        except Malformed as malformed:
            reading.errors += [
                RowError(file=file, row=_HEADER, field="", value="", remedy=str(one))
                for one in malformed.faults
            ]
    return Intake(
        file=file,
        document=document,
        requests=requests,
        errors=tuple(reading.errors),
        notes=tuple(reading.notes),
        counts=reading.counts,
    )


def row_of(request_id: str) -> int:
    """The line of the file that a request of an import stands for.

    Raises:
        ValueError: If it is not an id that `read_file` gives.
    """
    match = _ID.fullmatch(request_id)
    if match is None or match["kind"] not in KINDS:
        raise ValueError(f"{request_id!r} is not a request of an import")
    return int(match["row"])


def _particulars(by: By, source: RecordDocument) -> str:
    """A short digest of who asks, and of what is said of the file beside its bytes."""
    said = (
        (by.role, by.party, by.on_behalf_of),
        (source.title, source.publisher, source.url),
        (source.published_on and source.published_on.isoformat(), source.licence),
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]


def _read(kind: str, content: bytes, document: DocumentId, reading: _Reading) -> None:
    text, notes = text_of(content)
    reading.notes += notes
    sheet = sheet_of(text)
    layout = recognise(kind, KINDS, sheet.headings)
    unread = ignored(layout, sheet.headings)
    if unread:
        columns = ", ".join(printable(name) for name in unread)
        reading.notes.append(f"columns not read: {columns}")
    if not sheet.lines:
        raise UnreadableSheet(_HEADER, "there is no row under the header")
    _read_rows(layout, sheet, document, reading)
    reading.counts |= layout.counts([command for _, command in reading.commands])


def _read_rows(
    layout: Layout, sheet: Sheet, document: DocumentId, reading: _Reading
) -> None:
    """Read every row; a second one on the same must say the same, and is left out."""
    first: dict[tuple[str, ...], tuple[int, Any]] = {}
    repeats: list[str] = []
    left_out: dict[str, int] = {}
    columns = layout.columns(sheet.headings)
    for row in rows_of(reading.file, sheet, columns, layout.personal):
        if isinstance(row, RowError):
            reading.errors.append(row)
            continue
        if (why := layout.left_out(row)) and not row.errors:
            left_out[why] = left_out.get(why, 0) + 1
            continue
        command = layout.read(row, document)
        if not row.errors:
            for one in misformed(command):
                row.fault(layout.column_of(one.field), one.remedy)
        if not row.errors:
            line, before = first.setdefault(layout.key(command), (row.line, command))
            if before is command:
                reading.commands.append((row.line, command))
            elif not (other := _differing(before, command)):
                repeats.append(f"{row.line} ({line})")
            else:
                _report_second(row, layout, line, other)
        # A column is called what the file calls it.
        called = {name: sheet.headings[at] for name, at in columns.items()}
        for error in row.errors:
            as_headed = printable(called.get(error.field, error.field))
            reading.errors.append(replace(error, field=as_headed))
    reading.notes += [f"rows not read: {n:,} {why}" for why, n in left_out.items()]
    if repeats:
        lines = ", ".join(repeats)
        reading.notes.append(shortened(f"lines that repeat an earlier one: {lines}"))


def _differing(before: Any, command: Any) -> tuple[str, ...]:
    """The fields in which two commands on the same differ, but for their rows."""
    return tuple(
        one.name
        for one in fields(command)
        if one.name != "row" and getattr(before, one.name) != getattr(command, one.name)
    )


def _report_second(row: Row, layout: Layout, line: int, other: tuple[str, ...]) -> None:
    about = "differs" if len(other) == 1 else "differ"
    row.fault(
        layout.key_column,
        f"line {line} is about the same, and {', '.join(other)} {about}: leave one",
    )
