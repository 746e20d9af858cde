"""The eventsourcing library's application over a ledger's file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError

from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import evolve
from ledger.recorded import Recorded, account_stream
from ledger.service import Ledger
from ledger.store.eventsourcing_plugin import FactMapper, LedgerApplication
from tests.worlds.payable import account, ask, with_payable


@pytest.fixture
def ledger(tmp_path: Path):
    with with_payable(tmp_path / "ledger.db") as ledger:
        ledger.give_each([ask(f"d{i}", 1) for i in range(20)])
        yield ledger


@pytest.fixture
def application(ledger: Ledger, tmp_path: Path):
    with LedgerApplication({"SQLITE_DBNAME": str(tmp_path / "ledger.db")}) as running:
        yield running


def test_its_notification_log_is_ours(ledger: Ledger, application: LedgerApplication):
    section = application.notification_log["1,10"]
    assert (section.id, section.next_id) == ("1,10", "11,20")
    read: list[Any] = [
        application.mapper.to_domain_event(item) for item in section.items
    ]
    assert read == ledger.read(0, 10)


def folded(
    state: PremiumAccount | None, records: Iterable[Any]
) -> PremiumAccount | None:
    for recorded in records:
        assert isinstance(recorded, Recorded)
        state = state or PremiumAccount(account=account("X01"))
        evolve(state, recorded)
    return state


def test_its_repository_folds_an_account_with_our_own_evolve(
    ledger: Ledger, application: LedgerApplication
):
    stream = account_stream(account("X01"))
    repository: Any = application.repository  # It asks for aggregates that bear ids.
    state = repository.get(stream, projector_func=folded)
    assert state.version == 23
    assert state.balances["premium:committed"] == 20
    earlier = repository.get(stream, version=13, projector_func=folded)
    assert earlier.balances["premium:committed"] == 10


def test_the_environment_cannot_put_another_mapper_in_place_of_ours(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MAPPER_TOPIC", "eventsourcing.persistence:Mapper")
    monkeypatch.setenv("LEDGERAPPLICATION_MAPPER_TOPIC", "eventsourcing:Mapper")
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    monkeypatch.setenv("COMPRESSOR_TOPIC", "zlib")
    given = {"SQLITE_DBNAME": str(tmp_path / "ledger.db"), "MAPPER_TOPIC": "other:One"}
    with LedgerApplication(given) as application:
        assert type(application.mapper) is FactMapper
        assert application.recorder.max_notification_id() == ledger.head()


def test_what_the_library_writes_is_stored_as_ours(
    ledger: Ledger, application: LedgerApplication
):
    head = ledger.head()
    last = ledger.read(head - 1, 1)[0]
    copy: Any = Recorded(
        position=head + 1,
        stream=last.stream,
        version=last.version + 1,
        meta=last.meta,
        fact=last.fact,
    )
    [recording] = application.events.put([copy])
    assert recording.notification.id == head + 1
    assert ledger.read(head, 1) == [copy]
    with pytest.raises(IntegrityError):
        application.events.put([copy])


def test_a_stream_is_selected_by_version_and_in_either_order(
    ledger: Ledger, application: LedgerApplication
):
    select = application.recorder.select_events
    stream = account_stream(account("X01"))

    def versions(**chosen: Any) -> list[int]:
        return [one.originator_version for one in select(stream, **chosen)]

    assert versions() == [*range(1, 24)]
    assert versions(gt=21) == [22, 23]
    assert versions(lte=2) == [1, 2]
    assert versions(gt=2, lte=9, desc=True, limit=3) == [9, 8, 7]
    assert list(select("account/none")) == []


def test_subscriptions_say_what_to_use_instead(application: LedgerApplication):
    with pytest.raises(NotImplementedError, match=r"Ledger\.read"):
        application.recorder.subscribe()
