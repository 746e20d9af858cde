"""The Parquet job: every posting, one file a scheme year."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import dataset
from pyarrow import parquet as pq

from consumers import parquet
from consumers.loop import run_once
from consumers.parquet import JOB, publish
from consumers.results import folder as folders
from consumers.results.folder import STATE, Files
from consumers.results.place import Unfit
from consumers.results.results import Results
from tests.consumers.given import Played, years
from tests.consumers.happening import BODY, Happening, takes

FEB = date(2016, 2, 10)


@pytest.fixture
def results(where: str) -> Iterator[Results]:
    """An empty place for the job's results."""
    with closing(Results(where, JOB)) as opened:
        yield opened


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Results]:
    """An empty place for the job's results, in a file."""
    with closing(Results(str(tmp_path / "beside.db"), JOB)) as opened:
        yield opened


def read(folder: Path) -> list[dict[str, Any]]:
    """Every posting, as a program finds them that is told the folder alone."""
    table = dataset.dataset(folder, partitioning="hive").to_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted(rows, key=lambda row: (row["position"], row["leg"]))


def test_a_posting_has_typed_columns_and_its_scheme_year_as_folder(
    results: Results, tmp_path: Path
) -> None:
    told = Happening()
    told.spends("s1", 88_664_31, FEB)
    takes(results, told.messages)
    [path] = publish(results.db, tmp_path / "lake")
    assert path == tmp_path / "lake" / "scheme_year=2013-14" / "postings.parquet"
    common = {
        "position": 1,
        "premium": "quality-premium/2013-14/X01",
        "scheme": "quality-premium",
        "payment_year": "2014-15",
        "body": BODY,
        "measure": "m",
        "effective_on": FEB,
        "recorded_at": datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC),
        "event": "premium-ledger.spending-recorded.v1",
        "origin": "real",
        "scheme_year": "2013-14",
    }
    held, spent = (
        {"leg": 1, "account": "group:held", "pence": -88_664_31},
        {"leg": 2, "account": "group:spent:a:supplier-1", "pence": 88_664_31},
    )
    assert read(tmp_path / "lake") == [common | held, common | spent]
    kinds = pq.read_schema(path)
    assert kinds.field("pence").type == pa.int64()
    assert kinds.field("effective_on").type == pa.date32()
    assert kinds.field("recorded_at").type == pa.timestamp("ms", tz="UTC")
    assert kinds.metadata[b"origin"] == b"real"
    assert b"warning" not in kinds.metadata


def test_what_is_invented_says_so_in_name_metadata_and_column(
    results: Results, tmp_path: Path
) -> None:
    told = Happening("simulated")
    told.spends("s1", 1, FEB)
    takes(results, told.messages)
    [path] = publish(results.db, tmp_path / "lake")
    assert path.name == "SIMULATED-postings.parquet"
    said = pq.read_schema(path).metadata
    assert said[b"origin"] == b"simulated"
    assert said[b"warning"].startswith(b"SIMULATED")
    assert {row["origin"] for row in read(tmp_path / "lake")} == {"simulated"}


def test_only_the_scheme_year_that_changed_is_written_again(
    results: Results, tmp_path: Path
) -> None:
    told = Happening()
    told.spends("s1", 1, FEB)
    told.spends("s2", 2, FEB, year="2014-15")
    takes(results, told.messages)
    assert len(publish(results.db, tmp_path / "lake")) == 2
    assert publish(results.db, tmp_path / "lake") == []
    told.spends("s3", 3, FEB, year="2014-15", body="X02")
    takes(results, told.messages)
    [path] = publish(results.db, tmp_path / "lake")
    assert path.parent.name == "scheme_year=2014-15"
    assert [row["pence"] for row in read(tmp_path / "lake")] == [-1, 1, -2, 2, -3, 3]


def test_keys_that_come_late_are_not_missed(results: Results, tmp_path: Path) -> None:
    told = Happening()
    told.spends("s1", 1, FEB, body="X02")
    told.spends("s2", 2, FEB)
    takes(results, told.messages[1:])
    publish(results.db, tmp_path / "lake")
    takes(results, told.messages[:1])
    publish(results.db, tmp_path / "lake")
    assert [row["pence"] for row in read(tmp_path / "lake")] == [-1, 1, -2, 2]


def test_what_comes_twice_is_published_once(results: Results, tmp_path: Path) -> None:
    told = Happening()
    for number in range(5):
        told.spends(f"s{number}", 1 + number, FEB)
    takes(results, told.messages, twice=True)
    takes(results, told.messages)
    publish(results.db, tmp_path / "lake")
    assert len(read(tmp_path / "lake")) == 10


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["before", "beside", "files"])
def test_killed_at_any_point_readers_find_each_posting_once(
    beside: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    folder = tmp_path / "lake"
    told = Happening()
    told.spends("s1", 1, FEB)
    takes(beside, told.messages)
    publish(beside.db, folder)
    told.spends("s2", 2, FEB)
    takes(beside, told.messages)

    def killed(*_: object) -> None:
        raise Killed

    match at:
        case "before":
            monkeypatch.setattr(Files, "is_behind", killed)
        case "beside":
            monkeypatch.setattr(Files, "finish", killed)
        case "files":
            monkeypatch.setattr(folders, "_replace", killed)
    with pytest.raises(Killed):
        publish(beside.db, folder)
    found = [row["pence"] for row in read(folder)]
    assert found == ([-1, 1, -2, 2] if at == "files" else [-1, 1])
    monkeypatch.undo()
    publish(beside.db, folder)
    assert [row["pence"] for row in read(folder)] == [-1, 1, -2, 2]


def test_a_year_of_many_row_groups_is_written_whole(
    beside: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS", 4)
    told = Happening()
    for number in range(5):
        told.spends(f"s{number}", 1 + number, FEB)
    takes(beside, told.messages)
    [path] = publish(beside.db, tmp_path / "lake")
    assert pq.ParquetFile(path).num_row_groups == 3
    assert sum(abs(row["pence"]) for row in read(tmp_path / "lake")) == 30


def test_a_folder_of_other_files_is_left_alone(beside: Results, tmp_path: Path) -> None:
    told = Happening()
    told.spends("s1", 1, FEB)
    takes(beside, told.messages)
    (tmp_path / STATE).write_text(
        '{"source": "urn:test:1", "made_by": "open-files 1", "naming": "", "files": {}}'
    )
    with pytest.raises(Unfit, match="name another folder"):
        publish(beside.db, tmp_path)
    assert list(tmp_path.rglob("*.parquet")) == []


def test_before_the_first_event_nothing_is_written(
    results: Results, tmp_path: Path
) -> None:
    assert list(publish(results.db, tmp_path / "lake")) == []


def test_every_sum_is_the_ledger_s(results: Results, tmp_path: Path) -> None:
    told = years()
    played = Played(told.messages, results.begins, 300)
    while run_once(played, results).messages:
        publish(results.db, tmp_path / "lake")
    sums: Counter[tuple[str, str, str]] = Counter()
    rows = read(tmp_path / "lake")
    for row in rows:
        sums[row["premium"], row["account"], row["measure"]] += row["pence"]
    standing = {which: pence for which, pence in told.balances.items() if pence}
    assert {which: pence for which, pence in sums.items() if pence} == standing
    events = [json.loads(one.value or b"") for one in told.messages]
    assert len(rows) == sum(len(event["data"]["legs"]) for event in events)
