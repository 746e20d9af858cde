"""The Data Package beside the spending files: what each holds, and its hash.

Source: Data Package and Table Schema, version 2 (datapackage.org).
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from consumers.open_files.naming import LICENCE
from consumers.results.folder import About, Files

SCHEMA = {
    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
    "fields": [
        {"name": "Department family", "type": "string"},
        {
            "name": "Entity",
            "type": "string",
            "constraints": {"required": True},
            "description": "The body that spent the money.",
        },
        {
            "name": "Date",
            "type": "date",
            "format": "%d/%m/%Y",
            "constraints": {"required": True},
            "description": "The day it was spent.",
        },
        {
            "name": "Expense Type",
            "type": "string",
            "description": "The permitted purpose, in the words of the rules.",
        },
        {"name": "Expense area", "type": "string"},
        {
            "name": "Supplier",
            "type": "string",
            "constraints": {"required": True},
            "description": "The payee's name where it is known; otherwise its id.",
        },
        {
            "name": "Transaction number",
            "type": "string",
            "constraints": {"required": True},
            "description": "The body's own number for the payment; otherwise the "
            "scheme year and the spending's id in the ledger.",
        },
        {
            "name": "Amount",
            "type": "number",
            "constraints": {"required": True},
            "description": "Pounds sterling, with pence.",
        },
    ],
    "missingValues": [""],
}


def of_body(
    ledger: About, body: str, called: str, paths: Mapping[str, str], files: Files
) -> bytes:
    """The package of one body.

    Args:
        paths: Month -> its file in the folder; at least one.
    """
    name = f"{ledger.mark}spending-over-25000-{body}".lower()
    document = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": _resource(name),
        "title": f"{called}: spending over £25,000",
        "description": _description(ledger),
        "licenses": [
            {
                "name": "OGL-UK-3.0",
                "path": LICENCE,
                "title": "Open Government Licence v3.0",
            }
        ],
        "sources": [{"title": f"Premium ledger {ledger.source}"}],
        "premium-ledger:origin": ledger.origin,
        "resources": [
            _file(f"{name}-{month}", called, month, path, files.found(path))
            for month, path in paths.items()
        ],
    }
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()


def _description(ledger: About) -> str:
    says = (
        "What the body spent, or passed on, of what it received as a premium: each "
        "payment of £25,000 or more, a file a month. A month without one has the "
        "headings alone."
    )
    if ledger.origin == "simulated":
        return f"SIMULATED: every body and every figure is invented. {says}"
    return says


def _file(
    name: str, called: str, month: str, path: str, content: bytes
) -> dict[str, Any]:
    called_month = date.fromisoformat(f"{month}-01").strftime("%B %Y")
    return {
        "name": _resource(name),
        "title": f"{called}: spending over £25,000, {called_month}",
        "path": path.rpartition("/")[2],
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": SCHEMA,
    }


def _resource(name: str) -> str:
    """A name as the standard wants it: lower case, digits, and three marks."""
    return "".join(
        one if one.isascii() and (one.isalnum() or one in "-_.") else "."
        for one in name.lower()
    )
