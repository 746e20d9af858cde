"""An empty place for the results of a job, of each kind."""

from pathlib import Path

import pytest

from tests.worlds.servers import server


@pytest.fixture(params=["a file", "PostgreSQL"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place, as `--to` names it; opened again and again as processes do."""
    if request.param == "a file":
        return str(tmp_path / "results.db")
    return server().empty().owner
