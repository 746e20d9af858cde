"""Each test has a folder and an environment of its own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with sim.db as the ledger meant."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREMIUM_DB", "sim.db")
    monkeypatch.delenv("PREMIUM_AS", raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path
