"""Following the log: each record once, whatever is killed or follows too."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import grimp
import pytest

from ledger.proof import row_digest
from ledger.store.files import delete
from ledger.store.rows import EventRow
from projections.following.position import LogDiffers, ViewsUnreadable
from projections.following.views import Views, views_path
from projections.verify.verify import verify
from projections.views import every
from projections.views.every import VIEWS
from projections.views.view import Database
from tests.projections.histories import MemoryLog, followed, moved_to, year

OTHER = "quality-premium/2014-15/X02"


def contents(db: Database) -> dict[str, list[Any]]:
    """Every row of every table, leaves and position included."""
    names = [
        "following",
        "leaves",
        *(table.name for view in VIEWS for table in view.tables),
    ]
    return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, list[Any]]:
    """What the views of the year hold when followed without disturbance."""
    with followed(MemoryLog(year()), tmp_path / "..") as views:
        found = contents(views.db)
    delete(Path(views.name))
    return found


class Interleaved(MemoryLog):
    """A log that lets others act each time before it answers."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__(year())
        self.act = act

    def raw(self, after: int, limit: int) -> Sequence[EventRow]:
        rows = super().raw(after, limit)
        self.act()
        return rows


def test_the_views_of_a_file_lie_beside_it():
    assert views_path(Path("a/real.db")) == Path("a/real.views.db")
    assert views_path(Path("real")) == Path("real.views.db")


