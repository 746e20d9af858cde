"""What tests of views share."""

from collections.abc import Iterator

import pytest

from projections import clocks_totals


@pytest.fixture(scope="module")
def small_blocks() -> Iterator[None]:
    """The smallest block of totals holds 16 positions, so that a year fills some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clocks_totals, "BLOCK", 16)
        yield
