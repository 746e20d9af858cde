"""The rules of a scheme year as data: read, checked, and written canonically."""

import json
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from ledger.rules.book import Rulebook, clause, clauses
from ledger.rules.elements import Gate, Measure, MeasurePart, Reduction
from ledger.rules.faults import (
    RulebookError,
    broken_promises,
    fault,
    misformed,
)
from ledger.rules.stakes import slices
from ledger.rules.warned import warnings
from ledger.strict_json import NotJson
from ledger.strict_json import parse as parse_json
from ledger.strict_toml import NotToml, parse_toml

__all__ = [
    "Gate",
    "Measure",
    "MeasurePart",
    "Reduction",
    "Rulebook",
    "RulebookError",
    "canonical",
    "clause",
    "clauses",
    "content_hash",
    "packaged",
    "packaged_names",
    "parse",
    "read_toml",
    "slices",
    "warnings",
]


def read_toml(text: str | bytes, file: str) -> Rulebook:
    """Read a rulebook as people write it.

    Args:
        text: TOML, or its bytes; exact numbers in quotes: a TOML float is not exact.
        file: Its name, for the faults.

    Raises:
        RulebookError: With every fault found.
    """
    try:
        data = parse_toml(text, Decimal)
    except NotToml as reason:
        raise RulebookError(
            (fault(file, "rulebook", "TOML", None, f"correct the syntax: {reason}"),)
        ) from None
    return _checked(data, file)


def canonical(rulebook: Rulebook) -> str:
    """The whole rulebook as JSON: sorted keys, no spaces, exact numbers as text.

    Fields that are left out stay out, so that a field added to rulebooks later
    changes no hash of today. The history, and sources that it alone cites, are left
    out too: it is about the rules and no rule, so that a date learnt later changes no
    hash either.
    """
    data = rulebook.model_dump(mode="json", exclude_defaults=True)
    cited = {one.source for one in clauses(rulebook)}
    for moment in rulebook.history:
        if moment.source not in cited:
            data["sources"].pop(moment.source, None)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(content: str) -> str:
    """SHA-256 of canonical content in UTF-8, in hexadecimal."""
    return sha256(content.encode()).hexdigest()


@lru_cache(maxsize=256)
def parse(content: str) -> Rulebook:
    """Read canonical content back: the same rulebook without its history.

    Raises:
        RulebookError: With every fault found.
    """
    try:
        data = parse_json(content)
    except NotJson as reason:
        raise RulebookError(
            (fault("content", "rulebook", "JSON", None, str(reason)),)
        ) from None
    return _checked(data, "content")


def packaged(name: str) -> Rulebook:
    """A rulebook that comes with the program, such as `quality-premium-2013-14`.

    Raises:
        FileNotFoundError: If none of this name is packaged.
    """
    file = f"{name}.toml"
    text = files("ledger.rules").joinpath("rulebooks", file).read_text("utf-8")
    return read_toml(text, file)


def packaged_names() -> tuple[str, ...]:
    """Names of the rulebooks that come with the program, by year and version."""
    folder = files("ledger.rules").joinpath("rulebooks")
    return tuple(
        sorted(
            one.name.removesuffix(".toml")
            for one in folder.iterdir()
            if one.name.endswith(".toml")
        )
    )


def _checked(data: Any, file: str) -> Rulebook:
    """Check data against the models and between clauses; all faults at once."""
    if not isinstance(data, dict):
        raise RulebookError((fault(file, "rulebook", "", data, "give a table"),))
    faults = list(broken_promises(data, file))
    try:
        rulebook = Rulebook.model_validate(data)
    except ValidationError as reason:
        faults.extend(misformed(data, file, reason.errors(include_url=False)))
        raise RulebookError(tuple(faults)) from None
    return rulebook
