"""Places for the results of the job, and a ledger that begins."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from consumers.open_files.job import JOB
from consumers.results.results import Results
from tests.consumers.happening import BODY, Happening


@pytest.fixture
def results(where: str) -> Iterator[Results]:
    """An empty place for the job's results."""
    with closing(Results(where, JOB)) as opened:
        yield opened


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Results]:
    """An empty place for the job's results, in a file."""
    with closing(Results(str(tmp_path / "beside.db"), JOB)) as opened:
        yield opened


@pytest.fixture
def told() -> Happening:
    """A real ledger that knows one group."""
    happening = Happening()
    happening.registers(BODY, "NHS Test Vale CCG")
    return happening
