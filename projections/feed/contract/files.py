"""The feed's contract for machines, as the files that lie in docs/feed.

docs/feed.md says the same for people; `premium schemas events` writes these.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from ledger.store.files import whole
from projections.feed.contract import asyncapi


def files(inbound: asyncapi.Inbound) -> dict[str, str]:
    """Every file of the contract: its path below `docs/feed`, and its text."""
    return {
        path: json.dumps(made, indent=2, ensure_ascii=False) + "\n"
        for path, made in asyncapi.files(inbound).items()
    }


def write(folder: Path, made: Mapping[str, str]) -> Iterable[Path]:
    """Write files below a folder, and yield the path of each once it is written."""
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as file:
            file.write(text.encode())
        yield path
