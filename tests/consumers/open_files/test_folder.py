"""Whose folder it is, who writes it, and how it is made again."""

import fcntl
import json
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import frictionless
import pytest

from consumers.loop import run_once
from consumers.open_files import spending
from consumers.open_files.job import JOB, named, publish
from consumers.open_files.naming import Naming
from consumers.results.folder import STATE, Files
from consumers.results.place import Unfit
from consumers.results.results import Results
from tests.consumers.adding import files_say, ledger_says
from tests.consumers.given import Played, years
from tests.consumers.happening import Happening, takes
from tests.consumers.open_files.reading import (
    FEB,
    a_year,
    amounts,
    everything,
    faults,
    sees,
)
from tests.worlds.servers import server


def test_many_files_are_synced_together(
    beside: Results,
    told: Happening,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.sync", lambda: synced.append(1))
    for number in range(1, 17):
        told.spends(
            f"s{number}", 30_000_00, date(2014 + number // 12, 1 + number % 12, 1)
        )
    sees(beside, told, tmp_path)
    assert synced == [1]
    assert len(list(tmp_path.rglob("*.csv"))) == 16


def test_members_of_one_database_write_the_same_files_wherever_they_write(
    told: Happening, tmp_path: Path
) -> None:
    a_year(told)
    where = server().empty().owner
    with closing(Results(where, JOB)) as one, closing(Results(where, JOB)) as other:
        mine = [message for message in told.messages if message.key != b"X02"]
        theirs = [message for message in told.messages if message.key == b"X02"]
        takes(one, mine)
        publish(one.db, tmp_path / "both")
        placed = [
            message._replace(partition=1, offset=number)
            for number, message in enumerate(theirs)
        ]
        takes(other, placed)
        publish(other.db, tmp_path / "both")
        publish(one.db, tmp_path / "one")
        publish(other.db, tmp_path / "other")
    assert everything(tmp_path / "both") == everything(tmp_path / "one")
    assert everything(tmp_path / "other") == everything(tmp_path / "one")
    assert amounts(tmp_path / "both", "2016-02", "X02") == ["60000.00"]


def test_one_process_writes_a_folder_at_a_time(
    beside: Results, told: Happening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.spends("s1", 30_000_00, FEB)
    takes(beside, told.messages)
    finish, tried = Files.finish, []

    def finish_locked(self: Files) -> None:
        with (tmp_path / ".lock").open("w") as lock:
            with pytest.raises(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            tried.append(1)
        finish(self)

    monkeypatch.setattr(Files, "finish", finish_locked)
    publish(beside.db, tmp_path)
    assert tried == [1]


def test_tables_that_are_made_anew_never_take_a_file_back(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    a_year(told)
    sees(beside, told, folder)
    before = everything(folder)
    with closing(Results(str(tmp_path / "again.db"), JOB)) as again:
        for one in told.messages:
            takes(again, [one])
            assert publish(again.db, folder) == []
            assert everything(folder) == before
        told.spends("s10", 70_000_00, FEB)
        takes(again, told.messages)
        publish(again.db, folder)
    assert "70000.00" in amounts(folder, "2016-02")


def test_without_its_state_the_folder_is_written_anew(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    a_year(told)
    sees(beside, told, tmp_path)
    before = everything(tmp_path)
    (tmp_path / STATE).unlink()
    for path in tmp_path.rglob("*.csv"):
        path.unlink()
    publish(beside.db, tmp_path)
    assert everything(tmp_path) == before


def test_files_of_an_older_version_are_written_again(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    state = tmp_path / STATE
    state.write_text(state.read_text().replace("open-files 1", "open-files 0"))
    assert len(publish(beside.db, tmp_path)) == 2
    assert "open-files 1" in state.read_text()


@pytest.mark.parametrize(
    ("said", "instead"),
    [("urn:test:1", "urn:test:2"), ("open-files 1", "parquet 1")],
)
def test_a_folder_of_another_ledger_or_job_is_left_alone(
    beside: Results, told: Happening, tmp_path: Path, said: str, instead: str
) -> None:
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    state = tmp_path / STATE
    state.write_text(state.read_text().replace(said, instead))
    before = everything(tmp_path)
    with pytest.raises(Unfit, match="name another folder"):
        publish(beside.db, tmp_path)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("text", ["{", "[]", '{"files": {"a": 1}}', "{}"])
def test_a_state_that_cannot_be_read_is_told_with_what_to_do(
    beside: Results, told: Happening, tmp_path: Path, text: str
) -> None:
    told.spends("s1", 30_000_00, FEB)
    sees(beside, told, tmp_path)
    (tmp_path / STATE).write_text(text)
    with pytest.raises(Unfit, match="delete it, and every file is written again"):
        publish(beside.db, tmp_path)


def test_a_folder_that_cannot_be_made_is_told(
    beside: Results, told: Happening, tmp_path: Path
) -> None:
    told.spends("s1", 30_000_00, FEB)
    takes(beside, told.messages)
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(Unfit, match="cannot be written"):
        publish(beside.db, tmp_path / "taken")


def test_before_the_first_event_nothing_is_written(
    results: Results, tmp_path: Path
) -> None:
    assert list(publish(results.db, tmp_path / "open")) == []
    assert not (tmp_path / "open").exists()


def test_the_job_names_its_publisher() -> None:
    assert JOB.publish is publish
    assert replace(named(Naming()), publish=None) == replace(JOB, publish=None)


def test_every_month_and_year_adds_up_to_the_ledger(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spending, "THRESHOLD_PENCE", 1)
    messages = years().messages
    played = Played(messages, results.begins, 500)
    while run_once(played, results).messages:
        pass
    publish(results.db, tmp_path / "open")
    events = [json.loads(one.value or b"") for one in messages]
    said = ledger_says(events)
    assert files_say(tmp_path / "open") == said
    packages = list((tmp_path / "open").rglob("datapackage.json"))
    bodies = {of for what, of, _ in said if what == "spent"}
    assert {path.parent.name for path in packages} == bodies
    for package in packages[:2]:
        report = frictionless.validate(str(package))
        assert report.valid, report.flatten(["type", "note"])
    names = {path.stem for path in (tmp_path / "open" / "360giving").glob("*.json")}
    assert {name[-7:] for name in names} == {"2013-14", "2014-15"}
    assert [fault for name in names for fault in faults(tmp_path / "open", name)] == []
