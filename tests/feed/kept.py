"""What was ever released of the feed: schemas and full messages, kept for ever.

Files are `TYPE.json`; where a later release added fields, `TYPE.2.json` and so on. None
is ever changed. After an addition, this writes those that are missing:

    python -m tests.feed.kept
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ledger.recorded import Meta, Recorded, stream_of
from projections.feed.contract import schemas
from projections.feed.events.message import PREFIX, TYPES, Message, message
from tests.test_golden_facts import DAY, EXAMPLES, META

GOLDEN = Path(__file__).parent.parent / "golden"
SCHEMAS = GOLDEN / "schemas"
SAMPLES = GOLDEN / "events"
SOURCE = "urn:premium-ledger:ledger:quality-premium:0123456789abcdef"

BARE = Meta(
    recorded_at=datetime(2014, 10, 15, 9, 30, tzinfo=UTC),
    effective_on=DAY,
    actor=META.actor,
    role="auditor",
    command_id="command-2",
    request_hash=META.request_hash,
    correlation_id="command-2",
)
"""Without what may be missing."""


def messages() -> Iterator[tuple[str, Message]]:
    """A message of each type as it is sent now, every field filled."""
    for fact in EXAMPLES:
        record = Recorded(
            position=7, stream=stream_of(fact), version=3, meta=META, fact=fact
        )
        told = message(record, SOURCE, "simulated")
        if told is not None:
            yield json.loads(told.value)["type"].removeprefix(PREFIX), told


def of_type(folder: Path, name: str) -> list[Path]:
    """The files of a type, in order of their releases."""
    return sorted(
        (path for path in folder.iterdir() if type_of(path) == name),
        key=lambda path: [int(part) for part in re.findall(r"\.(\d+)\.", path.name)],
    )


def type_of(path: Path) -> str:
    """The type that a file is of."""
    found = re.fullmatch(r"(.+\.v\d+)(\.\d+)?\.json", path.name)
    assert found is not None, path
    return found[1]


@cache
def kept_schema(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def promised(schema: Any) -> Any:
    """A schema without what is said to people only."""
    match schema:
        case dict():
            return {
                # Under `properties` stand names of fields, whatever they are.
                key: {name: promised(one) for name, one in inner.items()}
                if key in ("properties", "$defs")
                else promised(inner)
                for key, inner in schema.items()
                if key not in ("description", "title", "default")
            }
        case list():
            return [promised(one) for one in schema]
        case _:
            return schema


def next_file(folder: Path, name: str) -> Path:
    """The file of a type's next release."""
    before = len(of_type(folder, name))
    return folder / (f"{name}.json" if before == 0 else f"{name}.{before + 1}.json")


def main() -> None:
    """Keep what is new."""
    for folder in (SCHEMAS, SAMPLES):
        folder.mkdir(parents=True, exist_ok=True)
    sent = dict(messages())
    for name in TYPES:
        schema, before = schemas.schema(name), of_type(SCHEMAS, name)
        if before and promised(kept_schema(before[-1])) == promised(schema):
            continue
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        next_file(SCHEMAS, name).write_text(text, encoding="utf-8")
        next_file(SAMPLES, name).write_bytes(sent[name].value + b"\n")
        print(f"kept: {name}")


if __name__ == "__main__":
    main()
