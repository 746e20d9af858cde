"""For mutation testing: few examples, the same ones each time, and nothing kept.

A mutant is tried in a copy of a process in which all tests have run already, so what
that process has kept is forgotten first; otherwise no mutant of it could be noticed.
"""

import pytest
from hypothesis import settings

from ledger.rules import readings, rulebook

settings.register_profile("mutants", max_examples=12, derandomize=True, deadline=None)
settings.load_profile("mutants")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Forget what functions have kept of earlier calls."""
    readings._states.cache_clear()
    rulebook.parse.cache_clear()
