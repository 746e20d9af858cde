"""What tests of every room may ask for."""

import pytest
from hypothesis import settings

from tests.worlds.servers import Database, server

# No test fails for a slow machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def database() -> Database:
    """A new, empty ledger in a PostgreSQL database."""
    return server().migrated()
