"""What tests of every room may ask for."""

import pytest

from tests.servers import Database, server


@pytest.fixture
def database() -> Database:
    """A new, empty ledger in a PostgreSQL database."""
    return server().migrated()
