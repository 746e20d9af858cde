"""The stores that one contract holds for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from ledger.store.contract import Store
from ledger.store.postgres.store import PostgresStore
from ledger.store.sqlite.store import SQLiteStore
from tests.worlds.servers import server

Open = Callable[[], Store]
"""Opens one and the same log once more, as another process would."""


@pytest.fixture(params=["sqlite", "postgres"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """A new, empty log in each kind of store; what was opened is closed."""
    with ExitStack() as opened:
        if request.param == "sqlite":
            path = tmp_path / "ledger.db"
            yield lambda: opened.enter_context(closing(SQLiteStore(path, create=True)))
        else:
            app = server().migrated().app
            yield lambda: opened.enter_context(closing(PostgresStore(app)))


@pytest.fixture
def store(open_store: Open) -> Store:
    """One log, open."""
    return open_store()
