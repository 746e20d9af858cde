"""The demo, run as `make demo` runs it."""

from pathlib import Path

import pytest

from interfaces.demo import __main__
from interfaces.demo.tour import captured
from tests.cli.program import HOUSE


def shown(folder: Path) -> str:
    """What the demo prints while it fills a folder."""
    with pytest.MonkeyPatch.context() as patch, captured() as output:
        patch.setenv("COLUMNS", "160")
        patch.chdir(HOUSE)  # Where the demo is run, and what it names is seen from.
        assert __main__.main(folder, HOUSE / "data") == 0
    return output.getvalue()