def test_following_at_the_head_again_changes_nothing(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        before = contents(views.db)
        assert views.follow() == len(year()) == views.position
        assert contents(views.db) == before


def test_of_two_followers_one_saves_a_batch_and_the_other_reads_on(
    tmp_path: Path, whole: dict[str, list[Any]]
):
    """Each batch of the slow one is stale: the quick one saved it meanwhile."""
    path = tmp_path / "two.views.db"
    quick = Views(MemoryLog(year()), path, batch=1)
    acted = 0

    def act() -> None:
        nonlocal acted
        acted += 1
        if acted < 20:
            quick.log = MemoryLog(year()[: acted * 2])
            quick.follow()

    slow = Views(Interleaved(act), path, batch=3)
    assert slow.follow() == len(year())
    assert contents(slow.db) == whole
    assert acted >= 20
    quick.close()
    slow.close()


def test_a_batch_that_fails_on_the_way_leaves_nothing_of_itself(
    tmp_path: Path, whole: dict[str, list[Any]]
):
    """The last view of the batch cannot be written; all before it were."""
    log = MemoryLog(year()[:30])
    with followed(log, tmp_path) as views:
        before = contents(views.db)
        log.append(year()[30:])
        views.db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON trail "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
        with pytest.raises(sqlite3.IntegrityError, match="the disk is full"):
            views.follow()
        assert contents(views.db) == before
        views.db.execute("DROP TRIGGER full")
        views.follow()
        assert contents(views.db) == whole


def test_a_deleted_views_file_is_made_again_the_same(
    tmp_path: Path, whole: dict[str, list[Any]]
):
    log = MemoryLog(year())
    with followed(log, tmp_path) as views:
        assert contents(views.db) == whole
    delete(Path(views.name))
    assert not Path(views.name).exists()
    with followed(log, tmp_path) as again:
        assert Path(again.name) == Path(views.name)
        assert contents(again.db) == whole


def test_a_rebuild_mends_what_was_changed_in_the_tables(
    tmp_path: Path, whole: dict[str, list[Any]]
):
    with followed(MemoryLog(year()), tmp_path) as views:
        views.db.execute("UPDATE balances SET pence = pence + 1")
        assert views.rebuild() == len(year())
        assert contents(views.db) == whole
        assert sorted(path.name for path in tmp_path.glob("*rebuild*")) == []


def test_a_reader_sees_the_old_views_until_it_looks_again(
    tmp_path: Path, whole: dict[str, list[Any]]
):
    with followed(MemoryLog(year()), tmp_path) as views:
        views.db.execute("UPDATE balances SET pence = 7")
        reader = Views(MemoryLog(year()), Path(views.name))
        with reader.reading() as db:
            sevens = contents(db)["balances"]
            views.rebuild()
            assert contents(db)["balances"] == sevens
        assert contents(reader.db) == whole
        reader.close()


def test_views_of_other_code_are_rebuilt_and_it_is_said(
    tmp_path: Path, whole: dict[str, list[Any]]
):
    log = MemoryLog(year())
    with followed(log, tmp_path) as views:
        older = row_digest((views.position, "older"))
        views.db.execute("UPDATE following SET code = 'older', digest = ?", (older,))
        views.db.execute("DROP TABLE trail")
        assert views.follow() == len(year())
        assert views.rebuilt_because == (
            "the views were made by another version of the code"
        )
        assert contents(views.db) == whole
    with followed(log, tmp_path) as again:
        assert again.rebuilt_because is None


def test_views_whose_position_was_changed_are_not_followed(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        views.db.execute("UPDATE following SET position = position - 1")
        with pytest.raises(LogDiffers, match=r"not what its digest .* verify"):
            views.follow()
        assert [one.table for one in verify(views)][-1] == "following"


def test_the_code_hash_covers_the_views_and_all_of_the_ledger_that_they_import():
    graph = grimp.build_graph("projections", "ledger", cache_dir=None)
    views = graph.find_descendants("projections.views")
    imported = {one for view in views for one in graph.find_upstream_modules(view)}
    house = Path(every.__file__).parents[2]
    paths = {house / f"{name.replace('.', '/')}.py" for name in imported | views}
    rooms = {path for path in paths if not path.exists()}  # One docstring each.
    found = set(every.sources()) - {Path(every.__file__).with_name("__init__.py")}
    assert found == paths - rooms
    assert house / "ledger/store/mapper.py" in found  # It reads old forms of facts.


def test_another_way_to_read_an_old_form_is_other_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A copy of the house, with one line more in the mapper."""
    house = Path(every.__file__).parents[2]
    for name in ("ledger", "projections"):
        shutil.copytree(house / name, tmp_path / name)
    before = every.code_hash()
    monkeypatch.setattr(every, "_ROOT", tmp_path)
    assert every.code_hash() == before
    with (tmp_path / "ledger/store/mapper.py").open("a") as file:
        file.write("# Another way.\n")
    assert every.code_hash() != before


def test_a_log_with_another_last_record_is_not_followed(tmp_path: Path):
    other = moved_to(OTHER, year())[: len(year())]
    with followed(MemoryLog(year()[:30]), tmp_path) as views:
        before = contents(views.db)
        changed = MemoryLog((*year()[:29], *year()[30:], *other))
        changed.rows = [
            row._replace(position=at) for at, row in enumerate(changed.rows, start=1)
        ]
        replaced = Views(changed, Path(views.name))
        with pytest.raises(LogDiffers, match=r"record 30 is not the one .* verify"):
            replaced.follow()
        assert contents(views.db) == before
        replaced.close()


def test_a_log_that_is_shorter_than_its_views_is_not_followed(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        before = contents(views.db)
        short = Views(MemoryLog(year()[:40]), Path(views.name))
        with pytest.raises(LogDiffers, match=f"the log ends at 40.*to {len(year())}"):
            short.follow()
        with pytest.raises(LogDiffers, match="record 41 is not the one"):
            short.rebuild()
        assert contents(views.db) == before
        short.close()


def test_a_rebuild_does_not_hide_that_an_early_record_was_changed(tmp_path: Path):
    log = MemoryLog(year())
    with followed(log, tmp_path) as views:
        before = contents(views.db)
        row = log.rows[3]
        log.rows[3] = row._replace(state=row.state.replace(b"88000", b"99000"))
        with pytest.raises(LogDiffers, match="record 4 is not the one"):
            views.rebuild()
        assert contents(views.db) == before
        assert list(tmp_path.glob("*rebuild*")) == []


def test_a_log_with_a_gap_is_followed_up_to_it_and_not_beyond(tmp_path: Path):
    log = MemoryLog(year())
    del log.rows[30]
    views = Views(log, tmp_path / "v.db", batch=10)
    with pytest.raises(LogDiffers, match="gap after 30"):
        views.follow()
    assert views.position == 30
    views.close()


@pytest.mark.parametrize("lies", [b"", b"not a database at all" * 100])
def test_something_else_in_place_of_the_views_is_left_alone(
    tmp_path: Path, lies: bytes
):
    path = tmp_path / "v.db"
    if lies:
        path.write_bytes(lies)
    else:
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE mine (x)")
    with pytest.raises(ViewsUnreadable, match=r"delete it, and the views are rebuilt"):
        Views(MemoryLog(), path)
    if lies:
        assert path.read_bytes() == lies
    else:
        with closing(sqlite3.connect(path)) as other:
            names = other.execute("SELECT name FROM sqlite_schema").fetchall()
            assert names == [("mine",)]


def test_progress_is_told_after_each_batch(tmp_path: Path):
    views = Views(MemoryLog(year()), tmp_path / "v.db", batch=20)
    told: list[tuple[int, int]] = []
    views.follow(lambda position, head: told.append((position, head)))
    assert told == [(20, 56), (40, 56), (56, 56)]
    views.close()
