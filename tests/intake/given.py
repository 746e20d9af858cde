"""Files given as text, and what they make."""

from dataclasses import replace

from ledger.intake.files import Intake, read_file
from tests.decisions.given import ANALYST


def read(kind: str, content: str | bytes) -> Intake:
    """What a file of that content says."""
    encoded = content if isinstance(content, bytes) else content.encode()
    return read_file(kind, "f.csv", encoded, ANALYST)


def commands(kind: str, content: str | bytes) -> list[object]:
    """The commands of a good file's rows, as if it had no document."""
    intake = read(kind, content)
    assert intake.errors == ()
    return [replace(request.command, document=None) for request in intake.requests[1:]]
