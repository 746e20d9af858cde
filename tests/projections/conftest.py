"""What tests of views share."""

import shutil
from collections.abc import Iterator

import pytest

from projections.views import clock_totals


@pytest.fixture(scope="module")
def small_blocks() -> Iterator[None]:
    """The smallest block of totals holds 16 positions, so that a year fills some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock_totals, "BLOCK", 16)
        yield


def pytest_report_header() -> list[str]:
    """Say which programs are missing that would re-add the journal."""
    return [
        f"{name} is not installed: it does not re-add the journal in this run"
        for name in ("ledger", "hledger")
        if shutil.which(name) is None
    ]
