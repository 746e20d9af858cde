"""The feed's contract for machines, as the files that lie in docs.

docs/feed.md says the same for people; `premium schemas events` writes these.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from projections.feed.contract.asyncapi import Inbound, document
from projections.feed.contract.schemas import schema
from projections.feed.events.message import TYPES


def files(inbound: Inbound) -> dict[str, str]:
    """Every file of the contract: its path below `docs`, and its text."""
    made = {f"schemas/{name}.json": _text(schema(name)) for name in TYPES}
    return {**made, "asyncapi.json": _text(document(inbound))}


def write(folder: Path, made: Mapping[str, str]) -> Iterable[Path]:
    """Write files below a folder; each is told once it is written."""
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        yield path


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
