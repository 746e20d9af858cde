"""The eventsourcing library's own cases for an application recorder, on ours."""

from itertools import count
from pathlib import Path

import pytest
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from ledger.store.library import SQLiteRecorder
from ledger.store.sqlite import SQLiteStore

NUMBERS = count(1)


class OnOurs:
    """New text ids, and a recorder on a new file for each case."""

    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path):
        self.store = SQLiteStore(tmp_path / "ledger.db", create=True)
        yield
        self.store.close()

    def new_originator_id(self) -> str:
        return f"account/case/{next(NUMBERS)}"

    def create_recorder(self) -> SQLiteRecorder:
        return SQLiteRecorder(self.store)


class TestApplicationRecorder(OnOurs, ApplicationRecorderTestCase[SQLiteRecorder]):
    pass


class TestNonInterleaving(OnOurs, NonInterleavingNotificationIDsBaseCase):
    pass


# The base classes are abstract; pytest would collect them by their imported names.
del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase
