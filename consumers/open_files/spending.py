"""The spending-over-£25,000 files: one CSV a body and month, in HM Treasury's columns.

Source: HM Treasury, guidance on publishing spending over £25,000; headings as clinical
commissioning groups published them (data/SOURCES.md, S17), the dates DD/MM/YYYY.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from consumers.open_files import package
from consumers.open_files.naming import Naming, cell, entity, slug
from consumers.results.folder import About, Files, Revision
from ledger.claims.spending import THRESHOLD_PENCE, published
from projections.views.view import Database

FOLDER = "spending-over-25000"
DEPARTMENT = "Department of Health"

HEADINGS = (
    "Department family",
    "Entity",
    "Date",
    "Expense Type",
    "Expense area",
    "Supplier",
    "Transaction number",
    "Amount",
)


class Line(NamedTuple):
    """One spending of a month, with what it is called."""

    spent_on: str
    kind: str  # spent or passed-on.
    scheme: str
    scheme_year: str
    purpose: str
    purpose_name: str | None
    payee: str
    payee_name: str | None
    reference: str | None
    spending: str
    credit: str  # Empty; of a credit its id, and the amount is below zero.
    amount_pence: int


_LINES = """
SELECT spent_on, kind, spendings.scheme, spendings.scheme_year, spendings.purpose,
    purposes.name, payee, bodies.name, reference, spending, credit, amount_pence
FROM spendings
LEFT JOIN bodies ON bodies.body = spendings.payee
LEFT JOIN purposes ON purposes.scheme = spendings.scheme
    AND purposes.scheme_year = spendings.scheme_year
    AND purposes.purpose = spendings.purpose
WHERE spendings.body = ? AND month = ? AND amount_pence <> 0
ORDER BY spent_on, premium, spending, credit
"""
_PAYEES = """
SELECT spendings.body, month, SUM(bodies.position) FROM spendings
JOIN bodies ON bodies.body = spendings.payee GROUP BY spendings.body, month
"""
_WORDS = """
SELECT spendings.body, month, SUM(purposes.position) FROM spendings
JOIN purposes ON purposes.scheme = spendings.scheme
    AND purposes.scheme_year = spendings.scheme_year
    AND purposes.purpose = spendings.purpose
GROUP BY spendings.body, month
"""


def write(db: Database, files: Files, ledger: About, naming: Naming) -> None:
    """Write the months that are behind, and the packages they lie in."""
    # What is read behind the revisions may be newer than they are: it is written
    # again then, and nothing is missed.
    revisions = _revisions(db)
    behind = [
        (period, revision)
        for period, revision in revisions.items()
        if files.is_behind(_what(*period), revision)
    ]
    names = dict(db.execute("SELECT body, name FROM bodies").fetchall())
    for (body, month), revision in behind:
        called = entity(ledger, body, names.get(body))
        lines = [Line(*row) for row in db.execute(_LINES, (body, month))]
        files.write(path_of(ledger, body, month), text(called, lines, naming))
        files.reached(_what(body, month), revision)
    months: defaultdict[str, list[str]] = defaultdict(list)
    for body, month in sorted(revisions):
        months[body].append(month)
    for body in sorted({body for (body, _), _ in behind}):
        called = entity(ledger, body, names.get(body))
        paths = {month: path_of(ledger, body, month) for month in months[body]}
        document = package.of_body(ledger, body, called, paths, files)
        files.write(f"{FOLDER}/{slug(body)}/datapackage.json", document)


def _revisions(db: Database) -> dict[tuple[str, str], Revision]:
    """Body and month -> how far its file must be."""
    names: Counter[tuple[str, str]] = Counter()
    for query in (_PAYEES, _WORDS):
        for body, month, positions in db.execute(query):
            names[body, month] += positions
    bodies = dict(db.execute("SELECT body, position FROM bodies").fetchall())
    periods = db.execute("SELECT body, month, position FROM periods").fetchall()
    return {
        (body, month): (position, names[body, month] + bodies.get(body, 0))
        for body, month, position in periods
    }


def _what(body: str, month: str) -> str:
    return f"{FOLDER}/{body}/{month}"


def path_of(ledger: About, body: str, month: str) -> str:
    """Where a body's month lies in the folder."""
    return f"{FOLDER}/{slug(body)}/{ledger.mark}{FOLDER}-{slug(body)}-{month}.csv"


def text(called: str, lines: Iterable[Line], naming: Naming) -> bytes:
    """One month's file (RFC 4180, UTF-8); the headings alone where nothing is in it."""
    written = io.StringIO(newline="")
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(HEADINGS)
    rows.writerows(_row(called, line, naming) for line in over(list(lines)))
    return written.getvalue().encode()


def over(lines: list[Line]) -> list[Line]:
    """Those of £25,000 and more, in their order; credits of as much, below zero."""
    payments = [(line.reference or "", line.amount_pence) for line in lines]
    large = published(payments, THRESHOLD_PENCE)
    return [line for line, is_large in zip(lines, large, strict=True) if is_large]


def _row(called: str, line: Line, naming: Naming) -> tuple[str, ...]:
    year, month, day = line.spent_on.split("-")
    kind = line.purpose_name or f"purpose {line.purpose}"
    named = f"{line.spending}/{line.credit}" if line.credit else line.spending
    number = f"{line.scheme_year}/{named}"
    sign, pence = "-" if line.amount_pence < 0 else "", abs(line.amount_pence)
    return (
        DEPARTMENT,
        cell(called),
        f"{day}/{month}/{year}",
        cell(f"Passed on: {kind}" if line.kind == "passed-on" else kind),
        cell(f"{line.scheme.replace('-', ' ').upper()} PROGRAMME"),
        cell(naming.payee(line.payee, line.payee_name)),
        cell(line.reference or number),
        f"{sign}{pence // 100}.{pence % 100:02d}",
    )
