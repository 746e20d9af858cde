"""The two files of a payment run: what is to be paid, and what was paid."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from interfaces.cli.amounts import pence
from interfaces.cli.exits import Misused, Stop
from ledger.events import PaymentRunProposed, RunItem
from ledger.recorded import account_parts

COLUMNS = ("body", "disbursement", "reference", "value_date", "amount")
"""Columns of a confirmation file; others may stand beside them."""
INSTRUCTED = ("body", "disbursement", "reference", "amount", "account", "origin")
"""Columns of the file of what is to be paid."""


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """One line of a confirmation file: a payment that was made."""

    line: int  # From 1; the heading is line 1.
    body: str
    disbursement: str
    reference: str
    value_date: date
    amount_pence: int


def instructions(run: PaymentRunProposed, items: Sequence[RunItem], origin: str) -> str:
    """What is to be paid, as CSV: a line a payment, in the order of the list.

    The reference is made of year, run, body and request, so that it is the same
    whenever the file is made, and a bank can see that it had the payment before.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(INSTRUCTED)
    for one in items:
        body = account_parts(one.account)[2]
        reference = f"QP-{run.scheme_year}-{run.run}-{body}-{one.disbursement}"
        pounds = f"{one.amount_pence // 100}.{one.amount_pence % 100:02d}"
        writer.writerow(
            (body, one.disbursement, reference, pounds, one.account, origin)
        )
    return text.getvalue()


def confirmations(path: Path) -> tuple[Confirmed, ...]:
    """Every line of a confirmation file, in its order.

    Raises:
        Stop: If the file is not there, or a line cannot be read; every such line is
            named with its field, value and remedy.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as reason:
        raise Misused(f"{path} cannot be read: {reason}") from None
    reader = csv.DictReader(io.StringIO(text), strict=True)
    missing = [one for one in COLUMNS if one not in (reader.fieldnames or ())]
    if missing:
        raise Misused(f"{path} has no column {', '.join(missing)}: nothing was paid")
    found, faults = [], []
    try:
        for row in reader:
            try:
                found.append(_confirmed(reader.line_num, row))
            except (Stop, ValueError) as fault:
                faults.append(f"line {reader.line_num}: {fault}")
    except csv.Error as fault:
        faults.append(f"line {reader.line_num}: {fault}")
    if faults:
        raise Misused(f"{path}: {'; '.join(faults)}: nothing was paid")
    return tuple(found)


def _confirmed(line: int, row: dict[str, str | None]) -> Confirmed:
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    for name, cell in cells.items():
        if not cell:
            raise ValueError(f"{name} is empty: write it")
    try:
        value_date = date.fromisoformat(cells["value_date"])
    except ValueError:
        raise ValueError(
            f"value_date {cells['value_date']!r} is not a day: write it as 2015-11-02"
        ) from None
    return Confirmed(
        line=line,
        body=cells["body"],
        disbursement=cells["disbursement"],
        reference=cells["reference"],
        value_date=value_date,
        amount_pence=pence(cells["amount"]),
    )
