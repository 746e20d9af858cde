"""The eventsourcing library's own cases for an application recorder, on ours."""

from itertools import count
from pathlib import Path

import pytest
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from ledger.store.eventsourcing_plugin import LedgerRecorder
from ledger.store.postgres.store import PostgresStore
from ledger.store.sqlite.store import SQLiteStore
from tests.worlds.servers import server

NUMBERS = count(1)


class OnOurs:
    """New text ids, and a recorder on a new ledger for each case."""

    store: SQLiteStore | PostgresStore

    def new_originator_id(self) -> str:
        return f"account/case/{next(NUMBERS)}"

    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self.store)


class OnSQLite(OnOurs):
    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path):
        self.store = SQLiteStore(tmp_path / "ledger.db", create=True)
        yield
        self.store.close()


class OnPostgreSQL(OnOurs):
    """As the owner of the tables: no one else may write beside `ledger.append`."""

    @pytest.fixture(autouse=True)
    def _database(self):
        self.store = PostgresStore(server().migrated().owner)
        yield
        self.store.close()


class TestSQLite(OnSQLite, ApplicationRecorderTestCase[LedgerRecorder]):
    pass


class TestSQLiteNonInterleaving(OnSQLite, NonInterleavingNotificationIDsBaseCase):
    pass


class TestPostgreSQL(OnPostgreSQL, ApplicationRecorderTestCase[LedgerRecorder]):
    pass


class TestPostgreSQLNonInterleaving(
    OnPostgreSQL, NonInterleavingNotificationIDsBaseCase
):
    pass


# The base classes are abstract; pytest would collect them by their imported names.
del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase
