"""A tour of the program: commands printed, run, and held to what they must say."""

import contextlib
import io
import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from interfaces.cli.main import call


class Failed(Exception):
    """A step of the demo did not end as it must."""


class Tour:
    """Steps on ledgers of one folder.

    Args:
        folder: Where the ledgers are left; it is shown as `demo/`.
        data: Where the files to import are; it is shown as `data/`.
    """

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = near(folder)
        self.data = near(data)
        self.started = time.monotonic()

    def step(self, db: str, *tokens: str, by: str | None = None) -> None:
        """Print one command and run it; it must end well."""
        self.command(*tokens, "--db", f"demo/{db}", *(("--as", by) if by else ()))
        places = {"demo/": self.folder, "data/": self.data}
        here = [
            str(places[word[:5]] / word[5:]) if word[:5] in places else word
            for word in tokens
        ]
        acting = ["--as", by] if by else []
        began = time.monotonic()
        runs(*here, "--db", str(self.folder / db), *acting)
        sys.stdout.flush()
        if (took := time.monotonic() - began) > 1:
            print(f"  ({took:.1f} s)")

    def quietly(self, db: str, *tokens: str, by: str) -> None:
        """Print one command and run it without showing its answer."""
        self.command(*tokens, "--db", f"demo/{db}", "--as", by)
        with captured():
            runs(*tokens, "--db", str(self.folder / db), "--as", by)

    def asked(self, db: str, *tokens: str, told: bool = True) -> Any:
        """The document that a command prints; the command itself if it is told."""
        if told:
            self.command(*tokens, "--db", f"demo/{db}")
        with captured() as output:
            runs(*tokens, "--db", str(self.folder / db))
        return json.loads(output.getvalue())

    def command(self, *tokens: str) -> None:
        """The command line that a step corresponds to."""
        words = [f'"{word}"' if " " in word else word for word in tokens]
        print(f"\n$ premium {' '.join(words)}", flush=True)

    def says(self, sentence: str) -> None:
        """A heading of the tour."""
        print(f"\n== {sentence}", flush=True)

    def tries(self, *commands: str) -> None:
        """What to do next, as it can be typed here."""
        beside = near(Path(sys.executable).with_name("premium"))
        there = beside.exists() and not shutil.which("premium")
        for one in commands:
            print(f"  {beside if there else 'premium'} {one}")

    def must(self, so: bool, says: str) -> None:
        """Say what holds, or end the demo because it does not."""
        if not so:
            raise Failed(f"not so: {says}")
        print(f"  Checked: {says}.")


def runs(*tokens: str) -> None:
    """Run a command, which must end well."""
    if code := call(tokens):
        raise Failed(f"premium {tokens[0]} ended with {code}")


def near(folder: Path) -> Path:
    """A folder as somebody here would name it."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


@contextlib.contextmanager
def captured() -> Iterator[io.StringIO]:
    """What is printed meanwhile."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        yield output
