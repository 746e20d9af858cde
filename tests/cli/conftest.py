"""Each test has a folder and an environment of its own."""

from pathlib import Path

import pytest

from tests.cli.demo import shown
from tests.worlds.years import year


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with sim.db as the ledger meant."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREMIUM_DB", "sim.db")
    monkeypatch.delenv("PREMIUM_AS", raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path


@pytest.fixture
def whole_year(folder: Path) -> None:
    """The invented group's whole year, in sim.db."""
    year()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder the demo leaves, and what it printed; all that ask are one group."""
    folder = tmp_path_factory.mktemp("premium") / "demo"
    folder.mkdir()
    return folder, shown(folder)
