"""What the open files call bodies and payees, and how text is written in them."""

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from consumers.results.folder import About
from consumers.results.place import Unfit

PAYER, PAYER_ID = "NHS England", "GB-NHS-X24"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

_FORMULA = tuple("=+-@＝＋－＠")
"""What makes a spreadsheet take text for a formula; the wide ones do so too."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What is known of names beside the events: the feed bears no payee's name."""

    payees: Mapping[str, str] = field(default_factory=dict)  # Id -> name.
    prefix: str = "premium-ledger"  # Of grants' ids: the publisher's at 360Giving.

    def hash(self) -> str:
        """Stands for all of it."""
        text = json.dumps([sorted(self.payees.items()), self.prefix])
        return hashlib.sha256(text.encode()).hexdigest()

    def payee(self, payee: str, registered: str | None) -> str:
        """A payee's name: the registered body's, the one given, otherwise the id."""
        return registered or self.payees.get(payee) or payee


def entity(ledger: About, body: str, name: str | None) -> str:
    """A body's name as published; of a simulated ledger it says so first."""
    called = name or body
    return f"SIMULATED: {called}" if ledger.origin == "simulated" else called


def organisation(ledger: About, body: str) -> str:
    """A body's identifier at 360Giving; an invented one never looks like a real one."""
    return f"SIMULATED-{body}" if ledger.origin == "simulated" else f"GB-NHS-{body}"


def cell(text: str) -> str:
    """Text as a CSV file has it: one line, and never a formula.

    A quote mark before it makes a spreadsheet show it and not execute it (OWASP, CSV
    injection).
    """
    plain = " ".join(text.split())
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def slug(text: str) -> str:
    """Text as part of a file's name: letters, digits, `-`, `_`; others as `%2F`."""
    return "".join(
        one
        if one.isascii() and (one.isalnum() or one in "-_")
        else "".join(f"%{byte:02X}" for byte in one.encode())
        for one in text
    )


def payees(path: Path) -> Mapping[str, str]:
    """Names of payees from a CSV file with the columns `payee` and `name`.

    Raises:
        Unfit: If it cannot be read, or names one payee twice.
    """
    found: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if rows.fieldnames is None or not {"payee", "name"} <= {*rows.fieldnames}:
                raise Unfit(f"{path}: its first line must name the columns payee,name")
            for row in rows:
                payee, name = row["payee"] or "", row["name"] or ""
                at = f"{path}, line {rows.line_num}"
                if not payee.strip() or not name.strip():
                    raise Unfit(f"{at}: it needs a payee and a name")
                if found.setdefault(payee.strip(), name.strip()) != name.strip():
                    raise Unfit(f"{at}: {payee} has another name above: give one")
    except OSError as reason:
        raise Unfit(f"{path} cannot be read ({reason.strerror})") from reason
    except (UnicodeDecodeError, csv.Error) as reason:
        raise Unfit(f"{path} is not a CSV file in UTF-8: {reason}") from reason
    return found
