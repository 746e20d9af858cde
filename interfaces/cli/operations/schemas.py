"""`premium schemas`: the formats of commands and events, for machines."""

import json
from pathlib import Path

from consumers.inbound.contract import inbound
from interfaces.cli.exits import Exit
from interfaces.cli.outputs import writable
from interfaces.cli.session import Session
from ledger.intake.schemas import schemas as of_commands
from projections.feed.contract import files


def commands(*, session: Session) -> int:
    """Print the JSON Schema of every command that `premium run` takes."""
    print(json.dumps(of_commands(), indent=2))
    return Exit.OK


def events(*, to: Path | None = None, session: Session) -> int:
    """Print the AsyncAPI document of the feed; it refers to a schema a message.

    Parameters
    ----------
    to
        Folder in which to write it as asyncapi.json, and beside it, in a folder
        schemas, the JSON Schema of every message in a file of its own.
    """
    made = files.files(inbound())
    if to is None:
        print(made["asyncapi.json"], end="")
        return Exit.OK
    with writable(to):
        count = sum(1 for _ in files.write(to, made))
    print(f"{to}: asyncapi.json, and {count - 1} schemas in {to / 'schemas'}")
    return Exit.OK
