"""docs/consumers.md: its commands run."""

import re
import shlex
from pathlib import Path

import pytest

from interfaces.environment import BROKER, TOPICS
from projections.feed.topics import Broker
from tests.cli.program import HOUSE, ok
from tests.worlds.simulated import worked

pytestmark = pytest.mark.xdist_group("kafka")

PAGE = (HOUSE / "docs" / "consumers.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    premium (.+)$", PAGE, re.MULTILINE)


@pytest.fixture
def folder(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands are given, with the ledger and the broker they mean."""
    worked(tmp_path).rename(tmp_path / "sim.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(BROKER, broker.bootstrap)
    monkeypatch.setenv(TOPICS, broker.prefix)
    return tmp_path


def test_every_command_runs_in_order(folder: Path):
    for example in EXAMPLES:
        assert ok(*shlex.split(example)), example
