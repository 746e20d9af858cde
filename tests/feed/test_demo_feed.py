"""The part of the demo that goes through a broker of its own."""

from pathlib import Path

import pytest

from interfaces.demo.feed import feed
from interfaces.demo.tour import Tour
from interfaces.demo.years import DB
from tests.worlds.simulated import worked

pytestmark = pytest.mark.xdist_group("kafka")


def test_the_far_end_is_compared_with_the_ledger_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    worked(tmp_path, groups=6, years=3).rename(tmp_path / DB)
    feed(Tour(tmp_path, tmp_path))
    shown = capsys.readouterr().out
    assert "every sum of the reporting database is the ledger's, to the penny" in shown
    assert "the 360Giving files add up to what was paid and passed on" in shown
    assert shown.count("  maximum  ") == 3
    assert (tmp_path / "reporting.db").exists()
    assert list((tmp_path / "open" / "360giving").glob("SIMULATED-*.json"))
