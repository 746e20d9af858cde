"""Runs `premium` as a user would, in the folder of a test, on real files."""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interfaces.cli.main import call

HOUSE = Path(__file__).parent.parent.parent
ACCOUNT = "quality-premium/2013-14/ZZ1"
RULES = "quality-premium-2013-14"


@dataclass(frozen=True)
class Done:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document of a read."""
        return json.loads(self.out)

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The outcomes of `premium run`."""
        return [json.loads(line) for line in self.out.splitlines()]


def premium(*tokens: str, stdin: bytes = b"") -> Done:
    """Run one call in this process; the ledger is sim.db where none is named."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
    err = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = call(tokens, stdin=io.BytesIO(stdin))
    out.seek(0)
    return Done(int(code), out.read(), err.getvalue())


def spawn(*tokens: str, **more: Any) -> subprocess.Popen[bytes]:
    """Start the program as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(HOUSE), **more.pop("env", {})}
    return subprocess.Popen(
        [sys.executable, "-m", "interfaces.cli.main", *tokens],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        **more,
    )


def process(*tokens: str, stdin: bytes = b"", **more: Any) -> Done:
    """Run one call as a process of its own."""
    with spawn(*tokens, **more) as running:
        out, err = running.communicate(stdin, timeout=60)
    return Done(running.returncode, out.decode(), err.decode())


def ok(*tokens: str) -> Done:
    """Run one call that must end well."""
    done = premium(*tokens)
    assert (done.code, done.err) == (0, ""), done
    return done


def begin(origin: str = "simulated") -> None:
    """A ledger with the rules of 2013/14."""
    ok("init", "--name", "A ledger", "--origin", origin, "--as", "operator:o1")
    ok("rulebook", "publish", RULES, "--as", "approver:p1")


def command(id: str, name: str, by: dict[str, str], /, **data: Any) -> bytes:
    """One line for `premium run`."""
    return json.dumps({"id": id, "command": name, "by": by, "data": data}).encode()


ANALYST = {"role": "analyst", "party": "a1"}


def register(id: str, body: str, name: str = "Invented") -> bytes:
    """A line that registers a group."""
    return command(id, "register-body", ANALYST, body=body, kind="group", name=name)
