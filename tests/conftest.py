"""What tests of every room may ask for."""

import os

import pytest
from hypothesis import settings

from tests.worlds.servers import Database, server

# How many examples a property is tried with: `make test` few, `make torture` many.
# No deadline: no test fails for a slow machine.
settings.register_profile("few", max_examples=25, deadline=None)
settings.register_profile("many", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("PREMIUM_EXAMPLES", "few"))


@pytest.fixture
def database() -> Database:
    """A new, empty ledger in a PostgreSQL database."""
    return server().migrated()
