"""What tests of views share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.service import Ledger
from projections.views import clock_totals
from tests.projections.real import ledger_with_a_year


@pytest.fixture(scope="module")
def small_blocks() -> Iterator[None]:
    """The smallest block of totals holds 16 positions, so that a year fills some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock_totals, "BLOCK", 16)
        yield


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """The file of a ledger."""
    return tmp_path / "spec.db"


@pytest.fixture
def ledger(db: Path) -> Iterator[Ledger]:
    """A ledger in which a group's year was recorded, command by command."""
    with ledger_with_a_year(db) as ledger:
        yield ledger


def pytest_report_header() -> list[str]:
    """Say which programs are missing that would re-add the journal."""
    return [
        f"{name} is not installed: it does not re-add the journal in this run"
        for name in ("ledger", "hledger")
        if shutil.which(name) is None
    ]
